"""The service's figures: what is counted, what is published, and that nothing leads back to a notebook."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from support.clock import Clock
from support.house import House
from support.quick import our_texts
from support.sharing_services import Sharers, Sitting

from assistant.config import Settings
from assistant.meetings.insight import Figures, Tally, quarter_of
from assistant.meetings.review.acts import GiveAnswer
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.insight import Insight
from assistant.service.notebook.sessions import Sessions
from assistant.service.preparation.preparations import Preparations
from assistant.service.stores import open_stores
from assistant.storage.insight import add_quarter, write_tally
from assistant.storage.schema import metadata
from assistant.vault.insight_keys import seal_tally, unseal_tally
from assistant.vault.pepper import Pepper

OFF = timedelta(days=100)
"""Into another quarter, whatever day it is."""


@pytest_asyncio.fixture
async def sharers(house: House, settings: Settings) -> Sharers:
    return Sharers.of(house, settings, insight=True)


async def counted(sharers: Sharers, *wishes: str, counts: bool = True) -> Sitting:
    """Somebody has shared these wishes, counted or not, and sits with a professional."""
    soon = sharers.house.clock() + timedelta(days=9)
    who, meeting = await sharers.prepare(*wishes, on=soon.date().isoformat())
    await sharers.share(who, meeting, counts=counts)
    return await sharers.sit_with(who, meeting)


async def answer(sitting: Sitting, wish: str, words: str = "") -> None:
    entry = await sitting.entry(wish)
    now = (await sitting.theirs()).review.gone_into[entry].answers
    seen = max((said.written for said in now.values()), default=0)
    await sitting.they(GiveAnswer(entry, "can", words, None, seen))


def rows(settings: Settings, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


def tally(settings: Settings) -> Tally:
    """The counts of the running quarter, as only somebody with the keys can see them."""
    ((_, sealed),) = rows(settings, "insight_tally")
    assert isinstance(sealed, bytes)
    return Tally.model_validate_json(unseal_tally(Pepper.load_or_make(settings.keys), sealed))


async def after_the_quarter(sharers: Sharers) -> list[Figures]:
    sharers.house.clock.pass_by(OFF)
    await sharers.insight.sweep(sharers.house.clock())
    return list(await sharers.insight.figures())


async def test_without_figures_nothing_is_counted_and_nothing_is_written(
    house: House, settings: Settings
) -> None:
    sharers = Sharers.of(house, settings)
    sitting = await counted(sharers, "Færre folk")
    await answer(sitting, "Færre folk")
    assert await after_the_quarter(sharers) == []
    assert rows(settings, "insight_tally") == rows(settings, "insight_quarters") == []
    assert "counted_in" not in (await sitting.mine()).opened.review.model_dump()


async def test_turned_off_again_nothing_is_left(sharers: Sharers, settings: Settings) -> None:
    await counted(sharers, "Færre folk")
    await sharers.house.database.write(lambda c: add_quarter(c, "2026-3", 20, 10))
    off = Insight(sharers.house.database, Pepper.load_or_make(settings.keys), is_on=False)
    assert await off.sweep(sharers.house.clock()) == 2
    assert rows(settings, "insight_tally") == rows(settings, "insight_quarters") == []


async def test_only_what_its_owner_wants_counted_is_counted(sharers: Sharers, settings: Settings) -> None:
    sitting = await counted(sharers, "Færre folk", counts=False)
    await answer(sitting, "Færre folk")
    assert tally(settings) == Tally(quarter="2026-4")
    sitting = await counted(sharers, "Færre folk", "Mer tid")
    await answer(sitting, "Færre folk")
    assert tally(settings) == Tally(quarter="2026-4", shared=1, answered=1, answered_in=1)
    await answer(sitting, "Mer tid")
    assert tally(settings) == Tally(quarter="2026-4", shared=1, answered=2, answered_in=1)


async def test_an_answer_that_is_changed_is_not_counted_again(sharers: Sharers, settings: Settings) -> None:
    sitting = await counted(sharers, "Færre folk")
    for words in ("Ja", "Ja", "Ja, gjerne"):
        await answer(sitting, "Færre folk", words)
    assert tally(settings).answered == 1


async def test_shared_twice_or_again_is_counted_once(sharers: Sharers, settings: Settings) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    for _ in range(2):
        await sharers.share(who, meeting, counts=True)
    assert tally(settings).shared == 1
    await sharers.shares.withdraw(who, meeting.id)
    await sharers.share(who, meeting, counts=True)
    assert tally(settings).shared == 1, "each notebook adds one in a quarter, and withdrawing takes none away"
    await answer(await sharers.sit_with(who, meeting), "Færre folk")
    assert tally(settings).answered == 0, "a share that was not counted has no answers to count"


async def test_two_requests_at_once_are_counted_once(sharers: Sharers, settings: Settings) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    await sharers.choosing.choose(who, meeting.id, {})
    digest = (await sharers.shares.now(who, meeting.id)).snapshot.digest
    await asyncio.gather(
        *(sharers.shares.share(who, meeting.id, "together", digest, counts=True) for _ in range(3))
    )
    assert tally(settings).shared == 1


async def test_an_answer_in_a_later_quarter_is_not_counted(sharers: Sharers, settings: Settings) -> None:
    who, meeting = await sharers.prepare("Færre folk", on="2027-01-05")
    sharers.house.clock.at = datetime.fromisoformat("2026-12-31T22:00+01:00")
    await sharers.share(who, meeting, counts=True)
    sitting = await sharers.sit_with(who, meeting)
    sharers.house.clock.pass_by(timedelta(hours=3))
    await answer(sitting, "Færre folk")
    assert tally(settings) == Tally(quarter="2027-1")


async def test_figures_come_after_the_quarter_once_and_never_change(
    sharers: Sharers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.meetings.insight.LEAST", 2)
    for _ in range(3):
        await answer(await counted(sharers, "Færre folk"), "Færre folk")
    await sharers.insight.sweep(sharers.house.clock())
    assert await sharers.insight.figures() == [], "nothing about the running quarter"
    assert await after_the_quarter(sharers) == [Figures("2026-4", 2, 2)]
    await counted(sharers, "Færre folk")
    await sharers.house.database.write(lambda c: add_quarter(c, "2026-4", 4, 4))
    assert list(await sharers.insight.figures()) == [Figures("2026-4", 2, 2)]


async def test_a_quarter_is_closed_by_the_first_act_of_the_next(
    sharers: Sharers, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.meetings.insight.LEAST", 1)
    await counted(sharers, "Færre folk")
    sharers.house.clock.pass_by(OFF)
    await counted(sharers, "Færre folk")
    assert list(await sharers.insight.figures()) == [Figures("2026-4", 1, 0)]
    assert tally(settings).quarter == "2027-1"


async def test_a_clock_set_back_does_not_begin_a_quarter_again(sharers: Sharers, settings: Settings) -> None:
    await counted(sharers, "Færre folk")
    sharers.house.clock.pass_by(-OFF)
    await counted(sharers, "Færre folk")
    assert tally(settings) == Tally(quarter="2026-4", shared=2)
    assert await sharers.insight.figures() == []


async def test_figures_are_kept_three_years_and_then_deleted(sharers: Sharers) -> None:
    await sharers.house.database.write(lambda c: add_quarter(c, "2026-3", 20, 10))
    for at, count in (("2029-09-29T12:00+00:00", 1), ("2029-10-02T12:00+00:00", 0)):
        await sharers.insight.sweep(datetime.fromisoformat(at))
        assert len(await sharers.insight.figures()) == count


@pytest.mark.parametrize(
    ("shared", "answered", "answered_in", "figures"),
    [
        (9, 40, 9, None),
        (10, 9, 9, (10, 0)),
        (19, 10, 10, (10, 10)),
        (20, 45, 9, (20, 0)),
        (29, 45, 10, (20, 40)),
    ],
)
def test_figures_are_whole_tens_from_ten_people_or_more(
    shared: int, answered: int, answered_in: int, figures: tuple[int, int] | None
) -> None:
    tally = Tally(quarter="2026-4", shared=shared, answered=answered, answered_in=answered_in)
    assert tally.figures == (figures and Figures("2026-4", *figures))


def test_one_more_person_changes_nothing_that_can_be_told_from_rounding() -> None:
    """Whoever knows about all others still cannot tell whether one was counted: but at a whole ten."""
    told = {Tally(quarter="2026-4", shared=shared).figures for shared in range(20, 30)}
    assert len(told) == 1


def test_each_day_is_in_its_quarter() -> None:
    days = [date(2026, month, 1) for month in range(1, 13)]
    assert [quarter_of(day)[-1] for day in days] == list("111222333444")
    assert quarter_of(days[0]) == "2026-1"
    assert sorted([quarter_of(day) for day in reversed(days)]) == [quarter_of(day) for day in days]


@asynccontextmanager
async def another_server(folder: Path) -> AsyncIterator[tuple[Sharers, Settings]]:
    """A server of its own with figures, at the same time as any other."""
    settings, clock = Settings(data=folder), Clock()
    database, pepper = open_stores(settings.database_url, settings.keys)
    scripts, broadcast = Dialogues(database, our_texts().dialogues), Broadcast()
    await scripts.publish(clock())
    visits = Sessions(database, pepper, scripts, clock, broadcast)
    house = House(
        database, clock, scripts, visits, Preparations(database, scripts, clock, broadcast), broadcast
    )
    yield Sharers.of(house, settings, insight=True), settings
    await database.close()


async def test_whose_notebook_it_was_makes_no_difference(tmp_path: Path) -> None:
    """Two databases that differ only in who was counted are equal in what they say of the service."""

    async def after(*counts: bool) -> list[object]:
        async with another_server(tmp_path / str(counts)) as (sharers, settings):
            for is_counted in counts:
                await answer(await counted(sharers, "Færre folk", counts=is_counted), "Færre folk")
            now = tally(settings)
            pepper = Pepper.load_or_make(settings.keys)
            full = now.plus(shared=20, answered=20, answered_in=20).model_dump_json().encode()
            await sharers.house.database.write(lambda c: write_tally(c, seal_tally(pepper, full)))
            await after_the_quarter(sharers)
            return [now, rows(settings, "insight_quarters")]

    first, last = await after(True, False, False), await after(False, False, True)
    assert (
        first == last == [Tally(quarter="2026-4", shared=1, answered=1, answered_in=1), [("2026-4", 20, 20)]]
    )


def all_that_is_open(settings: Settings) -> dict[str, list[object]]:
    """Every row of every table as a thief sees it: random ids and sealed bytes, of which only the size is
    anything to go by.
    """

    def seen(value: object) -> object:
        if isinstance(value, bytes):
            return len(value)
        return re.sub("[0-9a-f]{32}", "id", value) if isinstance(value, str) else value

    return {
        table: sorted([[seen(value) for value in row] for row in rows(settings, table)], key=repr)
        for table in metadata.tables
        if table not in ("key_checks", "dialogues")
    }


async def test_no_row_tells_whether_somebody_was_counted(tmp_path: Path) -> None:
    """Not even whoever copies the database after every act can tell: the same rows are written whether the
    box was ticked or not, and they have the same size.
    """

    async def steps(*, counts: bool) -> list[object]:
        async with another_server(tmp_path / str(counts)) as (sharers, settings):
            who, meeting = await sharers.prepare("Færre folk", "Mer tid")
            await sharers.share(who, meeting, counts=counts)
            found: list[object] = [all_that_is_open(settings)]
            sitting = await sharers.sit_with(who, meeting)
            for wish in ("Færre folk", "Mer tid", "Mer tid"):
                before = rows(settings, "insight_tally")
                await answer(sitting, wish, f"Ja {len(found)}")
                assert rows(settings, "insight_tally") != before, "sealed anew, whatever was counted"
                found.append(all_that_is_open(settings))
            assert tally(settings).shared == int(counts)
            return found

    assert await steps(counts=True) == await steps(counts=False)


async def test_what_is_sealed_is_as_long_whatever_was_chosen(sharers: Sharers) -> None:
    lengths = set()
    for counts in (True, False):
        sitting = await counted(sharers, "Færre folk", counts=counts)
        notebook = await sharers.house.visits.notebook(sitting.who)
        review = (await sitting.mine()).opened.review
        lengths.add((len(notebook.counted_in), len(review.counted_in)))
    assert lengths == {(6, 6)}


def test_the_figures_have_no_column_that_could_lead_anywhere() -> None:
    assert {column.name for column in metadata.tables["insight_tally"].columns} == {"id", "sealed"}
    quarters = {column.name for column in metadata.tables["insight_quarters"].columns}
    assert quarters == {"quarter", "shared", "wishes_answered"}
