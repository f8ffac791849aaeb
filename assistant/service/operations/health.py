"""Whether the server can do its work: a write goes through, and what is over is being deleted."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.storage.database import Database

CACHED_FOR = 5.0
"""Seconds an answer is good for; in that time one write is made, however often somebody asks."""
PATIENCE = 4.0
"""Seconds a write may take before the server does not count as ready."""
SWEEP_LATE_AFTER = 1800.0
"""Seconds without a finished sweep after which the sweep is late: three times what it is planned for."""
_FAILURE_REMEMBERED_FOR = 10.0
"""Seconds a failed write of somebody else counts, though the small one of this module goes through."""


@dataclass(frozen=True)
class Readiness:
    """What the server can do now."""

    can_write: bool
    sweep_in_time: bool

    @property
    def is_ready(self) -> bool:
        """Whether it can take visitors."""
        return self.can_write and self.sweep_in_time


class Health:
    """Looks at the server, and remembers what it saw for the metrics."""

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
        """When a write of this module last went through, as seconds since 1970."""
        self.removed: Counter[str] = Counter()
        """How many of what the sweeps have deleted since the start."""

    @property
    def database_kind(self) -> str:
        """Which kind of database it is: sqlite or postgresql."""
        return self._database.kind

    @property
    def waiting_writes(self) -> int:
        """How many writes wait for their turn."""
        return self._database.waiting

    @property
    def sweep_age(self) -> float:
        """Seconds since a sweep was finished, or since the start."""
        return self._clock() - self._swept_at

    @property
    def can_write(self) -> bool:
        """Whether the last look saw a write go through."""
        return self._can_write

    def swept(self, removed: Mapping[str, int]) -> None:
        """A sweep was finished, and deleted this."""
        self._swept_at = self._clock()
        self.removed.update(removed)

    async def look(self) -> Readiness:
        """Look, or tell what was seen within the last seconds. Never raises, and answers within seconds."""
        if self._clock() - self._looked_at >= CACHED_FOR:
            await self._look()
        return Readiness(self._can_write, self.sweep_age < SWEEP_LATE_AFTER)

    async def _look(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        writing = self._writing  # everybody who asks meanwhile waits for the same write
        done, _ = await asyncio.wait({writing}, timeout=PATIENCE)
        if self._clock() - self._looked_at < CACHED_FOR:
            return  # somebody else who waited has told of it
        self._looked_at = self._clock()
        self._can_write = bool(done) and writing.result() and not self._others_failed_lately

    @property
    def _others_failed_lately(self) -> bool:
        """Whether others' writes fail, which are larger, though the small one of this module goes through."""
        return self._others_failed_at is not None and (
            self._clock() - self._others_failed_at < _FAILURE_REMEMBERED_FOR
        )

    async def _write(self) -> bool:
        if self._database.failed_writes > self._failures_seen:
            self._others_failed_at = self._clock()
        try:
            await self._database.beat()
        except Exception:  # whatever it is: nothing can be written; the log has it from the writer
            return False
        finally:
            self._failures_seen = self._database.failed_writes
        self.last_write = time.time()
        return True
