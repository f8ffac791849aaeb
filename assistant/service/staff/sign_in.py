"""Sessions of staff: begun by authentication, prolonged by use, ended after a time without use and at the
latest after a working day.

A session holds the private key, sealed under the cookie; neither is stored in the clear on the server. It
ends at once when the account is disabled or reset, because it is looked up in the database every time.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from pydantic import Field
from pydantic_core import to_json

from assistant.engine.conversation import StoredModel
from assistant.errors import NotSaved, SealBroken, StaffSessionEnded
from assistant.languages import Language
from assistant.meetings.permissions import Role
from assistant.retention import RELEASED, Retention
from assistant.service.broadcast import Broadcast
from assistant.service.ended_sessions import EndedSessions
from assistant.service.staff.members import ProviderSession, SignedInStaff, StaffMember
from assistant.service.staff.passwords import Authenticated
from assistant.service.staff.security_log import SecurityEvent, log_event
from assistant.storage.database import Connection, Database
from assistant.storage.provider_sign_in import StoredProviderSession, add_provider_session
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
    rewrite_staff_session,
)
from assistant.vault.session_keys import new_session_secret, session_index, unwrap_session, wrap_session
from assistant.vault.staff_keys import new_pair, public_of

_WORTH_WRITING = timedelta(minutes=1)


class _StaffSessionContent(StoredModel):
    """The content of a session, sealed under its cookie."""

    staff_id: str
    private_key: str
    language: Language
    recovery_codes: tuple[str, ...] = ()
    links: dict[str, str] = Field(default_factory=dict)
    provider: tuple[str, str] | None = None
    """The digests of the session at the identity provider."""
    has_lasting_key: bool = True
    day_key: str = ""


class SignIns:
    """Operations on sign-in sessions."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
        retention: Retention = RELEASED,
    ) -> None:
        self._retention = retention
        self._database = database
        self._clock = clock
        self._broadcast = broadcast
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
        disabled meanwhile. It is written to the security log if `is_sign_in`, but not if a session continues
        under a new cookie.
        """
        secret = new_session_secret()
        content = _StaffSessionContent(
            staff_id=proved.staff_id,
            private_key=proved.private_key.hex(),
            language=language,
            recovery_codes=recovery_codes,
            provider=(proved.provider.subject.hex(), proved.provider.sid.hex()) if proved.provider else None,
            has_lasting_key=proved.provider is None,
        )
        return await self._begin(secret, content, proved.provider, is_sign_in=is_sign_in)

    async def begin_anew(self, who: SignedInStaff) -> SignedInStaff:
        """End every session of this person and begin a new one in this browser."""
        await self._database.write(lambda c: delete_staff_sessions_of(c, who.member.id))
        self._broadcast.tell_changed(who.member.id)
        content = _content(replace(who, recovery_codes=(), links={}))
        return await self._begin(new_session_secret(), content, who.provider, is_sign_in=False)

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
        content: _StaffSessionContent,
        provider: ProviderSession | None,
        *,
        is_sign_in: bool,
    ) -> SignedInStaff:
        index, now, staff_id = session_index(secret), self._clock(), content.staff_id
        ends_at = provider.until if provider else now + self._retention.staff_longest
        sealed = _sealed(secret, content)
        session = StoredStaffSession(
            index, staff_id, sealed, min(now + self._retention.staff_idle, ends_at), ends_at
        )

        def write(connection: Connection) -> StoredStaff | None:
            lock_staff(connection, staff_id)  # disabling or resetting the account ends this session
            row = find_staff(connection, staff_id)
            if row is None or row.disabled_at is not None:
                return None
            add_staff_session(connection, session)
            if provider is not None:
                origin = StoredProviderSession(index, staff_id, provider.subject, provider.sid)
                add_provider_session(connection, origin)
            if is_sign_in:
                log_event(connection, SecurityEvent.SIGNED_IN, now, row.id)
            return row

        row = await self._database.write(write)
        if row is None:
            raise StaffSessionEnded
        return _signed_in(row, content, secret, session.expires_at, session.ends_at)

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
        if found is None or index in self._ended:
            raise StaffSessionEnded
        session, row = found
        try:
            content = _StaffSessionContent.model_validate_json(unwrap_session(secret, session.sealed))
        except SealBroken:
            raise StaffSessionEnded from None
        until = min(now + self._retention.staff_idle, session.ends_at) if prolong else session.expires_at
        if until - session.expires_at >= _WORTH_WRITING:
            await self._database.write(lambda c: prolong_staff_session(c, index, until))
        return _signed_in(row, content, secret, until, session.ends_at)

    async def sign_out(self, secret: str) -> None:
        """End this session, and clear the screens that are open in it. Raises `NotSaved` if the deletion
        could not be written. Then the session is rejected while the program runs, and deleted as soon as
        possible.
        """
        index, now = session_index(secret), self._clock()
        found: StoredStaffSession | None = None
        try:
            found = await self._database.read(lambda c: find_staff_session(c, index, now))
            await self._database.write(lambda c: delete_staff_session(c, index))
        except NotSaved:
            self._ended.add(index)
            raise
        finally:
            if found is not None:
                self._broadcast.tell_changed(found.staff_id)

    async def sign_out_everywhere(self, who: SignedInStaff) -> None:
        """End every session of this person, including this one, and forget the browsers they used."""
        staff_id, now = who.member.id, self._clock()

        def write(connection: Connection) -> None:
            delete_staff_sessions_of(connection, staff_id)
            delete_staff_devices_of(connection, staff_id)
            log_event(connection, SecurityEvent.SIGNED_OUT_EVERYWHERE, now, staff_id)

        await self._database.write(write)
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
        index, sealed = session_index(who.secret), _sealed(who.secret, _content(who))
        await self._database.write(lambda c: rewrite_staff_session(c, index, sealed))
        return who


def as_member(row: StoredStaff) -> StaffMember:
    """Build the member of staff from a row."""
    return StaffMember(row.id, row.name, cast(frozenset[Role], row.roles), row.public_key)


def _content(who: SignedInStaff) -> _StaffSessionContent:
    return _StaffSessionContent(
        staff_id=who.member.id,
        private_key=who.private_key.hex(),
        language=who.language,
        recovery_codes=who.recovery_codes,
        links=dict(who.links),
        provider=(who.provider.subject.hex(), who.provider.sid.hex()) if who.provider else None,
        has_lasting_key=who.has_lasting_key,
        day_key=who.day_key.hex() if who.day_key else "",
    )


def _sealed(secret: str, content: _StaffSessionContent) -> bytes:
    return wrap_session(secret, to_json(content))


def _signed_in(
    row: StoredStaff, content: _StaffSessionContent, secret: str, until: datetime, ends_at: datetime
) -> SignedInStaff:
    return SignedInStaff(
        member=as_member(row),
        private_key=bytes.fromhex(content.private_key),
        secret=secret,
        language=content.language,
        until=until,
        ends_at=ends_at,
        recovery_codes=content.recovery_codes,
        links=content.links,
        provider=_provider_session(content, ends_at),
        has_lasting_key=content.has_lasting_key,
        day_key=bytes.fromhex(content.day_key) or None,
    )


def _provider_session(content: _StaffSessionContent, ends_at: datetime) -> ProviderSession | None:
    if content.provider is None:
        return None
    subject, sid = map(bytes.fromhex, content.provider)
    return ProviderSession(subject, sid, ends_at)
