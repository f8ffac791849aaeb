"""Rate limits per browser and per address: token buckets, in memory.

A secret is tried first and only a wrong one is counted, so wrong tries never lock out another person with
the right secret behind the same address. Links, invitations and one-time links have 128 random bits and are
not counted at all. An IPv6 address counts as its /64, which is one household or one phone, and more coarsely
as its /48, because one host can have many /64.

Addresses are never stored, and buckets that are full again are forgotten, a minute later at most if others
come. Where several processes serve one PostgreSQL, those that limit guessing are shared in the database,
under a digest instead of the address, and each process has its part of the others.
"""

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable
from dataclasses import field

from assistant.errors import NothingToTry, SecretUnknown, Trouble
from assistant.service.shared_limits import SharedLimits
from assistant.value_class import value_class

_SWEEP_EVERY = 60.0
"""Seconds."""


@value_class
class Limit:
    """A burst, and a refill rate per second."""

    burst: float
    per_second: float

    def part_of(self, processes: int) -> "Limit":
        """Return what each of so many processes may allow."""
        return Limit(max(1.0, self.burst / processes), self.per_second / processes)


STARTS = Limit(burst=300, per_second=1.0)
"""New preparations per address. A clinic's waiting room, or a whole service, may share one."""
LARGE_BODIES = Limit(burst=30, per_second=1.0)
"""Forms larger than `STRANGERS_LIMIT` per address: a whole script saved as one form."""
CODENAMES = Limit(burst=10, per_second=1 / 60)
"""Wrong codenames per address. Beyond them a right one still opens, a few at a time."""
NEW_CODENAMES = Limit(burst=10, per_second=1 / 60)
"""New codenames per notebook. A whole group behind one address creates theirs in the same minutes."""
SIGN_IN_NAMES = Limit(burst=5, per_second=10 / 60)
"""Failed sign-ins per name, whether or not the name exists. Beyond them each try waits in a `WaitingLine`. A
browser where this person signed in before is counted separately, so strangers who know the name cannot lock
it there.
"""
SIGN_INS = Limit(burst=20, per_second=20 / 600)
"""Failed sign-ins per address. Beyond them a right one still succeeds, a few at a time."""
NEW_CODES = Limit(burst=10, per_second=1 / 60)
"""New codes for shares per notebook: each needs key stretching."""
SHARE_CODES = Limit(burst=5, per_second=5 / 900)
"""Wrong codes for shares per member of staff; a right one is not counted."""
PROVIDER = Limit(burst=300, per_second=5.0)
"""Sign-ins begun at the identity provider, and logout tokens, per address: the provider has one, and so may a
whole service.
"""
ACTS = Limit(burst=100, per_second=20.0)
"""Acts per browser session."""


class RateLimit:
    """Token buckets of one limit."""

    def __init__(self, limit: Limit, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}
        self._swept = clock()

    def wait_for(self, key: str) -> float:
        """Take a token and return 0, or return the seconds until one is available."""
        now = self._clock()
        if now >= self._swept + _SWEEP_EVERY:
            self._forget_full(now)
        level = self._level(key, now)
        if level < 1:
            return (1 - level) / self._limit.per_second
        self._levels[key] = (level - 1, now)
        return 0.0

    @property
    def seconds_for_one(self) -> float:
        """How long it takes until one more is given."""
        return 1 / self._limit.per_second

    def is_spent(self, key: str) -> bool:
        """Return whether no token is available."""
        return self._level(key, self._clock()) < 1

    def give_back(self, key: str) -> None:
        """Return a token that was taken."""
        now = self._clock()
        self._levels[key] = (min(self._limit.burst, self._level(key, now) + 1), now)

    def _level(self, key: str, now: float) -> float:
        level, then = self._levels.get(key, (self._limit.burst, now))
        return min(self._limit.burst, level + (now - then) * self._limit.per_second)

    def _forget_full(self, now: float) -> None:
        self._swept = now
        for key in [k for k in self._levels if self._level(k, now) >= self._limit.burst]:
            del self._levels[key]


