"""The application on a fresh data folder, under a clock that tests move, and people who use it."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from clock import Clock
from pytest_aiohttp import AiohttpClient
from web.person import NewPerson, Person

from assistant.config import Settings
from assistant.web.app import make_app
from assistant.web.serve import Runner

CHROMIUM = "/usr/bin/chromium"


def need(what: str, variable: str, *, is_there: bool) -> None:
    """Skip the test where something is not installed; fail where it is required to be."""
    if is_there:
        return
    if os.environ.get(variable) == "1":
        pytest.fail(f"{what} is required here and is not installed")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    need("Chromium", "ASSISTANT_REQUIRE_BROWSER", is_there=Path(CHROMIUM).exists())
    return CHROMIUM


@pytest.fixture(scope="session")
def hunspell() -> str:
    """The spell checker's program, with the three dictionaries."""
    program = shutil.which("hunspell")
    found = all(Path(f"/usr/share/hunspell/{name}.dic").exists() for name in ("nb_NO", "nn_NO", "en_GB"))
    need("hunspell for nb, nn and en", "ASSISTANT_REQUIRE_HUNSPELL", is_there=program is not None and found)
    assert program is not None
    return program


@pytest.fixture
def clock() -> Clock:
    """The time, until a test moves it."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """As the program is started with nothing but a data folder."""
    return Settings(data=tmp_path / "data")


@pytest.fixture
def app(settings: Settings, clock: Clock) -> web.Application:
    """The whole program on an empty data folder."""
    return make_app(settings, clock)


class Server(TestServer):
    """Serves as `assistant serve` does."""

    async def _make_runner(self, **kwargs: Any) -> web.AppRunner:
        return Runner(self.app, **kwargs)


@pytest.fixture
async def new_person(app: web.Application, aiohttp_client: AiohttpClient) -> NewPerson:
    """Somebody new each time, with a browser of their own, on the one server."""
    server = Server(app)
    await server.start_server(access_log=None)

    async def new() -> Person:
        return Person(await aiohttp_client(server))

    return new


@pytest.fixture
async def person(new_person: NewPerson) -> Person:
    """Somebody with a browser."""
    return await new_person()
