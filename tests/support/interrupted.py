"""A database in which something else comes in between, at the very moment a test wants it to."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from assistant.storage.database import Connection, Database

T = TypeVar("T")
Between = Callable[[], Awaitable[None]]


class Interrupted(Database):
    """The same database. Once, before the next reading or the next writing, this is done first."""

    def __init__(
        self, database: Database, *, before_read: Between | None = None, before_write: Between | None = None
    ) -> None:
        self._whole = database
        self._before_read = before_read
        self._before_write = before_write

    async def read(self, act: Callable[[Connection], T]) -> T:
        first, self._before_read = self._before_read, None
        if first is not None:
            await first()
        return await self._whole.read(act)

    async def write(self, act: Callable[[Connection], T]) -> T:
        first, self._before_write = self._before_write, None
        if first is not None:
            await first()
        return await self._whole.write(act)

    async def write_briefly(self, act: Callable[[Connection], T]) -> T:
        first, self._before_write = self._before_write, None
        if first is not None:
            await first()
        return await self._whole.write_briefly(act)
