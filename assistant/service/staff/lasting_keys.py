"""The lasting key pair of staff who sign in at an identity provider, and the ways to open it.

What is sent ahead is sealed to this pair. Each way to open it is a slot: a key password, or a passkey. The
first way makes the pair. The last way that is removed takes the pair along: what was sealed to it cannot be
opened again without a code from the user.
"""

from collections.abc import Callable
from datetime import datetime

from assistant.errors import Refusal, StaffSessionEnded
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.security_log import SecurityEvent, log_event
from assistant.storage.database import Connection, Database
from assistant.storage.row_locks import lock_staff
from assistant.storage.staff import (
    StoredStaff,
    change_public_key,
    delete_staff_slots,
    find_staff,
    has_staff_slot,
)
from assistant.value_class import value_class
from assistant.vault.staff_keys import KeyPair, new_pair, public_of


class KeyNotOpen(Refusal):
    """A way to the key can be added only in a session that has opened it."""


class LastWay(Refusal):
    """With this way the lasting key would go, and the page on which it was removed did not say so."""


@value_class
class LastingKey:
    """The pair that a new way is to open."""

    pair: KeyPair
    is_new: bool


@value_class
class LastingKeys:
    """Operations on the lasting key pair, by any of its ways."""

    database: Database
    clock: Callable[[], datetime]

    async def is_made(self, staff_id: str) -> bool:
        """Return whether this person has a lasting key."""
        return await self.database.read(lambda c: has_staff_slot(c, staff_id))

    async def for_new_way(self, who: SignedInStaff) -> LastingKey:
        """Return the pair that this session has opened, or a new one for a person without.

        Raises `KeyNotOpen`, and `StaffSessionEnded` for an account that was disabled.
        """
        row = await self.database.read(lambda c: _active(c, who.member.id))
        if row.public_key is None:
            return LastingKey(new_pair(), is_new=True)
        if not is_opened(who, row.public_key):
            raise KeyNotOpen
        return LastingKey(KeyPair(row.public_key, who.private_key), is_new=False)

    async def remove_way(
        self, who: SignedInStaff, kind: str, event: SecurityEvent, *, with_key: bool
    ) -> bool:
        """Delete the slot of this kind; return whether the pair is gone, because no way is left.

        Raises `LastWay` if it would go, and the person did not agree to remove the way `with_key`.
        """
        staff_id, now = who.member.id, self.clock()

        def write(connection: Connection) -> bool:
            lock_staff(connection, staff_id)
            has_key = _active(connection, staff_id).public_key is not None
            delete_staff_slots(connection, staff_id, kind)
            log_event(connection, event, now, staff_id)
            if has_staff_slot(connection, staff_id):
                return False
            if has_key and not with_key:
                raise LastWay
            change_public_key(connection, staff_id, None)
            if has_key:
                log_event(connection, SecurityEvent.LASTING_KEY_DELETED, now, staff_id)
            return True

        is_gone = await self.database.write(write)
        await self.database.scrub()
        return is_gone

    async def start_over(self, staff_id: str) -> None:
        """Delete the pair of a person who can no longer open it, with every way to it. Raises
        `StaffSessionEnded` for an account that was disabled.
        """
        now = self.clock()

        def write(connection: Connection) -> None:
            lock_staff(connection, staff_id)
            _active(connection, staff_id)
            delete_staff_slots(connection, staff_id)
            change_public_key(connection, staff_id, None)
            log_event(connection, SecurityEvent.LASTING_KEY_DELETED, now, staff_id)

        await self.database.write(write)
        await self.database.scrub()


def is_opened(who: SignedInStaff, public_key: bytes | None) -> bool:
    """Return whether this session has opened the key pair with this public key."""
    return who.has_lasting_key and public_key == public_of(who.private_key)


def keep_key(connection: Connection, staff_id: str, key: LastingKey) -> None:
    """Make the pair the person's, in the write that stores a way to open it.

    Raises `KeyNotOpen` if they have made or removed a pair meanwhile: a removed one never comes back.
    """
    lock_staff(connection, staff_id)
    if _active(connection, staff_id).public_key != (None if key.is_new else key.pair.public):
        raise KeyNotOpen
    change_public_key(connection, staff_id, key.pair.public)


def _active(connection: Connection, staff_id: str) -> StoredStaff:
    row = find_staff(connection, staff_id)
    if row is None or row.disabled_at is not None:
        raise StaffSessionEnded
    return row
