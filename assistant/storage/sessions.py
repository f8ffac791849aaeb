"""Browser sessions: found by the digest of a cookie, sealed under the cookie itself."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from assistant.storage.insertion import insert_once
from assistant.storage.schema import sessions


@dataclass(frozen=True)
class StoredSession:
    index: bytes = field(repr=False)
    notebook_id: str
    sealed: bytes = field(repr=False)
    expires_at: datetime


def add_session(connection: Connection, session: StoredSession) -> None:
    """Begin it; NotFound if its notebook has just been deleted."""
    insert_once(
        connection,
        sessions,
        lookup=session.index,
        notebook_id=session.notebook_id,
        sealed=session.sealed,
        expires_at=session.expires_at,
    )


def find_session(connection: Connection, index: bytes, now: datetime) -> StoredSession | None:
    """The session behind this cookie, if it is not over."""
    here = sessions.c.lookup == index, sessions.c.expires_at > now
    row = connection.execute(select(sessions).where(*here)).first()
    return StoredSession(row.lookup, row.notebook_id, row.sealed, row.expires_at) if row else None


def prolong_session(connection: Connection, index: bytes, expires_at: datetime) -> None:
    """Let it last longer; one that has ended in the meantime stays ended."""
    connection.execute(update(sessions).where(sessions.c.lookup == index).values(expires_at=expires_at))


def rewrite_session(connection: Connection, session: StoredSession) -> None:
    """Let it hold something else and last longer; one that has ended in the meantime stays ended."""
    content = {"sealed": session.sealed, "expires_at": session.expires_at}
    connection.execute(update(sessions).where(sessions.c.lookup == session.index).values(content))


def delete_session(connection: Connection, index: bytes) -> None:
    connection.execute(delete(sessions).where(sessions.c.lookup == index))


def delete_sessions_expired(connection: Connection, now: datetime) -> int:
    """Delete those that are over, and say how many there were."""
    return connection.execute(delete(sessions).where(sessions.c.expires_at <= now)).rowcount
