"""Sign-in at an identity provider: which account an identity is linked to, and the end of its sessions.

An account is linked in one of two ways, so that both sign-ins are provably the same person's: by the one-time
link that an administrator hands over, or from a session begun with password and code. A linked account has
no second factor here any more, so its password opens no session: it only opens what is sent ahead
(`key_passwords`).

The database has digests of identities under the pepper, and no private key: a session begins with a new key
pair, which only the cookie opens. It is gone with the session, and so is what was sealed to it.
"""

from collections.abc import Callable
from dataclasses import field
from datetime import datetime, timedelta

from assistant.errors import LinkedElsewhere, NotLinked, SealBroken, SecretUnknown, StaffSessionEnded
from assistant.service.broadcast import Broadcast
from assistant.service.staff.account_changes import new_change
from assistant.service.staff.account_setup import AccountSetups
from assistant.service.staff.members import PROVED_FOR, ProviderSession, SignedInStaff
from assistant.service.staff.passwords import Authenticated, checked_name, folded
from assistant.service.staff.security_log import SecurityEvent, log_event
from assistant.storage.database import Connection, Database
from assistant.storage.provider_sign_in import (
    add_visit,
    delete_visits_expired,
    end_provider_sessions,
    find_identity,
    find_visit,
    put_identity,
    take_visit,
)
from assistant.storage.row_locks import lock_staff
from assistant.storage.staff import find_staff, rename_staff
from assistant.storage.staff_changes import add_staff_change
from assistant.storage.staff_credentials import delete_app, delete_link, find_link, put_recovery_codes
from assistant.storage.staff_sessions import delete_staff_sessions_of, find_staff_session
from assistant.value_class import value_class
from assistant.vault.key_slots import indexes_of
from assistant.vault.pepper import Pepper
from assistant.vault.provider_keys import identity_digests, session_digests
from assistant.vault.session_keys import (
    new_session_secret,
    proof_index,
    session_index,
    unwrap_session,
    wrap_session,
)
from assistant.vault.staff_keys import new_pair

VISIT_FOR = timedelta(minutes=10)
"""How long a person has to sign in at the provider."""


@value_class
class ProvidedIdentity:
    """A person as the provider identified them."""

    issuer: str
    identity: str = field(repr=False)
    """The claim by which accounts are linked."""
    subject: str = field(repr=False)
    sid: str = field(repr=False)
    """The provider's id of its session; empty if it gave none."""
    grant: str = field(default="", repr=False)
    """What later checks at the provider need; empty if it gave no refresh token."""


