"""Checks and rows of a session of staff that begins."""

from datetime import datetime

from assistant.service.staff.held_grants import sealed_grant
from assistant.service.staff.members import ProviderSession
from assistant.storage.database import Connection
from assistant.storage.provider_sign_in import StoredProviderSession, is_linked
from assistant.storage.staff import find_staff_slot
from assistant.vault.session_keys import session_index
from assistant.vault.staff_keys import PASSWORD


def is_way_in(connection: Connection, staff_id: str, salt: bytes | None, *, is_provided: bool) -> bool:
    """Return whether the person could still authenticate as they did, with the password of this salt or at
    the provider. A reset, a new password and a link to the provider may come between that and the session.
    """
    if is_provided:
        return is_linked(connection, staff_id)
    if salt is None:  # no password was typed: the session goes on, or the account was set up just now
        return True
    slot = find_staff_slot(connection, staff_id, PASSWORD)
    return slot is not None and slot.salt == salt and not is_linked(connection, staff_id)


def provider_row(
    secret: str, staff_id: str, provider: ProviderSession, now: datetime
) -> StoredProviderSession:
    """Return the row of a session that began at the provider."""
    return StoredProviderSession(
        session_index(secret),
        staff_id,
        provider.subject,
        provider.sid,
        sealed_grant(secret, provider.grant),
        confirmed_at=provider.confirmed_at or now,
        ask_at=now,
    )
