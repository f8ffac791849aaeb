"""Set up an account by one-time link: a password, an authenticator app and recovery codes.

Only this module creates an account's key pair.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from datetime import datetime

from assistant.errors import (
    CodeRefused,
    NameTaken,
    NothingToTry,
    NotSaved,
    PasswordNotSame,
    ProofRefused,
    SealBroken,
    SecretUnknown,
    StaffSessionEnded,
)
from assistant.service.key_slots import for_staff, key_slot
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passwords import (
    PASSWORD_MOST,
    Authenticated,
    as_compared,
    check_password,
    checked_name,
    folded,
)
from assistant.service.staff.security_log import SecurityEvent, log_event
from assistant.storage.database import Connection, Database
from assistant.storage.row_locks import lock_staff
from assistant.storage.staff import (
    StoredStaff,
    StoredStaffKeySlot,
    change_public_key,
    find_staff,
    find_staff_slot,
    put_staff_slot,
    rename_staff,
)
from assistant.storage.staff_credentials import (
    StoredAuthenticatorApp,
    count_recovery_codes,
    find_link,
    put_app,
    put_recovery_codes,
    use_link,
)
from assistant.storage.staff_sessions import delete_staff_sessions_but
from assistant.value_class import value_class
from assistant.vault.key_slots import indexes_of, read_links, spell_link
from assistant.vault.key_stretching import Stretching
from assistant.vault.pepper import Pepper
from assistant.vault.second_factor import (
    enrolment_address,
    hand_over,
    matching_step,
    new_app_secret,
    new_recovery_codes,
    recovery_digest,
    seal_app_secret,
    secret_in_groups,
    take_back,
)
from assistant.vault.session_keys import session_index
from assistant.vault.staff_keys import (
    PASSWORD,
    make_staff_slot,
    new_pair,
    new_salt,
    open_staff_slot,
)

ISSUER = "Før møtet"


@value_class
class AccountSetup:
    """The account of a one-time link."""

    name: str
    """Empty for the first administrator, who chooses their own name."""
    secret: str = field(repr=False)
    """The secret to type into the authenticator app."""
    address: str = field(repr=False)
    """The `otpauth:` URI for the QR code."""
    handed: str = field(repr=False)
    """The secret, encrypted for a hidden form field."""
    link: str = field(repr=False)
    """The link, without text around it."""


@value_class
class AccountSetupTyped:
    """The form for setting up an account by one-time link."""

    name: str
    password: str = field(repr=False)
    again: str = field(repr=False)
    code: str = field(repr=False)


@value_class
class NewPassword:
    """The form for changing a password."""

    password: str = field(repr=False)
    new: str = field(repr=False)
    again: str = field(repr=False)


class AccountSetups:
    """Operations for setting up an account."""

    def __init__(
        self, database: Database, pepper: Pepper, stretching: Stretching, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._stretching = stretching
        self._clock = clock

    async def welcome(self, typed: str) -> AccountSetup:
        """Return the account behind a one-time link, with a new authenticator secret. Raises
        `SecretUnknown`.
        """
        row, link = await self.behind(typed)
        return self._welcome(row.name, link, new_app_secret())

    async def welcome_again(self, typed: str, handed: str) -> AccountSetup:
        """Return the account again, with the authenticator secret from the form. Raises `SecretUnknown`."""
        row, link = await self.behind(typed)
        return self._welcome(row.name, link, self._taken_back(handed, link))

    async def settle(
        self, typed: str, handed: str, chosen: AccountSetupTyped
    ) -> tuple[Authenticated, tuple[str, ...]]:
        """Set up the account and use up the link. Return the member of staff and their recovery codes.
        Raises `SecretUnknown` for the link, and refusals for the form.
        """
        row, link = await self.behind(typed)
        app_secret = self._taken_back(handed, link)
        name = row.name or checked_name(chosen.name)
        check_password(chosen.password)
        if as_compared(chosen.password) != as_compared(chosen.again):
            raise PasswordNotSame().in_field("again")
        step = matching_step(app_secret, chosen.code, self._clock())
        if step is None:
            raise CodeRefused().in_field("code")
        pair, codes = new_pair(), new_recovery_codes()
        slot = await self.slot(row.id, chosen.password, pair.private)
        pepper, now = self._pepper.now(), self._clock()
        sealed = seal_app_secret(pepper, app_secret, row.id)
        digests = [recovery_digest(pepper, code, row.id) for code in codes]

        def write(connection: Connection) -> None:
            # another request may have used the link while the password was being stretched
            if use_link(connection, indexes_of(self._pepper, link), now) != row.id:
                raise SecretUnknown
            lock_staff(connection, row.id)
            if not rename_staff(connection, row.id, name, folded(name)):
                raise NameTaken().in_field("name")
            put_staff_slot(connection, slot)
            change_public_key(connection, row.id, pair.public)
            put_app(connection, StoredAuthenticatorApp(row.id, pepper.version, sealed, step))
            put_recovery_codes(connection, row.id, digests, pepper.version)
            log_event(connection, SecurityEvent.ACCOUNT_SET_UP, now, row.id)

        await self._database.write(write)
        return Authenticated(row.id, pair.private), codes

    async def change_password(self, who: SignedInStaff, typed: NewPassword) -> None:
        """Change the password, keep the key pair, and end the person's other sessions in the same write.
        Raises `ProofRefused`, `TooBusy` and refusals.
        """
        check_password(typed.new)
        if as_compared(typed.new) != as_compared(typed.again):
            raise PasswordNotSame().in_field("again")
        staff_id = who.member.id
        row = await self._database.read(lambda c: find_staff_slot(c, staff_id, PASSWORD))
        if row is None or len(typed.password) > PASSWORD_MOST:
            raise ProofRefused
        secret = await self._stretching.stretch(as_compared(typed.password), salt=row.salt)
        try:
            private_key = open_staff_slot(self._pepper, key_slot(row), secret)
        except SealBroken:
            await self._log_failure(staff_id)
            raise ProofRefused from None
        slot, now = await self.slot(staff_id, typed.new, private_key), self._clock()
        index = session_index(who.secret)

        def write(connection: Connection) -> None:
            # a reset meanwhile has ended this session and deleted its key pair
            lock_staff(connection, staff_id)
            found = find_staff_slot(connection, staff_id, PASSWORD)
            if found is None or found.id != row.id:
                raise StaffSessionEnded
            put_staff_slot(connection, slot)
            delete_staff_sessions_but(connection, staff_id, index)
            log_event(connection, SecurityEvent.PASSWORD_CHANGED, now, staff_id)

        await self._database.write(write)

    async def _log_failure(self, staff_id: str) -> None:
        now = self._clock()
        with suppress(NotSaved):  # the operating log reports failing writes; the answer is the same
            await self._database.write(
                lambda c: log_event(c, SecurityEvent.PASSWORD_CHANGE_FAILED, now, staff_id)
            )

    async def renew_recovery_codes(self, staff_id: str) -> tuple[str, ...]:
        """Make new recovery codes; the old ones stop working."""
        codes, pepper = new_recovery_codes(), self._pepper.now()
        digests = [recovery_digest(pepper, code, staff_id) for code in codes]
        now = self._clock()

        def write(connection: Connection) -> None:
            lock_staff(connection, staff_id)
            put_recovery_codes(connection, staff_id, digests, pepper.version)
            log_event(connection, SecurityEvent.RECOVERY_CODES_MADE, now, staff_id)

        await self._database.write(write)
        return codes

    async def recovery_codes_left(self, staff_id: str) -> int:
        """Return the number of unused recovery codes."""
        return await self._database.read(lambda c: count_recovery_codes(c, staff_id))

    async def behind(self, typed: str) -> tuple[StoredStaff, bytes]:
        """Return the account of a typed link, and the link's secret. Raises `SecretUnknown`."""
        links, now = read_links(typed), self._clock()
        if not links:
            raise NothingToTry

        def read(connection: Connection) -> tuple[StoredStaff, bytes]:
            for link in links:
                staff_id = find_link(connection, indexes_of(self._pepper, link), now)
                row = find_staff(connection, staff_id) if staff_id else None
                if row is not None and row.disabled_at is None:
                    return row, link
            raise SecretUnknown

        return await self._database.read(read)

    def _welcome(self, name: str, link: bytes, app_secret: bytes) -> AccountSetup:
        handed = hand_over(self._pepper, app_secret, link)
        address = enrolment_address(app_secret, name or "administrator", ISSUER)
        return AccountSetup(name, secret_in_groups(app_secret), address, handed, spell_link(link))

    def _taken_back(self, handed: str, link: bytes) -> bytes:
        try:
            return take_back(self._pepper, handed, link)
        except SealBroken:
            raise SecretUnknown from None

    async def slot(self, staff_id: str, password: str, private_key: bytes) -> StoredStaffKeySlot:
        """Return the slot by which this password opens this private key. Raises `TooBusy`."""
        salt = new_salt()
        secret = await self._stretching.stretch(as_compared(password), salt=salt)
        slot = make_staff_slot(self._pepper, PASSWORD, secret, staff_id, private_key, salt=salt)
        return for_staff(slot)
