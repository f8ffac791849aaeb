"""Reads the body of a form, and nothing else: one kind, one size, one time limit."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import web

from assistant.engine.reply import Given
from assistant.errors import Trouble

BODY_LIMIT = 1 << 20
"""Room for the largest form there is, many times over."""
_DRAINED = 32 << 20
_PATIENCE = 30
_FIELDS = 200
WHOLE_LIMIT = 4 << 20
"""Room for all that a sealed document and its drafts hold, as a form spells it: three characters a byte."""
_WHOLE_FIELDS = 2_000


class BodyTooLarge(Trouble):
    """More than a form can be. What was typed still stands in the browser."""


class BodyTooSlow(Trouble):
    """The body did not arrive in time."""


class BodyUnreadable(Trouble):
    """Not a form this server reads."""


@dataclass(frozen=True)
class Form:
    """The fields of a form, in the order they came."""

    fields: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """The field's text, empty when it is not there."""
        return next(iter(self.fields.get(name, ())), "")

    def without(self, *names: str) -> Given:
        """What was typed and chosen: the fields that are not these."""
        return {name: texts for name, texts in self.fields.items() if name not in names}


DRAFT = "draft"
"""The field that names a form whose half-typed content is kept: the path of its page, `#` and its id."""
READ = web.RequestKey[Form]("read")
"""The form this request brought, once it has been read."""


async def read_form(request: web.Request, *, whole: bool = False) -> Form:
    """The form in the body, or the `whole` script as one form. Raises `BodyTooLarge` and its like."""
    limit, most = (WHOLE_LIMIT, _WHOLE_FIELDS) if whole else (BODY_LIMIT, _FIELDS)
    if request.content_type != "application/x-www-form-urlencoded" or "Content-Encoding" in request.headers:
        raise BodyUnreadable
    try:
        async with asyncio.timeout(_PATIENCE):
            body = await _read(request, limit)
    except TimeoutError:
        raise BodyTooSlow from None
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=most)
    except ValueError:
        # without the cause: its text quotes the body
        raise BodyUnreadable from None
    fields: dict[str, list[str]] = {}
    for name, text in pairs:
        # a browser sends each line break as CR LF; that is the form's way, not the writer's
        fields.setdefault(name, []).append(text.replace("\r\n", "\n").replace("\r", "\n"))
    request[READ] = Form({name: tuple(texts) for name, texts in fields.items()})
    return request[READ]


async def _read(request: web.Request, limit: int) -> bytes:
    """The body, if it is small enough; a larger one is read to its end so that the answer is seen."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.content.iter_chunked(64 << 10):
        size += len(chunk)
        if size > _DRAINED:
            break
        if size <= limit:
            chunks.append(chunk)
        else:
            chunks.clear()
    if size > limit:
        raise BodyTooLarge
    return b"".join(chunks)
