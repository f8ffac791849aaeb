"""The application on a fresh data folder, under a clock that tests move, and people who use it."""

import gc
import math
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web, web_app
from hypothesis import HealthCheck
from hypothesis import settings as trying
from playwright.async_api import Browser, async_playwright, expect
from pytest_aiohttp import AiohttpClient
from segno import encoder
from support.clock import Clock
from support.driver import quick_driver
from support.kept_tabs import is_free
from support.late_responses import be_late
from support.marking import needs_chromium
from support.mirror import is_kept
from support.near import Near
from support.need import need
from support.person import Client, NewPerson, Person
from support.postgres import Server as PostgreSQL
from support.postgres import Stoppable, find_programs, running
from support.quick import LOW_COST, our_texts
from support.server import Server
from support.shared_press import SharedPress
from support.small_disk import mounted
from support.two_servers import EVERYTHING_WITH_TWO, TwoServers, can_ask_two, is_asked_with_two

from assistant import events
from assistant.config import Settings
from assistant.service.export import files
from assistant.service.services import Services
from assistant.service.stores import open_salt, open_stores
from assistant.storage.database import Database
from assistant.web.app import make_app
from assistant.web.http.context import CONTEXT

# memory, where there is enough of it: no test is about a disk's own speed, and commits wait for the disk
IN_MEMORY = Path("/dev/shm")
HAS_ROOM = IN_MEMORY.exists() and shutil.disk_usage(IN_MEMORY).free > 4 << 30
if HAS_ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
# compiled once and kept: without that, each of the many processes that tests start compiles the whole program
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# the same examples in every run, none timed: a change turns a test red, not chance and not a busy machine
trying.register_profile(
    "same", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
trying.register_profile("search", trying.get_profile("same"), derandomize=False)
trying.load_profile("same")
if late := os.environ.get("ASSISTANT_LATE"):
    be_late(late)
CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
"""The same browser twice: the first, without a desktop's windows, takes half the processor time."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have some tests, or all that can, ask two applications in turn too."""
    if "new_person" in metafunc.fixturenames and "number_of_servers" in metafunc.fixturenames:
        if EVERYTHING_WITH_TWO and can_ask_two(metafunc):
            metafunc.parametrize("number_of_servers", [2], ids=["two"])
        elif is_asked_with_two(metafunc.definition.nodeid):
            metafunc.parametrize("number_of_servers", [1, 2], ids=["one", "two"])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses Chromium, and begin with the longest files, so that two processes end together."""
    for item in items:
        if needs_chromium(item):
            item.add_marker("browser")
    first = {item.path: "browser" for item in items if item.get_closest_marker("browser")}
    first = {item.path: "slow" for item in items if item.get_closest_marker("slow")} | first
    order = ["browser", "slow", ""]
    items.sort(key=lambda item: order.index(first.get(item.path, "")))


def pytest_collection_finish() -> None:
    """What the tests are made of is there until the end: the garbage collector need not look through it.

    Of what a test makes little is left for it: it looks when there is more to look at than a page or two.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="session", autouse=True)
