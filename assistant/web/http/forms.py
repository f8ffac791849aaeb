"""Read form bodies: one content type, one size limit, one time limit.

Requests without a session cost little: up to `STRANGERS_LIMIT` is read before any check, more only for a
session that is in the database, and decoding takes the same few milliseconds per megabyte for any text. A
page that gives back typed text reads larger bodies without a session too, because a session can end while a
person writes; then only a few at a time.
"""

import asyncio
import re
import secrets
from binascii import a2b_qp
from codecs import IncrementalDecoder, getincrementaldecoder
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import IncrementalNewlineDecoder
from typing import NoReturn

from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError

from assistant.engine.reply import Given
from assistant.errors import Trouble
from assistant.value_class import value_class

BODY_LIMIT = 1 << 20
"""Several times the largest possible form."""
STRANGERS_LIMIT = 64 << 10
"""The most that is read without a known session: more than an answer to a question needs."""
_SLICE = 64 << 10
"""Bytes decoded before other requests take turns; a thread would hold the interpreter's lock meanwhile."""
_DRAINED = 32 << 20
PATIENCE = 30
_FIELDS = 200
WHOLE_LIMIT = 4 << 20
"""Room for everything in a sealed document and its drafts, percent-encoded: three characters per byte."""
_WHOLE_FIELDS = 2_000


class BodyTooLarge(Trouble):
    """The body is larger than any form. The typed text is still in the browser."""


class BodyTooSlow(Trouble):
    """The body did not arrive in time."""


class BodyUnreadable(Trouble):
    """Not a valid form."""


@value_class
class Form:
    """The fields of a form, in the order they came."""

    fields: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """Return the field's text, or an empty string if it is missing."""
        return next(iter(self.fields.get(name, ())), "")

    def without(self, *names: str) -> Given:
        """Return all fields except these."""
        return {name: texts for name, texts in self.fields.items() if name not in names}


DRAFT = "draft"
"""The field that identifies a form with drafts: the path of its page, `#` and its id."""
SECRETS = ("password", "new", "again", "code", "secret")
"""The fields with secrets: they are used once, and no page or draft holds them."""
READ = web.RequestKey[Form]("read")
"""The form of this request, once read."""


IsKnown = Callable[[web.Request], Awaitable[bool]]
"""Looks up whether a request belongs to a session that is in the database."""


@dataclass
class Strangers:
    """Large bodies being read without a session: a few, and fewer from one address."""

    at_most: int = 4
    each: int = 2
    _under_way: Counter[str] = field(default_factory=Counter, repr=False)

    def has_room(self, address: str) -> bool:
        """Return whether this address may send one more."""
        return self._under_way.total() < self.at_most and self._under_way[address] < self.each

    @contextmanager
    def place(self, address: str) -> Iterator[None]:
        """Hold a place while the body is read."""
        self._under_way[address] += 1
        try:
            yield
        finally:
            self._under_way[address] -= 1
            if not self._under_way[address]:
                del self._under_way[address]


@value_class
class BodyReading:
    """What reading a form needs to know of the application around it."""

    is_known: IsKnown
    come: Callable[[web.Request], str]
    """Count a large body from an address. Raises `TooOften` if there were too many."""
    strangers: Strangers = field(default_factory=Strangers)


BODY_READING = web.AppKey("reading", BodyReading)


async def read_form(request: web.Request, *, whole: bool = False, gives_back: bool = False) -> Form:
    """Read the form in the body, or the `whole` script as one form. Raises `BodyTooLarge`, `BodyTooSlow` and
    `BodyUnreadable`. A page that `gives_back` typed text also accepts a large body after the session has
    ended. A body is read once.
    """
    if READ in request:
        return request[READ]
    limit, most = (WHOLE_LIMIT, _WHOLE_FIELDS) if whole else (BODY_LIMIT, _FIELDS)
    if request.content_type != "application/x-www-form-urlencoded" or "Content-Encoding" in request.headers:
        raise BodyUnreadable
    try:
        async with asyncio.timeout(PATIENCE):
            body = await _read(request, limit, gives_back=gives_back)
    except TimeoutError:
        raise BodyTooSlow from None
    except (ConnectionError, RequestPayloadError):
        raise BodyUnreadable from None  # the client disconnected
    request[READ] = Form(await decode_form(body, most))
    return request[READ]


