"""Delete expired rows in portions, so that other writes get their turn."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from assistant.storage.database import Connection, Database

T = TypeVar("T", int, list[str])

_LONGEST_REST = 1.0


async def portions(database: Database, delete: Callable[[Connection], T]) -> AsyncIterator[T]:
    """Delete portion by portion, each in its own write, until nothing is found; yield each write's result.

    After each portion the database is left to others for as long as the portion took, so that deleting
    takes at most half of what a slow disk or a busy machine can do.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    while portion := await database.write(delete):
        took = loop.time() - began
        yield portion
        await asyncio.sleep(min(took, _LONGEST_REST))
        began = loop.time()


async def in_portions(database: Database, delete: Callable[[Connection], int]) -> int:
    """Delete portion by portion; return how many rows."""
    return sum([portion async for portion in portions(database, delete)])
