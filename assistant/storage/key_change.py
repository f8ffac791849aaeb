"""Rows made under an earlier version of the pepper, to be converted one by one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, tuple_, update

from assistant.storage.schema import (
    guided_ways,
    invitation_ways,
    share_ways,
    slots,
    staff_apps,
    staff_identities,
    staff_links,
    staff_recovery_codes,
    staff_slots,
)

Row = Mapping[str, Any]
_TABLES = {
    table.name: table
    for table in (
        slots,
        share_ways,
        invitation_ways,
        guided_ways,
        staff_slots,
        staff_apps,
        staff_identities,
        staff_links,
        staff_recovery_codes,
    )
}
PEPPERED = tuple(_TABLES)
"""The tables whose rows depend on the pepper."""


def keys_behind(connection: Connection, name: str, version: int) -> list[tuple[Any, ...]]:
    """Return the primary keys of rows made under another version than this."""
    table = _TABLES[name]
    rows = connection.execute(select(*table.primary_key).where(table.c.pepper_version != version))
    return [tuple(row) for row in rows]


def rows_with(connection: Connection, name: str, keys: Sequence[tuple[Any, ...]]) -> list[Row]:
    """Return the existing rows with these primary keys."""
    table = _TABLES[name]
    found = connection.execute(select(table).where(tuple_(*table.primary_key).in_(keys)))
    return [dict(row._mapping) for row in found]


def carry_row(connection: Connection, name: str, before: Row, changed: Row) -> bool:
    """Update a row with these values; False if it was changed or deleted meanwhile."""
    table = _TABLES[name]
    same = [table.c[column] == before[column] for column in changed]
    here = [column == before[column.name] for column in table.primary_key]
    return connection.execute(update(table).where(*here, *same).values(**changed)).rowcount == 1
