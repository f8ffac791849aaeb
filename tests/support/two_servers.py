"""Two applications on one PostgreSQL behind one address: every request goes to the other one than the last.

They share nothing but the database and the keys, as two processes do.
"""

import inspect
import os
from typing import Any

import pytest
from aiohttp import web

from assistant.web.http.connections import Runner
from support.server import Server

EVERYTHING_WITH_TWO = bool(os.environ.get("ASSISTANT_TWO_SERVERS"))
"""Ask two applications in every test of the web that has no other settings."""
_WITH_TWO = (
    "web/user/test_two_at_once.py",
    "web/user/test_share.py::test_together_from_the_preview_to_the_end",
    "web/user/test_share.py::test_pressing_new_code_twice_makes_one",
    "web/user/test_share.py::test_what_is_changed_is_seen_only_when_it_is_shared_again",
    "web/staff/test_staff.py::test_a_code_is_good_for_one_time_only",
    "web/staff/test_staff.py::test_signing_out_everywhere_ends_every_session",
    "web/staff/test_provider_checks.py::test_a_leaver_loses_access",
    "web/staff/test_provider_checks.py::test_requests_at_the_same_time",
    "web/http/test_screens_emptied.py::test_an_open_screen_of_staff_is_emptied_at_once",
    "web/http/test_event_stream.py::test_a_stream_tells_what_is_newest_and_then_what_is_newer",
    "web/http/test_event_stream.py::test_a_stream_ends_when_everything_is_deleted_on_another_device",
    "web/http/test_event_stream.py::test_two_devices_hear_of_each_other",
)
"""The tests that ask two applications in every run too."""
_TAKEN_BY = web.RequestKey("taken by", web.Application)


def is_asked_with_two(test: str) -> bool:
    """Whether a test, by its id, is among those."""
    return test.split("tests/")[-1].startswith(_WITH_TWO)


def can_ask_two(metafunc: pytest.Metafunc) -> bool:
    """Whether a test asks only over HTTP.

    One that takes the settings looks into the files of SQLite. One that is marked `one_application` changes
    or counts something in the memory of a single application.
    """
    taken = inspect.signature(metafunc.function).parameters
    return "settings" not in taken and not any(metafunc.definition.iter_markers("one_application"))


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

    async def shutdown(self) -> None:
        await super().shutdown()
        await self._other.shutdown()  # its open streams end too, before the server waits for them

    async def _cleanup_server(self) -> None:
        await self._other.cleanup()
        await super()._cleanup_server()
