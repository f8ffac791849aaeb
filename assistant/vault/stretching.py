"""Stretching: what makes a codename slow to try.

Seven words are fewer bits than a key should have, so each try costs 64 MiB and a fifth of a second (Argon2id,
RFC 9106). For codenames the salt is one for the whole server, because a codename is its own user name: there
is nothing else to find a salt by. It lies with the pepper and is no part of it: the pepper can be changed
while nobody is there, but a codename stretched with another salt would never be found again. What is found by
something else, as a password is by a name, brings a salt of its own.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw

from assistant.errors import TooBusy
from assistant.vault.boxes import KEY

AT_ONCE = 2
"""How many are stretched at the same time; each takes 64 MiB and a processor."""
QUEUE = 12
"""How many may be under way or waiting: the last of them waits a second or so."""


@dataclass(frozen=True)
class StretchingCost:
    """What one try costs: memory in KiB, and passes over it."""

    memory: int
    passes: int


FULL_COST = StretchingCost(memory=64 * 1024, passes=3)
"""What every server uses. Secrets that were stretched at another cost do not open."""


class Stretching:
    """Stretches codenames, passwords and codes beside everything else, a few at a time."""

    def __init__(self, salt: bytes = b"", cost: StretchingCost = FULL_COST) -> None:
        self._salt = salt
        self._cost = cost
        self._under_way = 0
        # argon2-cffi lets the other threads run meanwhile; a library that does not would stop every visitor
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="stretching")

    async def stretch(self, typed: str, *, salt: bytes | None = None) -> bytes:
        """The secret this codename stands for, or, with a salt of its own, this password or code.

        Raises `TooBusy` when too many wait already.
        """
        if self._under_way >= QUEUE:
            raise TooBusy
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._pool, self._stretch, typed, self._salt if salt is None else salt
            )
        finally:
            self._under_way -= 1

    @property
    def under_way(self) -> int:
        """How many are being stretched or wait for it."""
        return self._under_way

    def close(self) -> None:
        """Let go of the threads."""
        self._pool.shutdown(cancel_futures=True)

    def _stretch(self, typed: str, salt: bytes) -> bytes:
        return hash_secret_raw(
            typed.encode("utf-8", "surrogatepass"),
            salt,
            time_cost=self._cost.passes,
            memory_cost=self._cost.memory,
            parallelism=1,
            hash_len=KEY,
            type=Type.ID,
        )
