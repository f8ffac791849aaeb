"""Browser sessions of staff: found by the digest of a cookie, sealed under the cookie itself."""

from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from assistant.storage.prepared import Prepared
from assistant.storage.schema import staff, staff_sessions
from assistant.value_class import value_class

_FIND = Prepared(
    select(
        staff_sessions.c.lookup,
        staff_sessions.c.staff_id,
        staff_sessions.c.sealed,
        staff_sessions.c.expires_at,
        staff_sessions.c.ends_at,
        staff_sessions.c.proved_until,
    )
    .join(staff, staff.c.id == staff_sessions.c.staff_id)
    .where(
        staff_sessions.c.lookup == bindparam("index"),
        staff_sessions.c.expires_at > bindparam("now"),
        staff_sessions.c.ends_at > bindparam("now"),
        staff.c.disabled_at.is_(None),
    )
)


@value_class
class StoredStaffSession:
    index: bytes = field(repr=False)
    staff_id: str
    sealed: bytes = field(repr=False)
    expires_at: datetime
    """The end of the session without a further act."""
    ends_at: datetime
    """The latest end of the session, regardless of activity."""
    proved_until: datetime | None = None
    """Until when its owner need not prove again who they are."""


def add_staff_session(connection: Connection, session: StoredStaffSession) -> None:
    connection.execute(
        insert(staff_sessions).values(
            lookup=session.index,
            staff_id=session.staff_id,
            sealed=session.sealed,
            expires_at=session.expires_at,
            ends_at=session.ends_at,
            proved_until=session.proved_until,
        )
    )


def find_staff_session(connection: Connection, index: bytes, now: datetime) -> StoredStaffSession | None:
    """Find the session of this cookie, unless it has expired or the account is disabled."""
    row = _FIND.first(connection, {"index": index, "now": now})
    return None if row is None else StoredStaffSession(*row)


def prolong_staff_session(connection: Connection, index: bytes, expires_at: datetime) -> None:
    """Extend the session; one that ended meanwhile stays ended."""
    mine = staff_sessions.c.lookup == index
    connection.execute(update(staff_sessions).where(mine).values(expires_at=expires_at))


def rewrite_staff_session(connection: Connection, index: bytes, sealed: bytes) -> None:
    """Replace the content; a session that ended meanwhile stays ended."""
    connection.execute(update(staff_sessions).where(staff_sessions.c.lookup == index).values(sealed=sealed))


def prove_staff_session(connection: Connection, index: bytes, until: datetime) -> None:
    """Write that the owner of the session proved who they are."""
    mine = staff_sessions.c.lookup == index
    connection.execute(update(staff_sessions).where(mine).values(proved_until=until))


def delete_staff_session(connection: Connection, index: bytes) -> None:
    connection.execute(delete(staff_sessions).where(staff_sessions.c.lookup == index))


def delete_staff_sessions_of(connection: Connection, staff_id: str) -> None:
    """Sign one person out of every browser."""
    connection.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id))


def delete_staff_sessions_but(connection: Connection, staff_id: str, index: bytes) -> None:
    """Sign one person out of every other browser."""
    session = staff_sessions.c
    connection.execute(delete(staff_sessions).where(session.staff_id == staff_id, session.lookup != index))


def delete_staff_sessions_expired(connection: Connection, now: datetime) -> int:
    """Delete expired sessions; return how many."""
    session = staff_sessions.c
    over = or_(session.expires_at <= now, session.ends_at <= now)
    return connection.execute(delete(staff_sessions).where(over)).rowcount
