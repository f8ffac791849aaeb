"""Seats, and lines that wait to be put forward: sealed, and deleted with their guided session."""

from dataclasses import field

from sqlalchemy import Connection, delete, func, select, update

from assistant.errors import RevisionConflict
from assistant.storage.insert_once import insert_once
from assistant.storage.schema import guided_arrivals, guided_lines, guided_seats
from assistant.value_class import value_class


@value_class
class StoredSeat:
    arrival_id: str
    revision: int
    shown: bytes | None = field(repr=False)
    messages_revision: int
    messages: bytes | None = field(repr=False)
    key: bytes = field(repr=False)
    """The seat's key, sealed to the session."""


@value_class
class StoredLine:
    """A line that waits; nothing tells who wrote it."""

    id: str
    sealed: bytes = field(repr=False)


def put_seat(connection: Connection, seat: StoredSeat) -> None:
    """Insert a seat, replacing an earlier one of the same arrival. Raises `NotFound` if that is gone."""
    connection.execute(delete(guided_seats).where(guided_seats.c.arrival_id == seat.arrival_id))
    insert_once(connection, guided_seats, **vars(seat))


def find_seat(connection: Connection, arrival_id: str) -> StoredSeat | None:
    row = connection.execute(select(guided_seats).where(guided_seats.c.arrival_id == arrival_id)).first()
    return StoredSeat(**row._mapping) if row else None


def seat_in(connection: Connection, session_id: str) -> StoredSeat | None:
    """Return the seat of a session with one person."""
    row = connection.execute(
        select(guided_seats)
        .join(guided_arrivals, guided_arrivals.c.id == guided_seats.c.arrival_id)
        .where(guided_arrivals.c.session_id == session_id)
    ).first()
    return StoredSeat(**row._mapping) if row else None


def write_shown(connection: Connection, arrival_id: str, *, expected: int, shown: bytes) -> None:
    """Replace what is shown at the revision that was read. Raises `RevisionConflict`."""
    here = (guided_seats.c.arrival_id == arrival_id) & (guided_seats.c.revision == expected)
    changed = update(guided_seats).where(here).values(revision=expected + 1, shown=shown)
    if connection.execute(changed).rowcount != 1:
        raise RevisionConflict(f"not at revision {expected}")


def write_messages(connection: Connection, arrival_id: str, *, expected: int, messages: bytes) -> None:
    """Replace the messages at the revision that was read. Raises `RevisionConflict`."""
    here = (guided_seats.c.arrival_id == arrival_id) & (guided_seats.c.messages_revision == expected)
    changed = update(guided_seats).where(here).values(messages_revision=expected + 1, messages=messages)
    if connection.execute(changed).rowcount != 1:
        raise RevisionConflict(f"not at revision {expected}")


def add_line(connection: Connection, line: StoredLine, session_id: str) -> bool:
    """Insert a line; False if it is there. Raises `NotFound` if the session is gone."""
    return insert_once(connection, guided_lines, id=line.id, session_id=session_id, sealed=line.sealed)


def lines_of(connection: Connection, session_id: str) -> list[StoredLine]:
    """Return the lines that wait, in the order of their random ids."""
    rows = connection.execute(
        select(guided_lines.c.id, guided_lines.c.sealed)
        .where(guided_lines.c.session_id == session_id)
        .order_by(guided_lines.c.id)
    )
    return [StoredLine(row.id, row.sealed) for row in rows]


def count_lines(connection: Connection, session_id: str) -> int:
    here = guided_lines.c.session_id == session_id
    return connection.scalar(select(func.count()).select_from(guided_lines).where(here)) or 0


def are_waiting(connection: Connection, session_id: str, ids: tuple[str, ...]) -> bool:
    """Return whether one of these lines waits."""
    here = (guided_lines.c.session_id == session_id) & guided_lines.c.id.in_(ids)
    return connection.execute(select(guided_lines.c.id).where(here)).first() is not None


def delete_lines(connection: Connection, session_id: str, ids: tuple[str, ...]) -> int:
    """Delete these waiting lines; return how many there were."""
    here = (guided_lines.c.session_id == session_id) & guided_lines.c.id.in_(ids)
    return connection.execute(delete(guided_lines).where(here)).rowcount
