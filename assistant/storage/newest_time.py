"""The newest time this database has seen."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from assistant.storage.insert_once import insert_of
from assistant.storage.schema import clock, notebooks, requests, shares


def newest_time(connection: Connection) -> datetime | None:
    """Return the newest time seen; before one is stored, that of the newest row; or None."""
    kept: datetime | None = connection.scalar(select(clock.c.newest))
    if kept is not None:
        return kept
    written = (notebooks.c.created_at, requests.c.at, shares.c.made_at)
    found = [connection.scalar(select(func.max(column))) for column in written]
    return max((one for one in found if one is not None), default=None)


def keep_newest_time(connection: Connection, now: datetime) -> None:
    """Store this as the newest time seen, even if a later one is stored."""
    first = insert_of(connection.dialect.name)(clock).values(id=1, newest=now)
    connection.execute(first.on_conflict_do_update(index_elements=[clock.c.id], set_={"newest": now}))
