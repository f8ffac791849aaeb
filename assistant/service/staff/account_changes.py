"""Changes of accounts that people are told of: added, reset, other roles."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from assistant.meetings.permissions import Role
from assistant.storage.database import Connection
from assistant.storage.staff import list_staff
from assistant.storage.staff_changes import StoredStaffChange, list_staff_changes

CHANGES_KEPT_FOR = timedelta(days=90)
"""How long people are told of a change of an account."""


@dataclass(frozen=True)
class AccountChange:
    """Something that was changed about an account, as everybody with an account sees it."""

    staff_id: str
    name: str
    at: datetime
    what: str
    """`added`, `reset` or `roles`."""
    roles: frozenset[Role]


def changes_since(connection: Connection, since: datetime) -> list[AccountChange]:
    """The changes since then, the newest first."""
    names = {row.id: row.name for row in list_staff(connection)}
    return [
        AccountChange(c.staff_id, names[c.staff_id], c.at, c.what, cast(frozenset[Role], c.roles))
        for c in list_staff_changes(connection, since)
    ]


def new_change(staff_id: str, at: datetime, what: str, roles: frozenset[str]) -> StoredStaffChange:
    """A change to be written down."""
    return StoredStaffChange(secrets.token_hex(16), staff_id, at, what, frozenset(roles))
