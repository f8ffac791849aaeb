"""Deletes what is over in portions, so that other writes get in between."""

from collections.abc import Callable

from assistant.storage.database import Connection, Database


async def in_portions(database: Database, delete: Callable[[Connection], int]) -> int:
    """Delete until a portion finds nothing, each portion in a write of its own; how many there were."""
    removed = 0
    while portion := await database.write(delete):
        removed += portion
    return removed