class ProvidedSignIns:
    """Operations of sign-in at an identity provider."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        setups: AccountSetups,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._setups = setups
        self._clock = clock
        self._broadcast = broadcast

    async def keep(self, content: str) -> str:
        """Keep what a sign-in needs when the browser comes back; return the value of its cookie."""
        secret, until = new_session_secret(), self._clock() + VISIT_FOR
        sealed = wrap_session(secret, content.encode())
        await self._database.write(lambda c: add_visit(c, session_index(secret), sealed, until))
        return secret

    async def look(self, secret: str) -> str:
        """Return what was kept, and keep it. Raises `SecretUnknown`."""
        index, now = session_index(secret), self._clock()
        sealed = await self._database.read(lambda c: find_visit(c, index, now))
        try:
            return unwrap_session(secret, sealed or b"").decode()
        except SealBroken:
            raise SecretUnknown from None

    async def take(self, secret: str) -> str:
        """Return what was kept, once. Raises `SecretUnknown` also for a visit that was used."""
        content = await self.look(secret)
        if not await self._database.write(lambda c: take_visit(c, session_index(secret))):
            raise SecretUnknown
        return content

    async def sign_in(self, person: ProvidedIdentity, lasts: timedelta) -> Authenticated:
        """Return the member of staff whose account is linked, with a key pair for this session.

        Raises `NotLinked`, also for a disabled account.
        """
        staff_id = await self._database.read(lambda c: self._account_of(c, person))
        if staff_id is None:
            await self._log_failure()
            raise NotLinked
        return self._authenticated(staff_id, person, lasts)

    async def link_by_invitation(
        self, typed: str, name: str, person: ProvidedIdentity, lasts: timedelta
    ) -> Authenticated:
        """Link the account of a one-time link to this person, and use up the link.

        Raises `SecretUnknown`, `LinkedElsewhere`, and refusals for the first administrator's name.
        """
        row, link = await self._setups.behind(typed)
        name, now = row.name or checked_name(name), self._clock()

        def write(connection: Connection) -> None:
            if find_link(connection, indexes_of(self._pepper, link), now) != row.id:
                raise SecretUnknown
            if row.name or rename_staff(connection, row.id, name, folded(name)):
                delete_link(connection, row.id)
                self._link(connection, row.id, person, now)
            else:
                raise SecretUnknown  # the first administrator took the name of an account made meanwhile

        await self._database.write(write)
        return self._authenticated(row.id, person, lasts)

    async def link_own(
        self, staff_id: str, session: str, person: ProvidedIdentity, lasts: timedelta
    ) -> Authenticated:
        """Link the account of a person who is signed in, and end the sessions that began with the password:
        the provider could not end them. Raises `LinkedElsewhere`, and `StaffSessionEnded` if the session that
        asked for it has ended.
        """
        now = self._clock()

        def write(connection: Connection) -> None:
            lock_staff(connection, staff_id)  # a password may be on its way to a session
            self._check_open(connection, staff_id, session, now)
            row = find_staff(connection, staff_id)
            if row is None or row.disabled_at is not None:
                raise StaffSessionEnded
            self._link(connection, staff_id, person, now)
            add_staff_change(connection, new_change(staff_id, now, "linked", row.roles))
            delete_staff_sessions_of(connection, staff_id)

        await self._database.write(write)
        self._broadcast.tell_changed(staff_id)
        return self._authenticated(staff_id, person, lasts)

    async def prove(self, staff_id: str, session: str, person: ProvidedIdentity) -> None:
        """Remember for a few minutes, for one session, that its owner signed in at the provider anew.

        Raises `NotLinked` if someone else did, and `StaffSessionEnded` if the session has ended.
        """
        index, now = proof_index(bytes.fromhex(session)), self._clock()

        def write(connection: Connection) -> bool:
            self._check_open(connection, staff_id, session, now)
            if self._account_of(connection, person) != staff_id:
                log_event(connection, SecurityEvent.PROOF_FAILED, now, staff_id)
                return False
            take_visit(connection, index)  # an earlier proof
            return add_visit(connection, index, b"", now + PROVED_FOR)

        if not await self._database.write(write):
            raise NotLinked

    async def is_proved(self, who: SignedInStaff) -> bool:
        """Return whether this person signed in at the provider anew, lately, for this session."""
        index, now = proof_index(session_index(who.secret)), self._clock()
        return await self._database.read(lambda c: find_visit(c, index, now)) is not None

    @staticmethod
    def bound_to(who: SignedInStaff) -> str:
        """Return what binds a visit to the session in which it begins."""
        return session_index(who.secret).hex()

    async def end_sessions(self, issuer: str, subject: str, sid: str, token_id: str) -> bool:
        """End the sessions that a logout token names; False for a token that was used before."""
        pepper, now = self._pepper, self._clock()
        used = session_digests(pepper, issuer, f"token {token_id}")[0]
        subjects = session_digests(pepper, issuer, f"subject {subject}") if subject else ()
        sids = session_digests(pepper, issuer, f"sid {sid}") if sid else ()

        def write(connection: Connection) -> set[str] | None:
            if not add_visit(connection, used, b"", now + VISIT_FOR):
                return None
            ended = end_provider_sessions(connection, subjects, sids)
            for staff_id in ended:
                log_event(connection, SecurityEvent.SIGNED_OUT_BY_PROVIDER, now, staff_id)
            return ended

        ended = await self._database.write(write)
        for staff_id in ended or ():
            self._broadcast.tell_changed(staff_id)  # open screens go blank at once
        return ended is not None

    async def sweep(self, now: datetime) -> int:
        """Delete sign-ins that were not finished; return how many."""
        return await self._database.write(lambda c: delete_visits_expired(c, now))

    def _account_of(self, connection: Connection, person: ProvidedIdentity) -> str | None:
        """Return the account that is linked to this person, unless it is disabled."""
        staff_id = find_identity(connection, identity_digests(self._pepper, person.issuer, person.identity))
        row = find_staff(connection, staff_id) if staff_id else None
        return row.id if row is not None and row.disabled_at is None else None

    def _check_open(self, connection: Connection, staff_id: str, session: str, now: datetime) -> None:
        found = find_staff_session(connection, bytes.fromhex(session), now)
        if found is None or found.staff_id != staff_id:
            raise StaffSessionEnded

    def _link(self, connection: Connection, staff_id: str, person: ProvidedIdentity, now: datetime) -> None:
        lookups = identity_digests(self._pepper, person.issuer, person.identity)
        if find_identity(connection, lookups) not in (None, staff_id):
            raise LinkedElsewhere
        put_identity(connection, staff_id, lookups[0], self._pepper.now().version)
        delete_app(connection, staff_id)
        put_recovery_codes(connection, staff_id, ())
        log_event(connection, SecurityEvent.ACCOUNT_LINKED, now, staff_id)

    def _authenticated(self, staff_id: str, person: ProvidedIdentity, lasts: timedelta) -> Authenticated:
        subject = session_digests(self._pepper, person.issuer, f"subject {person.subject}")[0]
        sid = session_digests(self._pepper, person.issuer, f"sid {person.sid}")[0] if person.sid else b""
        provider = ProviderSession(subject, sid, self._clock() + lasts, person.grant)
        return Authenticated(staff_id, new_pair().private, provider)

    async def _log_failure(self) -> None:
        now = self._clock()
        await self._database.write(lambda c: log_event(c, SecurityEvent.SIGN_IN_FAILED, now, ""))
