"""Guided sessions: the sealed room, its facilitators, its link and code, and who has joined."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from assistant.errors import RevisionConflict
from assistant.storage.insert_once import insert_once
from assistant.storage.row_locks import lock_guided_session
from assistant.storage.schema import (
    guided_arrivals,
    guided_facilitators,
    guided_sessions,
    guided_ways,
)
from assistant.value_class import value_class


@value_class
class StoredGuidedSession:
    id: str
    form: str
    opened_at: datetime
    ends_at: datetime
    revision: int
    stand: int
    sealed: bytes = field(repr=False)
    door: bytes | None = field(repr=False)
    """The link and code, sealed to the session; None while the door is closed."""


@value_class
class StoredGuidedSecret:
    """A link or a code that opens a guided session's room."""

    id: str
    session_id: str
    kind: str
    index: bytes = field(repr=False)
    pepper_version: int
    outer: bytes = field(repr=False)


@value_class
class StoredArrival:
    """A user who joined, with the steps at which they were ready and put a line forward."""

    id: str
    session_id: str
    ready: int
    held: int


def add_guided_session(connection: Connection, session: StoredGuidedSession) -> bool:
    """Insert a session; False if it exists."""
    return insert_once(connection, guided_sessions, **vars(session))


def find_guided_session(connection: Connection, session_id: str) -> StoredGuidedSession | None:
    row = connection.execute(select(guided_sessions).where(guided_sessions.c.id == session_id)).first()
    return StoredGuidedSession(**row._mapping) if row else None


def write_room(connection: Connection, session_id: str, *, expected: int, sealed: bytes) -> None:
    """Replace the room at the revision that was read. Raises `RevisionConflict`."""
    here = (guided_sessions.c.id == session_id) & (guided_sessions.c.revision == expected)
    changed = update(guided_sessions).where(here).values(revision=expected + 1, sealed=sealed)
    if connection.execute(changed).rowcount != 1:
        raise RevisionConflict(f"not at revision {expected}")


def count_up_stand(connection: Connection, session_id: str) -> None:
    """Count a change that only facilitators are shown."""
    here = guided_sessions.c.id == session_id
    connection.execute(update(guided_sessions).where(here).values(stand=guided_sessions.c.stand + 1))


def move_session_end(connection: Connection, session_id: str, ends_at: datetime) -> None:
    connection.execute(
        update(guided_sessions)
        .where(guided_sessions.c.id == session_id)
        .values(ends_at=ends_at, stand=guided_sessions.c.stand + 1)
    )


def delete_guided_session(connection: Connection, session_id: str) -> bool:
    """Delete a session with everything in it; False if there is none."""
    gone = connection.execute(delete(guided_sessions).where(guided_sessions.c.id == session_id))
    return gone.rowcount == 1


def delete_guided_sessions_past(connection: Connection, now: datetime) -> list[str]:
    """Delete the sessions whose time is over, with everything in them; return their ids."""
    over = delete(guided_sessions).where(guided_sessions.c.ends_at <= now)
    return list(connection.scalars(over.returning(guided_sessions.c.id)))


def add_facilitator(connection: Connection, session_id: str, staff_id: str, sealed: bytes) -> bool:
    """Insert a facilitator; False if they lead the session already. Raises `NotFound` if it is gone."""
    return insert_once(
        connection, guided_facilitators, session_id=session_id, staff_id=staff_id, sealed=sealed
    )


def facilitators_of(connection: Connection, session_id: str) -> dict[str, bytes]:
    """Return what is sealed to each facilitator, by staff id."""
    rows = connection.execute(
        select(guided_facilitators.c.staff_id, guided_facilitators.c.sealed).where(
            guided_facilitators.c.session_id == session_id
        )
    )
    return {row.staff_id: row.sealed for row in rows}


def guided_sessions_led_by(connection: Connection, staff_id: str, now: datetime) -> list[StoredGuidedSession]:
    """Return the running sessions that a member of staff leads, the one that ends first first."""
    mine = select(guided_facilitators.c.session_id).where(guided_facilitators.c.staff_id == staff_id)
    rows = connection.execute(
        select(guided_sessions)
        .where(guided_sessions.c.id.in_(mine), guided_sessions.c.ends_at > now)
        .order_by(guided_sessions.c.ends_at, guided_sessions.c.id)
    )
    return [StoredGuidedSession(**row._mapping) for row in rows]


