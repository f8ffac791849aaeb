"""Credentials: password and code.

A credential yields a member of staff and their private key; the rest of the code does not depend on its
kind. An identity provider (`provided_sign_in`) yields a key for one session.
"""

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from datetime import datetime
from typing import Protocol

from assistant.errors import NothingSaid, NotSaved, PasswordTooShort, ProofRefused, SealBroken, TextTooLong
from assistant.service.key_slots import key_slot
from assistant.service.staff.members import ProviderSession, SignedInStaff
from assistant.service.staff.security_log import SecurityEvent, log_event
from assistant.storage.database import Connection, Database
from assistant.storage.staff import (
    StoredStaff,
    StoredStaffKeySlot,
    find_staff,
    find_staff_named,
    find_staff_slot,
)
from assistant.storage.staff_credentials import StoredAuthenticatorApp, find_app, use_recovery_code, use_step
from assistant.value_class import value_class
from assistant.vault.key_stretching import Stretching
from assistant.vault.pepper import Pepper
from assistant.vault.second_factor import matching_step, open_app_secret, recovery_digests
from assistant.vault.staff_keys import PASSWORD, open_staff_slot

PASSWORD_LEAST = 12
PASSWORD_MOST = 200
NAME_MOST = 100
_NOBODYS_SALT = bytes(16)


@value_class
class Authenticated:
    """An authenticated member of staff."""

    staff_id: str
    private_key: bytes = field(repr=False)
    provider: ProviderSession | None = None
    """Set if an identity provider authenticated them; the private key is then this session's own."""
    salt: bytes | None = field(default=None, repr=False, compare=False)
    """The salt of the password they typed: a new password has another."""


class Credential(Protocol):
    """One attempt to authenticate. Raises `ProofRefused`."""

    async def prove(self) -> Authenticated: ...


@value_class
class _Known:
    """The database rows for a name."""

    member: StoredStaff | None = None
    slot: StoredStaffKeySlot | None = None
    app: StoredAuthenticatorApp | None = None


@value_class
class Passwords:
    """Authentication by name, password and code."""

    database: Database
    pepper: Pepper
    stretching: Stretching
    clock: Callable[[], datetime]

    def typed(self, name: str, password: str, code: str) -> Credential:
        """Build a credential from the typed form."""
        return _Typed(self, name, password, code)

    def typed_again(self, who: SignedInStaff, password: str, code: str) -> Credential:
        """Build a credential from what a person types who is signed in."""
        return _Typed(self, who.member.name, password, code, who.member.id, SecurityEvent.PROOF_FAILED)


@value_class
class _Typed:
    by: Passwords
    name: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    staff_id: str = ""
    """The account of a person who is signed in: another may have been given their name meanwhile."""
    failure: SecurityEvent = SecurityEvent.SIGN_IN_FAILED

    async def prove(self) -> Authenticated:
        """Authenticate. An unknown name takes as long as a known one. Raises `ProofRefused` and `TooBusy`."""
        if len(self.name) > NAME_MOST or len(self.password) > PASSWORD_MOST:
            raise ProofRefused  # before the expensive work: no one has a password this long
        known = await self.by.database.read(self._find)
        try:
            return await self._prove(known)
        except ProofRefused:
            await self._log_failure(known)
            raise

    async def _prove(self, known: _Known) -> Authenticated:
        salt = known.slot.salt if known.slot else _NOBODYS_SALT
        secret = await self.by.stretching.stretch(as_compared(self.password), salt=salt)
        if known.member is None or known.slot is None or known.app is None or known.member.disabled_at:
            raise ProofRefused
        try:
            private = open_staff_slot(self.by.pepper, key_slot(known.slot), secret)
        except SealBroken:
            raise ProofRefused from None
        await self._use_code(known.app)
        return Authenticated(known.member.id, private, salt=known.slot.salt)

    async def _log_failure(self, known: _Known) -> None:
        """Write the failure to the security log: the account if the name is known, never the typed name."""
        now, staff_id = self.by.clock(), known.member.id if known.member else ""
        with suppress(NotSaved):  # the operating log reports failing writes; the answer is the same
            await self.by.database.write(lambda c: log_event(c, self.failure, now, staff_id))

    def _find(self, connection: Connection) -> _Known:
        if self.staff_id:
            member = find_staff(connection, self.staff_id)
        else:
            member = find_staff_named(connection, folded(self.name))
        id_ = member.id if member else ""
        return _Known(member, find_staff_slot(connection, id_, PASSWORD), find_app(connection, id_))

    async def _use_code(self, app: StoredAuthenticatorApp) -> None:
        """Use up the code, so that it cannot be used again. Raises `ProofRefused`."""
        pepper, staff_id = self.by.pepper, app.staff_id
        secret = open_app_secret(pepper, app.pepper_version, app.sealed, staff_id)
        step = matching_step(secret, self.code, self.by.clock())
        digests, now = recovery_digests(pepper, self.code, staff_id), self.by.clock()

        def write(connection: Connection) -> bool:
            if step is not None:
                return use_step(connection, staff_id, step)
            is_good = use_recovery_code(connection, staff_id, *digests)
            if is_good:
                log_event(connection, SecurityEvent.RECOVERY_CODE_USED, now, staff_id)
            return is_good

        if not await self.by.database.write(write):
            raise ProofRefused


def folded(name: str) -> str:
    """Normalise a name for comparison, regardless of capitals and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def as_compared(password: str) -> str:
    """Normalise a password before stretching, so that all keyboards give the same bytes."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str) -> None:
    """Raise `PasswordTooShort` or `TextTooLong`. Only the length is checked: composition rules make no
    password better.
    """
    if len(as_compared(password)) < PASSWORD_LEAST:
        raise PasswordTooShort(PASSWORD_LEAST)
    if len(password) > PASSWORD_MOST:
        raise TextTooLong(len(password), PASSWORD_MOST)


def checked_name(name: str) -> str:
    """Return the name in its stored form. Raises `NothingSaid` and `TextTooLong`."""
    name = " ".join(name.split())
    if not name:
        raise NothingSaid().in_field("name")
    if len(name) > NAME_MOST:
        raise TextTooLong(len(name), NAME_MOST).in_field("name")
    return name
