"""How often one browser or one address may ask: token buckets, in memory only.

Addresses are never written down. One server process serves a whole municipality, so nothing needs to be
shared; buckets that are full again are forgotten.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

_SWEEP_AT = 10_000


@dataclass(frozen=True)
class Limit:
    """So many at once, and so many more a second."""

    burst: float
    per_second: float


STARTS = Limit(burst=300, per_second=1.0)
"""New preparations from one address. A clinic's waiting room, or a whole service, may share one."""
LINKS = Limit(burst=60, per_second=0.1)
"""Tries with a private link from one address; 128 bits are not guessed, this only spares the server."""
CODENAMES = Limit(burst=10, per_second=1 / 60)
"""Codenames tried from one address that open nothing, and new ones made there: ten, then one a minute. A
whole clinic behind one address is slowed and never shut out; a codename that opens is not counted."""
SIGN_IN_NAMES = Limit(burst=5, per_second=5 / 60)
"""Tries to sign in under one name, whether it is anybody's or not; one that succeeds is not counted."""
SIGN_INS = Limit(burst=20, per_second=20 / 600)
"""Tries to sign in, or to settle a password, from one address; one that succeeds is not counted."""
NEW_CODES = Limit(burst=10, per_second=1 / 60)
"""Codes to shares that are made in one notebook: each takes the server's strength."""
SHARE_CODES = Limit(burst=5, per_second=5 / 900)
"""Codes to shares that a member of staff types wrongly; one that opens is not counted."""
ACTS = Limit(burst=100, per_second=20.0)
"""Things done in one browser session."""


class Buckets:
    """Counts for one limit."""

    def __init__(self, limit: Limit, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}

    def wait_for(self, key: str) -> float:
        """Take one and give 0, or give the seconds until there is one to take."""
        now = self._clock()
        if len(self._levels) > _SWEEP_AT:
            self._forget_full(now)
        level = self._level(key, now)
        if level < 1:
            return (1 - level) / self._limit.per_second
        self._levels[key] = (level - 1, now)
        return 0.0

    def give_back(self, key: str) -> None:
        """What was taken is not to count after all."""
        now = self._clock()
        self._levels[key] = (min(self._limit.burst, self._level(key, now) + 1), now)

    def _level(self, key: str, now: float) -> float:
        level, then = self._levels.get(key, (self._limit.burst, now))
        return min(self._limit.burst, level + (now - then) * self._limit.per_second)

    def _forget_full(self, now: float) -> None:
        for key in [k for k in self._levels if self._level(k, now) >= self._limit.burst]:
            del self._levels[key]
