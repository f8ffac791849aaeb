"""The audit rows of a share: who did what and when, one chain for each share, and no words."""

from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from assistant.storage.prepared import Prepared
from assistant.storage.schema import share_acts, share_owners
from assistant.value_class import value_class

_COLUMNS = (
    share_acts.c.share_id,
    share_acts.c.number,
    share_acts.c.at,
    share_acts.c.act,
    share_acts.c.staff_id,
    share_acts.c.opening,
    share_acts.c.link,
    share_acts.c.sealed,
)
_ALL = Prepared(
    select(*_COLUMNS).where(share_acts.c.share_id == bindparam("share")).order_by(share_acts.c.number)
)
_OPENING = Prepared(
    select(*_COLUMNS).where(
        share_acts.c.staff_id == bindparam("reader"), share_acts.c.opening == bindparam("opening")
    )
)


@value_class
class StoredAuditRow:
    share_id: str
    number: int
    at: datetime
    act: str
    staff_id: str
    """The acting member of staff; empty for the owner, for the clock, and in sealed rows."""
    opening: str
    link: bytes = field(repr=False)
    sealed: bytes | None = field(default=None, repr=False)
    """The act, the actor and the exact time, sealed to the owner; None in rows from before sealing."""


def audit_rows(connection: Connection, share_id: str) -> list[StoredAuditRow]:
    """Return the whole chain from its beginning."""
    return [StoredAuditRow(*row) for row in _ALL.all(connection, {"share": share_id})]


def add_audit_row(connection: Connection, act: StoredAuditRow) -> None:
    connection.execute(insert(share_acts).values(vars(act)))


def find_opening(connection: Connection, staff_id: str, opening: str) -> StoredAuditRow | None:
    """Return this member of staff's opening; None also for another person's."""
    row = _OPENING.first(connection, {"reader": staff_id, "opening": opening})
    return None if row is None else StoredAuditRow(*row)


def trail_key_of(connection: Connection, share_id: str) -> bytes | None:
    """Return the key that this share's audit rows are sealed to; None for shares from before sealing."""
    here = share_owners.c.share_id == share_id
    key: bytes | None = connection.scalar(select(share_owners.c.trail_key).where(here))
    return key
