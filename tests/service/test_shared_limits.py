"""A limit that two processes share allows as much as one process would, and stores nobody's address."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from sqlalchemy import select
from support.clock import Clock

from assistant.service.shared_limits import SharedLimits
from assistant.storage.database import Database
from assistant.storage.schema import rate_levels
from assistant.vault.pepper import Pepper

ADDRESS = "192.0.2.7"
Both = tuple[SharedLimits, SharedLimits]


@pytest_asyncio.fixture
async def databases(emptied: str) -> AsyncIterator[tuple[Database, Database]]:
    found = Database.open(emptied), Database.open(emptied)
    yield found
    for database in found:
        await database.close()


@pytest_asyncio.fixture
async def both(databases: tuple[Database, Database], tmp_path: Path, clock: Clock) -> Both:
    pepper = Pepper.load_or_make(tmp_path)
    here, there = (SharedLimits(database, pepper, clock) for database in databases)
    return here, there


async def test_tries_in_both_at_once_are_within_one_limit(both: Both) -> None:
    waits = await asyncio.gather(*(both[n % 2].take("codes", ADDRESS, 5, 1 / 60) for n in range(40)))
    assert waits.count(0) == 5
    assert set(waits) == {0, 60}
    assert await both[0].is_spent("codes", ADDRESS, 5, 1 / 60)
    assert await both[1].take("codes", "192.0.2.8", 5, 1 / 60) == 0, "each has their own"
    assert await both[1].take("names", ADDRESS, 5, 1 / 60) == 0, "and each limit its own"


async def test_a_bucket_is_refilled_with_time_and_by_giving_back(both: Both, clock: Clock) -> None:
    for _ in range(3):
        assert await both[0].take("codes", ADDRESS, 3, 0.5) == 0
    assert await both[1].take("codes", ADDRESS, 3, 0.5) == 2
    clock.pass_by(timedelta(seconds=1))
    assert await both[1].take("codes", ADDRESS, 3, 0.5) == 1
    clock.pass_by(timedelta(seconds=1))
    assert not await both[0].is_spent("codes", ADDRESS, 3, 0.5)
    assert [await both[n].take("codes", ADDRESS, 3, 0.5) for n in range(2)] == [0, 2]
    await both[1].give_back("codes", ADDRESS, 0.5)
    assert await both[0].take("codes", ADDRESS, 3, 0.5) == 0
    clock.pass_by(timedelta(hours=1))
    assert [await both[0].take("codes", ADDRESS, 3, 0.5) for _ in range(4)] == [0, 0, 0, 2]


async def test_what_is_counted_is_not_in_the_database_and_goes_when_it_is_over(
    both: Both, databases: tuple[Database, Database], clock: Clock
) -> None:
    await both[0].take("codes", ADDRESS, 3, 0.5)
    (row,) = await databases[1].read(lambda c: c.execute(select(rate_levels)).all())
    assert len(row.lookup) == 16
    assert ADDRESS.encode() not in row.lookup
    assert await both[1].sweep() == 0
    clock.pass_by(timedelta(seconds=2))
    assert await both[1].sweep() == 1
    assert await databases[0].read(lambda c: c.execute(select(rate_levels)).all()) == []


async def test_the_same_address_has_another_key_every_day(
    both: Both, databases: tuple[Database, Database], clock: Clock
) -> None:
    await both[0].take("codes", ADDRESS, 3, 1e-6)
    clock.pass_by(timedelta(days=1))
    await both[0].take("codes", ADDRESS, 3, 1e-6)
    assert len(await databases[0].read(lambda c: c.execute(select(rate_levels)).all())) == 2