def facilitators_of_all(connection: Connection) -> dict[str, set[str]]:
    """Return who leads each session, by session id."""
    rows = connection.execute(
        select(guided_sessions.c.id, guided_facilitators.c.staff_id).outerjoin_from(
            guided_sessions, guided_facilitators
        )
    )
    leading: dict[str, set[str]] = {}
    for row in rows:
        leading.setdefault(row.id, set()).update([row.staff_id] if row.staff_id else [])
    return leading


def open_door(
    connection: Connection, session_id: str, door: bytes, ways: Sequence[StoredGuidedSecret]
) -> None:
    """Replace the link and the code."""
    close_door(connection, session_id)
    for way in ways:
        insert_once(
            connection,
            guided_ways,
            id=way.id,
            session_id=way.session_id,
            kind=way.kind,
            lookup=way.index,
            pepper_version=way.pepper_version,
            outer_wrap=way.outer,
        )
    here = guided_sessions.c.id == session_id
    connection.execute(
        update(guided_sessions).where(here).values(door=door, stand=guided_sessions.c.stand + 1)
    )


def open_closed_door(
    connection: Connection, session_id: str, door: bytes, ways: Sequence[StoredGuidedSecret]
) -> None:
    """Store a link and a code, unless another write just did."""
    lock_guided_session(connection, session_id)
    found = find_guided_session(connection, session_id)
    if found is not None and found.door is None:
        open_door(connection, session_id, door, ways)


def close_door(connection: Connection, session_id: str) -> None:
    """Delete the link and the code: no one else can join."""
    lock_guided_session(connection, session_id)
    connection.execute(delete(guided_ways).where(guided_ways.c.session_id == session_id))
    here = guided_sessions.c.id == session_id
    connection.execute(
        update(guided_sessions).where(here).values(door=None, stand=guided_sessions.c.stand + 1)
    )


def find_guided_way(connection: Connection, *indexes: bytes) -> StoredGuidedSecret | None:
    """Find the link or code at one of these indexes."""
    row = connection.execute(select(guided_ways).where(guided_ways.c.lookup.in_(indexes))).first()
    if row is None:
        return None
    return StoredGuidedSecret(
        row.id, row.session_id, row.kind, row.lookup, row.pepper_version, row.outer_wrap
    )


def add_arrival(connection: Connection, arrival_id: str, session_id: str) -> bool:
    """Insert a participant; False if they are there. Raises `NotFound` if the session is gone."""
    return insert_once(connection, guided_arrivals, id=arrival_id, session_id=session_id, ready=0, held=0)


def find_arrival(connection: Connection, arrival_id: str) -> StoredArrival | None:
    row = connection.execute(select(guided_arrivals).where(guided_arrivals.c.id == arrival_id)).first()
    return _arrival(row) if row else None


def arrivals_of(connection: Connection, session_id: str) -> list[StoredArrival]:
    rows = connection.execute(
        select(guided_arrivals)
        .where(guided_arrivals.c.session_id == session_id)
        .order_by(guided_arrivals.c.id)
    )
    return [_arrival(row) for row in rows]


def count_arrivals(connection: Connection, session_id: str) -> int:
    here = guided_arrivals.c.session_id == session_id
    return connection.scalar(select(func.count()).select_from(guided_arrivals).where(here)) or 0


def delete_arrival(connection: Connection, arrival_id: str) -> bool:
    """Delete a participant, with their seat; False if there is none."""
    gone = connection.execute(delete(guided_arrivals).where(guided_arrivals.c.id == arrival_id))
    return gone.rowcount == 1


def mark_ready(connection: Connection, arrival_id: str, step: int) -> None:
    connection.execute(update(guided_arrivals).where(guided_arrivals.c.id == arrival_id).values(ready=step))


def mark_held(connection: Connection, arrival_id: str, step: int) -> None:
    """Record the step at which someone put a line forward: one each, so three lines are three people."""
    connection.execute(update(guided_arrivals).where(guided_arrivals.c.id == arrival_id).values(held=step))


def _arrival(row: Row[Any]) -> StoredArrival:
    return StoredArrival(row.id, row.session_id, row.ready, row.held)
