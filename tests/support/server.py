"""The application on a port, in this process."""

from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from assistant.web.http.connections import Runner


class Server(TestServer):
    """Serves as `assistant serve` does."""

    async def _make_runner(self, **kwargs: Any) -> web.AppRunner:
        return Runner(self.app, **kwargs)
