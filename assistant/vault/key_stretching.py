"""Key stretching: makes guessing codenames and passwords slow.

Seven words have fewer bits than a key should have, so each try costs 64 MiB and three passes over them
(Argon2id, RFC 9106): on our server a tenth of a second or two. Codenames share one salt per server, because
a codename is its own user name: there is nothing else by which to find a salt. The salt is stored with the
pepper but independent of it: the pepper can be changed without the users, but a codename stretched with
another salt would never be found again. Secrets found by something else, such as a password by its name,
have their own salt.

libsodium stretches with a third of the instructions that OpenSSL takes, but only with salts of 16 bytes. A
server's salt for codenames has 32, so OpenSSL stretches codenames. Both give the same bytes for the same
salt.

The queue is served round-robin by asker, so that many requests from one asker delay only that asker.
"""

import asyncio
from collections import OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from nacl.bindings import (
    crypto_pwhash_alg,
    crypto_pwhash_ALG_ARGON2ID13,
    crypto_pwhash_SALTBYTES,
)

from assistant.errors import TooBusy
from assistant.vault.encryption import KEY

AT_ONCE = 2
"""Number of parallel stretchings; each takes 64 MiB and a processor."""
QUEUE = 96
"""Number that may wait. When the queue is full, a newcomer takes a place from the asker with the most."""
PLACES = 48
"""Places of one asker, such as a group behind one address."""
FEW_PLACES = 4
"""Places of an asker after many failures."""


@dataclass(frozen=True)
class Asker:
    """On whose behalf a secret is stretched: an address or an account, as named by the caller."""

    name: str = ""
    places: int = PLACES


ASKER: ContextVar[Asker] = ContextVar("asker", default=Asker())  # noqa: B039 -- it is frozen
"""The asker of the current request; each request is a task with its own context."""


@dataclass(frozen=True)
class StretchingCost:
    """The cost of one try: memory in KiB, and passes over it."""

    memory: int
    passes: int


FULL_COST = StretchingCost(memory=64 * 1024, passes=3)
"""The cost on every server. Secrets stretched at another cost do not open."""


class _Turns:
    """A round-robin queue: one turn of each asker, then the next."""

    def __init__(self) -> None:
        self._running = 0
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def under_way(self) -> int:
        """Return the number being served or waiting."""
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
                self.give_on()  # the turn was granted in the same moment
            raise

    def give_on(self) -> None:
        """End a turn and start the next."""
        while self._waiting:
            name, turns = self._waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._waiting[name] = turns  # to the end of the round
            if not turn.done():
                turn.set_result(None)
                return
        self._running -= 1

    def _queue(self, asker: Asker) -> deque[asyncio.Future[None]]:
        """Return this asker's waiting turns, with room for one more. Raises `TooBusy`."""
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
    """Stretches codenames, passwords and codes in threads, a few at a time."""

    def __init__(self, salt: bytes = b"", cost: StretchingCost = FULL_COST) -> None:
        self._salt = salt
        self._cost = cost
        self._turns = _Turns()
        # both libraries release the GIL; one that does not would stop every request
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
        """Return the number being stretched or waiting."""
        return self._turns.under_way

    def close(self) -> None:
        """Stop the threads."""
        self._pool.shutdown(cancel_futures=True)

    def _stretch(self, typed: str, salt: bytes) -> bytes:
        secret = typed.encode("utf-8", "surrogatepass")
        passes, memory = self._cost.passes, self._cost.memory
        if len(salt) == crypto_pwhash_SALTBYTES:
            return crypto_pwhash_alg(KEY, secret, salt, passes, memory * 1024, crypto_pwhash_ALG_ARGON2ID13)
        kdf = Argon2id(salt=salt, length=KEY, iterations=passes, lanes=1, memory_cost=memory)
        return kdf.derive(secret)