def one_press_prints_for_all() -> Iterator[None]:
    """Applications begin with the process that printed for earlier ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "PdfWorker", SharedPress)
        yield
    SharedPress.end_all()


@pytest.fixture(scope="session", autouse=True)
def qr_codes_have_the_first_pattern() -> Iterator[None]:
    """A camera reads each of the eight patterns; to draw all and choose the best takes as long as a page."""
    choose: Callable[..., object] = encoder.find_and_apply_best_mask
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoder, choose.__name__, lambda *given: choose(*given[:-1], 0))
        yield


@pytest.fixture(autouse=True)
def nothing_is_kept_of_an_application() -> Iterator[None]:
    """aiohttp remembers the handlers of the last thousand requests, and with them every application.

    In a program with one application that is right. Here it is hundreds, with all their dialogues.
    """
    yield
    web_app._cached_build_middleware.cache_clear()


@pytest.fixture(autouse=True)
def the_log_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that an earlier test caused holds back none in this one."""
    monkeypatch.setattr(events, "_one_a_minute", events.OneAMinute())
    monkeypatch.setattr(events, "_once", events.OneAMinute(every=math.inf))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    there = [program for program in CHROMIUM if Path(program).exists()]
    need("Chromium", "ASSISTANT_REQUIRE_BROWSER", is_there=bool(there))
    return there[0]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def started_browser(chromium: str) -> AsyncIterator[Browser]:
    """The browser's program, running once for all tests."""
    with quick_driver():
        driver = async_playwright()
        play = await driver.start()
    # less than a heartbeat, at which a page that heard nothing would look by itself
    expect.set_options(timeout=15_000)
    try:
        browser = await play.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--in-process-gpu",  # one process less that everything drawn is handed to
                "--disable-gpu",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
                # a page that replaces another one stays in its frame: a new frame takes as long as the page
                "--enable-features=CDPScreenshotNewSurface,RenderDocument:level/crashed-frame",
            ],
        )
        first = await browser.new_page()
        await first.content()  # the driver knows its script from here on
        await first.close()
        yield browser
        await browser.close()
    finally:
        await play.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(started_browser: Browser) -> AsyncIterator[Browser]:
    """A browser without any tab or cookie; what a test opens in it is closed after the test."""
    yield started_browser
    for context in started_browser.contexts:
        if not is_kept(context) and not is_free(context):
            await context.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A PostgreSQL that the tests start themselves, running once for all tests."""
    programs = find_programs()
    need("PostgreSQL", "ASSISTANT_REQUIRE_POSTGRES", is_there=programs is not None)
    assert programs is not None
    with running(programs, IN_MEMORY if HAS_ROOM else None) as server:
        yield server


@pytest.fixture
def stoppable(postgres: PostgreSQL) -> Iterator[Stoppable]:
    """Another PostgreSQL, for one test; skipped or failed where it is not installed, as the first one is."""
    programs = find_programs()
    assert programs is not None
    with running(programs, IN_MEMORY if HAS_ROOM else None) as server:
        stoppable = Stoppable(server)
        yield stoppable
        stoppable.end()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    with mounted(tmp_path / "disk") as disk:
        yield disk


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
def number_of_servers() -> int:
    """How many applications a test asks in turn; two need PostgreSQL."""
    return 1


@pytest.fixture(scope="session")
def with_tables(postgres: PostgreSQL) -> PostgreSQL:
    """A database with tables, to be emptied: making tables takes longer than a test."""
    Database.open(postgres.make("with_tables")).let_go()
    return postgres


@pytest.fixture
def emptied(with_tables: PostgreSQL) -> str:
    """Where a database of PostgreSQL is that has its tables and no rows."""
    return with_tables.without_rows("with_tables")


@pytest.fixture
def settings(tmp_path: Path, number_of_servers: int, request: pytest.FixtureRequest) -> Settings:
    """As the program is started with nothing but a data folder, or with an empty PostgreSQL."""
    settings = Settings(data=tmp_path / "data")
    if number_of_servers == 1:
        return settings
    return settings.model_copy(update={"database": request.getfixturevalue("emptied")})


@pytest.fixture(scope="session")
def first_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as the first start leaves it, to be copied: making tables takes longer than a test."""
    settings = Settings(data=tmp_path_factory.mktemp("first") / "data")
    database, _ = open_stores(settings.database_url, settings.keys)
    open_salt(settings.keys, database)
    database.let_go()
    return settings.data


@pytest.fixture
def begun_settings(settings: Settings, first_data: Path) -> Settings:
    """The settings, whose data folder is as the first start leaves it. PostgreSQL has its tables already."""
    if settings.database is None and settings.keys_folder is None and not settings.data.exists():
        shutil.copytree(first_data, settings.data)
    return settings


@pytest.fixture
def app(begun_settings: Settings, clock: Clock) -> web.Application:
    """The whole program on a data folder that nobody has used."""
    app = make_app(begun_settings, clock, our_texts(), LOW_COST)
    _sweep_nothing_at_first(app[CONTEXT].services)
    return app


def _sweep_nothing_at_first(services: Services) -> None:
    """Nothing is in its database. To find that out costs more than the rest of a start."""

    async def sweep(now: datetime) -> Mapping[str, int]:
        del vars(services)["sweep"]
        return {}

    vars(services)["sweep"] = sweep


@pytest.fixture
async def new_person(
    app: web.Application,
    aiohttp_client: AiohttpClient,
    settings: Settings,
    clock: Clock,
    number_of_servers: int,
) -> AsyncIterator[NewPerson]:
    """Somebody new each time, with a browser of their own, on the one server or on two in turn."""
    server = Server(app)
    if number_of_servers > 1:
        server = TwoServers(app, make_app(settings, clock, our_texts(), LOW_COST))
    await server.start_server(access_log=None)

    sessions: list[ClientSession] = []

    async def new() -> Person:
        client: Client = await aiohttp_client(server)
        sessions.append(ClientSession(connector=Near(server), cookie_jar=client.session.cookie_jar))
        return Person(client, sessions[-1])

    yield new
    for session in sessions:
        await session.close()


@pytest.fixture
async def person(new_person: NewPerson) -> Person:
    """Somebody with a browser."""
    return await new_person()
