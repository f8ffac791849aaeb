"""Delete expired rows in batches, so that other writes get their turn."""

from collections.abc import Callable

from assistant.storage.database import Connection, Database


async def in_portions(database: Database, delete: Callable[[Connection], int]) -> int:
    """Delete batch by batch, each in its own write, until nothing is found; return how many rows."""
    removed = 0
    while portion := await database.write(delete):
        removed += portion
    return removed
