"""Checks of a session at the identity provider: who asks now, and what the provider answered last.

A refresh token may work only once, so one request at a time asks. It claims the row with one statement,
which holds between processes as well, and what it writes later counts only while the claim is its own.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select, update

from assistant.storage.prepared import Prepared
from assistant.storage.provider_sign_in import StoredProviderSession
from assistant.storage.schema import provider_sessions, staff_sessions

_ROW = provider_sessions.c
_FIND = Prepared(
    select(
        _ROW.session,
        _ROW.staff_id,
        _ROW.subject,
        _ROW.sid,
        _ROW.grant_sealed,
        _ROW.confirmed_at,
        _ROW.ask_at,
        _ROW.is_asked,
    ).where(_ROW.session == bindparam("session"))
)


def find_provider_session(connection: Connection, session: bytes) -> StoredProviderSession | None:
    """Find what a session at the provider left of its own."""
    row = _FIND.first(connection, {"session": session})
    return None if row is None else StoredProviderSession(*row)


def claim_grant(
    connection: Connection, session: bytes, now: datetime, until: datetime, *, is_early: bool = False
) -> StoredProviderSession | None:
    """Take the refresh token for this request alone, `until` then; None if another has it, if it is not time
    to ask again, or if there is none. With `is_early`, the time does not matter.
    """
    due = or_(_ROW.ask_at <= now, _ROW.is_asked == 0) if is_early else _ROW.ask_at <= now
    claimed = update(provider_sessions).where(_ROW.session == session, _ROW.grant_sealed.is_not(None), due)
    if connection.execute(claimed.values(ask_at=until, is_asked=1)).rowcount != 1:
        return None
    return find_provider_session(connection, session)


def keep_grant(connection: Connection, session: bytes, claim: datetime, sealed: bytes) -> bool:
    """Replace the refresh token, while the claim with this end is ours."""
    return _write(connection, session, claim, {"grant_sealed": sealed})


def confirm_session(connection: Connection, session: bytes, claim: datetime, now: datetime) -> bool:
    """Write that the provider vouched for the person, and end the claim."""
    return _write(connection, session, claim, {"confirmed_at": now, "ask_at": now, "is_asked": 0})


def put_off_check(connection: Connection, session: bytes, claim: datetime, ask_at: datetime) -> bool:
    """End the claim without an answer."""
    return _write(connection, session, claim, {"ask_at": ask_at, "is_asked": 0})


def count_checked_sessions(connection: Connection, now: datetime) -> tuple[int, int]:
    """Return how many open sessions began at the provider, and how many of them are checked there."""
    joined = provider_sessions.join(staff_sessions, staff_sessions.c.lookup == _ROW.session)
    is_open = (staff_sessions.c.expires_at > now, staff_sessions.c.ends_at > now)
    found = select(func.count(), func.count(_ROW.grant_sealed)).select_from(joined).where(*is_open)
    every, checked = connection.execute(found).one()
    return every, checked


def _write(connection: Connection, session: bytes, claim: datetime, values: dict[str, object]) -> bool:
    ours = (_ROW.session == session, _ROW.ask_at == claim, _ROW.is_asked == 1)
    return connection.execute(update(provider_sessions).where(*ours).values(values)).rowcount == 1
