"""Short writes keep the promises of all others: durable before acknowledged, each for itself, none lost."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection
from support.rows import adding, counting, lay_a_trap, step_into_it

from assistant.errors import NotSaved, RevisionConflict
from assistant.storage.database import Database

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@contextmanager
def another_program_writing(address: str) -> Iterator[None]:
    """Hold the database's write lock on a connection of another program."""
    file = Path(address.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_many_at_once_all_land_and_share_commits(database: Database) -> None:
    def add(connection: Connection, name: str) -> int:
        adding(name)(connection)
        return id(connection.get_transaction())

    writes = [database.write_briefly(partial(add, name=f"n{number}")) for number in range(100)]
    assert len(set(await asyncio.gather(*writes))) < 20
    assert await database.read(counting("notebooks")) == 100


async def test_its_statements_run_where_it_was_asked_for(database: Database) -> None:
    assert await database.write_briefly(lambda _: threading.get_ident()) == threading.get_ident()


async def test_nobody_is_told_before_it_is_committed(database: Database, onlooker: Database) -> None:
    writing = asyncio.ensure_future(database.write_briefly(adding("mine")))
    await asyncio.sleep(0)
    assert not writing.done()
    assert await onlooker.read(counting("notebooks")) == 0
    await writing
    assert await onlooker.read(counting("notebooks")) == 1


async def test_one_that_fails_does_not_sink_its_neighbours(database: Database) -> None:
    def fail(connection: Connection) -> None:
        adding("half")(connection)
        raise RevisionConflict("somebody was quicker")

    def stumble(connection: Connection) -> None:
        adding("stumbled")(connection)
        connection.exec_driver_sql("SELECT nothing FROM nowhere")

    acts = [adding("before"), fail, adding("between"), stumble, adding("after")]
    outcomes = await asyncio.gather(*map(database.write_briefly, acts), return_exceptions=True)
    assert [outcome is None for outcome in outcomes] == [True, False, True, False, True]
    assert isinstance(outcomes[1], RevisionConflict)
    assert not isinstance(outcomes[3], NotSaved)
    assert await database.read(counting("notebooks")) == 3


async def test_a_commit_that_fails_saves_none_of_its_group_and_the_next_one_works(database: Database) -> None:
    await database.write(lay_a_trap)
    acts = [adding("before"), step_into_it, adding("after")]
    outcomes = await asyncio.gather(*map(database.write_briefly, acts), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [NotSaved] * 3
    await database.write_briefly(adding("later"))
    assert await database.read(counting("notebooks")) == 1


async def test_while_another_program_writes_it_waits_in_a_thread(database: Database, address: str) -> None:
    with another_program_writing(address):
        writing = asyncio.ensure_future(database.write_briefly(lambda _: threading.get_ident()))
        await asyncio.sleep(0.1)  # the event loop goes on meanwhile
        assert not writing.done()
    assert await writing != threading.get_ident()


async def test_one_whose_statement_finds_the_database_failing_is_made_by_the_other_writer(
    database: Database,
) -> None:
    tried: list[int] = []

    def fail_once(connection: Connection) -> None:
        tried.append(threading.get_ident())
        if len(tried) == 1:
            connection.exec_driver_sql("PRAGMA query_only = 1")
        adding("mine")(connection)

    await asyncio.gather(database.write_briefly(adding("before")), database.write_briefly(fail_once))
    assert len(set(tried)) == 2
    assert await database.read(counting("notebooks")) == 2
    await database.write_briefly(adding("after"))


async def test_short_and_other_writes_take_turns(database: Database) -> None:
    writes = [(database.write_briefly if n % 3 else database.write)(adding(f"n{n}")) for n in range(90)]
    await asyncio.gather(*writes)
    assert await database.read(counting("notebooks")) == 90


async def test_one_who_leaves_before_their_turn_is_not_written(database: Database) -> None:
    first = asyncio.ensure_future(database.write_briefly(adding("first")))
    await asyncio.sleep(0)
    leaving: asyncio.Task[None] | None = None
    while not first.done():  # during the commit of the first, others wait
        leaving = leaving or asyncio.ensure_future(database.write_briefly(adding("leaving")))
        await asyncio.sleep(0)
        leaving.cancel()
    await database.write_briefly(adding("staying"))
    assert leaving is not None
    assert await database.read(counting("notebooks")) in (2, 3)  # it may have been made when its caller left


async def test_closing_commits_what_was_made_and_what_is_waiting(address: str) -> None:
    database = Database.open(address)
    writes = [asyncio.ensure_future(database.write_briefly(adding(f"n{number}"))) for number in range(100)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    with pytest.raises(NotSaved):
        await database.write_briefly(adding("too late"))
    database = Database.open(address)
    assert await database.read(counting("notebooks")) == 100
    await database.close()


def test_a_write_is_made_though_the_event_loop_of_the_one_before_ended_before_its_commit(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.storage.brief_writer._LONGEST", 60)
    database = Database.open(address)
    loop = asyncio.new_event_loop()

    async def begin() -> None:
        database.write_briefly(adding("first")).send(None)  # as far as its commit
        time.sleep(0.002)  # noqa: ASYNC251 - so that the event loop seems busy

    async def go_on() -> None:
        await asyncio.wait_for(database.write_briefly(adding("second")), 5)
        assert await database.read(counting("notebooks")) == 2
        await database.close()

    loop.run_until_complete(begin())
    loop.close()
    asyncio.run(go_on())
