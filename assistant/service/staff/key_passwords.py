"""The key password: the second secret of staff who sign in at an identity provider.

What is sent ahead is sealed to a key pair that lasts. Its private half is in a slot under this password, as
it is under the password of staff who sign in here. Without one, there is no such key pair, and nothing can
be sent ahead to this person.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from assistant.errors import NotSaved, PasswordNotSame, ProofRefused, RequestReused, SealBroken
from assistant.service.key_slots import key_slot
from assistant.service.staff.account_setup import AccountSetups
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passwords import PASSWORD_MOST, as_compared, check_password
from assistant.service.staff.security_log import SecurityEvent, log_event
from assistant.storage.database import Connection, Database
from assistant.storage.staff import change_public_key, delete_staff_slots, find_staff_slot, put_staff_slot
from assistant.vault.key_stretching import Stretching
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import PASSWORD, new_pair, open_staff_slot


@dataclass(frozen=True)
class KeyPasswords:
    """Operations on the second secret."""

    database: Database
    pepper: Pepper
    setups: AccountSetups
    stretching: Stretching
    clock: Callable[[], datetime]

    async def is_chosen(self, staff_id: str) -> bool:
        """Return whether this person has one."""
        return await self.database.read(lambda c: find_staff_slot(c, staff_id, PASSWORD)) is not None

    async def open(self, who: SignedInStaff, typed: str) -> bytes:
        """Return the lasting private key. Raises `ProofRefused` and `TooBusy`."""
        row = await self.database.read(lambda c: find_staff_slot(c, who.member.id, PASSWORD))
        if row is None or len(typed) > PASSWORD_MOST:
            raise ProofRefused
        secret = await self.stretching.stretch(as_compared(typed), salt=row.salt)
        try:
            return open_staff_slot(self.pepper, key_slot(row), secret)
        except SealBroken:
            with suppress(NotSaved):  # the answer is the same
                await self._log(SecurityEvent.KEY_PASSWORD_FAILED, who.member.id)
            raise ProofRefused from None

    async def choose(self, who: SignedInStaff, typed: str, again: str) -> bytes:
        """Make the lasting key pair, and return its private key.

        Raises refusals, `TooBusy`, and `RequestReused` if there is one already.
        """
        check_password(typed)
        if as_compared(typed) != as_compared(again):
            raise PasswordNotSame().in_field("again")
        pair, staff_id, now = new_pair(), who.member.id, self.clock()
        slot = await self.setups.slot(staff_id, typed, pair.private)

        def write(connection: Connection) -> None:
            if find_staff_slot(connection, staff_id, PASSWORD) is not None:
                raise RequestReused
            put_staff_slot(connection, slot)
            change_public_key(connection, staff_id, pair.public)
            log_event(connection, SecurityEvent.KEY_PASSWORD_CHOSEN, now, staff_id)

        await self.database.write(write)
        return pair.private

    async def forget(self, who: SignedInStaff) -> None:
        """Delete the lasting key pair. What was sealed to it cannot be opened again without its code."""
        staff_id, now = who.member.id, self.clock()

        def write(connection: Connection) -> None:
            delete_staff_slots(connection, staff_id)
            change_public_key(connection, staff_id, None)
            log_event(connection, SecurityEvent.KEY_PASSWORD_FORGOTTEN, now, staff_id)

        await self.database.write(write)
        await self.database.scrub()

    async def _log(self, event: SecurityEvent, staff_id: str) -> None:
        now = self.clock()
        await self.database.write(lambda c: log_event(c, event, now, staff_id))
