"""Alive, and ready: tried with a full disk, a locked and a read-only database, and a stopped PostgreSQL."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import LiteralString

import pytest
from psycopg import sql
from support.postgres import Server, Stoppable
from support.program import Program, until
from support.small_disk import fill

from assistant.service.operations.health import CACHED_FOR, SWEEP_LATE_AFTER, Health, Readiness
from assistant.storage.database import Database

LETTERS = {"Content_Type": "application/x-www-form-urlencoded"}


def begin(program: Program) -> int:
    """Begin a preparation, as a visitor does; with what status."""
    return program.ask("/nb/start", method="POST", body="", **LETTERS).status


@pytest.mark.slow
def test_a_full_disk_makes_it_not_ready_and_the_log_says_so_once(small_disk: Path, tmp_path: Path) -> None:
    with Program(tmp_path, "--data", str(small_disk / "data"), looks_often=True) as program:
        assert program.ask("/readyz") == (200, "ok\n")
        stuff = fill(small_disk)
        until(lambda: begin(program) == 503)
        until(lambda: program.ask("/readyz") == (503, "cannot write\n"))
        assert program.number("assistant_can_write") == 0
        assert program.ask("/healthz") == (200, "ok\n"), "starting it again would not help"
        assert {begin(program) for _ in range(10)} == {503}
        failing = [line for line in program.log() if line["event"] == "writes_failing"]
        assert [line["symptom"] for line in failing] == ["SQLITE_FULL"]

        stuff.unlink()
        until(lambda: program.ask("/readyz") == (200, "ok\n"))
        assert begin(program) == 303
        assert program.events().count("writes_again") == 1


def test_a_locked_sqlite_makes_it_not_ready_within_seconds(tmp_path: Path) -> None:
    with Program(tmp_path, "--data", "data") as program:
        with closing(sqlite3.connect(tmp_path / "data" / "words.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            assert program.ask("/readyz") == (503, "cannot write\n")
            assert time.monotonic() - began < CACHED_FOR
        until(lambda: program.ask("/readyz").status == 200)


async def test_a_sqlite_that_cannot_be_written_is_not_ready(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/words.db")
    await database.write(lambda c: c.exec_driver_sql("PRAGMA query_only = 1").close())
    assert not (await Health(database).look()).can_write
    await database.close()


@pytest.mark.slow
def test_a_postgresql_that_only_reads_makes_it_not_ready(postgres: Server, tmp_path: Path) -> None:
    address = postgres.make("standby")
    with Program(tmp_path, looks_often=True, ASSISTANT_DATABASE=address) as program:
        assert program.ask("/readyz").status == 200
        modes: tuple[LiteralString, ...] = ("on", "off")
        for mode in modes:
            postgres.run(
                sql.SQL("ALTER DATABASE standby SET default_transaction_read_only = {}").format(
                    sql.SQL(mode)
                ),
                sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'standby'"),
            )
            wanted = 503 if mode == "on" else 200
            until(lambda wanted=wanted: program.ask("/readyz").status == wanted)  # type: ignore[misc]
            assert program.ask("/healthz").status == 200
        failing = [line for line in program.log() if line["event"] == "writes_failing"]
        (symptom,) = [line["symptom"] for line in failing]
        # a write that is under way is cut off before the next one finds that it may only read
        assert symptom in ("25006", "57P01", "OperationalError")
        assert program.events().count("writes_again") == 1


@pytest.mark.slow
def test_a_stopped_postgresql_is_lost_and_comes_back_in_the_log(stoppable: Stoppable, tmp_path: Path) -> None:
    address = stoppable.server.make("stopped")
    with Program(tmp_path, looks_often=True, ASSISTANT_DATABASE=address) as program:
        assert program.ask("/readyz").status == 200
        stoppable.stop()
        until(lambda: program.ask("/readyz").status == 503)
        assert program.ask("/healthz").status == 200
        link = "link=048wgdb0hs22rta364efew8ves"
        assert program.ask("/nb/r", method="POST", body=link, **LETTERS).status == 503
        stoppable.start()
        until(lambda: program.ask("/readyz").status == 200)
        assert program.ask("/nb/r", method="POST", body=link, **LETTERS).status == 422
        changes = ("database_lost", "database_back", "writes_failing", "writes_again")
        assert sorted(event for event in program.events() if event in changes) == sorted(changes)


async def test_a_flood_of_questions_writes_once_in_five_seconds(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/words.db")
    now = 1000.0
    health = Health(database, lambda: now)

    def beats() -> int:
        with closing(sqlite3.connect(tmp_path / "words.db")) as connection:
            found: int = connection.execute("SELECT beats FROM heartbeat").fetchone()[0]
            return found

    assert set(await asyncio.gather(*(health.look() for _ in range(500)))) == {Readiness(True, True)}
    assert beats() == 1
    now += CACHED_FOR - 0.1
    await health.look()
    assert beats() == 1
    now += 0.2
    await asyncio.gather(*(health.look() for _ in range(500)))
    assert beats() == 2
    await database.close()


async def test_a_late_sweep_makes_it_not_ready(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/words.db")
    now = 1000.0
    health = Health(database, lambda: now)
    assert (await health.look()).is_ready
    now += SWEEP_LATE_AFTER + 1
    assert await health.look() == Readiness(can_write=True, sweep_in_time=False)
    health.swept({"notebooks": 3})
    health.swept({"notebooks": 1, "sessions": 2})
    assert (await health.look()).is_ready
    assert health.removed == {"notebooks": 4, "sessions": 2}
    await database.close()


async def test_larger_writes_that_fail_count_although_the_small_one_goes_through(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/words.db")
    now = 1000.0
    health = Health(database, lambda: now)
    assert (await health.look()).is_ready
    await database.write(lambda c: c.exec_driver_sql("PRAGMA query_only = 1").close())
    with pytest.raises(Exception, match="SQLITE_READONLY"):
        await database.write(lambda c: c.exec_driver_sql("DELETE FROM notebooks").close())
    # only the larger one failed: what stopped it is over before the small one comes
    await database.read(lambda c: None)
    database._engines.writing.dispose()
    now += CACHED_FOR + 1
    assert not (await health.look()).can_write
    now += 2 * CACHED_FOR + 1
    assert (await health.look()).can_write
    await database.close()
