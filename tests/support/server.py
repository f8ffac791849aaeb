"""The application on a port, in this process."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from assistant.web.http.connections import Runner

_ports: list[int] = []
"""Those that servers of this process have had."""


def bound(
    host: str = "127.0.0.1", port: int = 0, family: socket.AddressFamily = socket.AF_INET
) -> socket.socket:
    """Bind a socket, to the port of an earlier server if one is free.

    A tab of Chromium that goes from one test to the next begins a new process where the address is another:
    that takes as long as a page or two.
    """
    for earlier in [] if port else _ports:
        with suppress(OSError):
            return socket.create_server((host, earlier), family=family)
    one = socket.create_server((host, port), family=family)
    _ports.append(one.getsockname()[1])
    return one


class Server(TestServer):
    """Serves as `assistant serve` does."""

    def __init__(self, app: web.Application) -> None:
        super().__init__(app, socket_factory=bound)

    async def _make_runner(self, **kwargs: Any) -> web.AppRunner:
        return Runner(self.app, **kwargs)


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """Serve it as `assistant serve` does, and yield its address."""
    runner = Runner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    listening = bound()
    await web.SockSite(runner, listening).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        await runner.cleanup()
