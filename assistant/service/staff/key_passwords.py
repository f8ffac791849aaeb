"""The key password: the second secret of staff who sign in at an identity provider.

What is sent ahead is sealed to a key pair that lasts (`lasting_keys`). Its private half is in a slot under
this password, as it is under the password of staff who sign in here. Passkeys are the other way to open it.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from assistant.errors import NotSaved, PasswordNotSame, ProofRefused, RequestReused, SealBroken
from assistant.service.key_slots import key_slot
from assistant.service.staff.account_setup import AccountSetups
from assistant.service.staff.lasting_keys import LastingKeys, keep_key
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passwords import PASSWORD_MOST, as_compared, check_password
from assistant.service.staff.security_log import SecurityEvent, log_event
from assistant.storage.database import Connection, Database
from assistant.storage.staff import find_staff_slot, put_staff_slot
from assistant.value_class import value_class
from assistant.vault.key_stretching import Stretching
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import PASSWORD, open_staff_slot


@value_class
class KeyPasswords:
    """Operations on the second secret."""

    database: Database
    pepper: Pepper
    setups: AccountSetups
    keys: LastingKeys
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
        """Make this password a way to open the lasting key, and return the private key; the first way makes
        it. Raises refusals, `TooBusy`, `KeyNotOpen`, and `RequestReused` if there is one already.
        """
        check_password(typed)
        if as_compared(typed) != as_compared(again):
            raise PasswordNotSame().in_field("again")
        key, staff_id, now = await self.keys.for_new_way(who), who.member.id, self.clock()
        slot = await self.setups.slot(staff_id, typed, key.pair.private)

        def write(connection: Connection) -> None:
            keep_key(connection, staff_id, key)
            if find_staff_slot(connection, staff_id, PASSWORD) is not None:
                raise RequestReused
            put_staff_slot(connection, slot)
            log_event(connection, SecurityEvent.KEY_PASSWORD_CHOSEN, now, staff_id)

        await self.database.write(write)
        return key.pair.private

    async def forget(self, who: SignedInStaff, *, with_key: bool) -> bool:
        """Remove the password; return whether the lasting key is gone, because no way is left.

        Raises `LastWay` if it would go without the person agreeing to that.
        """
        event = SecurityEvent.KEY_PASSWORD_FORGOTTEN
        return await self.keys.remove_way(who, PASSWORD, event, with_key=with_key)

    async def _log(self, event: SecurityEvent, staff_id: str) -> None:
        now = self.clock()
        await self.database.write(lambda c: log_event(c, event, now, staff_id))
