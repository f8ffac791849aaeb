"""Connections: how many there may be, and how long they may say nothing.

Each connection is an open file, and without files nobody is let in and nothing is saved. So there are fewer
connections than files; when one more comes, the connection that has waited longest without asking anything is
closed for it. Behind a proxy all come from the proxy's address, which has no limit of its own.
"""

import asyncio
import logging
import resource
import socket
import time
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import places
from assistant.web.http.security_headers import add_security_headers

ENOUGH_FILES = 4096
"""Open files a server for a whole service should be allowed."""
_MOST_FILES = 65_536
_OWN_FILES = 160
"""What the program itself may need besides connections: databases, threads, listening sockets, files."""
_EACH = 512
"""Connections from one address: a clinic, each of its screens with a page and a stream."""
HEADERS_WITHIN = 15.0
"""Seconds until the headers of a request must be here."""
_UNREAD_FOR = 30_000
"""Milliseconds a reader may take nothing of an answer."""
_LINGER = 5.0
"""Seconds what was not read of a body is read on and dropped, so that the answer before it is seen."""
_LOGGED_EVERY = 60

logger = logging.getLogger("assistant")


def raise_open_files() -> int:
    """Allow this process as many open files as it may have; how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most, soft)


def room_for_connections() -> int:
    """How many connections there may be at once."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _MOST_FILES if soft == resource.RLIM_INFINITY else min(soft, _MOST_FILES)
    return max(files // 2, files - _OWN_FILES)


class QuietAccepting:
    """Handles the event loop's own errors. That there is no file left is said once a minute, in one line."""

    def __init__(self) -> None:
        self._said_at = float("-inf")

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if context.get("message") != "socket.accept() out of system resource":
            loop.default_exception_handler(context)
        elif (now := time.monotonic()) >= self._said_at + _LOGGED_EVERY:
            self._said_at = now
            logger.error("no file is free for another connection")


class Runner(web.AppRunner):
    """Runs the application over connections of ours."""

    async def _make_server(self) -> web.Server:
        usual = await super()._make_server()
        return Server(self.app, usual)


class Server(web.Server):
    """Knows every connection, in the order they came."""

    def __init__(self, app: web.Application, usual: web.Server) -> None:
        self._app = app
        # what is packed is refused; to unpack it only to drop it would take seconds for a megabyte
        own = {"auto_decompress": False, "lingering_time": _LINGER}
        super().__init__(
            usual.request_handler, request_factory=usual.request_factory, **{**usual._kwargs, **own}
        )
        self.at_most = room_for_connections()
        self.each = min(_EACH, self.at_most)
        self.headers_within = HEADERS_WITHIN
        self._open: dict[Connection, str] = {}
        self._from: dict[str, int] = {}

    def __call__(self) -> RequestHandler:
        return Connection(self, self._app, loop=self._loop, **self._kwargs)

    @property
    def open(self) -> int:
        """How many there are."""
        return len(self._open)

    def came(self, connection: "Connection", address: str) -> None:
        """Count one more, and close one where there are too many."""
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
            self._close(connection)  # everybody else is being answered

    def went(self, connection: "Connection") -> None:
        """Count one less."""
        near = self._open.pop(connection, None)
        if near is None:
            return
        self._from[near] -= 1
        if not self._from[near]:
            del self._from[near]

    def _close_one(self, near: str | None) -> None:
        """Close the oldest that asks for nothing, of this address if given; sooner one that never asked."""
        idle = None
        for connection, address in self._open.items():
            if connection.is_idle and near in (None, address):
                if connection.has_never_asked:
                    idle = connection
                    break
                idle = idle or connection
        if idle is not None:
            self._close(idle)

    def _close(self, connection: "Connection") -> None:
        self.went(connection)
        connection.hang_up()


class Connection(RequestHandler):
    """One connection."""

    __slots__ = ("_app", "_counted", "_patience")

    def __init__(self, server: Server, app: web.Application, **kwargs: Any) -> None:
        super().__init__(server, **kwargs)
        self._app = app
        self._counted = server
        self._patience: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no whole request has come that is not answered."""
        return not self._messages and (self._waiter is not None or self.has_never_asked)

    @property
    def has_never_asked(self) -> bool:
        """Whether no whole request has ever come."""
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
        super().data_received(data)
        if self._request_count > before:
            self._stop_waiting()
        elif self._patience is None and self.is_idle:
            self._be_patient()  # a request has begun on a connection that was at rest

    def hang_up(self) -> None:
        """Close it now, whatever was sent and not read."""
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
        """Answer what is no request with a sentence in every language, and log nothing of it."""
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
