"""Revoke refresh tokens at the identity provider that no session needs any more (RFC 7009).

It is done in the background, after the answer to the person: signing out neither waits for the provider nor
fails with it. Only a request has the cookie that opens a token, so nothing is revoked for sessions that end
without one.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Protocol

from assistant.errors import GrantEnded, ProviderRefused, ProviderUnreachable, SealBroken
from assistant.events import Event, note
from assistant.service.staff.held_grants import ASKED_FOR, opened_grant

AFTER_ANSWER = 0.1
"""Seconds until the work begins: the answer to the person goes out first."""
AGAIN_AFTER = 30.0
"""Seconds until the second and last try, at a provider that did not answer."""
GIVE_UP_AFTER = 150.0
"""Seconds that a revocation may take, with its wait for others."""
AT_STOP = 5.0
"""Seconds that the program waits for revocations when it stops."""
_AT_ONCE = 2
"""Sign-ins and checks must find a place beside them at a slow provider."""
_MOST_WAITING = 500


class RevokingProvider(Protocol):
    """The identity provider, as far as a revocation needs it."""

    async def revoke(self, kept: str) -> bool:
        """Revoke the refresh token; return False if the provider offers no way to do it."""


class GrantRevocations:
    """Revocations at one provider."""

    def __init__(self) -> None:
        self.provider: RevokingProvider | None = None
        """Set by the application if staff sign in at a provider."""
        self.outcomes: Counter[str] = Counter()
        """How often each outcome occurred, for the metrics."""
        self._under_way: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._is_stopping = asyncio.Event()

    def begin_sealed(self, secret: str, sealed: bytes | None) -> None:
        """Begin to revoke the token that is sealed under the cookie with this secret, if there is one."""
        if sealed is not None:
            with suppress(SealBroken):
                self.begin(opened_grant(secret, sealed))

    def begin(self, kept: str) -> None:
        """Begin to revoke a token; an empty one is none. It returns at once and raises nothing."""
        if not kept or self.provider is None:
            return
        if len(self._under_way) >= _MOST_WAITING:
            self._failed(error="QueueFull")
            return
        task = asyncio.create_task(self._revoke(self.provider, kept))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Wait for what is under way, but not for long; second tries are made now."""
        self._is_stopping.set()
        if not self._under_way:
            return
        _, left = await asyncio.wait(set(self._under_way), timeout=AT_STOP)
        for task in left:
            task.cancel()
            self._failed(error="Stopped")
        await asyncio.gather(*left, return_exceptions=True)

    async def _revoke(self, provider: RevokingProvider, kept: str) -> None:
        try:
            async with asyncio.timeout(GIVE_UP_AFTER):
                await self._wait(AFTER_ANSWER)
                try:
                    is_offered = await self._ask(provider, kept)
                except (ProviderUnreachable, TimeoutError):
                    await self._wait(AGAIN_AFTER)
                    is_offered = await self._ask(provider, kept)
        except ProviderRefused as refused:
            self._failed(check=refused.check)
        except (GrantEnded, ProviderUnreachable, TimeoutError) as error:
            self._failed(error=type(error).__name__)
        else:
            self.outcomes["revoked" if is_offered else "not_offered"] += 1

    async def _ask(self, provider: RevokingProvider, kept: str) -> bool:
        async with self._places, asyncio.timeout(ASKED_FOR.total_seconds()):
            return await provider.revoke(kept)

    async def _wait(self, seconds: float) -> None:
        """Wait, unless the program stops."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._is_stopping.wait(), seconds)

    def _failed(self, *, check: str = "", error: str = "") -> None:
        """Tell the operator, without saying whose token it was."""
        self.outcomes["failed"] += 1
        if check:
            note(Event.GRANT_NOT_REVOKED, check=check)
        else:
            note(Event.GRANT_NOT_REVOKED, error=error)
