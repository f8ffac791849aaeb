"""Reads the body of a form, and nothing else: one kind, one size, one time limit.

What a stranger sends costs little: up to `STRANGERS_LIMIT` is read before anything is asked, more only for a
session that is in the database, and decoding takes the same few milliseconds for each megabyte of any text.
A page that gives back what was typed reads larger bodies without a session too, because a session can end
while somebody writes; then a few at a time.
"""

import asyncio
import secrets
from binascii import a2b_qp
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError

from assistant.engine.reply import Given
from assistant.errors import Trouble

BODY_LIMIT = 1 << 20
"""Room for the largest form there is, many times over."""
STRANGERS_LIMIT = 64 << 10
"""The most that is read where no session is known: more than a question can be answered with."""
_AT_ONCE = 256 << 10
"""A larger body is decoded in a thread, so that others are answered between the steps."""
_DRAINED = 32 << 20
_PATIENCE = 30
_FIELDS = 200
WHOLE_LIMIT = 4 << 20
"""Room for all that a sealed document and its drafts hold, as a form spells it: three characters a byte."""
_WHOLE_FIELDS = 2_000


class BodyTooLarge(Trouble):
    """The body is larger than any form. The typed text is still in the browser."""


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
        """Return what was typed and chosen: all fields but these."""
        return {name: texts for name, texts in self.fields.items() if name not in names}


DRAFT = "draft"
"""The field that names a form whose half-typed content is kept: the path of its page, `#` and its id."""
READ = web.RequestKey[Form]("read")
"""The form this request brought, once it has been read."""


IsKnown = Callable[[web.Request], Awaitable[bool]]
"""Looks up whether a request belongs to a session that is in the database."""


@dataclass
class Strangers:
    """The large bodies that are read at this moment without a session: a few, and fewer from one address."""

    at_most: int = 4
    each: int = 2
    _under_way: Counter[str] = field(default_factory=Counter, repr=False)

    def has_room(self, address: str) -> bool:
        """Whether one more may come from this address."""
        return self._under_way.total() < self.at_most and self._under_way[address] < self.each

    @contextmanager
    def place(self, address: str) -> Iterator[None]:
        """Take a place for as long as the body is read."""
        self._under_way[address] += 1
        try:
            yield
        finally:
            self._under_way[address] -= 1
            if not self._under_way[address]:
                del self._under_way[address]


@dataclass(frozen=True)
class BodyReading:
    """What reading a form needs to know of the application around it."""

    is_known: IsKnown
    come: Callable[[web.Request], str]
    """Gives the address a large body comes from. Raises `TooOften` when there were too many."""
    strangers: Strangers = field(default_factory=Strangers)


BODY_READING = web.AppKey("reading", BodyReading)


async def read_form(request: web.Request, *, whole: bool = False, gives_back: bool = False) -> Form:
    """Read the form in the body, or the `whole` script as one form. Raises `BodyTooLarge` and its like.

    A page that `gives_back` what was typed takes a large body also from somebody whose session has ended.
    """
    limit, most = (WHOLE_LIMIT, _WHOLE_FIELDS) if whole else (BODY_LIMIT, _FIELDS)
    if request.content_type != "application/x-www-form-urlencoded" or "Content-Encoding" in request.headers:
        raise BodyUnreadable
    try:
        async with asyncio.timeout(_PATIENCE):
            body = await _read(request, limit, gives_back=gives_back)
    except TimeoutError:
        raise BodyTooSlow from None
    except (ConnectionError, RequestPayloadError):
        raise BodyUnreadable from None  # the sender went away, or broke off in the middle
    decoded = (
        decode_form(body, most) if len(body) <= _AT_ONCE else await asyncio.to_thread(decode_form, body, most)
    )
    request[READ] = Form(decoded)
    return request[READ]


async def _read(request: web.Request, limit: int, *, gives_back: bool) -> bytes:
    """Read the body, if it is small enough; drain a larger one, so that the answer is seen."""
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
    """Read until the end, or until there is more than this."""
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
    """Read on and keep nothing: a browser shows no answer before all is sent. Raises `BodyTooLarge`."""
    while size <= _DRAINED and (chunk := await request.content.readany()):
        size += len(chunk)
    raise BodyTooLarge


def decode_form(body: bytes, most: int) -> dict[str, tuple[str, ...]]:
    """Decode `application/x-www-form-urlencoded`, with at most so many fields. Raises `BodyUnreadable`.

    A percent sign without two hexadecimal digits is refused, as is a bare line break: no browser sends them.
    """
    # urllib takes 250 ms for a megabyte of percent codes; this, in C throughout, takes 5
    if not body.isascii() or body.count(b"&") >= most or b"\n" in body or b"\r" in body:
        raise BodyUnreadable
    fields: dict[str, list[str]] = {}
    for pair in body.split(b"&"):
        if pair:
            name, _, text = pair.partition(b"=")
            # a browser sends each line break as CR LF; that is the form's way, not the writer's
            whole = _decoded(text).replace("\r\n", "\n").replace("\r", "\n")
            fields.setdefault(_decoded(name), []).append(whole)
    return {name: tuple(texts) for name, texts in fields.items()}


_AS_QUOTED_PRINTABLE = bytes.maketrans(b"%+", b"= ")


def _decoded(part: bytes) -> str:
    # quoted-printable (RFC 2045) is the same code with another sign before the digits
    quoted = part.replace(b"=", b"%3D") if b"=" in part else part
    decoded = a2b_qp(quoted.translate(_AS_QUOTED_PRINTABLE))
    if len(decoded) != len(quoted) - 2 * quoted.count(b"%"):
        raise BodyUnreadable
    try:
        return decoded.decode()
    except UnicodeDecodeError:
        # without the cause: its text quotes the body
        raise BodyUnreadable from None


_REQUEST_ID = 32


def new_request_id() -> str:
    """An id for the reply a form will be sent as, so that sent twice it is taken once."""
    return secrets.token_hex(_REQUEST_ID // 2)


def request_id(form: Form) -> str:
    """The id a form was given; a form without a proper one gets its own, and is just not protected twice."""
    given = form.one("request")
    return given if len(given) == _REQUEST_ID and given.isalnum() and given.isascii() else new_request_id()
