"""A stream of server-sent events that tells a page there is something newer to fetch. It carries no words.

What goes out is one line, which revisions there are now; the page fetches itself anew by the ordinary way.
Each time a stream wakes it asks the same as any page would: is the session alive, is the meeting still there.
It opens with the revisions as they are, so a page that was away misses nothing and nothing needs to be kept
for it. Looking does not prolong a session.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field

from aiohttp import web

from assistant.errors import NotFound, NotSaved, SealBroken, SessionEnded, ShareOver, StaffSessionEnded
from assistant.events import Event, note, place
from assistant.meetings.notebook import Meeting, Notebook
from assistant.service.broadcast import Broadcast, Listener
from assistant.service.preparation.drafts import SeenRevisions
from assistant.web.http.context import AFTER, MEETING, VISITOR, context, is_after, services
from assistant.web.http.cookies import cookie_name, staff_cookie_name
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.sessions import signed_in_user

REVISION = "X-Revision"
"""A header of the answers to our own script: what there is after it, as `written` writes it."""
ONCE = "once"
"""In the query of a stream's address: say what there is now, and end."""
_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
_AGAIN_AFTER = b"retry: 4000\n\n"
_STILL_HERE = b":\n\n"
_ENDED = b"event: ended\ndata:\n\n"
_CROWDED = b"event: crowded\ndata:\n\n"

Look = Callable[[Listener], Awaitable[str]]
"""Callback: check access again and return the current revision."""


@dataclass(eq=False)
class _Seat:
    """One stream that is open."""

    listener: Listener
    cookies: frozenset[str] = field(repr=False)
    """The session cookies its request brought, a user's and staff's: they tell which browser it is in."""
    is_crowded_out: bool = False


@dataclass
class EventStreams:
    """The streams that are open, and how they are kept few and short."""

    broadcast: Broadcast
    heartbeat: float = 20
    """Seconds between looks when nothing is heard: a lock by itself is seen this late at most."""
    patience: float = 5
    """Seconds a reader may take over one line. A slower one is dropped, and its page comes back later."""
    at_most: int = 4
    """Streams in one browser, a user's and staff's together: over HTTP/1.1 a browser opens six connections to
    one server, and pages need some of them."""
    is_closing: bool = False
    _seats: dict[_Seat, None] = field(default_factory=dict, repr=False)
    """Those that are open, the oldest first."""
    _in: dict[str, set[_Seat]] = field(default_factory=dict, repr=False)
    """The same by cookie."""

    @contextmanager
    def seat(self, cookies: frozenset[str], listener: Listener) -> Iterator[_Seat]:
        """A place for one more stream. The newest always gets one: the oldest may be a phone long gone."""
        seat = _Seat(listener, cookies)
        self._seats[seat] = None
        for cookie in cookies:
            self._in.setdefault(cookie, set()).add(seat)
        in_this_browser = {one for cookie in cookies for one in self._in[cookie]}
        excess = len(in_this_browser) - self.at_most
        if excess > 0:
            for oldest in [one for one in self._seats if one in in_this_browser][:excess]:
                oldest.is_crowded_out = True
                oldest.listener.wake()
        try:
            yield seat
        finally:
            del self._seats[seat]
            for cookie in cookies:
                self._in[cookie].discard(seat)
                if not self._in[cookie]:
                    del self._in[cookie]

    @property
    def open(self) -> int:
        """How many there are."""
        return len(self._seats)

    async def hang_up(self, _: web.Application) -> None:
        """End them all, so that the server can stop at once; the pages come back when it is up again."""
        self.is_closing = True
        for seat in self._seats:
            seat.listener.wake()


STREAMS = web.AppKey("streams", EventStreams)


def hang_up_at_shutdown(app: web.Application, streams: EventStreams) -> None:
    """Give the application its streams, to be ended before it stops."""
    app[STREAMS] = streams
    app.on_shutdown.append(streams.hang_up)


def written(seen: SeenRevisions) -> str:
    """Revisions as pages, forms, streams and headers carry them: two numbers."""
    return f"{seen.conversation}.{seen.draft}"


def read_seen(text: str) -> SeenRevisions | None:
    """The revisions a form carries; None for anything else."""
    parts = text.split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        return None
    return SeenRevisions(*map(int, parts))


