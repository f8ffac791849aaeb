"""Events of accounts and sign-ins: what, when (to the minute), by whom, how often."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from assistant.storage.insert_once import insert_of
from assistant.storage.schema import security_events
from assistant.value_class import value_class


@value_class
class StoredSecurityEvent:
    at: datetime
    event: str
    staff_id: str
    """The affected account; empty if an unknown name was tried."""
    by_id: str
    """The actor: a staff id, `operator` for a command, or empty for the account's owner."""
    times: int = 1


def add_security_event(connection: Connection, row: StoredSecurityEvent) -> None:
    """Insert the event, or increase the count if the same event happened in the same minute."""
    adding = insert_of(connection.dialect.name)(security_events).values(
        vars(row) | {"at": row.at.replace(second=0, microsecond=0)}
    )
    key = list(security_events.primary_key.columns)
    again = {"times": security_events.c.times + row.times}
    connection.execute(adding.on_conflict_do_update(index_elements=key, set_=again))


def security_events_since(connection: Connection, since: datetime) -> Sequence[StoredSecurityEvent]:
    """Return all events since then, oldest first."""
    event = security_events.c
    rows = connection.execute(
        select(security_events).where(event.at >= since).order_by(event.at, event.event, event.staff_id)
    )
    return [StoredSecurityEvent(row.at, row.event, row.staff_id, row.by_id, row.times) for row in rows]


def newest_security_events(connection: Connection, event: str) -> Mapping[str, datetime]:
    """Return when this event last happened to each account."""
    of = security_events.c
    newest = select(of.staff_id, func.max(of.at).label("at")).where(of.event == event).group_by(of.staff_id)
    return {row.staff_id: row.at for row in connection.execute(newest)}


def delete_security_events_before(connection: Connection, before: datetime, minutes: int = 200) -> int:
    """Delete those of some of the minutes before this time; how many, 0 when none are left."""
    at = security_events.c.at
    over = select(at).where(at < before).distinct().limit(minutes)
    return connection.execute(delete(security_events).where(at.in_(over))).rowcount
