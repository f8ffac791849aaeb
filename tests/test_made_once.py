"""What is copied is what the pages would have made, and a request without a socket is answered the same."""

import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_aiohttp import AiohttpClient
from support import made_once
from support.clock import Clock
from support.page import Page
from support.person import Client, NewPerson, Person
from support.quick import LOW_COST, our_texts
from support.server import Server
from support.short_way import have, unlock

from assistant.config import Settings
from assistant.web.app import make_app

STATE = "matters/now"
Elsewhere = Callable[[], Awaitable[Person]]


@pytest.fixture(autouse=True)
def nothing_is_made_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_once, "_MADE", {})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that were asked for."""
    paths: list[str] = []
    see = Person._see

    async def listed(self: Person, method: str, path: str, *more: object, **named: object) -> Page:
        paths.append(path)
        return await see(self, method, path, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Person, "_see", listed)
    return paths


@pytest.fixture
def elsewhere(tmp_path: Path, clock: Clock, first_data: Path, aiohttp_client: AiohttpClient) -> Elsewhere:
    """Somebody new at another application, as the next test has it."""

    async def new() -> Person:
        settings = Settings(data=tmp_path / "elsewhere")
        shutil.copytree(first_data, settings.data)
        server = Server(make_app(settings, clock, our_texts(), LOW_COST))
        await server.start_server(access_log=None)
        client: Client = await aiohttp_client(server)
        return Person(client)

    return new


async def test_a_copy_needs_no_page_and_is_gone_on_with(
    person: Person, elsewhere: Elsewhere, asked: list[str]
) -> None:
    made = await person.reach(STATE)
    other = await elsewhere()
    asked.clear()
    copied = await other.reach(STATE)
    assert asked == []
    assert (copied.path, copied.main) == (made.path, made.main)
    assert (await other.open(copied.path)).main == made.main
    page = await other.send(copied.form("reply").say("Å få sove").press())
    assert (await other.summary(page)).entries == [("matters", "Å få sove")]
    assert (await person.summary(await person.open(made.path))).entries == [], "it is another notebook"


async def test_the_link_of_a_copy_opens_it_where_it_is(
    person: Person, elsewhere: Elsewhere, asked: list[str]
) -> None:
    made, _ = await have(person, "nb")
    other = await elsewhere()
    asked.clear()
    summary, link = await have(other, "nb")
    assert asked == []
    assert link.startswith(other.address)
    assert summary.entries == made.entries
    other.client.session.cookie_jar.clear()
    assert (await other.open(summary.path)).status == 401
    assert (await unlock(other, link)).status == 200
    assert (await other.open(summary.path)).entries == made.entries


async def test_each_person_of_an_application_has_a_notebook_of_their_own(new_person: NewPerson) -> None:
    pages = [await (await new_person()).reach(STATE) for _ in range(3)]
    assert len({page.path for page in pages}) == 3


async def test_at_another_time_it_is_made_again(
    person: Person, elsewhere: Elsewhere, clock: Clock, asked: list[str]
) -> None:
    await person.reach(STATE)
    clock.pass_by(timedelta(seconds=1))
    other = await elsewhere()
    asked.clear()
    await other.reach(STATE)
    assert asked


async def test_who_has_a_session_goes_on_with_it(person: Person, asked: list[str]) -> None:
    await person.begin()
    asked.clear()
    await person.reach(STATE)
    assert asked


async def test_an_answer_without_a_socket_is_the_same(person: Person) -> None:
    assert person.near is not None
    page = await person.reach(STATE)
    by_socket = await Person(person.client).open(page.path)
    without = await person.open(page.path)
    # each page has a request id of its own
    assert (without.status, without.main, len(without.html)) == (
        by_socket.status,
        by_socket.main,
        len(by_socket.html),
    )
    assert without.headers.keys() == by_socket.headers.keys()
    words = "å" * 70_000  # in several pieces
    for somebody in (person, Person(person.client)):
        told = await somebody.send(page.form("reply").say(words).press())
        assert (told.status, told.form("reply").text("statement.new1")) == (422, words)
