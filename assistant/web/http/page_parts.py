"""A page in parts: the script says which parts a screen has, and gets only those that differ.

A template names a part by the attribute `data-part` in its start tag, which also has an id, and by the
comment `<!--/part-->` after its end tag. Each part gets a version, the digest of what it holds, also on the
page that a browser loads first. The script sends the versions on its screen with each request, so that the
server keeps nothing about a screen.
"""

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import blake2b

from aiohttp import web
from aiohttp.typedefs import Handler

from assistant.web.http.context import FRAGMENT

_EDGE = re.compile(r"<([a-z]+)([^<>]*) data-part([^<>]*)>|</[a-z]+><!--/part-->")
_ID = re.compile(' id="([^"]+)"')
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_END = "</main>"
_VERSION_BYTES = 6
_MOST_VERSIONS = 700
"""The script sends all versions in one header, which may have 8 KB."""


@web.middleware
async def send_changed_parts(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Middleware: give the parts of a page their versions; leave out of a fragment what its screen has."""
    response = await handler(request)
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return response
    if b" data-part" in response.body:
        asked = request.headers.get(FRAGMENT)
        known = None if asked is None else frozenset(asked.split(","))
        response.text = in_parts(response.text or "", known)
    return response


@dataclass
class _Part:
    """A part being read: its start tag, what is sent of it, and what its version is made from."""

    tag: str = ""
    attributes: str = ""
    sent: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    def add(self, html: str) -> None:
        self.sent.append(html)
        self.held.append(html)


def in_parts(html: str, known: frozenset[str] | None) -> str:
    """Return the page with versions; a fragment has an empty element for each known part."""
    bare = _NOSCRIPT.sub("", html) if known is not None else html
    open_parts, at, versions, is_same_page = [_Part()], 0, 0, False
    for edge in _EDGE.finditer(bare):
        open_parts[-1].add(bare[at : edge.start()])
        at = edge.end()
        if edge[1]:
            open_parts.append(_Part(edge[1], edge[2] + edge[3]))
            continue
        part = open_parts.pop()
        version, versions = _version_of(part), versions + 1
        open_parts[-1].held.append(version)
        named = f' data-version="{version}"' if versions <= _MOST_VERSIONS else ""
        if known is not None and version in known:
            is_same_page, id_ = True, _ID.search(part.attributes)
            assert id_ is not None, "a part has an id"
            open_parts[-1].sent.append(f"<{part.tag}{id_[0]}{named} data-same></{part.tag}>")
        else:
            open_parts[-1].sent += [f"<{part.tag}{part.attributes}{named}>", *part.sent, f"</{part.tag}>"]
    # a screen that already has some of these parts keeps its foot too
    rest = bare[at:].partition(_END)[:2] if is_same_page else (bare[at:],)
    return "".join([*open_parts[0].sent, *rest])


def _version_of(part: _Part) -> str:
    """Return the digest of a part. `noscript` is left out, because a fragment does not have it."""
    text = _NOSCRIPT.sub("", "\0".join([part.attributes, *part.held]))
    digest = blake2b(text.encode(), digest_size=_VERSION_BYTES).digest()
    return urlsafe_b64encode(digest).decode()
