import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert, inspect
from support.rows import adding, counting

from assistant.errors import CannotStart
from assistant.storage.database import Database
from assistant.storage.engines import connect
from assistant.storage.migrations import STEPS, migrate, requests_without_rowid
from assistant.storage.requests import is_known_request, remember_request
from assistant.storage.schema import metadata, schema_steps


def describe(connection: Connection) -> dict[str, object]:
    """Everything the database says about its tables."""
    seen = inspect(connection)
    return {
        name: (
            [{**column, "type": str(column["type"])} for column in seen.get_columns(name)],
            seen.get_pk_constraint(name)["constrained_columns"],
            seen.get_foreign_keys(name),
            sorted(seen.get_indexes(name), key=lambda index: str(index["name"])),
        )
        for name in sorted(seen.get_table_names())
    }


async def test_all_steps_together_give_the_schema(address: str) -> None:
    database = Database.open(address)

    def make_afresh(connection: Connection) -> None:
        metadata.drop_all(connection)
        metadata.create_all(connection)

    migrated = await database.read(describe)
    await database.write(make_afresh)
    assert migrated == await database.read(describe)
    await database.close()


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
async def test_requests_are_kept_in_the_index_of_their_key_and_none_is_lost_on_the_way(address: str) -> None:
    before = STEPS.index(requests_without_rowid)
    engines = connect(address)
    migrate(engines.writing, STEPS[:before])
    with engines.writing.begin() as connection:
        adding("mine")(connection)
        remember_request(connection, "mine", "r", b"fingerprint", datetime(2026, 11, 29, tzinfo=UTC))
    engines.dispose()
    database = Database.open(address)
    assert await database.read(lambda c: is_known_request(c, "mine", "r", b"fingerprint"))
    kept = await database.read(
        lambda c: c.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE name = 'requests'").scalar_one()
    )
    assert "WITHOUT ROWID" in kept
    await database.write(lambda c: c.exec_driver_sql("DELETE FROM notebooks").close())
    assert await database.read(counting("requests")) == 0
    await database.close()


async def test_starting_again_takes_no_step_twice(address: str) -> None:
    database = Database.open(address)
    await database.write(adding("mine"))
    await database.close()
    database = Database.open(address)
    assert await database.read(counting("notebooks")) == 1
    assert await database.read(counting("schema_steps")) == len(STEPS)
    await database.close()


async def test_two_processes_may_start_at_once(address: str) -> None:
    databases = await asyncio.gather(*(asyncio.to_thread(Database.open, address) for _ in range(4)))
    assert await databases[0].read(counting("schema_steps")) == len(STEPS)
    for database in databases:
        await database.close()


async def test_a_newer_database_is_refused(address: str) -> None:
    database = Database.open(address)
    await database.write(
        lambda c: c.execute(
            insert(schema_steps).values(number=len(STEPS) + 1, name="from_the_future")
        ).close()
    )
    await database.close()
    with pytest.raises(CannotStart, match="newer version"):
        Database.open(address)


def test_a_step_that_fails_leaves_nothing_behind_and_can_be_taken_again(address: str) -> None:
    def add_clouds(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE clouds (id INTEGER)")

    def fail(connection: Connection) -> None:
        add_clouds(connection)
        raise RuntimeError("the power went")

    engines = connect(address)
    with pytest.raises(RuntimeError):
        migrate(engines.writing, [*STEPS, fail])
    with engines.reading.connect() as connection:
        assert not inspect(connection).has_table("clouds")
        assert counting("schema_steps")(connection) == len(STEPS)
    migrate(engines.writing, [*STEPS, add_clouds])
    with engines.reading.connect() as connection:
        assert inspect(connection).has_table("clouds")
    engines.dispose()
