"""Account changes that people are notified of, independent of the person who made them."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from assistant.storage.schema import staff_changes
from assistant.value_class import value_class


@value_class
class StoredStaffChange:
    id: str
    staff_id: str
    at: datetime
    what: str
    """`added`, `reset` or `roles`."""
    roles: frozenset[str]
    """The roles of the account after the change."""


def add_staff_change(connection: Connection, change: StoredStaffChange) -> None:
    row = vars(change) | {"roles": " ".join(sorted(change.roles))}
    connection.execute(insert(staff_changes).values(row))


def list_staff_changes(connection: Connection, since: datetime) -> list[StoredStaffChange]:
    """Return the changes since then, newest first."""
    newest = staff_changes.c.at.desc()
    found = select(staff_changes).where(staff_changes.c.at >= since).order_by(newest, staff_changes.c.id)
    return [
        StoredStaffChange(row.id, row.staff_id, row.at, row.what, frozenset(row.roles.split()))
        for row in connection.execute(found)
    ]


def delete_staff_changes_before(connection: Connection, moment: datetime) -> int:
    """Delete older changes; return how many."""
    return connection.execute(delete(staff_changes).where(staff_changes.c.at < moment)).rowcount
