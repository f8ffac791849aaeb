"""Examine a database and its keys for the operator, without changing either."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import CannotStart
from assistant.service.operations.clock_guard import ClockReading
from assistant.service.stores import check_keys_belong, open_stores, see_that_checks_match
from assistant.storage.connection_limits import Connections, connections
from assistant.storage.database import Connection, Database
from assistant.storage.engines import durability, is_whole
from assistant.storage.key_checks import key_checks_in
from assistant.storage.migrations import schema_number
from assistant.storage.newest_time import newest_time
from assistant.storage.provider_grants import count_checked_sessions
from assistant.storage.tombstone_replay import count_all
from assistant.value_class import value_class


@value_class
class Examined:
    """What a database says about itself. Nothing in it identifies anyone."""

    kind: str
    """sqlite or postgresql."""
    schema: int
    settings: Mapping[str, str]
    clock: ClockReading
    counts: Mapping[str, int]
    connections: Connections | None = None
    """Of PostgreSQL."""


async def examine(address: str) -> Examined:
    """Read what the database says about itself. Raises `CannotStart` and `NotSaved`."""
    database = Database.open(address, upgrade=False)

    def read(connection: Connection) -> Examined:
        return Examined(
            kind=database.kind,
            schema=schema_number(connection),
            settings=durability(connection),
            clock=ClockReading(datetime.now(UTC), newest_time(connection)),
            counts=count_all(connection),
            connections=connections(connection),
        )

    try:
        if not await database.read(is_whole):
            raise CannotStart("The database file is damaged; stop the server and restore the newest backup.")
        return await database.read(read)
    finally:
        await database.close()


async def examine_sessions(address: str, now: datetime) -> tuple[int, int]:
    """Return how many open sessions began at an identity provider, and how many of them are checked there.

    Raises `CannotStart` and `NotSaved`.
    """
    database = Database.open(address, upgrade=False)
    try:
        return await database.read(lambda c: count_checked_sessions(c, now))
    finally:
        await database.close()


async def see_that_keys_belong(address: str, keys: Path) -> None:
    """Raise `CannotStart` if a key is missing, readable by others, damaged, or of another database."""
    database, pepper = open_stores(address, keys, make=False)
    try:
        await check_keys_belong(database, pepper)
        see_that_checks_match(await database.read(key_checks_in), keys)
    finally:
        await database.close()
