"""Limits that several processes share: with each counting for itself, guessing would go faster with each.

What is counted, such as an address, is stored nowhere: a row is found by an HMAC of it under a key of the
pepper and of the day, and forgotten when its bucket is full again.
"""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from assistant.service.portions import in_portions
from assistant.storage.database import Database
from assistant.storage.rate_levels import delete_full, give_one_back, is_spent, take_one
from assistant.vault.pepper import Pepper, rate_key


class SharedLimits:
    """Token buckets in the database, by the name of the limit and who is counted."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._clock = clock

    @property
    def are_needed(self) -> bool:
        """Return whether other processes may serve the same database."""
        return self._database.kind == "postgresql"

    async def take(self, limit: str, who: str, burst: float, per_second: float) -> float:
        """Take one and return 0, or return the seconds until there is one."""
        now, for_one = self._clock(), timedelta(seconds=1 / per_second)
        key = self._key(now, limit, who)
        wait = await self._database.write(lambda c: take_one(c, key, now, for_one, burst))
        return wait.total_seconds()

    async def is_spent(self, limit: str, who: str, burst: float, per_second: float) -> bool:
        """Return whether nothing is left."""
        now, for_one = self._clock(), timedelta(seconds=1 / per_second)
        key = self._key(now, limit, who)
        return await self._database.read(lambda c: is_spent(c, key, now, for_one, burst))

    async def give_back(self, limit: str, who: str, per_second: float) -> None:
        """Return one that was taken."""
        now, for_one = self._clock(), timedelta(seconds=1 / per_second)
        key = self._key(now, limit, who)
        await self._database.write(lambda c: give_one_back(c, key, for_one))

    async def sweep(self) -> int:
        """Forget the buckets that are full again; return how many."""
        now = self._clock()
        return await in_portions(self._database, lambda c: delete_full(c, now))

    def _key(self, now: datetime, limit: str, who: str) -> bytes:
        day = now.date().isoformat()
        return hmac.digest(rate_key(self._pepper, day), f"{limit}\n{who}".encode(), "sha256")[:16]
