"""Stretching: what makes a codename slow to try.

Seven words are fewer bits than a key should have, so each try costs 64 MiB and a fifth of a second (Argon2id,
RFC 9106). For codenames the salt is one for the whole server, because a codename is its own user name: there
is nothing else to find a salt by. It lies with the pepper and is no part of it: the pepper can be changed
while nobody is there, but a codename stretched with another salt would never be found again. What is found by
something else, as a password is by a name, brings a salt of its own.

Places in the queue are shared by turns among those who ask, so somebody who asks for much waits for themself.
"""

import asyncio
from collections import OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw

from assistant.errors import TooBusy
from assistant.vault.encryption import KEY

AT_ONCE = 2
"""How many are stretched at the same time; each takes 64 MiB and a processor."""
QUEUE = 96
"""How many may wait. When all places are taken, a newcomer gets one from whoever has most of them."""
PLACES = 48
"""How many of them one asker may have: a group behind one address."""
FEW_PLACES = 4
"""How many an asker may have after many failures."""


@dataclass(frozen=True)
class Asker:
    """For whom something is stretched: an address, or an account, as the caller names it."""

    name: str = ""
    places: int = PLACES


ASKER: ContextVar[Asker] = ContextVar("asker", default=Asker())  # noqa: B039 -- it is frozen
"""The asker of the request that is being answered; each request is a task with a context of its own."""


@dataclass(frozen=True)
class StretchingCost:
    """What one try costs: memory in KiB, and passes over it."""

    memory: int
    passes: int


FULL_COST = StretchingCost(memory=64 * 1024, passes=3)
"""What every server uses. Secrets that were stretched at another cost do not open."""


class _Turns:
    """A queue served by turns: one of each asker, then the next one of each."""

    def __init__(self) -> None:
        self._running = 0
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def under_way(self) -> int:
        """How many are served or wait."""
        return self._running + sum(map(len, self._waiting.values()))

    async def take(self, asker: Asker) -> None:
        """Wait for a turn. Raises `TooBusy`."""
        if self._running < AT_ONCE:
            self._running += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue(asker).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_on()  # the turn came in the same moment
            raise

    def give_on(self) -> None:
        """End a turn, and begin the next."""
        while self._waiting:
            name, turns = self._waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._waiting[name] = turns  # behind everybody else
            if not turn.done():
                turn.set_result(None)
                return
        self._running -= 1

    def _queue(self, asker: Asker) -> deque[asyncio.Future[None]]:
        """The turns this asker waits for, with room for one more. Raises `TooBusy`."""
        mine = len(self._waiting.get(asker.name, ()))
        if mine >= asker.places:
            raise TooBusy
        if sum(map(len, self._waiting.values())) >= QUEUE:
            most = max(self._waiting.values(), key=len)
            if len(most) <= mine + 1:
                raise TooBusy
            last = most.pop()
            if not last.done():
                last.set_exception(TooBusy())
        return self._waiting.setdefault(asker.name, deque())


class Stretching:
    """Stretches codenames, passwords and codes beside everything else, a few at a time."""

    def __init__(self, salt: bytes = b"", cost: StretchingCost = FULL_COST) -> None:
        self._salt = salt
        self._cost = cost
        self._turns = _Turns()
        # argon2-cffi lets the other threads run meanwhile; a library that does not would stop every visitor
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="stretching")

    async def stretch(self, typed: str, *, salt: bytes | None = None) -> bytes:
        """Stretch a codename, or, with a salt of its own, a password or code.

        Raises `TooBusy` if too many are waiting.
        """
        await self._turns.take(ASKER.get())
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._pool, self._stretch, typed, self._salt if salt is None else salt
            )
        finally:
            self._turns.give_on()

    @property
    def under_way(self) -> int:
        """How many are being stretched or wait for it."""
        return self._turns.under_way

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
