"""A stream of server-sent events that tells a page there is something newer to fetch. It carries no words,
only one line with the current revisions; the page then fetches itself through the ordinary route. Each time
a stream wakes it checks access like any page: the session is valid and the meeting exists. It begins with
the current revisions, so a page that was disconnected misses nothing and nothing is buffered. A stream does
not prolong the session.
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
from assistant.service.notebook.leaving_guided_sessions import room_subject
from assistant.service.preparation.drafts import SeenRevisions
from assistant.web.http.context import AFTER, MEETING, context, cookie_of, forget_who, is_after, services
from assistant.web.http.cookies import cookie_name, staff_cookie_name
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.sessions import signed_in_user

OVER = 999_999_999
"""The revision of a guided session's room that is gone: larger than any, so open screens look again."""
REVISION = "X-Revision"
"""A response header for our own JavaScript: the revisions after the request, as `SeenRevisions.text`."""
ONCE = "once"
"""Query parameter of a stream's address: send the current revision, and end."""
_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
_AGAIN_AFTER = b"retry: 4000\n\n"
_STILL_HERE = b":\n\n"
_ENDED = b"event: ended\ndata:\n\n"
_CROWDED = b"event: crowded\ndata:\n\n"

Look = Callable[[Listener], Awaitable[str]]
"""Callback: check access again and return the current revision."""


@dataclass(eq=False)
class _Seat:
    """One open stream."""

    listener: Listener
    cookies: frozenset[str] = field(repr=False)
    """The session cookies of its request, a user's and staff's, which identify the browser."""
    is_crowded_out: bool = False


@dataclass
class EventStreams:
    """The open streams, limited in number and duration."""

    broadcast: Broadcast
    heartbeat: float = 20
    """Seconds between checks without news: a session that expires is noticed this late at most."""
    patience: float = 5
    """Seconds a client may take to read one line. A slower one is dropped, and its page reconnects."""
    at_most: int = 4
    """Streams per browser, of a user and staff together: over HTTP/1.1 a browser opens six connections to
    one server, and pages need some of them.
    """
    is_closing: bool = False
    _seats: dict[_Seat, None] = field(default_factory=dict, repr=False)
    """The open streams, oldest first."""
    _in: dict[str, set[_Seat]] = field(default_factory=dict, repr=False)
    """The same by cookie."""

    @contextmanager
    def seat(self, cookies: frozenset[str], listener: Listener) -> Iterator[_Seat]:
        """Reserve a place for a stream. The newest always gets one: the oldest may be a phone that is
        gone.
        """
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
        """The number of open streams."""
        return len(self._seats)

    async def hang_up(self, _: web.Application) -> None:
        """End all streams, so that the server can stop at once; pages reconnect after the restart."""
        self.is_closing = True
        for seat in self._seats:
            seat.listener.wake()


STREAMS = web.AppKey("streams", EventStreams)


def hang_up_at_shutdown(app: web.Application, streams: EventStreams) -> None:
    """Add the streams to the application, to be ended at shutdown."""
    app[STREAMS] = streams
    app.on_shutdown.append(streams.hang_up)


async def events(request: web.Request) -> web.StreamResponse:
    """Send every newer revision of this meeting's preparation, until the session or the meeting ends."""
    who = await signed_in_user(request)
    site = context(request)
    check_rate(site.limits.acts, who.owner.notebook_id)
    meeting = _about(request, await site.services.sessions.notebook(who))
    secret, notebook_id = who.secret, who.owner.notebook_id
    del who  # the key is not held for as long as a stream is open
    documents = (meeting.conversation, meeting.draft)

    async def look(listener: Listener) -> str:
        return (await _look(request, listener)).text

    room = () if meeting.guided is None else (room_subject(meeting.guided.session),)
    return await stream(request, secret, notebook_id, documents, look, *room)


async def stream(
    request: web.Request, secret: str, about: str, documents: tuple[str, ...], look: Look, *also: str
) -> web.StreamResponse:
    """Send the result of `look` on every notification about this subject, until access ends. `also` names
    further subjects, such as the member of staff at the screen.
    """
    streams = request.app[STREAMS]
    if ONCE in request.query:
        return await _once(streams, about, documents, look)

    async def look_and_forget(listener: Listener) -> str:
        try:
            return await look(listener)
        finally:
            forget_who(request)  # no key, and nothing unsealed, is held while a stream only waits

    forget_who(request)
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
    """Send the current revision and end, for a browser that has enough streams. It keeps no connection."""
    with streams.broadcast.listening(about, documents) as listener:
        try:
            return web.Response(text=await look(listener))
        except ShareOver:
            raise NotFound from None


def _cookies(request: web.Request, secret: str) -> frozenset[str]:
    """Return the session cookies of this browser: the user's, and the staff's if it has one."""
    settings = context(request).settings
    names = (cookie_name(settings), staff_cookie_name(settings))
    return frozenset({secret, *(found for name in names if (found := cookie_of(request, name)) is not None)})


async def _say(
    request: web.Request, response: web.StreamResponse, streams: EventStreams, seat: _Seat, look: Look
) -> None:
    await response.prepare(request)
    if request.transport is not None:
        # otherwise aiohttp buffers 64 KiB of small lines before it waits for a client that reads nothing
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
    """Yield the lines of a stream."""
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
            pass  # the database does not answer at the moment: check again at the next heartbeat
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
    return SeenRevisions.of(notebook, meeting)._replace(room=await room_revision(request, meeting))


async def room_revision(request: web.Request, meeting: Meeting) -> int:
    """Return the revision of the guided session that a meeting is prepared in; 0 outside of one."""
    if meeting.guided is None or meeting.guided.key is None:
        return 0
    revision = await services(request).guided.joining.revision(meeting.guided)
    return OVER if revision is None else revision


def _about(request: web.Request, notebook: Notebook) -> Meeting:
    """Return the meeting, or the look back on it once it has begun. Raises `NotFound`."""
    meeting = notebook.meeting(request.match_info["meeting"])
    if is_after(request) and not notebook.has_begun(meeting := meeting.after):
        raise NotFound
    return meeting


def routes() -> list[web.RouteDef]:
    """Routes for the stream. Not for HEAD: it would wait for ever for a response without a body."""
    return [web.get(f"{at}/events", events, allow_head=False) for at in (MEETING, AFTER)]
