"""Levels of the limits that several processes on one PostgreSQL share.

A row stores when a bucket is full again (the generic cell rate algorithm), so one statement refills it, takes
one and decides. Its key says nothing to those who read the table.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, literal, select, update

from assistant.storage.insert_once import insert_of
from assistant.storage.schema import rate_levels
from assistant.storage.utc_time import UtcTime

_KEY = rate_levels.c.lookup


def take_one(
    connection: Connection, key: bytes, now: datetime, for_one: timedelta, burst: float
) -> timedelta:
    """Take one from the bucket and return no time, or return the time until there is one. `for_one` is the
    time in which it is refilled by one.
    """
    adding = insert_of(connection.dialect.name)(rate_levels).values(lookup=key, full_at=now + for_one)
    taken = adding.on_conflict_do_update(
        index_elements=[_KEY],
        set_={"full_at": _full_at(now, for_one)},
        where=_full_at(now, for_one) <= _time(now + burst * for_one),
    )
    if connection.execute(taken.returning(_KEY)).first() is not None:
        return timedelta()
    return _full_after(connection, key, now) + for_one - burst * for_one


def is_spent(connection: Connection, key: bytes, now: datetime, for_one: timedelta, burst: float) -> bool:
    """Return whether nothing is left in the bucket."""
    return _full_after(connection, key, now) + for_one > burst * for_one


def give_one_back(connection: Connection, key: bytes, for_one: timedelta) -> None:
    """Return one that was taken."""
    fuller = rate_levels.c.full_at - literal(for_one // timedelta(microseconds=1))
    connection.execute(update(rate_levels).where(rate_levels.c.lookup == key).values(full_at=fuller))


def delete_full(connection: Connection, now: datetime, most: int = 500) -> int:
    """Forget some of the buckets that are full again; how many, 0 when none are left."""
    is_full = rate_levels.c.full_at <= now
    full = select(_KEY).where(is_full).limit(most)
    return connection.execute(delete(rate_levels).where(_KEY.in_(full), is_full)).rowcount


def _full_after(connection: Connection, key: bytes, now: datetime) -> timedelta:
    full_at: datetime | None = connection.scalar(
        select(rate_levels.c.full_at).where(rate_levels.c.lookup == key)
    )
    return timedelta() if full_at is None else max(timedelta(), full_at - now)


def _full_at(now: datetime, for_one: timedelta) -> ColumnElement[int]:
    """Return when the bucket is full again after one more is taken."""
    step = literal(for_one // timedelta(microseconds=1))
    return func.greatest(rate_levels.c.full_at, _time(now)) + step


def _time(at: datetime) -> ColumnElement[int]:
    return literal(UtcTime().process_bind_param(at, None))  # type: ignore[arg-type]