async def _read(request: web.Request, limit: int, *, gives_back: bool) -> bytes:
    """Read the body if it is small enough; drain a larger one, so that the client sees the response."""
    size = request.content_length or 0
    if size > limit:
        await _drain(request, 0 if size <= _DRAINED else size)
    start = b"" if size > STRANGERS_LIMIT else await _up_to(request, STRANGERS_LIMIT)
    if request.content.at_eof():
        return start
    reading = request.app[BODY_READING]
    address = reading.come(request)
    if await reading.is_known(request):
        return start + await _rest(request, limit, len(start))
    if not gives_back or not reading.strangers.has_room(address):
        await _drain(request, len(start))
    with reading.strangers.place(address):
        return start + await _rest(request, limit, len(start))


async def _up_to(request: web.Request, limit: int) -> bytes:
    """Read until the end, or beyond this limit."""
    chunks: list[bytes] = []
    size = 0
    while size <= limit and (chunk := await request.content.readany()):
        size += len(chunk)
        chunks.append(chunk)
    return b"".join(chunks)


async def _rest(request: web.Request, limit: int, size: int) -> bytes:
    rest = await _up_to(request, limit - size)
    if size + len(rest) > limit:
        await _drain(request, size + len(rest))
    return rest


async def _drain(request: web.Request, size: int) -> NoReturn:
    """Discard the rest: a browser shows no response before everything is sent. Raises `BodyTooLarge`."""
    while size <= _DRAINED and (chunk := await request.content.readany()):
        size += len(chunk)
    raise BodyTooLarge


async def decode_form(body: bytes, most: int) -> dict[str, tuple[str, ...]]:
    """Decode `application/x-www-form-urlencoded`, with at most this many fields, a slice at a time. Raises
    `BodyUnreadable`.

    A percent sign without two hexadecimal digits is refused, as is a bare line break: no browser sends them.
    """
    # urllib takes 250 ms for a megabyte of percent codes; this, in C throughout, takes 5
    if not body.isascii() or body.count(b"&") >= most or b"\n" in body or b"\r" in body:
        raise BodyUnreadable
    fields: dict[str, list[str]] = {}
    for pair in body.split(b"&"):
        if pair:
            name, _, text = pair.partition(b"=")
            named = name.decode("ascii") if _PLAIN(name) else await _decoded(name, _utf_8())
            if _PLAIN(text):
                whole = text.decode("ascii")
            else:
                # browsers send each line break as CR LF, which the writer did not type
                whole = await _decoded(text, IncrementalNewlineDecoder(_utf_8(), translate=True))
            fields.setdefault(named, []).append(whole)
    return {name: tuple(texts) for name, texts in fields.items()}


_PLAIN = re.compile(rb"[^%+]*").fullmatch
"""A part in which nothing is encoded."""
_utf_8 = getincrementaldecoder("utf-8")
_Decoder = IncrementalDecoder | IncrementalNewlineDecoder
_AS_QUOTED_PRINTABLE = bytes.maketrans(b"%+", b"= ")


async def _decoded(part: bytes, decoder: _Decoder) -> str:
    texts, start = [], 0
    while start < len(part):
        if start:
            await asyncio.sleep(0)  # other requests
        end = _before_escape(part, start + _SLICE)
        # quoted-printable (RFC 2045) is the same encoding with another escape character
        quoted = part[start:end].replace(b"=", b"%3D").translate(_AS_QUOTED_PRINTABLE)
        decoded = a2b_qp(quoted)
        if len(decoded) != len(quoted) - 2 * quoted.count(b"="):
            raise BodyUnreadable
        texts.append(_text(decoder, decoded, is_last=end >= len(part)))
        start = end
    return "".join(texts)


def _before_escape(part: bytes, end: int) -> int:
    """Return where to cut near `end`, so that no percent code is cut through."""
    escape = part.rfind(b"%", end - 2, end)
    return end if escape < 0 or end >= len(part) else escape


def _text(decoder: _Decoder, decoded: bytes, *, is_last: bool) -> str:
    try:
        return decoder.decode(decoded, final=is_last)
    except UnicodeDecodeError:
        # without the cause: its message quotes the body
        raise BodyUnreadable from None


_REQUEST_ID = 32


def new_request_id() -> str:
    """Return a new request id for a form, so that a form sent twice is handled once."""
    return secrets.token_hex(_REQUEST_ID // 2)


def request_id(form: Form) -> str:
    """Return the form's request id; without a valid one a new id, which only loses the protection against
    repeats.
    """
    given = form.one("request")
    return given if len(given) == _REQUEST_ID and given.isalnum() and given.isascii() else new_request_id()
