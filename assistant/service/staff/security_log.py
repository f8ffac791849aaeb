"""The security log: events of staff accounts and sign-ins, kept for as long as the
service decides.

It is a table in the database, so an event is saved in the same transaction as its cause, several processes
write one log, and backups include it. It contains no names or addresses: accounts are identified by id,
which `assistant staff list --ids` shows, and times are in minutes.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.retention import RELEASED
from assistant.service.portions import in_portions
from assistant.storage.database import Connection, Database
from assistant.storage.security_events import (
    StoredSecurityEvent,
    add_security_event,
    delete_security_events_before,
    security_events_since,
)

OPERATOR = "operator"
"""The actor of events caused by a command on the server."""


class SecurityEvent(StrEnum):
    """All events of the security log."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_SET_UP = "account_set_up"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_OPENED = "account_opened"
    ACCOUNT_RESET = "account_reset"
    ACCOUNT_RENAMED = "account_renamed"
    ACCOUNT_REMOVED = "account_removed"
    ROLES_CHANGED = "roles_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_CHANGE_FAILED = "password_change_failed"  # noqa: S105
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    ACCOUNT_LINKED = "account_linked"
    SIGNED_OUT_BY_PROVIDER = "signed_out_by_provider"
    ENDED_BY_PROVIDER = "ended_by_provider"
    NOT_CONFIRMED_BY_PROVIDER = "not_confirmed_by_provider"
    PROOF_FAILED = "proof_failed"
    KEY_PASSWORD_CHOSEN = "key_password_chosen"  # noqa: S105
    KEY_PASSWORD_FAILED = "key_password_failed"  # noqa: S105
    KEY_PASSWORD_FORGOTTEN = "key_password_forgotten"  # noqa: S105
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_FAILED = "passkey_failed"
    PASSKEY_REMOVED = "passkey_removed"
    LASTING_KEY_DELETED = "lasting_key_deleted"


def log_event(
    connection: Connection, event: SecurityEvent, at: datetime, staff_id: str, by: str = ""
) -> None:
    """Save an event in the transaction of its cause."""
    add_security_event(connection, StoredSecurityEvent(at, event.value, staff_id, by))


class SecurityLog:
    """Reads the log, and deletes expired events."""

    def __init__(self, database: Database, kept_for: timedelta = RELEASED.security_log) -> None:
        self._database = database
        self._kept_for = kept_for

    async def since(self, since: datetime) -> Sequence[StoredSecurityEvent]:
        """Return all events since then, oldest first."""
        return await self._database.read(lambda c: security_events_since(c, since))

    async def sweep(self, now: datetime) -> int:
        """Delete expired events; return how many."""
        before = now - self._kept_for
        return await in_portions(self._database, lambda c: delete_security_events_before(c, before))


def exported(event: StoredSecurityEvent) -> dict[str, object]:
    """Return one event for export. Its time is the minute; `times` is how often it happened in that
    minute.
    """
    fields = {"at": event.at.isoformat(timespec="minutes"), "event": event.event, "times": event.times}
    whose = {"account": event.staff_id} if event.staff_id else {}
    return {**fields, **whose, **({"by": event.by_id} if event.by_id else {})}


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[SecurityLog]:
    """Open the log of this database, for a command. Raises `CannotStart`."""
    database = Database.open(database_url, upgrade=False)
    try:
        yield SecurityLog(database)
    finally:
        await database.close()
