"""Account changes that people are notified of: added, reset, roles changed."""

import secrets
from datetime import datetime
from typing import cast

from assistant.meetings.permissions import Role
from assistant.storage.database import Connection
from assistant.storage.staff import list_staff
from assistant.storage.staff_changes import StoredStaffChange, list_staff_changes
from assistant.value_class import value_class


@value_class
class AccountChange:
    """A change of an account, as everyone with an account sees it."""

    staff_id: str
    name: str
    at: datetime
    what: str
    """`added`, `reset` or `roles`."""
    roles: frozenset[Role]


def changes_since(connection: Connection, since: datetime) -> list[AccountChange]:
    """Return the changes since then, newest first."""
    names = {row.id: row.name for row in list_staff(connection)}
    return [
        AccountChange(c.staff_id, names[c.staff_id], c.at, c.what, cast(frozenset[Role], c.roles))
        for c in list_staff_changes(connection, since)
    ]


def new_change(staff_id: str, at: datetime, what: str, roles: frozenset[str]) -> StoredStaffChange:
    """Build a change to be stored."""
    return StoredStaffChange(secrets.token_hex(16), staff_id, at, what, frozenset(roles))