async def events(request: web.Request) -> web.StreamResponse:
    """Tell of every newer revision of this meeting's preparation, until the session or the meeting ends."""
    who = await signed_in_user(request)
    site = context(request)
    check_rate(site.limits.acts, who.owner.notebook_id)
    meeting = _about(request, await site.services.sessions.notebook(who))
    secret, notebook_id = who.secret, who.owner.notebook_id
    del who  # the key is not held for as long as a stream is open
    documents = (meeting.conversation, meeting.draft)

    async def look(listener: Listener) -> str:
        return written(await _look(request, listener))

    return await stream(request, secret, notebook_id, documents, look)


async def stream(
    request: web.Request, secret: str, about: str, documents: tuple[str, ...], look: Look, *also: str
) -> web.StreamResponse:
    """Tell what `look` sees whenever something is heard about this, until looking is no longer allowed.

    `also` names what else makes it look, such as the member of staff whose screen it is.
    """
    streams = request.app[STREAMS]
    if ONCE in request.query:
        return await _once(streams, about, documents, look)

    async def look_and_forget(listener: Listener) -> str:
        try:
            return await look(listener)
        finally:
            request.pop(VISITOR, None)  # no key, and nothing unsealed, is held while a stream only waits

    request.pop(VISITOR, None)
    response = web.StreamResponse(headers=_HEADERS)
    with (
        streams.broadcast.listening(about, documents, *also) as listener,
        streams.seat(_cookies(request, secret), listener) as seat,
    ):
        try:
            await _say(request, response, streams, seat, look_and_forget)
        except ConnectionError:
            pass  # the page is closed or hidden
        except TimeoutError:
            _drop(request)
        except Exception as error:  # the response has begun: the middleware cannot turn it into a page
            kind = Event.SEAL_BROKEN if isinstance(error, SealBroken) else Event.UNFORESEEN
            note(kind, error=type(error).__name__, where=place(error))
            _drop(request)
    return response


async def _once(streams: EventStreams, about: str, documents: tuple[str, ...], look: Look) -> web.Response:
    """What there is now, for a page whose browser has streams enough. It holds no connection."""
    with streams.broadcast.listening(about, documents) as listener:
        try:
            return web.Response(text=await look(listener))
        except ShareOver:
            raise NotFound from None


def _cookies(request: web.Request, secret: str) -> frozenset[str]:
    """The session cookies of this browser: the user's, and the staff's if it has one."""
    settings = context(request).settings
    names = (cookie_name(settings), staff_cookie_name(settings))
    return frozenset({secret, *(request.cookies[name] for name in names if name in request.cookies)})


async def _say(
    request: web.Request, response: web.StreamResponse, streams: EventStreams, seat: _Seat, look: Look
) -> None:
    await response.prepare(request)
    if request.transport is not None:
        # else aiohttp lets 64 KiB of small lines pile up before it waits for a reader who reads nothing
        request.transport.set_write_buffer_limits(high=0)
    async with aclosing(_lines(streams, seat, look)) as lines:
        async for line in lines:
            async with asyncio.timeout(streams.patience):
                await response.write(line)
                await request.writer.drain()
    await response.write_eof()


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _lines(streams: EventStreams, seat: _Seat, look: Look) -> AsyncGenerator[bytes, None]:
    """What a stream says, line by line."""
    said: str | None = None
    yield _AGAIN_AFTER
    while not streams.is_closing:
        if seat.is_crowded_out:
            yield _CROWDED
            return
        line = _STILL_HERE
        try:
            now = await look(seat.listener)
        except (SessionEnded, StaffSessionEnded, NotFound, ShareOver):
            yield _ENDED
            return
        except NotSaved:
            pass  # the database does not answer just now: look again at the next heartbeat
        else:
            if now != said:
                said, line = now, f"id: {now}\ndata: {now}\n\n".encode()
        yield line
        await seat.listener.wait(streams.heartbeat)


async def _look(request: web.Request, listener: Listener) -> SeenRevisions:
    """Return the current revisions, if the listener still has access."""
    who = await signed_in_user(request)
    notebook = await services(request).sessions.notebook(who)
    meeting = _about(request, notebook)
    listener.saw(notebook.revisions)
    return SeenRevisions.of(notebook, meeting)


def _about(request: web.Request, notebook: Notebook) -> Meeting:
    """The meeting this is about, or the look back on it, once that has begun. Raises `NotFound`."""
    meeting = notebook.meeting(request.match_info["meeting"])
    if is_after(request) and not notebook.has_begun(meeting := meeting.after):
        raise NotFound
    return meeting


def routes() -> list[web.RouteDef]:
    """The stream. Not for HEAD: it would wait for ever for an answer without a body."""
    return [web.get(f"{at}/events", events, allow_head=False) for at in (MEETING, AFTER)]
