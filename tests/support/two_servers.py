"""Two applications on one PostgreSQL behind one address: every request goes to the other one than the last.

They share nothing but the database and the keys, as two processes do.
"""

import os
from typing import Any

from aiohttp import web

from assistant.web.http.connections import Runner
from support.server import Server

EVERYTHING_WITH_TWO = bool(os.environ.get("ASSISTANT_TWO_SERVERS"))
"""Ask two applications in every test of the web that has no other settings."""
_WITH_TWO = ()
"""The tests that ask two applications in every run too."""
_TAKEN_BY = web.RequestKey("taken by", web.Application)


def is_asked_with_two(test: str) -> bool:
    """Whether a test, by its id, is among those."""
    return test.split("tests/")[-1].startswith(_WITH_TWO)


class TwoServers(Server):
    """Serves two applications in turn, whatever connection a request comes on."""

    def __init__(self, first: web.Application, second: web.Application) -> None:
        super().__init__(first)
        self._second = second

    async def _make_runner(self, **kwargs: Any) -> web.AppRunner:
        return _InTurn(self.app, self._second, **kwargs)


class _InTurn(Runner):
    def __init__(self, first: web.Application, second: web.Application, **kwargs: Any) -> None:
        super().__init__(first, **kwargs)
        self._other = web.AppRunner(second, **kwargs)
        self._apps = (first, second)
        self._requests = 0

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        await self._other.setup()
        server.request_factory = self._make_request
        server.request_handler = self._handle
        return server

    def _make_request(self, *args: Any) -> web.Request:
        app = self._apps[self._requests % 2]
        self._requests += 1
        request = app._make_request(*args)
        request[_TAKEN_BY] = app
        return request

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        assert isinstance(request, web.Request)
        return await request[_TAKEN_BY]._handle(request)

    async def _cleanup_server(self) -> None:
        await self._other.cleanup()
        await super()._cleanup_server()
