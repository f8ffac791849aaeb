"""The audit rows of a share: who did what and when, one chain for each share, and no words."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from assistant.storage.schema import share_acts, share_owners


@dataclass(frozen=True)
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
    here = select(share_acts).where(share_acts.c.share_id == share_id).order_by(share_acts.c.number)
    return [StoredAuditRow(**row._mapping) for row in connection.execute(here)]


def add_audit_row(connection: Connection, act: StoredAuditRow) -> None:
    connection.execute(insert(share_acts).values(vars(act)))


def find_opening(connection: Connection, staff_id: str, opening: str) -> StoredAuditRow | None:
    """Return this member of staff's opening; None also for another person's."""
    mine = (share_acts.c.staff_id == staff_id) & (share_acts.c.opening == opening)
    row = connection.execute(select(share_acts).where(mine)).first()
    return StoredAuditRow(**row._mapping) if row else None


def trail_key_of(connection: Connection, share_id: str) -> bytes | None:
    """Return the key that this share's audit rows are sealed to; None for shares from before sealing."""
    here = share_owners.c.share_id == share_id
    key: bytes | None = connection.scalar(select(share_owners.c.trail_key).where(here))
    return key
