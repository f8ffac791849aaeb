"""Browser sessions: found by the digest of a cookie, sealed under the cookie itself."""

from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from assistant.storage.insert_once import insert_once
from assistant.storage.prepared import Prepared
from assistant.storage.schema import sessions
from assistant.value_class import value_class

# built once, because every request and turn uses it
_FIND = Prepared(
    select(
        sessions.c.lookup,
        sessions.c.notebook_id,
        sessions.c.sealed,
        sessions.c.expires_at,
        sessions.c.looks_until,
    ).where(sessions.c.lookup == bindparam("index"), sessions.c.expires_at > bindparam("now"))
)
_HERE = sessions.c.lookup == bindparam("index")
_PROLONG = Prepared(update(sessions).where(_HERE), ("expires_at",))
_PROLONG_LOOKS = Prepared(update(sessions).where(_HERE), ("expires_at", "looks_until"))
_REWRITE = update(sessions).where(_HERE)


@value_class
class StoredSession:
    index: bytes = field(repr=False)
    notebook_id: str
    sealed: bytes = field(repr=False)
    expires_at: datetime
    looks_until: datetime | None = None
    """The latest `expires_at` that viewing pages can reach; None in rows from before that limit existed."""


def add_session(connection: Connection, session: StoredSession) -> None:
    """Insert a session. Raises `NotFound` if its notebook has just been deleted."""
    insert_once(
        connection,
        sessions,
        lookup=session.index,
        notebook_id=session.notebook_id,
        sealed=session.sealed,
        expires_at=session.expires_at,
        looks_until=session.looks_until,
    )


def find_session(connection: Connection, index: bytes, now: datetime) -> StoredSession | None:
    """Find the session of this cookie, unless it has expired."""
    row = _FIND.first(connection, {"index": index, "now": now})
    return None if row is None else StoredSession(*row)


def prolong_session(
    connection: Connection, index: bytes, expires_at: datetime, looks_until: datetime | None = None
) -> None:
    """Extend both expiries; a session that ended meanwhile stays ended."""
    values = {"index": index, "expires_at": expires_at, "looks_until": looks_until}
    if looks_until is None:
        del values["looks_until"]
        _PROLONG.change(connection, values)
    else:
        _PROLONG_LOOKS.change(connection, values)


def rewrite_session(connection: Connection, session: StoredSession) -> None:
    """Replace the content and extend the expiry; a session that ended meanwhile stays ended."""
    content = {"sealed": session.sealed, "expires_at": session.expires_at, "looks_until": session.looks_until}
    connection.execute(_REWRITE, {"index": session.index} | content)


def delete_session(connection: Connection, index: bytes) -> None:
    connection.execute(delete(sessions).where(sessions.c.lookup == index))


def delete_sessions_of(connection: Connection, notebook_id: str, *, but: bytes) -> None:
    """Delete all sessions of one notebook except this one."""
    connection.execute(
        delete(sessions).where(sessions.c.notebook_id == notebook_id, sessions.c.lookup != but)
    )


def delete_sessions_expired(connection: Connection, now: datetime, most: int = 500) -> int:
    """Delete a batch of expired sessions and return how many; fewer than `most` means no more are left."""
    is_over = sessions.c.expires_at <= now
    over = select(sessions.c.lookup).where(is_over).limit(most)
    # asked again of each row, because another write may just have prolonged it
    return connection.execute(delete(sessions).where(sessions.c.lookup.in_(over), is_over)).rowcount
