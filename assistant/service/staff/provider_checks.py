"""Ask the identity provider again whether it still vouches for a person whose session began there.

A request of that person asks, when some minutes have passed since the last answer, by using the session's
refresh token. The provider's refusal ends the session. Without an answer the session goes on for a while
(`GRACE`): an outage must not lock people out of a meeting.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal, Protocol

from assistant.errors import (
    EndedByProvider,
    GrantEnded,
    NotConfirmed,
    NotSaved,
    ProviderRefused,
    ProviderUnreachable,
    SealBroken,
    StaffSessionEnded,
)
from assistant.events import Event, note
from assistant.service.staff.grant_revocations import GrantRevocations
from assistant.service.staff.held_grants import ASKED_FOR, CLAIM_FOR, LOOK_EVERY, opened_grant, sealed_grant
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.security_log import SecurityEvent
from assistant.storage.database import Connection, Database
from assistant.storage.provider_grants import (
    claim_grant,
    confirm_session,
    find_provider_session,
    keep_grant,
    put_off_check,
)
from assistant.storage.provider_sign_in import StoredProviderSession
from assistant.vault.pepper import Pepper
from assistant.vault.provider_keys import session_digests
from assistant.vault.session_keys import session_index

PATIENCE = 5.0
"""Seconds that a request waits for the answer. Then it goes on, and the answer counts from the next one."""
AGAIN_AFTER = timedelta(minutes=1)
"""How long a provider without an answer is left alone."""
GRACE = timedelta(hours=2)
"""How long after the provider's last answer a session goes on without a new one: longer than a meeting, and
much shorter than a working day.
"""
Outcome = Literal["confirmed", "ended", "unanswered", "not_confirmed"]
Ends = Callable[[bytes, str, SecurityEvent], Awaitable[None]]


class VouchingProvider(Protocol):
    """The identity provider, as far as a check needs it."""

    async def refresh(self, kept: str) -> tuple[str, object]:
        """Use the refresh token; return what to keep from now on, and an ID token or None."""

    async def subject_again(self, token: object) -> str:
        """Return the subject of an ID token that came with a refresh."""


class ProviderChecks:
    """Checks of sessions that began at the provider."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        clock: Callable[[], datetime],
        end_session: Ends,
        revocations: GrantRevocations,
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._clock = clock
        self._end_session = end_session
        self._revocations = revocations
        self._under_way: dict[bytes, asyncio.Task[Outcome]] = {}
        self.outcomes: Counter[str] = Counter()
        """How often each outcome occurred, for the metrics."""

    async def check(
        self, who: SignedInStaff, issuer: str, provider: VouchingProvider, every: timedelta
    ) -> None:
        """Ask the provider if its last answer is older than `every`.

        Raises `EndedByProvider` if it refused the person, `NotConfirmed` if it has not answered for too long,
        and `StaffSessionEnded` if the session ended meanwhile.
        """
        if who.provider is None:
            return
        index = session_index(who.secret)
        row = await self._database.read(lambda c: find_provider_session(c, index))
        if not self._is_due(row, every):
            return
        now = self._clock()
        until = now + CLAIM_FOR
        if row is not None and row.ask_at is not None and row.ask_at <= now:
            taken = await self._database.write(lambda c: claim_grant(c, index, now, until))
            if taken is not None:
                task = asyncio.create_task(self._ask(who.secret, taken, issuer, provider))
                self._under_way[index] = task
                task.add_done_callback(lambda _: self._under_way.pop(index, None))
        await self._wait_for_answer(index, every)

    async def finish(self) -> None:
        """Wait for answers that are under way: a token that they bring must not be lost."""
        if self._under_way:
            await asyncio.wait(list(self._under_way.values()), timeout=PATIENCE)

    def _is_due(self, row: StoredProviderSession | None, every: timedelta) -> bool:
        """Return whether the last answer is too old. Raises `StaffSessionEnded` without a session."""
        if row is None:
            raise StaffSessionEnded
        return (
            row.grant_sealed is not None
            and row.confirmed_at is not None
            and self._clock() - row.confirmed_at >= every
        )

    async def _wait_for_answer(self, index: bytes, every: timedelta) -> None:
        """Wait for a request that asks, in this process or in another, but not for long."""
        task = self._under_way.get(index)
        if task is not None:
            done, _ = await asyncio.wait({task}, timeout=PATIENCE)
            outcome = task.result() if done else "unanswered"
            if outcome == "ended":
                raise EndedByProvider
            if outcome == "not_confirmed":
                raise NotConfirmed
            return
        for _ in range(int(PATIENCE / LOOK_EVERY)):
            row = await self._database.read(lambda c: find_provider_session(c, index))
            if not self._is_due(row, every):
                return
            if row is None or not row.is_asked or row.ask_at is None or row.ask_at <= self._clock():
                return
            await asyncio.sleep(LOOK_EVERY)

    async def _ask(
        self, secret: str, row: StoredProviderSession, issuer: str, provider: VouchingProvider
    ) -> Outcome:
        """Ask the provider, write its answer, and return the outcome."""
        try:
            outcome = await self._answer(secret, row, issuer, provider)
        except (ProviderUnreachable, TimeoutError, NotSaved):
            outcome = "unanswered"
        except ProviderRefused as refused:  # it refuses this server, not the person
            note(Event.PROVIDER_REFUSED, check=refused.check)
            outcome = "unanswered"
        except (GrantEnded, SealBroken):
            outcome = "ended"
        if outcome == "unanswered":
            outcome = await self._without_answer(secret, row)
        if outcome == "ended":
            await self._end_session(row.session, row.staff_id, SecurityEvent.ENDED_BY_PROVIDER)
        elif outcome == "not_confirmed":
            await self._end_session(row.session, row.staff_id, SecurityEvent.NOT_CONFIRMED_BY_PROVIDER)
        self.outcomes[outcome] += 1
        return outcome

    async def _answer(
        self, secret: str, row: StoredProviderSession, issuer: str, provider: VouchingProvider
    ) -> Outcome:
        assert row.grant_sealed is not None, "only a session with a token is claimed"
        assert row.ask_at is not None, "claimed"
        session, claim = row.session, row.ask_at
        async with asyncio.timeout(ASKED_FOR.total_seconds()):  # an answer that came is always written
            kept, token = await provider.refresh(opened_grant(secret, row.grant_sealed))
        sealed = sealed_grant(secret, kept)
        assert sealed is not None, "the grant has a token"

        def write(connection: Connection) -> bool:
            return keep_grant(connection, session, claim, sealed) or (
                find_provider_session(connection, session) is not None
            )

        # before anything else is asked: the provider may not take the old token again
        if not await self._database.write(write):  # signed out meanwhile, with the old token
            self._revocations.begin(kept)
            return "confirmed"
        if token is not None and not await self._is_same_person(token, row, issuer, provider):
            self._revocations.begin(kept)
            raise GrantEnded
        now = self._clock()
        await self._database.write(lambda c: confirm_session(c, session, claim, now))
        return "confirmed"

    async def _is_same_person(
        self, token: object, row: StoredProviderSession, issuer: str, provider: VouchingProvider
    ) -> bool:
        try:
            async with asyncio.timeout(ASKED_FOR.total_seconds()):
                subject = await provider.subject_again(token)
        except ProviderRefused as refused:
            note(Event.PROVIDER_REFUSED, check=refused.check)
            return False
        if row.subject not in session_digests(self._pepper, issuer, f"subject {subject}"):
            note(Event.PROVIDER_REFUSED, check="sub")
            return False
        return True

    async def _without_answer(self, secret: str, row: StoredProviderSession) -> Outcome:
        """Leave the provider alone for a while, or give the session up if that has lasted too long."""
        now, claim = self._clock(), row.ask_at
        assert claim is not None, "claimed"
        if row.confirmed_at is None or now - row.confirmed_at >= GRACE:
            self._revocations.begin_sealed(secret, row.grant_sealed)
            return "not_confirmed"
        with suppress(NotSaved):  # the claim ends by itself
            await self._database.write(lambda c: put_off_check(c, row.session, claim, now + AGAIN_AFTER))
        return "unanswered"
