import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from math import ceil

import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import Transaction
from support.rows import adding, counting, lay_a_trap, step_into_it
from support.waiting import PATIENCE

from assistant.errors import NotSaved, RevisionConflict
from assistant.storage.database import Database
from assistant.storage.engines import WRITERS
from assistant.storage.writer import GROUP, WAITING_ROOM


class Gate:
    """A write that stands still until it is let through."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self, connection: Connection) -> None:
        self.reached.set()
        assert self.opened.wait(PATIENCE)

    async def is_reached(self) -> None:
        assert await asyncio.to_thread(self.reached.wait, PATIENCE)


@asynccontextmanager
async def held(database: Database) -> AsyncIterator[None]:
    """Keep every writer busy, so that what comes meanwhile waits."""
    gates = [Gate() for _ in range(1 if database.kind == "sqlite" else WRITERS)]
    holding = [asyncio.create_task(database.write(gate)) for gate in gates]
    for gate in gates:
        await gate.is_reached()
    try:
        yield
        await asyncio.sleep(0)  # those who came are now in the waiting room
    finally:
        for gate in gates:
            gate.opened.set()
        await asyncio.gather(*holding)


one_writer = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


async def test_many_writes_at_once_all_land(database: Database) -> None:
    await asyncio.gather(*(database.write(adding(f"n{number}")) for number in range(500)))
    assert await database.read(counting("notebooks")) == 500


@one_writer
async def test_what_waits_is_written_in_one_commit(database: Database) -> None:
    def add(connection: Connection, number: int) -> Transaction | None:
        adding(f"n{number}")(connection)
        return connection.get_transaction()

    async with held(database):
        writes = [asyncio.create_task(database.write(partial(add, number=n))) for n in range(500)]
    assert len(set(await asyncio.gather(*writes))) == ceil(500 / GROUP)


async def test_a_write_gives_what_its_act_gives(database: Database) -> None:
    assert await database.write(lambda connection: "done") == "done"


async def test_one_that_fails_does_not_sink_its_neighbours(database: Database) -> None:
    def fail(connection: Connection) -> None:
        adding("half")(connection)
        raise RevisionConflict("somebody was quicker")

    def stumble(connection: Connection) -> None:
        adding("stumbled")(connection)
        connection.exec_driver_sql("SELECT nothing FROM nowhere")

    async with held(database):
        acts = [adding("before"), fail, adding("between"), stumble, adding("after")]
        writes = [asyncio.create_task(database.write(act)) for act in acts]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)

    assert [outcome is None for outcome in outcomes] == [True, False, True, False, True]
    assert isinstance(outcomes[1], RevisionConflict)
    assert not isinstance(outcomes[3], NotSaved)
    assert await database.read(counting("notebooks")) == 3


@one_writer
async def test_nobody_is_told_before_it_is_committed(database: Database, onlooker: Database) -> None:
    gate = Gate()
    async with held(database):
        first = asyncio.create_task(database.write(adding("mine")))
        second = asyncio.create_task(database.write(gate))
    await gate.is_reached()
    assert not first.done()
    assert await onlooker.read(counting("notebooks")) == 0

    gate.opened.set()
    await asyncio.gather(first, second)
    assert await onlooker.read(counting("notebooks")) == 1


async def test_a_commit_that_fails_saves_nobody_in_its_transaction_and_the_next_one_works(
    database: Database,
) -> None:
    await database.write(lay_a_trap)
    async with held(database):
        acts = [adding("before"), step_into_it, adding("after")]
        writes = [asyncio.create_task(database.write(act)) for act in acts]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)

    assert outcomes[1] is not None
    if database.kind == "sqlite":  # one transaction for all
        assert [type(outcome) for outcome in outcomes] == [NotSaved] * 3
        assert len({id(outcome) for outcome in outcomes}) == 3
    await database.write(adding("later"))
    saved = 1 + outcomes.count(None)
    assert await database.read(counting("notebooks")) == saved


async def test_one_who_leaves_before_their_turn_is_not_written(database: Database) -> None:
    async with held(database):
        leaving = asyncio.create_task(database.write(adding("leaving")))
        staying = asyncio.create_task(database.write(adding("staying")))
        await asyncio.sleep(0)
        leaving.cancel()
    await staying
    assert leaving.cancelled()
    assert await database.read(counting("notebooks")) == 1


async def test_one_who_leaves_during_their_turn_breaks_nothing(database: Database) -> None:
    gate = Gate()
    leaving = asyncio.create_task(database.write(gate))
    await gate.is_reached()
    leaving.cancel()
    gate.opened.set()
    await database.write(adding("next"))
    assert leaving.cancelled()
    assert await database.read(counting("notebooks")) == 1


async def test_a_full_waiting_room_turns_away_at_once(database: Database) -> None:
    async with held(database):
        writes = [asyncio.create_task(database.write(adding(f"n{n}"))) for n in range(WAITING_ROOM)]
        await asyncio.sleep(0)
        with pytest.raises(NotSaved):
            await database.write(adding("one too many"))
    await asyncio.gather(*writes)
    assert await database.read(counting("notebooks")) == WAITING_ROOM


async def test_closing_writes_what_is_waiting_and_takes_nothing_more(address: str) -> None:
    database = Database.open(address)
    async with held(database):
        writes = [asyncio.create_task(database.write(adding(f"n{number}"))) for number in range(10)]
    await database.close()
    await asyncio.gather(*writes)
    with pytest.raises(NotSaved):
        await database.write(adding("too late"))
    database = Database.open(address)
    assert await database.read(counting("notebooks")) == 10
    await database.close()
