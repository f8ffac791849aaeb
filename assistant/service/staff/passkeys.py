"""Passkeys: what opens the lasting key with a finger, a face or a PIN instead of a key password.

A passkey signs no one in. Its answer to a salt (WebAuthn, the extension `prf`) is a secret of 32 bytes that
only this passkey gives, only on a page of this host, and only after the person has proved themselves to it.
The secret opens a slot as a password does; it is random, so it is not stretched. It is not stored. Whether
it is right shows when the slot opens, so no signature is checked; DECISIONS.md says why that is enough.
"""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import datetime

from assistant.errors import NotSaved, ProofRefused, Refusal, SealBroken, TextTooLong
from assistant.service.key_slots import for_staff, key_slot
from assistant.service.staff.lasting_keys import LastingKeys, keep_key
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passwords import NAME_MOST
from assistant.service.staff.security_log import SecurityEvent, log_event
from assistant.storage.database import Connection, Database
from assistant.storage.passkeys import StoredPasskey, add_passkey, list_passkeys
from assistant.storage.staff import find_staff_slot
from assistant.value_class import value_class
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import PASSKEY_SECRET, make_staff_slot, open_staff_slot, passkey_kind

PASSKEYS_MOST = 10
_CREDENTIAL_MOST = 1023
"""Bytes of a credential id, at most (WebAuthn Level 3)."""


class PasskeyUnread(Refusal):
    """The form carries no answer of a passkey: its script did not run, or was stopped."""


class PasskeyUnknown(Refusal):
    """The passkey is not one of this account's: it was removed, or belongs to another account."""


class TooManyPasskeys(Refusal):
    """The account has as many passkeys as it may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the limit is {limit} passkeys")
        self.limit = limit


@value_class
class Passkey:
    """A passkey as its owner sees it, and as a browser asks it; bytes are spelled in base64url."""

    id: str
    credential: str = field(repr=False)
    salt: str = field(repr=False)
    name: str
    """What its owner calls it; may be empty."""
    added_at: datetime


@value_class
class NewPasskey:
    """The form with which a browser adds a passkey; bytes are spelled in base64url."""

    name: str
    credential: str = field(repr=False)
    salt: str = field(repr=False)
    secret: str = field(repr=False)


@value_class
class Passkeys:
    """Operations on passkeys."""

    database: Database
    pepper: Pepper
    keys: LastingKeys
    clock: Callable[[], datetime]

    async def all(self, staff_id: str) -> Sequence[Passkey]:
        """Return the passkeys of this person, oldest first."""
        rows = await self.database.read(lambda c: list_passkeys(c, staff_id))
        return [
            Passkey(row.slot.id, _spell(row.credential), _spell(row.slot.salt), row.name, row.added_at)
            for row in rows
        ]

    async def add(self, who: SignedInStaff, new: NewPasskey) -> bytes:
        """Make a passkey a way to open the lasting key, and return the private key; the first way makes it.

        Raises `PasskeyUnread`, `TextTooLong`, `TooManyPasskeys` and `KeyNotOpen`.
        """
        credential, salt, secret = _read(new.credential), _read_secret(new.salt), _read_secret(new.secret)
        name = " ".join("".join(c if c.isprintable() else " " for c in new.name).split())
        if len(name) > NAME_MOST:
            raise TextTooLong(len(name), NAME_MOST).in_field("called")
        key, staff_id, now = await self.keys.for_new_way(who), who.member.id, self.clock()
        kind = passkey_kind(credential)
        slot = make_staff_slot(self.pepper, kind, secret, staff_id, key.pair.private, salt=salt)
        passkey = StoredPasskey(for_staff(slot), credential, name, now)

        def write(connection: Connection) -> None:
            keep_key(connection, staff_id, key)
            if len(list_passkeys(connection, staff_id)) >= PASSKEYS_MOST:
                raise TooManyPasskeys(PASSKEYS_MOST)
            add_passkey(connection, passkey)
            log_event(connection, SecurityEvent.PASSKEY_ADDED, now, staff_id)

        await self.database.write(write)
        return key.pair.private

    async def open(self, who: SignedInStaff, credential: str, secret: str) -> bytes:
        """Return the lasting private key. Raises `PasskeyUnread`, `PasskeyUnknown` and `ProofRefused`."""
        staff_id, kind, answer = who.member.id, passkey_kind(_read(credential)), _read_secret(secret)
        row = await self.database.read(lambda c: find_staff_slot(c, staff_id, kind))
        if row is None:
            raise PasskeyUnknown
        try:
            return open_staff_slot(self.pepper, key_slot(row), answer)
        except SealBroken:
            now = self.clock()
            with suppress(NotSaved):  # the answer is the same
                await self.database.write(lambda c: log_event(c, SecurityEvent.PASSKEY_FAILED, now, staff_id))
            raise ProofRefused from None

    async def remove(self, who: SignedInStaff, passkey_id: str, *, with_key: bool) -> bool:
        """Remove a passkey; return whether the lasting key is gone, because no way is left.

        Raises `PasskeyUnknown` if it was removed before, and `LastWay` if the key would go without the person
        agreeing to that.
        """
        rows = await self.database.read(lambda c: list_passkeys(c, who.member.id))
        kind = next((row.slot.kind for row in rows if row.slot.id == passkey_id), None)
        if kind is None:
            raise PasskeyUnknown
        return await self.keys.remove_way(who, kind, SecurityEvent.PASSKEY_REMOVED, with_key=with_key)


def _spell(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    try:
        content = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise PasskeyUnread from None
    if not 0 < len(content) <= _CREDENTIAL_MOST:
        raise PasskeyUnread
    return content


def _read_secret(text: str) -> bytes:
    content = _read(text)
    if len(content) != PASSKEY_SECRET:
        raise PasskeyUnread
    return content
