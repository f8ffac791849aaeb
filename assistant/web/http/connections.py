"""Limits on the number of connections and on their idle time.

Each connection is an open file, and without free files no one can connect and nothing is saved. So fewer
connections than files are allowed; when the limit is reached, the connection idle for longest is closed.
Behind a proxy all come from the proxy's address, which has no limit per address.
"""

import asyncio
import resource
import socket
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.http import RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD
from aiohttp.web_protocol import RequestHandler, _ErrInfo

from assistant.events import Event, note
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import places
from assistant.web.http.security_headers import add_security_headers

ENOUGH_FILES = 4096
"""Open files that a server for a whole service should be allowed."""
MOST_FILES = 65_536
_OWN_FILES = 160
"""Files the program needs besides connections: databases, threads, listening sockets, files."""
_EACH = 512
"""Connections from one address: a clinic, with a page and a stream on each screen."""
HEADERS_WITHIN = 15.0
"""Seconds within which a request's headers must arrive."""
_UNREAD_FOR = 30_000
"""Milliseconds a client may accept nothing of a response."""
_PARSED_AT_ONCE = 4096
"""Bytes parsed before a look at what they are."""
_LINGER = 5.0
"""Seconds for which the unread rest of a body is drained, so that the client sees the response."""


def raise_open_files() -> int:
    """Raise this process's limit of open files as far as allowed; return the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most, soft)


def room_for_connections() -> int:
    """Return how many connections may be open at once."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = MOST_FILES if soft == resource.RLIM_INFINITY else min(soft, MOST_FILES)
    return max(files // 2, files - _OWN_FILES)


class QuietAccepting:
    """Handles the event loop's own errors. Running out of files is logged once a minute, in one line."""

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if context.get("message") == "socket.accept() out of system resource":
            note(Event.NO_FILE_FREE)
        else:
            loop.default_exception_handler(context)


class Runner(web.AppRunner):
    """AppRunner whose server limits and tracks connections."""

    async def _make_server(self) -> web.Server:
        usual = await super()._make_server()
        return Server(self.app, usual)


class Server(web.Server):
    """Tracks every connection, in order of arrival."""

    def __init__(self, app: web.Application, usual: web.Server) -> None:
        self._app = app
        # compressed bodies are refused: decompressing one only to drop it takes seconds per megabyte
        own = {"auto_decompress": False, "lingering_time": _LINGER}
        super().__init__(
            usual.request_handler, request_factory=usual.request_factory, **{**usual._kwargs, **own}
        )
        self.at_most = room_for_connections()
        self.each = min(_EACH, self.at_most)
        self.headers_within = HEADERS_WITHIN
        self._open: dict[Connection | HandedOver, str] = {}
        self._from: dict[str, int] = {}

    def __call__(self) -> RequestHandler:
        return Connection(self, self._app, loop=self._loop, **self._kwargs)

    @property
    def open(self) -> int:
        """The number of open connections."""
        return len(self._open)

    def came(self, connection: "Connection", address: str) -> None:
        """Register a connection; close one if there are too many."""
        is_proxy = self._app[CONTEXT].settings.trusts(address)
        near = "" if is_proxy else places(address)[0]
        if not is_proxy and self._from.get(near, 0) >= self.each:
            self._close_one(near)
        if len(self._open) >= self.at_most:
            self._close_one(None)
        is_full = len(self._open) >= self.at_most or (not is_proxy and self._from.get(near, 0) >= self.each)
        self._open[connection] = near
        self._from[near] = self._from.get(near, 0) + 1
        if is_full:
            self._close(connection)  # every other connection is being served

    def replaced(self, connection: "Connection", by: "HandedOver") -> None:
        """Count what the connection was handed over to in its place."""
        self._open[by] = self._open.pop(connection)

    def went(self, connection: "Connection | HandedOver") -> None:
        """Unregister a connection."""
        near = self._open.pop(connection, None)
        if near is None:
            return
        self._from[near] -= 1
        if not self._from[near]:
            del self._from[near]

    def _close_one(self, near: str | None) -> None:
        """Close the oldest idle connection (of this address if given), preferring one that never sent a
        request.
        """
        idle = None
        for connection, address in self._open.items():
            if isinstance(connection, Connection) and connection.is_idle and near in (None, address):
                if connection.has_never_asked:
                    idle = connection
                    break
                idle = idle or connection
        if idle is not None:
            self._close(idle)

    def _close(self, connection: "Connection") -> None:
        self.went(connection)
        connection.hang_up()


class HandedOver(asyncio.Protocol):
    """What goes on with a connection after aiohttp. The server counts it until the connection is lost."""

    __slots__ = ("counted",)
    counted: Server

    def connection_lost(self, exc: Exception | None) -> None:
        """Unregister the connection."""
        self.counted.went(self)


class Connection(RequestHandler):
    """One connection."""

    __slots__ = ("_app", "_counted", "_patience", "_refuses", "is_pipelined")

    def __init__(self, server: Server, app: web.Application, **kwargs: Any) -> None:
        super().__init__(server, **kwargs)
        self._app = app
        self._counted = server
        self._patience: asyncio.TimerHandle | None = None
        self._refuses = False
        self.is_pipelined = False
        """Whether it ever sent a request before the answer to the one before."""

    @property
    def is_idle(self) -> bool:
        """Return whether every complete request has been answered."""
        return not self._messages and (self._waiter is not None or self.has_never_asked)

    @property
    def has_never_asked(self) -> bool:
        """Return whether no complete request has ever arrived."""
        return self._request_count == 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("socket")
        if peer is not None and peer.family in (socket.AF_INET, socket.AF_INET6):
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_FOR)
        self._be_patient()
        address = transport.get_extra_info("peername")
        self._counted.came(self, str(address[0]) if isinstance(address, tuple) else "")

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_waiting()
        self._counted.went(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self._request_count
        for start in range(0, len(data) or 1, _PARSED_AT_ONCE):
            if not self._refuses:
                super().data_received(data[start : start + _PARSED_AT_ONCE])
                self._refuse_chunks()
        if self._request_count > before:
            self._stop_waiting()
            unanswered = len(self._messages) + (self._current_request is not None)
            self.is_pipelined = self.is_pipelined or unanswered > 1
        elif self._patience is None and self.is_idle:
            self._be_patient()  # a request has begun on an idle connection

    def _refuse_chunks(self) -> None:
        """Answer a body in chunks with 411, and read no more: no browser sends a form that way, and each
        chunk of one byte costs as much as one of many.
        """
        for number, (message, _) in enumerate(self._messages):
            if isinstance(message, RawRequestMessage) and message.chunked:
                while len(self._messages) > number:
                    self._messages.pop()
                refused = _ErrInfo(HTTPStatus.LENGTH_REQUIRED, ConnectionError(), "")
                self._messages.append((refused, EMPTY_PAYLOAD))
                self._refuses = True
                return

    def hand_over(self, to: HandedOver) -> asyncio.Transport:
        """Have another protocol go on with the response that a handler has begun, and return the transport.

        Raises `ConnectionResetError` if the client is gone. To aiohttp it seems gone in any case: when the
        handler returns, aiohttp writes nothing more and forgets the request. It has no interface for this:
        an upgrade to a WebSocket keeps its protocol and the task of the handler.
        """
        transport = self.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError
        to.counted = self._counted
        self._counted.replaced(self, to)
        transport.set_protocol(to)
        self.transport = None  # otherwise aiohttp closes it
        self.connection_lost(None)
        return transport

    def hang_up(self) -> None:
        """Close now, discarding anything unsent or unread."""
        transport = self.transport
        self.force_close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def _be_patient(self) -> None:
        self._patience = self._loop.call_later(self._counted.headers_within, self._is_too_late)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _is_too_late(self) -> None:
        self._patience = None
        if self.is_idle:
            self.hang_up()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a malformed request with a sentence in every language, and log nothing about it."""
        if request.writer.output_size > 0:
            raise ConnectionError
        site = self._app[CONTEXT]
        sentences = [
            catalogue.say("trouble.unreadable_heading") for catalogue in site.pages.catalogues.values()
        ]
        response = web.Response(status=status, text="\n".join([HTTPStatus(status).phrase, *sentences, ""]))
        add_security_headers(response, site.settings)
        response.force_close()
        return response
