"""Sessions of staff: begun by authentication, prolonged by use, ended after a time without use and at the
latest after a working day.

A session holds the private key, sealed under the cookie; neither is stored in the clear on the server. It
ends at once when the account is disabled or reset, because it is looked up in the database every time.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.errors import NotSaved, SealBroken, StaffSessionEnded
from assistant.languages import Language
from assistant.retention import RELEASED, Retention
from assistant.service.broadcast import Broadcast
from assistant.service.documents import read_back
from assistant.service.ended_sessions import EndedSessions
from assistant.service.staff.grant_revocations import GrantRevocations
from assistant.service.staff.held_grants import sealed_grant_of, take_grant_along
from assistant.service.staff.members import PROVED_FOR, ProviderSession, SignedInStaff
from assistant.service.staff.passwords import Authenticated
from assistant.service.staff.security_log import SecurityEvent, log_event
from assistant.service.staff.session_beginnings import is_way_in, provider_row
from assistant.service.staff.session_content import (
    StaffSessionContent,
    content_of,
    sealed_content,
    signed_in,
)
from assistant.storage.database import Connection, Database
from assistant.storage.provider_sign_in import add_provider_session
from assistant.storage.row_locks import lock_staff
from assistant.storage.staff import StoredStaff, find_staff
from assistant.storage.staff_devices import delete_staff_devices_of
from assistant.storage.staff_sessions import (
    StoredStaffSession,
    add_staff_session,
    delete_staff_session,
    delete_staff_sessions_expired,
    delete_staff_sessions_of,
    find_staff_session,
    prolong_staff_session,
    prove_staff_session,
    rewrite_staff_session,
)
from assistant.vault.session_keys import new_session_secret, session_index, unwrap_session
from assistant.vault.staff_keys import new_pair, public_of

_WORTH_WRITING = timedelta(minutes=1)


class SignIns:
    """Operations on sign-in sessions."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
        revocations: GrantRevocations,
        retention: Retention = RELEASED,
    ) -> None:
        self._retention = retention
        self._database = database
        self._clock = clock
        self._broadcast = broadcast
        self._revocations = revocations
        self._ended = EndedSessions(database, delete_staff_session)

    async def begin(
        self,
        proved: Authenticated,
        language: Language,
        *,
        recovery_codes: tuple[str, ...] = (),
        is_sign_in: bool = True,
    ) -> SignedInStaff:
        """Begin a session for an authenticated person. Raises `StaffSessionEnded` if the account was
        disabled or reset meanwhile, or its password changed. It is written to the security log if
        `is_sign_in`, but not if a session continues under a new cookie.
        """
        secret = new_session_secret()
        content = StaffSessionContent(
            staff_id=proved.staff_id,
            private_key=proved.private_key.hex(),
            language=language,
            recovery_codes=recovery_codes,
            provider=(proved.provider.subject.hex(), proved.provider.sid.hex()) if proved.provider else None,
            has_lasting_key=proved.provider is None,
        )
        # a password and a code are a proof; a provider may know the person without asking them anything
        until = None if proved.provider else self._clock() + PROVED_FOR
        return await self._begin(
            secret, content, proved.provider, is_sign_in=is_sign_in, proved_until=until, salt=proved.salt
        )

    async def begin_anew(self, who: SignedInStaff) -> SignedInStaff:
        """End every session of this person and begin a new one in this browser."""
        provider = await take_grant_along(self._database, self._clock, who)
        await self._database.write(lambda c: delete_staff_sessions_of(c, who.member.id))
        self._broadcast.tell_changed(who.member.id)
        content = content_of(replace(who, recovery_codes=(), links={}))
        until, secret = who.proved_until, new_session_secret()
        try:
            return await self._begin(secret, content, provider, is_sign_in=False, proved_until=until)
        except StaffSessionEnded:
            self._revocations.begin(provider.grant if provider else "")
            raise

    async def prove(self, who: SignedInStaff) -> SignedInStaff:
        """Remember for a few minutes that this person has just proved who they are."""
        index, until = session_index(who.secret), self._clock() + PROVED_FOR
        await self._database.write(lambda c: prove_staff_session(c, index, until))
        return replace(who, proved_until=until)

    def is_proved(self, who: SignedInStaff) -> bool:
        """Return whether this person proved lately, in this session, who they are."""
        return who.proved_until is not None and self._clock() < who.proved_until

    async def take_up(self, who: SignedInStaff, private_key: bytes, *, keeps_first: bool) -> SignedInStaff:
        """Use the lasting private key from now on. The session's first one still opens what was sealed to it
        if the session `keeps_first`: with nothing sealed to it yet, it need not.
        """
        first = who.draft_secret if keeps_first else None
        member = replace(who.member, public_key=public_of(private_key))
        changed = replace(who, member=member, private_key=private_key, has_lasting_key=True, day_key=first)
        return await self._rewrite(changed)

    async def give_up(self, who: SignedInStaff) -> SignedInStaff:
        """Go on with the session's own key, because the lasting one was deleted."""
        if not who.has_lasting_key:
            return who
        private_key = who.day_key or new_pair().private
        return await self._rewrite(replace(who, private_key=private_key, has_lasting_key=False, day_key=None))

    async def _begin(
        self,
        secret: str,
        content: StaffSessionContent,
        provider: ProviderSession | None,
        *,
        is_sign_in: bool,
        proved_until: datetime | None,
        salt: bytes | None = None,
    ) -> SignedInStaff:
        index, now, staff_id = session_index(secret), self._clock(), content.staff_id
        ends_at = provider.until if provider else now + self._retention.staff_longest
        sealed = sealed_content(secret, content)
        session = StoredStaffSession(
            index, staff_id, sealed, min(now + self._retention.staff_idle, ends_at), ends_at, proved_until
        )

        def write(connection: Connection) -> StoredStaff | None:
            lock_staff(connection, staff_id)  # disabling or resetting the account ends this session
            row = find_staff(connection, staff_id)
            if row is None or row.disabled_at is not None:
                return None
            if not is_way_in(connection, staff_id, salt, is_provided=provider is not None):
                return None
            add_staff_session(connection, session)
            if provider is not None:
                add_provider_session(connection, provider_row(secret, staff_id, provider, now))
            if is_sign_in:
                log_event(connection, SecurityEvent.SIGNED_IN, now, row.id)
            return row

        row = await self._database.write(write)
        if row is None:
            raise StaffSessionEnded
        return signed_in(row, content, secret, session)

    async def recognise(self, secret: str, *, prolong: bool = True) -> SignedInStaff:
        """Return the member of staff behind a cookie. Raises `StaffSessionEnded` if it belongs to no
        session.

        It prolongs the session. Streams and what they fetch do not; but the stream of an open review keeps
        the session alive.
        """
        index, now = session_index(secret), self._clock()

        def read(connection: Connection) -> tuple[StoredStaffSession, StoredStaff] | None:
            session = find_staff_session(connection, index, now)
            row = find_staff(connection, session.staff_id) if session else None
            return (session, row) if session and row else None

        found = await self._database.read(read)
        if found is None:
            await self._expire(secret)
        if found is None or index in self._ended:
            raise StaffSessionEnded
        session, row = found
        try:
            content = read_back(StaffSessionContent, unwrap_session(secret, session.sealed))
        except SealBroken:
            raise StaffSessionEnded from None
        until = min(now + self._retention.staff_idle, session.ends_at) if prolong else session.expires_at
        if until - session.expires_at >= _WORTH_WRITING:
            await self._database.write(lambda c: prolong_staff_session(c, index, until))
        return signed_in(row, content, secret, replace(session, expires_at=until))

    async def _expire(self, secret: str) -> None:
        """Revoke the refresh token of a session that has expired and that no sweep has deleted yet: this
        request has the cookie that opens it, perhaps for the last time.
        """
        index = session_index(secret)
        grant = await self._database.read(lambda c: sealed_grant_of(c, index))
        if grant is not None:
            with suppress(NotSaved):  # the sweep deletes it
                await self._database.write(lambda c: delete_staff_session(c, index))
            self._revocations.begin_sealed(secret, grant)

    async def sign_out(self, secret: str) -> None:
        """End this session, and clear the screens that are open in it. Raises `NotSaved` if the deletion
        could not be written. Then the session is rejected while the program runs, and deleted as soon as
        possible. Its refresh token is revoked afterwards.
        """
        index, now = session_index(secret), self._clock()
        found: StoredStaffSession | None = None
        grant: bytes | None = None

        def read(connection: Connection) -> tuple[StoredStaffSession | None, bytes | None]:
            return find_staff_session(connection, index, now), sealed_grant_of(connection, index)

        def write(connection: Connection) -> bytes | None:
            latest = sealed_grant_of(connection, index)
            delete_staff_session(connection, index)
            return latest

        try:
            found, grant = await self._database.read(read)
            grant = await self._database.write(write)
        except NotSaved:
            self._ended.add(index)
            raise
        finally:
            self._revocations.begin_sealed(secret, grant)
            if found is not None:
                self._broadcast.tell_changed(found.staff_id)

    async def end(self, index: bytes, staff_id: str, event: SecurityEvent) -> None:
        """End a session for this reason, and clear its screens. One that cannot be deleted is rejected."""
        now = self._clock()

        def write(connection: Connection) -> None:
            delete_staff_session(connection, index)
            log_event(connection, event, now, staff_id)

        try:
            await self._database.write(write)
        except NotSaved:
            self._ended.add(index)
        self._broadcast.tell_changed(staff_id)

    async def sign_out_everywhere(self, who: SignedInStaff) -> None:
        """End every session of this person, including this one, and forget the browsers they used. The
        refresh token of this one is revoked afterwards; only their own cookies open the others.
        """
        staff_id, now, index = who.member.id, self._clock(), session_index(who.secret)

        def write(connection: Connection) -> bytes | None:
            grant = sealed_grant_of(connection, index)
            delete_staff_sessions_of(connection, staff_id)
            delete_staff_devices_of(connection, staff_id)
            log_event(connection, SecurityEvent.SIGNED_OUT_EVERYWHERE, now, staff_id)
            return grant

        self._revocations.begin_sealed(who.secret, await self._database.write(write))
        self._broadcast.tell_changed(staff_id)

    async def speak(self, who: SignedInStaff, language: Language) -> SignedInStaff:
        """Change the language of the session."""
        return await self._rewrite(replace(who, language=language))

    async def show_once(
        self,
        who: SignedInStaff,
        *,
        recovery_codes: tuple[str, ...] | None = None,
        links: Mapping[str, str] | None = None,
    ) -> SignedInStaff:
        """Store in the session what its owner is shown once, and nowhere else."""
        codes = who.recovery_codes if recovery_codes is None else recovery_codes
        return await self._rewrite(replace(who, recovery_codes=codes, links=links or who.links))

    async def sweep(self, now: datetime) -> int:
        """Delete expired sessions; return how many."""
        await self._ended.delete_all()
        return await self._database.write(lambda c: delete_staff_sessions_expired(c, now))

    async def _rewrite(self, who: SignedInStaff) -> SignedInStaff:
        index, sealed = session_index(who.secret), sealed_content(who.secret, content_of(who))
        await self._database.write(lambda c: rewrite_staff_session(c, index, sealed))
        return who
