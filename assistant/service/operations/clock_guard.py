"""Whether the clock may be trusted to say what is over: a clock that jumps deletes nothing.

The newest time ever seen is kept in the database. A sweep is refused when the clock is far past it, or behind
it, until the operator says that the clock is right: `assistant purge --yes`.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assistant.storage.database import Connection, Database
from assistant.storage.newest_time import keep_newest_time, newest_time
from assistant.storage.notebooks import count_notebooks_over

FORWARD = timedelta(days=2)
"""How far past the newest time seen the clock may be: a weekend's rest is no jump."""
BEHIND = timedelta(hours=1)
"""How far behind it the clock may be: servers of one database may differ a little."""


@dataclass(frozen=True)
class ClockReading:
    """What the clock says, beside the newest time seen."""

    now: datetime
    newest: datetime | None

    @property
    def has_jumped(self) -> bool:
        """Whether nothing may be deleted by this clock."""
        if self.newest is None:
            return False
        return not self.newest - BEHIND <= self.now <= self.newest + FORWARD

    @property
    def days(self) -> int:
        """How many whole days the clock is past the newest time seen; negative where it is behind."""
        return 0 if self.newest is None else int((self.now - self.newest) / timedelta(days=1))


class ClockGuard:
    """Looks at the clock before every sweep."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def look(self) -> ClockReading:
        """What the clock says; where it has not jumped, that is kept as the newest time seen."""
        now = self._clock()

        def write(connection: Connection) -> ClockReading:
            reading = ClockReading(now, newest_time(connection))
            if not reading.has_jumped and (reading.newest is None or now > reading.newest):
                keep_newest_time(connection, now)
            return reading

        return await self._database.write(write)

    async def only_look(self) -> ClockReading:
        """What the clock says; nothing is kept."""
        return ClockReading(self._clock(), await self._database.read(newest_time))

    async def trust(self) -> None:
        """Take what the clock says now as right."""
        now = self._clock()
        await self._database.write(lambda c: keep_newest_time(c, now))

    async def count_over(self) -> int:
        """How many notebooks are over by this clock."""
        now = self._clock()
        return await self._database.read(lambda c: count_notebooks_over(c, now))


@asynccontextmanager
async def opened_guard(address: str) -> AsyncIterator[ClockGuard]:
    """The guard over the database at this address, for a command. Raises `CannotStart`."""
    database = Database.open(address, upgrade=False)
    try:
        yield ClockGuard(database, lambda: datetime.now(UTC))
    finally:
        await database.close()
