"""Several connections write to PostgreSQL, and none loses what another one wrote."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest_asyncio
from sqlalchemy import Connection, text
from support.postgres import Server
from support.rows import adding, counting

from assistant.storage.database import Database
from assistant.storage.engines import WRITERS
from assistant.storage.prepared import Prepared


@pytest_asyncio.fixture
async def database(postgres: Server) -> AsyncIterator[Database]:
    database = Database.open(postgres.empty())
    await database.write(lambda c: c.execute(text("CREATE TABLE counted (name TEXT PRIMARY KEY, many INT)")))
    await database.write(lambda c: c.execute(text("INSERT INTO counted VALUES ('a', 0), ('b', 0)")))
    yield database
    await database.close()


def count_up(connection: Connection, name: str) -> None:
    connection.execute(text("UPDATE counted SET many = many + 1 WHERE name = :name"), {"name": name})


def counts(connection: Connection) -> list[int]:
    return list(connection.scalars(text("SELECT many FROM counted ORDER BY name")))


async def test_a_slow_write_does_not_hold_up_the_others(database: Database) -> None:
    is_reached, may_go = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        is_reached.set()
        assert may_go.wait(10)

    slowly = asyncio.create_task(database.write(slow))
    assert await asyncio.to_thread(is_reached.wait, 10)
    await asyncio.gather(*(database.write(adding(f"n{number}")) for number in range(3 * WRITERS)))
    assert not slowly.done()
    may_go.set()
    await slowly


async def test_writes_that_block_each_other_are_all_written(database: Database) -> None:
    both_hold_one = threading.Barrier(2)
    tries: list[str] = []

    def crosswise(first: str, second: str) -> Callable[[Connection], None]:
        def act(connection: Connection) -> None:
            count_up(connection, first)
            tries.append(first)
            if len(tries) <= 2:  # each now waits for what the other one holds, until PostgreSQL ends one
                both_hold_one.wait(10)
            count_up(connection, second)

        return act

    await asyncio.gather(database.write(crosswise("a", "b")), database.write(crosswise("b", "a")))
    assert len(tries) == 3
    assert await database.read(counts) == [2, 2]


async def test_a_write_that_conflicts_under_serialisable_isolation_is_tried_again(
    database: Database,
) -> None:
    both_have_read = threading.Barrier(2)
    tries: list[int] = []

    def add_one(connection: Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        many = connection.scalar(text("SELECT many FROM counted WHERE name = 'a'"))
        tries.append(many)
        if len(tries) <= 2:
            both_have_read.wait(10)
        connection.execute(text("UPDATE counted SET many = :many WHERE name = 'a'"), {"many": many + 1})

    await asyncio.gather(database.write(add_one), database.write(add_one))
    assert tries == [0, 0, 1]
    assert await database.read(counts) == [2, 0]


async def test_a_connection_lost_before_its_commit_is_not_felt(database: Database) -> None:
    lost: list[int] = []
    statement = Prepared(text("UPDATE counted SET many = many + 1 WHERE name = 'a'"))

    def act(connection: Connection) -> None:
        count_up(connection, "a")
        if not lost:
            lost.append(1)
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        statement.change(connection, {})

    await database.write(act)
    assert await database.read(counts) == [2, 0]


async def test_what_an_act_refuses_is_not_tried_again_and_leaves_nothing(database: Database) -> None:
    tries: list[int] = []

    def refuse(connection: Connection) -> None:
        tries.append(1)
        adding("half")(connection)
        raise LookupError

    outcomes = await asyncio.gather(
        database.write(refuse), database.write(adding("whole")), return_exceptions=True
    )
    assert isinstance(outcomes[0], LookupError)
    assert (len(tries), outcomes[1]) == (1, None)
    assert await database.read(counting("notebooks")) == 1