class Tries:
    """Token buckets of tries with a secret: of this process, or shared through the database."""

    def __init__(
        self,
        limit: Limit,
        name: str = "",
        shared: SharedLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._name = name
        self._shared = shared if shared is not None and shared.are_needed else None
        self._own = RateLimit(limit, clock)

    async def wait_for(self, key: str) -> float:
        """Take a token and return 0, or return the seconds until one is available."""
        if self._shared is None:
            return self._own.wait_for(key)
        return await self._shared.take(self._name, key, self._limit.burst, self._limit.per_second)

    async def check(self, key: str) -> None:
        """Take a token. Raises `TooOften` if none is available."""
        if seconds := await self.wait_for(key):
            raise TooOften(seconds)

    @property
    def seconds_for_one(self) -> float:
        """How long it takes until one more is given."""
        return self._own.seconds_for_one

    async def is_spent(self, key: str) -> bool:
        """Return whether no token is available."""
        if self._shared is None:
            return self._own.is_spent(key)
        return await self._shared.is_spent(self._name, key, self._limit.burst, self._limit.per_second)

    async def give_back(self, key: str) -> None:
        """Return a token that was taken."""
        if self._shared is None:
            self._own.give_back(key)
        else:
            await self._shared.give_back(self._name, key, self._limit.per_second)


_COARSER = 8
"""The factor by which a /48 may exceed a /64."""


class Failures:
    """Counts failures by address."""

    def __init__(
        self,
        limit: Limit,
        name: str = "",
        shared: SharedLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        wide = Limit(limit.burst * _COARSER, limit.per_second * _COARSER)
        self._near = Tries(limit, name, shared, clock)
        self._wide = Tries(wide, f"{name}/wide", shared, clock)

    async def are_many(self, address: str) -> bool:
        """Return whether so many failures came from here that further tries are slowed down."""
        near, wide = places(address)
        return await self._near.is_spent(near) or await self._wide.is_spent(wide)

    async def failed(self, address: str) -> float:
        """Count a failure. Return 0, or the seconds until the next failure is within the limit."""
        near, wide = places(address)
        return max(await self._near.wait_for(near), await self._wide.wait_for(wide))


def places(address: str) -> tuple[str, str]:
    """Return the keys an address counts as, fine and coarse: for IPv6 its /64 and /48, else the address
    itself. They are worked out for each request: a cache would keep addresses of people who have left.
    """
    if ":" not in address:  # IPv4, which is spelled in one way only
        return address, address
    try:
        found = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address, address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped), str(found.ipv4_mapped)
    near, wide = (ipaddress.IPv6Network((found, bits), strict=False) for bits in (64, 48))
    return str(near), str(wide)


_LINE_LENGTH = 8
"""How many wait under one name; at six seconds each, the last is answered before a proxy gives up."""
_ALL_WAITING = 200


class WaitingLine:
    """Lets tries over a limit wait for their turn, in the order they came, instead of refusing them.

    Each address has one place in the line of a key, so a client that sends many waits behind all others.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._lines: dict[str, tuple[asyncio.Lock, set[str]]] = {}

    async def take(self, buckets: Tries, key: str, address: str) -> None:
        """Take one from the bucket of this key, and wait for it if need be.

        Raises `TooOften` where this address waits already, and where too many others do.
        """
        if key not in self._lines and not await buckets.wait_for(key):
            return
        turn, waiting = self._lines.get(key, (asyncio.Lock(), set()))
        near = places(address)[0]
        is_full = sum(len(others) for _, others in self._lines.values()) >= _ALL_WAITING
        if near in waiting or len(waiting) >= _LINE_LENGTH or is_full:
            raise TooOften(buckets.seconds_for_one)
        self._lines[key] = turn, waiting  # only now: a line in which no one waits is never removed
        waiting.add(near)
        try:
            async with turn:
                while seconds := await buckets.wait_for(key):
                    await self._sleep(seconds)
        finally:
            waiting.discard(near)
            if not waiting:
                self._lines.pop(key, None)


SOON = 3
"""Seconds until the queue for stretching secrets is shorter."""


class TooOften(Trouble):
    """More requests than a person would make."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = max(1, round(seconds))


def check_rate(buckets: RateLimit, key: str) -> None:
    """Raise `TooOften` if there were too many from this key."""
    if seconds := buckets.wait_for(key):
        raise TooOften(seconds)


async def not_a_guess(unknown: SecretUnknown, buckets: Tries, key: str) -> None:
    """Do not count input as a try when it cannot have been one."""
    if isinstance(unknown, NothingToTry):
        await buckets.give_back(key)


@value_class
class RateLimits:
    """All rate limits of the application."""

    starts: RateLimit = field(default_factory=lambda: RateLimit(STARTS))
    acts: RateLimit = field(default_factory=lambda: RateLimit(ACTS))
    codenames: Failures = field(default_factory=lambda: Failures(CODENAMES))
    new_codenames: RateLimit = field(default_factory=lambda: RateLimit(NEW_CODENAMES))
    sign_in_names: Tries = field(default_factory=lambda: Tries(SIGN_IN_NAMES))
    sign_in_line: WaitingLine = field(default_factory=WaitingLine)
    sign_ins: Failures = field(default_factory=lambda: Failures(SIGN_INS))
    wrong_codes: Tries = field(default_factory=lambda: Tries(SHARE_CODES))
    provider: RateLimit = field(default_factory=lambda: RateLimit(PROVIDER))
    new_codes: RateLimit = field(default_factory=lambda: RateLimit(NEW_CODES))

    @classmethod
    def over(cls, shared: SharedLimits, processes: int) -> "RateLimits":
        """Return the limits of one of so many processes on this host."""
        return cls(
            starts=RateLimit(STARTS.part_of(processes)),
            acts=RateLimit(ACTS.part_of(processes)),
            codenames=Failures(CODENAMES, "codenames", shared),
            new_codenames=RateLimit(NEW_CODENAMES.part_of(processes)),
            sign_in_names=Tries(SIGN_IN_NAMES, "sign_in_names", shared),
            sign_ins=Failures(SIGN_INS, "sign_ins", shared),
            wrong_codes=Tries(SHARE_CODES, "wrong_codes", shared),
            provider=RateLimit(PROVIDER.part_of(processes)),
            new_codes=RateLimit(NEW_CODES.part_of(processes)),
        )
