"""The service's figures: the sealed tally of the running quarter, and the figures of earlier quarters."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update

from assistant.storage.insert_once import insert_once
from assistant.storage.schema import insight_quarters, insight_tally

_ONLY = 1


def lock_tally(connection: Connection) -> bytes:
    """Return the sealed tally, empty if there is none yet, and keep other writers from it until the commit.

    Lock it after every other row: all writes that count do so last.
    """
    insert_once(connection, insight_tally, id=_ONLY, sealed=b"")
    sealed: bytes = connection.execute(select(insight_tally.c.sealed).with_for_update()).scalar_one()
    return sealed


def has_tally(connection: Connection) -> bool:
    """Return whether anything was counted since the last quarter was closed."""
    return connection.scalar(select(insight_tally.c.id)) is not None


def write_tally(connection: Connection, sealed: bytes) -> None:
    """Replace the tally."""
    connection.execute(update(insight_tally).where(insight_tally.c.id == _ONLY).values(sealed=sealed))


def delete_tally(connection: Connection) -> int:
    """Delete the tally; return how many there were."""
    return connection.execute(delete(insight_tally)).rowcount


def add_quarter(connection: Connection, quarter: str, shared: int, answered: int) -> None:
    """Insert the figures of a quarter. Those that are there already stay as they are."""
    insert_once(connection, insight_quarters, quarter=quarter, shared=shared, wishes_answered=answered)


def quarters(connection: Connection) -> Sequence[tuple[str, int, int]]:
    """Return the figures of every quarter, newest first."""
    one = insight_quarters.c
    rows = connection.execute(
        select(one.quarter, one.shared, one.wishes_answered).order_by(one.quarter.desc())
    )
    return [(row.quarter, row.shared, row.wishes_answered) for row in rows]


def delete_quarters(connection: Connection, before: str | None = None) -> int:
    """Delete the figures of quarters before this one, or all; return how many."""
    these = delete(insight_quarters)
    if before is not None:
        these = these.where(insight_quarters.c.quarter < before)
    return connection.execute(these).rowcount
