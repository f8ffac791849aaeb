"""Guards expiry against a wrong clock: nothing is deleted after the clock jumps.

The newest time ever seen is stored in the database. A sweep is refused when the clock is far ahead of it, or
behind it, until the operator confirms the clock with `assistant purge --yes`.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from assistant.storage.database import Connection, Database
from assistant.storage.newest_time import keep_newest_time, newest_time
from assistant.storage.notebooks import count_notebooks_over
from assistant.value_class import value_class

FORWARD = timedelta(days=2)
"""How far ahead of the newest time seen the clock may be; a server that was off for a weekend is no jump."""
BEHIND = timedelta(hours=1)
"""How far behind it the clock may be; servers that share a database may differ a little."""


@value_class
class ClockReading:
    """The clock's time, and the newest time seen."""

    now: datetime
    newest: datetime | None

    @property
    def has_jumped(self) -> bool:
        """Return whether the clock jumped, so that nothing may be deleted."""
        if self.newest is None:
            return False
        return not self.newest - BEHIND <= self.now <= self.newest + FORWARD

    @property
    def days(self) -> int:
        """Return the whole days by which the clock is ahead of the newest time seen; negative if behind."""
        return 0 if self.newest is None else int((self.now - self.newest) / timedelta(days=1))


class ClockGuard:
    """Checks the clock before every sweep."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def look(self) -> ClockReading:
        """Read the clock; unless it jumped, store its time as the newest seen."""
        now = self._clock()

        def write(connection: Connection) -> ClockReading:
            reading = ClockReading(now, newest_time(connection))
            if not reading.has_jumped and (reading.newest is None or now > reading.newest):
                keep_newest_time(connection, now)
            return reading

        return await self._database.write(write)

    async def only_look(self) -> ClockReading:
        """Read the clock without storing anything."""
        return ClockReading(self._clock(), await self._database.read(newest_time))

    async def trust(self) -> None:
        """Accept the clock's current time as right."""
        now = self._clock()
        await self._database.write(lambda c: keep_newest_time(c, now))

    async def count_over(self) -> int:
        """Return the number of notebooks that are expired by this clock."""
        now = self._clock()
        return await self._database.read(lambda c: count_notebooks_over(c, now))


@asynccontextmanager
async def opened_guard(address: str) -> AsyncIterator[ClockGuard]:
    """Open the guard on this database, for a command. Raises `CannotStart`."""
    database = Database.open(address, upgrade=False)
    try:
        yield ClockGuard(database, lambda: datetime.now(UTC))
    finally:
        await database.close()
