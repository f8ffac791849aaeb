"""How often one browser or one address may ask: token buckets, in memory only.

A secret is tried first and only a wrong one is counted, so nobody's wrong tries shut out somebody else with
the right secret behind the same address. Links, invitations and one-time links have 128 random bits and are
not counted at all. An IPv6 address counts as its /64, which is one household or one phone, and more coarsely
as its /48, because one host can have many /64.

Addresses are never written down. One server process serves a whole municipality, so nothing needs to be
shared; buckets that are full again are forgotten.
"""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.errors import NothingToTry, SecretUnknown, Trouble

_SWEEP_AT = 10_000


@dataclass(frozen=True)
class Limit:
    """So many at once, and so many more a second."""

    burst: float
    per_second: float


STARTS = Limit(burst=300, per_second=1.0)
"""New preparations from one address. A clinic's waiting room, or a whole service, may share one."""
LARGE_BODIES = Limit(burst=30, per_second=1.0)
"""Forms from one address that are larger than `STRANGERS_LIMIT`: a long script saved as one form."""
CODENAMES = Limit(burst=10, per_second=1 / 60)
"""Codenames from one address that open nothing. Beyond them a right one still opens, a few at a time."""
NEW_CODENAMES = Limit(burst=10, per_second=1 / 60)
"""Codenames made in one notebook. A whole group behind one address makes theirs in the same minutes."""
SIGN_IN_NAMES = Limit(burst=5, per_second=5 / 60)
"""Failed tries to sign in under one name, whether it is anybody's or not. A browser where this person signed
in before is counted by itself, so strangers who know the name cannot lock it there."""
SIGN_INS = Limit(burst=20, per_second=20 / 600)
"""Failed tries to sign in from one address. Beyond them a right one still succeeds, a few at a time."""
NEW_CODES = Limit(burst=10, per_second=1 / 60)
"""Codes to shares that are made in one notebook: each takes the server's strength."""
SHARE_CODES = Limit(burst=5, per_second=5 / 900)
"""Codes to shares that a member of staff types wrongly; one that opens is not counted."""
ACTS = Limit(burst=100, per_second=20.0)
"""Things done in one browser session."""


class RateLimit:
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

    def is_spent(self, key: str) -> bool:
        """Whether there is none to take now."""
        return self._level(key, self._clock()) < 1

    def give_back(self, key: str) -> None:
        """Return a token that was taken."""
        now = self._clock()
        self._levels[key] = (min(self._limit.burst, self._level(key, now) + 1), now)

    def _level(self, key: str, now: float) -> float:
        level, then = self._levels.get(key, (self._limit.burst, now))
        return min(self._limit.burst, level + (now - then) * self._limit.per_second)

    def _forget_full(self, now: float) -> None:
        for key in [k for k in self._levels if self._level(k, now) >= self._limit.burst]:
            del self._levels[key]


_COARSER = 8
"""How many times as much a /48 has as a /64."""


class Failures:
    """Counts what failed, by the address it came from."""

    def __init__(self, limit: Limit, clock: Callable[[], float] = time.monotonic) -> None:
        self._near = RateLimit(limit, clock)
        self._wide = RateLimit(Limit(limit.burst * _COARSER, limit.per_second * _COARSER), clock)

    def are_many(self, address: str) -> bool:
        """Whether so much failed from here that more is served slowly."""
        near, wide = places(address)
        return self._near.is_spent(near) or self._wide.is_spent(wide)

    def failed(self, address: str) -> float:
        """Count one. Gives 0, or the seconds until the next failure is within the limit."""
        near, wide = places(address)
        return max(self._near.wait_for(near), self._wide.wait_for(wide))


@lru_cache(4096)
def places(address: str) -> tuple[str, str]:
    """What an address counts as, and more coarsely: an IPv6 address its /64 and its /48, any other itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address, address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found), str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped), str(found.ipv4_mapped)
    near, wide = (ipaddress.IPv6Network((found, bits), strict=False) for bits in (64, 48))
    return str(near), str(wide)


class TooOften(Trouble):
    """Asked more often than a person would."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = max(1, round(seconds))


def check_rate(buckets: RateLimit, key: str) -> None:
    """Raises `TooOften` when there has been too much from this key."""
    if seconds := buckets.wait_for(key):
        raise TooOften(seconds)


def not_a_guess(unknown: SecretUnknown, buckets: RateLimit, key: str) -> None:
    """Do not count what was typed as a try when it cannot have been one."""
    if isinstance(unknown, NothingToTry):
        buckets.give_back(key)


@dataclass(frozen=True)
class RateLimits:
    """Every limit of the application, unused at start."""

    starts: RateLimit = field(default_factory=lambda: RateLimit(STARTS))
    acts: RateLimit = field(default_factory=lambda: RateLimit(ACTS))
    codenames: Failures = field(default_factory=lambda: Failures(CODENAMES))
    new_codenames: RateLimit = field(default_factory=lambda: RateLimit(NEW_CODENAMES))
    sign_in_names: RateLimit = field(default_factory=lambda: RateLimit(SIGN_IN_NAMES))
    sign_ins: Failures = field(default_factory=lambda: Failures(SIGN_INS))
    wrong_codes: RateLimit = field(default_factory=lambda: RateLimit(SHARE_CODES))
    new_codes: RateLimit = field(default_factory=lambda: RateLimit(NEW_CODES))
