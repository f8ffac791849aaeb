"""Check values of the pepper and the salt: the first to write them decides which are this database's."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from assistant.storage.insert_once import insert_once
from assistant.storage.key_schema import key_checks
from assistant.storage.schema import notebooks, slots, staff


def key_checks_in(connection: Connection) -> dict[str, bytes]:
    """The check values by name."""
    return {row.name: row.value for row in connection.execute(select(key_checks))}


def settle_key_checks(connection: Connection, wanted: Mapping[str, bytes]) -> dict[str, bytes]:
    """Write those that are not there, and give all that are there then, also those another process wrote."""
    for name, value in wanted.items():
        insert_once(connection, key_checks, name=name, value=value)
    return key_checks_in(connection)


def needs_its_keys(connection: Connection) -> bool:
    """Whether the database was made with a pepper: another would open nothing in it."""
    tables = (key_checks, notebooks, slots, staff)
    return any(connection.execute(select(table).limit(1)).first() is not None for table in tables)
