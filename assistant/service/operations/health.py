"""Health: whether writes work and expired data is being deleted."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping

from assistant.storage.database import Database
from assistant.value_class import value_class

CACHED_FOR = 5.0
"""Seconds a result is cached: at most one write is made in that time."""
PATIENCE = 4.0
"""Seconds a write may take before the server counts as not ready."""
SWEEP_LATE_AFTER = 1800.0
"""Seconds without a finished sweep after which the sweep is late: three times its interval."""
_FAILURE_REMEMBERED_FOR = 10.0
"""Seconds for which a failed write elsewhere counts, even if this module's small write succeeds."""


@value_class
class Readiness:
    """The current state of the server."""

    can_write: bool
    sweep_in_time: bool

    @property
    def is_ready(self) -> bool:
        """Return whether the server can accept visitors."""
        return self.can_write and self.sweep_in_time


class Health:
    """Checks the server, and caches the result for the metrics."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._writing: asyncio.Task[bool] | None = None
        self._looked_at = -CACHED_FOR
        self._can_write = False
        self._others_failed_at: float | None = None
        self._failures_seen = 0
        self._swept_at = clock()
        self.last_write: float | None = None
        """When a write of this module last succeeded, in seconds since 1970."""
        self.removed: Counter[str] = Counter()
        """What sweeps have deleted since the start, by kind."""

    @property
    def database_kind(self) -> str:
        """The kind of database: sqlite or postgresql."""
        return self._database.kind

    @property
    def waiting_writes(self) -> int:
        """The number of writes waiting in the queue."""
        return self._database.waiting

    @property
    def sweep_age(self) -> float:
        """Seconds since the last finished sweep, or since the start."""
        return self._clock() - self._swept_at

    @property
    def can_write(self) -> bool:
        """Whether the last check's write succeeded."""
        return self._can_write

    def swept(self, removed: Mapping[str, int]) -> None:
        """Record a finished sweep and what it deleted."""
        self._swept_at = self._clock()
        self.removed.update(removed)

    async def look(self) -> Readiness:
        """Check the server, or return the cached result. Never raises, and answers within seconds."""
        if self._clock() - self._looked_at >= CACHED_FOR:
            await self._look()
        return Readiness(self._can_write, self.sweep_age < SWEEP_LATE_AFTER)

    async def _look(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        writing = self._writing  # concurrent requests wait for the same write
        done, _ = await asyncio.wait({writing}, timeout=PATIENCE)
        if self._clock() - self._looked_at < CACHED_FOR:
            return  # another waiter has already reported it
        self._looked_at = self._clock()
        self._can_write = bool(done) and writing.result() and not self._others_failed_lately

    @property
    def _others_failed_lately(self) -> bool:
        """Return whether other, larger writes fail although this module's small one succeeds."""
        return self._others_failed_at is not None and (
            self._clock() - self._others_failed_at < _FAILURE_REMEMBERED_FOR
        )

    async def _write(self) -> bool:
        if self._database.failed_writes > self._failures_seen:
            self._others_failed_at = self._clock()
        try:
            await self._database.beat()
        except Exception:  # any error counts: writing failed, and the writer has logged it
            return False
        finally:
            self._failures_seen = self._database.failed_writes
        self.last_write = time.time()
        return True
