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
    """Who of the staff did it; empty where it was the owner, the clock, or where the row is sealed."""
    opening: str
    link: bytes = field(repr=False)
    sealed: bytes | None = field(default=None, repr=False)
    """What was done, by whom and exactly when, for the owner; None in rows from before it was sealed."""


def audit_rows(connection: Connection, share_id: str) -> list[StoredAuditRow]:
    """The whole chain, from its beginning."""
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
    """What the rows of this share's trail are sealed to; None for one from before they were."""
    here = share_owners.c.share_id == share_id
    key: bytes | None = connection.scalar(select(share_owners.c.trail_key).where(here))
    return key
