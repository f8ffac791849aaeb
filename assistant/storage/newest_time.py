"""The newest time the database has seen."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from assistant.storage.key_schema import clock
from assistant.storage.schema import notebooks, requests, shares


def newest_time(connection: Connection) -> datetime | None:
    """The newest time seen; before any was kept, the newest that something was written at; or None."""
    kept: datetime | None = connection.scalar(select(clock.c.newest))
    if kept is not None:
        return kept
    written = (notebooks.c.created_at, requests.c.at, shares.c.made_at)
    found = [connection.scalar(select(func.max(column))) for column in written]
    return max((one for one in found if one is not None), default=None)


def keep_newest_time(connection: Connection, now: datetime) -> None:
    """Let this be the newest time seen, also where a later one is kept."""
    if connection.execute(update(clock).values(newest=now)).rowcount == 0:
        connection.execute(insert(clock).values(id=1, newest=now))
