"""A page in parts: the script says which parts a screen has, and gets only those that differ.

A template names a part by the attribute `data-part` in its start tag, which also has an id, and by the
comment `<!--/part-->` after its end tag. Each part gets a version, the digest of what it holds, also on the
page that a browser loads first. The script sends the versions on its screen with each request, so that the
server keeps nothing about a screen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler

from assistant.web.http.context import FRAGMENT

_BEGINS, _ENDS = " data-part", "<!--/part-->"
_ID = re.compile(' id="([^"]+)"')
_FOOT = "</main>"
_VERSION_BYTES = 6
_MOST_VERSIONS = 600
"""The script sends all versions in one header, which may have 8 KB."""


HTML = web.ResponseKey[str]("html")
"""The page of a response to our script, which is encoded when only what changed is left of it."""


@web.middleware
async def send_changed_parts(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Middleware: give the parts of a page their versions; leave out of a fragment what its screen has."""
    response = await handler(request)
    if not isinstance(response, web.Response):
        return response
    html = response.get(HTML)
    if html is None and isinstance(response.body, bytes) and _BEGINS.encode() in response.body:
        html = response.text
    if html is not None:
        asked = request.headers.get(FRAGMENT)
        known = None if asked is None else frozenset(asked.split(","))
        response.text = in_parts(html, known) if _BEGINS in html else html
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


class _Edge(NamedTuple):
    """The tag with which a part begins or ends, and its position in the page."""

    start: int
    end: int
    tag: str = ""
    """Empty where a part ends."""
    attributes: str = ""


def _edges(html: str) -> Iterator[_Edge]:
    """Return the tags with which parts begin and end, in order.

    A regular expression would read every tag of the page, and take ten times as long.
    """
    begins, ends = html.find(_BEGINS), html.find(_ENDS)
    while ends >= 0:
        if 0 <= begins < ends:
            edge = _start_tag(html, begins)
            begins = html.find(_BEGINS, edge.end if edge else begins + len(_BEGINS))
            if edge is not None:
                yield edge
        else:
            yield _Edge(html.rindex("</", 0, ends), ends + len(_ENDS))
            ends = html.find(_ENDS, ends + len(_ENDS))


def _start_tag(html: str, at: int) -> _Edge | None:
    """Return the start tag around this position; None for text that only looks like the mark of a part."""
    start, end = html.rfind("<", 0, at), html.find(">", at)
    named = html[start + 1 : end]
    if ">" in named or "<" in named:
        return None
    before, _, after = named.rpartition(_BEGINS)
    tag, space, attributes = before.partition(" ")
    return _Edge(start, end + 1, tag, f"{space}{attributes}{after}")


def in_parts(html: str, known: frozenset[str] | None) -> str:
    """Return the page with versions; a fragment has an empty element for each known part."""
    bare = _without_noscript(html) if known is not None else html
    open_parts, at, versions, is_same_page = [_Part()], 0, 0, False
    for edge in _edges(bare):
        open_parts[-1].add(bare[at : edge.start])
        at = edge.end
        if edge.tag:
            open_parts.append(_Part(edge.tag, edge.attributes))
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
    rest = bare[at:].partition(_FOOT)[:2] if is_same_page else (bare[at:],)
    return "".join([*open_parts[0].sent, *rest])


def _version_of(part: _Part) -> str:
    """Return the digest of a part. `noscript` is left out, because a fragment does not have it."""
    text = _without_noscript("\0".join([part.attributes, *part.held]))
    return blake2b(text.encode(), digest_size=_VERSION_BYTES).hexdigest()


def _without_noscript(html: str) -> str:
    """Return what a browser with script has of it. An expression would take every character by itself."""
    first, *others = html.split("<noscript>")
    return "".join([first, *(other.partition("</noscript>")[2] for other in others)])
