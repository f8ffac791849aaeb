"""Check values of the pepper and the salt: the first process to write them decides which belong to this
database.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from assistant.storage.insert_once import insert_once
from assistant.storage.key_schema import key_checks
from assistant.storage.schema import notebooks, slots, staff


def key_checks_in(connection: Connection) -> dict[str, bytes]:
    """Return the check values by name."""
    return {row.name: row.value for row in connection.execute(select(key_checks))}


def settle_key_checks(connection: Connection, wanted: Mapping[str, bytes]) -> dict[str, bytes]:
    """Insert the missing check values; return all, including those another process wrote."""
    for name, value in wanted.items():
        insert_once(connection, key_checks, name=name, value=value)
    return key_checks_in(connection)


def needs_its_keys(connection: Connection) -> bool:
    """Return whether the database was made with a pepper: with another one nothing would open."""
    tables = (key_checks, notebooks, slots, staff)
    return any(connection.execute(select(table).limit(1)).first() is not None for table in tables)
