"""The newest time this database has seen."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from assistant.storage.key_schema import clock
from assistant.storage.schema import notebooks, requests, shares


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
    if connection.execute(update(clock).values(newest=now)).rowcount == 0:
        connection.execute(insert(clock).values(id=1, newest=now))
