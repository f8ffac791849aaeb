"""Open event streams, each on a connection that aiohttp hands over after the first line of the response.

A stream mostly waits. A handler of aiohttp that waits keeps the request, the parser, two tasks and the frames
of every middleware: five times as much memory as all the rest. Here a waiting stream is one object that its
connection and its listener call. It has a task only while it looks, and one timer serves all streams.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context as TaskContext
from dataclasses import dataclass, field

from aiohttp import web

from assistant.errors import NotFound, NotSaved, SealBroken, SessionEnded, ShareOver, StaffSessionEnded
from assistant.events import Event, note, place
from assistant.service.broadcast import Broadcast, Listener
from assistant.web.http.connections import Connection, HandedOver

_STILL_HERE = b":\n\n"
_ENDED = b"event: ended\ndata:\n\n"
_CROWDED = b"event: crowded\ndata:\n\n"

Look = Callable[[Listener], Awaitable[str]]
"""Callback: check access again and return the current revision. A stream keeps it for as long as it is open,
so it must not refer to the request or to a key.
"""


class OpenStream(HandedOver):
    """One open stream: a connection on which nothing is read any more, and lines are written now and then."""

    __slots__ = (
        "_is_chunked",
        "_is_looking",
        "_listener",
        "_look",
        "_said",
        "_streams",
        "_timer",
        "cookies",
        "transport",
    )

    def __init__(
        self, streams: "EventStreams", cookies: frozenset[str], look: Look, *, is_chunked: bool
    ) -> None:
        """Prepare a stream; the session cookies of its request identify the browser."""
        self.cookies = cookies
        self._streams, self._look, self._is_chunked = streams, look, is_chunked
        self._listener: Listener
        self.transport: asyncio.Transport
        self._timer: asyncio.TimerHandle | None = None
        self._is_looking = False
        self._said: str | None = None

    def begin(self, transport: asyncio.Transport, listener: Listener) -> None:
        """Write on this connection from now on. Its limit of what may wait to be sent must be 0."""
        self.transport, self._listener = transport, listener
        transport.resume_reading()  # otherwise the end of the connection goes unnoticed

    def go_on(self) -> None:
        """Look if there is news, unless a look is under way or the client has yet to read the last line."""
        if self._listener.is_woken and not self._is_looking and self._may_write:
            self._is_looking = True
            self._streams.begin_look(self, self._look_and_tell())

    def wake(self) -> None:
        """Look even without news."""
        self._listener.wake()

    def end(self, last: bytes = b"") -> None:
        """Write this, and complete the response. The connection is closed once the client has read it."""
        if self.transport.is_closing():
            return
        self._streams.leave(self, self._listener)
        if last:
            self._write(last)
        if self._is_chunked:
            self.transport.write(b"0\r\n\r\n")
        self.transport.close()

    def crowd_out(self) -> None:
        """End, and have the page not come back by itself."""
        self.end(_CROWDED)

    @property
    def _may_write(self) -> bool:
        return self._timer is None and not self.transport.is_closing()

    async def _look_and_tell(self) -> None:
        """Look for as long as there is news."""
        try:
            # taken before the look, so that a change during it is news again
            while self._may_write and self._listener.take_news():
                await self._look_once()
        except Exception as error:  # the response has begun: it cannot become a page
            kind = Event.SEAL_BROKEN if isinstance(error, SealBroken) else Event.UNFORESEEN
            note(kind, error=type(error).__name__, where=place(error))
            self.transport.abort()
        finally:
            self._is_looking = False
            self._streams.rest(self)

    async def _look_once(self) -> None:
        line = _STILL_HERE
        try:
            now = await self._look(self._listener)
        except (SessionEnded, StaffSessionEnded, NotFound, ShareOver):
            self.end(_ENDED)
            return
        except NotSaved:
            pass  # the database does not answer at the moment: look again at the next heartbeat
        else:
            if now != self._said:
                self._said, line = now, f"id: {now}\ndata: {now}\n\n".encode()
        if not self.transport.is_closing():
            self._write(line)

    def _write(self, line: bytes) -> None:
        self.transport.write(b"%x\r\n%b\r\n" % (len(line), line) if self._is_chunked else line)

    def pause_writing(self) -> None:
        """Give the client a few seconds to read what was written, and write nothing meanwhile."""
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._streams.patience, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client has read everything."""
        self._stop_timer()
        self.go_on()

    def data_received(self, data: bytes) -> None:
        """Drop a client that sends more: the response said that no further request is answered."""
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the stream."""
        self._stop_timer()
        self._streams.leave(self, self._listener)
        super().connection_lost(exc)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


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
    _open: dict[OpenStream, None] = field(default_factory=dict, repr=False)
    """The open streams, oldest first."""
    _in: dict[str, set[OpenStream]] = field(default_factory=dict, repr=False)
    """The same by cookie."""
    _resting: OrderedDict[OpenStream, float] = field(default_factory=OrderedDict, repr=False)
    """Those that wait for news, with the time of the event loop at which they look without; soonest first."""
    _heartbeat_timer: asyncio.TimerHandle | None = field(default=None, repr=False)
    _looks: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    def begin(
        self, stream: OpenStream, connection: Connection, about: str, documents: tuple[str, ...], *also: str
    ) -> None:
        """Have the stream go on with the response on this connection, first with the current revision.

        Raises `ConnectionResetError` if the client is gone.
        """
        transport = connection.hand_over(stream)
        stream.begin(transport, self.broadcast.listen(about, documents, *also, call=stream.go_on))
        self._add(stream)
        if self.is_closing:
            stream.end()
        else:
            stream.wake()

    def _add(self, stream: OpenStream) -> None:
        """Give a stream a place. The newest always gets one: the oldest may be a phone that is gone."""
        self._open[stream] = None
        for cookie in stream.cookies:
            self._in.setdefault(cookie, set()).add(stream)
        in_this_browser = {one for cookie in stream.cookies for one in self._in[cookie]}
        excess = len(in_this_browser) - self.at_most
        if excess > 0:
            for oldest in [one for one in self._open if one in in_this_browser][:excess]:
                oldest.crowd_out()

    def leave(self, stream: OpenStream, listener: Listener) -> None:
        """Free the place of a stream that is over, if it still has one."""
        if stream not in self._open:
            return
        del self._open[stream]
        self._resting.pop(stream, None)
        self.broadcast.stop(listener)
        for cookie in stream.cookies:
            self._in[cookie].discard(stream)
            if not self._in[cookie]:
                del self._in[cookie]

    @property
    def open(self) -> int:
        """The number of open streams."""
        return len(self._open)

    def begin_look(self, stream: OpenStream, look: Coroutine[None, None, None]) -> None:
        """Run this look of a stream, which rests no longer."""
        self._resting.pop(stream, None)
        # in a context of its own: what wakes a stream is often the request of another person
        task = asyncio.create_task(look, context=TaskContext())
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    def rest(self, stream: OpenStream) -> None:
        """Have a stream look again at the next heartbeat, unless it is over."""
        if stream not in self._open:
            return
        loop = asyncio.get_running_loop()
        self._resting[stream] = loop.time() + self.heartbeat
        self._resting.move_to_end(stream)
        if self._heartbeat_timer is None:
            self._heartbeat_timer = loop.call_later(self.heartbeat, self._beat)

    def _beat(self) -> None:
        self._heartbeat_timer, loop = None, asyncio.get_running_loop()
        while self._resting:
            stream, due = self._resting.popitem(last=False)
            if due > loop.time():
                self._resting[stream] = due
                self._resting.move_to_end(stream, last=False)
                self._heartbeat_timer = loop.call_at(due, self._beat)
                return
            stream.wake()

    async def hang_up(self, _: web.Application) -> None:
        """End all streams, so that the server can stop at once; pages reconnect after the restart. Looks that
        are under way end before what they look at is closed.
        """
        self.is_closing = True
        for stream in list(self._open):
            stream.end()
        if self._heartbeat_timer is not None:
            self._heartbeat_timer.cancel()
        if self._looks:
            _done, late = await asyncio.wait(self._looks, timeout=self.patience)
            for look in late:
                look.cancel()


STREAMS = web.AppKey("streams", EventStreams)


def hang_up_at_shutdown(app: web.Application, streams: EventStreams) -> None:
    """Add the streams to the application, to be ended at shutdown."""
    app[STREAMS] = streams
    app.on_shutdown.append(streams.hang_up)
