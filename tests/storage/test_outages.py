"""What goes wrong beneath us: nobody is told that they were saved, and it passes by itself."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import Connection, select
from support.postgres import Server
from support.rows import adding, counting
from support.small_disk import fill
from support.waiting import PATIENCE

from assistant.errors import CannotStart, NotSaved
from assistant.storage.database import Database
from assistant.storage.documents import read_document, write_document
from assistant.storage.schema import notebooks


def be_impatient(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")


def adding_impatiently(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # it has many connections that write
        connection.exec_driver_sql("SET LOCAL lock_timeout = '10ms'")
    adding("mine")(connection)


def lock_everything(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one lock, and every write has it
        connection.exec_driver_sql("LOCK TABLE notebooks IN ACCESS EXCLUSIVE MODE")


def write_much(connection: Connection) -> None:
    write_document(connection, "mine", "much", expected=0, format=1, sealed=os.urandom(400_000))


async def test_a_full_disk_saves_nothing_still_reads_and_passes(small_disk: Path) -> None:
    database = Database.open(f"sqlite:///{small_disk}/notebooks.db")
    await database.write(adding("mine"))
    stuff = fill(small_disk)
    with pytest.raises(NotSaved, match="SQLITE_FULL"):
        await database.write(write_much)
    assert await database.read(counting("notebooks")) == 1
    assert await database.read(counting("documents")) == 0

    stuff.unlink()
    await database.write(write_much)
    assert await database.read(counting("documents")) == 1
    await database.close()


def test_a_full_disk_at_the_start_is_said(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(CannotStart, match="The disk is full; make room"):
        Database.open(f"sqlite:///{small_disk}/notebooks.db")


async def test_a_full_file_saves_nobody_in_the_group_and_passes(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/notebooks.db")
    await database.write(adding("mine"))
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 40").close())
    writes = [database.write(act) for act in (adding("before"), write_much, adding("after"))]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert isinstance(outcomes[1], NotSaved)

    await database.write(
        lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 9999").close()
    )
    await database.write(write_much)
    found = await database.read(lambda connection: read_document(connection, "mine", "much"))
    assert found is not None
    assert len(found.sealed) == 400_000
    told = sum(outcome is None for outcome in outcomes)
    assert await database.read(counting("notebooks")) == 1 + told
    await database.close()


async def test_a_locked_database_saves_nothing_and_passes(database: Database, onlooker: Database) -> None:
    await database.write(be_impatient)

    async def while_locked() -> None:
        with pytest.raises(NotSaved):
            await database.write(adding_impatiently)

    loop = asyncio.get_running_loop()

    def lock(connection: Connection) -> None:
        lock_everything(connection)
        asyncio.run_coroutine_threadsafe(while_locked(), loop).result(PATIENCE)

    await onlooker.write(lock)
    await database.write(adding("mine"))
    assert await database.read(counting("notebooks")) == 1


async def test_a_connection_lost_in_the_middle_saves_nothing_and_passes(postgres: Server) -> None:
    database = Database.open(postgres.empty())

    def lose(connection: Connection) -> None:
        adding("half")(connection)
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(NotSaved):
        await database.write(lose)
    await database.write(adding("mine"))
    with pytest.raises(NotSaved):
        await database.read(lose)
    assert await database.read(counting("notebooks")) == 1
    await database.close()


async def test_a_restart_of_postgresql_between_two_turns_is_not_felt(postgres: Server) -> None:
    database = Database.open(postgres.make("restarted"))
    await database.write(adding("mine"))
    await database.read(counting("notebooks"))
    postgres.run(
        sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'restarted'")
    )
    assert await database.read(counting("notebooks")) == 1
    await database.write(adding("yours"))
    await database.close()


WRITE_UNTIL_KILLED = """
import asyncio, sys
from datetime import UTC, datetime
from assistant.storage.database import Database
from assistant.storage.notebooks import StoredNotebook, add_notebook

async def write(database, hand):
    for number in range(100_000):
        name, now = f"{sys.argv[2]}-{hand}-{number}", datetime.now(UTC)
        await database.write(lambda connection: add_notebook(connection, StoredNotebook(name, now, now)))
        print(name, flush=True)

async def main():
    database = Database.open(sys.argv[1])
    await asyncio.gather(*(write(database, hand) for hand in range(8)))

asyncio.run(main())
"""


async def test_what_was_acknowledged_outlives_a_killed_process(address: str) -> None:
    acknowledged: set[str] = set()
    for life in range(2):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", WRITE_UNTIL_KILLED, address, str(life)),
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        for _ in range(300):
            acknowledged.add((await process.stdout.readline()).decode().strip())
        process.kill()
        # what follows may end in half a line
        rest, _ = await process.communicate()
        acknowledged.update(rest.decode().rpartition("\n")[0].split())

    database = Database.open(address)
    kept = set(await database.read(lambda connection: connection.scalars(select(notebooks.c.id)).all()))
    assert len(acknowledged) >= 600
    assert acknowledged <= kept
    await database.close()


async def test_reading_never_writes(database: Database) -> None:
    with pytest.raises(NotSaved):
        await database.read(adding("mine"))
    assert await database.read(counting("notebooks")) == 0
