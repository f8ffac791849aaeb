"""The last minutes of a group: everybody makes a codename at once, behind one address."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from support.guiding import Guiding, Participant
from support.quick import LOW_COST

from assistant.config import Settings
from assistant.errors import TooBusy
from assistant.service import queueing
from assistant.service.notebook.access import NotebookAccess
from assistant.service.queueing import ask_as
from assistant.service.stores import open_salt
from assistant.vault.key_stretching import AT_ONCE, Stretching
from assistant.vault.pepper import Pepper

PLACES, EACH = 4, 4
"""Few places for an address, so that three small groups are more than it has places for."""


@pytest_asyncio.fixture
async def ways_in(guiding: Guiding, settings: Settings) -> AsyncIterator[NotebookAccess]:
    house, pepper, salt = guiding.house, Pepper.load_or_make(settings.keys), open_salt(settings.keys)
    ways = NotebookAccess(house.database, pepper, salt, house.visits, house.clock, house.broadcast, LOW_COST)
    yield ways
    ways.close()


async def three_groups(guiding: Guiding) -> list[Participant]:
    """The people of three groups, in one building."""
    peder = await guiding.peer_worker()
    codes = [(await guiding.lead(peder, await guiding.open(peder))).code or "" for _ in range(3)]
    return [await guiding.join(code) for code in codes for _ in range(EACH)]


async def all_at_once(
    ways_in: NotebookAccess, people: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> list[BaseException | None]:
    """Everybody makes a codename behind one address, and none is ready before all have asked."""
    monkeypatch.setattr(queueing, "PLACES", PLACES)
    may_go_on, stretch = threading.Event(), Stretching._stretch

    def wait(self: Stretching, typed: str, salt: bytes) -> bytes:
        may_go_on.wait(60)
        return stretch(self, typed, salt)

    monkeypatch.setattr(Stretching, "_stretch", wait)

    async def make(one: Participant) -> None:
        ask_as("192.0.2.1")
        await ways_in.renew_codename(one.who, "make")

    asked = [asyncio.create_task(make(one)) for one in people]
    while sum(task.done() for task in asked) + ways_in.under_way < len(people):
        await asyncio.wait(asked, timeout=0.01)
    may_go_on.set()
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_each_group_in_a_session_has_places_of_its_own_for_codenames(
    guiding: Guiding, ways_in: NotebookAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await three_groups(guiding)
    assert await all_at_once(ways_in, people, monkeypatch) == [None] * len(people)
    made = {
        (await guiding.house.visits.notebook(await guiding.remembered(one.who))).codename for one in people
    }
    assert len(made - {None}) == len(people)


async def test_after_the_session_a_group_has_the_places_of_its_address(
    guiding: Guiding, ways_in: NotebookAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await three_groups(guiding)
    guiding.house.clock.pass_by(timedelta(hours=5))
    tried = await all_at_once(ways_in, people, monkeypatch)
    assert sum(isinstance(one, TooBusy) for one in tried) == len(people) - AT_ONCE - PLACES
