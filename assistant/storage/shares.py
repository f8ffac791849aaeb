"""Shares: the sealed snapshot, the secrets that open it, and what remains after it has ended."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from assistant.errors import NotFound
from assistant.storage.insert_once import insert_once
from assistant.storage.prepared import Prepared
from assistant.storage.schema import share_contents, share_owners, share_readers, share_ways, shares
from assistant.value_class import value_class

_WHOLE = (
    select(
        shares.c.id,
        share_owners.c.notebook_id,
        share_owners.c.meeting_id,
        shares.c.way,
        shares.c.made_at,
        shares.c.opens_until,
        shares.c.version,
        shares.c.ended_at,
        shares.c.ended,
        share_contents.c.sealed,
        share_contents.c.owner_wrap,
        share_owners.c.trail_key,
    )
    .join(share_owners, share_owners.c.share_id == shares.c.id)
    .outerjoin(share_contents, share_contents.c.share_id == shares.c.id)
)
"""The columns in the order of `StoredShare`."""
_FIND = Prepared(_WHOLE.where(shares.c.id == bindparam("share")))
_OF_MEETING = Prepared(
    _WHOLE.where(
        share_owners.c.notebook_id == bindparam("notebook"), share_owners.c.meeting_id == bindparam("meeting")
    ).order_by(shares.c.made_at.desc(), shares.c.id)
)
_WAYS_TO = Prepared(
    select(share_ways.c.kind, share_ways.c.works_until, share_ways.c.wrong).where(
        share_ways.c.share_id == bindparam("share")
    )
)
_FIND_KEY = Prepared(
    select(share_readers.c.sealed).where(
        share_readers.c.share_id == bindparam("share"), share_readers.c.staff_id == bindparam("reader")
    )
)


@value_class
class StoredShare:
    """A share with its owner. If `sealed` is None it has ended, and nothing of it can be opened."""

    id: str
    notebook_id: str
    meeting_id: str
    way: str
    made_at: datetime
    opens_until: datetime
    version: int
    ended_at: datetime | None = None
    ended: str | None = None
    sealed: bytes | None = field(default=None, repr=False)
    owner_wrap: bytes | None = field(default=None, repr=False)
    trail_key: bytes | None = field(default=None, repr=False)
    """The public key that its audit rows are sealed to."""

    def is_open(self, now: datetime) -> bool:
        """Return True if it can be opened; False after its time, even before the sweep ends it."""
        return self.sealed is not None and now < self.opens_until


@value_class
class StoredShareSecret:
    """A link or a code that opens a share."""

    id: str
    share_id: str
    kind: str
    index: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    pepper_version: int
    outer: bytes = field(repr=False)
    works_until: datetime
    wrong: int = 0


def add_share(connection: Connection, share: StoredShare) -> None:
    """Insert a share. Raises `NotFound` if its notebook has just been deleted."""
    row = {name: getattr(share, name) for name in ("id", "way", "made_at", "opens_until", "version")}
    connection.execute(insert(shares).values(row))
    owner = {"share_id": share.id, "notebook_id": share.notebook_id, "meeting_id": share.meeting_id}
    insert_once(connection, share_owners, **owner, trail_key=share.trail_key)
    content = {"share_id": share.id, "sealed": share.sealed, "owner_wrap": share.owner_wrap}
    connection.execute(insert(share_contents).values(content))


def find_share(connection: Connection, share_id: str) -> StoredShare | None:
    """Return the share, also after it ended; None if its owner deleted it."""
    row = _FIND.first(connection, {"share": share_id})
    return None if row is None else StoredShare(*row)


def shares_for(connection: Connection, notebook_id: str, meeting_id: str) -> list[StoredShare]:
    """Return all shares of one meeting, newest first."""
    rows = _OF_MEETING.all(connection, {"notebook": notebook_id, "meeting": meeting_id})
    return [StoredShare(*row) for row in rows]


def replace_snapshot(connection: Connection, share_id: str, *, version: int, sealed: bytes) -> None:
    """Replace the snapshot. Raises `NotFound` if the share has ended."""
    here = share_contents.c.share_id == share_id
    if connection.execute(update(share_contents).where(here).values(sealed=sealed)).rowcount == 0:
        raise NotFound("the share has ended")
    connection.execute(update(shares).where(shares.c.id == share_id).values(version=version))


def move_end(connection: Connection, share_id: str, opens_until: datetime) -> None:
    """Change the expiry; the link and code stay the same."""
    connection.execute(update(shares).where(shares.c.id == share_id).values(opens_until=opens_until))
    here = share_ways.c.share_id == share_id
    connection.execute(update(share_ways).where(here).values(works_until=opens_until))


def keep_for_owner(connection: Connection, share_id: str, owner_wrap: bytes) -> None:
    """Replace the owner's part."""
    here = share_contents.c.share_id == share_id
    connection.execute(update(share_contents).where(here).values(owner_wrap=owner_wrap))


def end_share(connection: Connection, share_id: str, ended: str, at: datetime) -> bool:
    """Delete the snapshot and every wrap of its key; False if that was done before."""
    here = share_contents.c.share_id == share_id
    if connection.execute(delete(share_contents).where(here)).rowcount == 0:
        return False
    connection.execute(update(shares).where(shares.c.id == share_id).values(ended_at=at, ended=ended))
    return True


def share_ids_in(connection: Connection, notebook_id: str) -> list[str]:
    """Return the shares of a notebook, whose open screens must be notified when it is deleted."""
    return list(
        connection.scalars(select(share_owners.c.share_id).where(share_owners.c.notebook_id == notebook_id))
    )


def delete_shares_for(connection: Connection, notebook_id: str, meeting_id: str) -> None:
    """Delete all data about one meeting's shares."""
    mine = (share_owners.c.notebook_id == notebook_id) & (share_owners.c.meeting_id == meeting_id)
    connection.execute(delete(share_owners).where(mine))
    delete_shares_without_owner(connection)


def delete_shares_without_owner(connection: Connection) -> int:
    """Delete what is left of shares whose meeting or notebook is gone; return how many."""
    has_owner = select(share_owners.c.share_id).where(share_owners.c.share_id == shares.c.id).exists()
    return connection.execute(delete(shares).where(~has_owner)).rowcount


def shares_past(connection: Connection, now: datetime, most: int = 50) -> list[StoredShare]:
    """Return a batch of expired shares that have not been ended; fewer than `most` means no more are left."""
    over = (shares.c.opens_until <= now) & share_contents.c.share_id.is_not(None)
    return [
        StoredShare(*row) for row in connection.execute(_WHOLE.where(over).order_by(shares.c.id).limit(most))
    ]


def add_way(connection: Connection, way: StoredShareSecret) -> bool:
    """Insert a link or code; False if its index is taken by another share."""
    return insert_once(
        connection,
        share_ways,
        id=way.id,
        share_id=way.share_id,
        kind=way.kind,
        lookup=way.index,
        salt=way.salt,
        pepper_version=way.pepper_version,
        outer_wrap=way.outer,
        works_until=way.works_until,
        wrong=way.wrong,
    )


def find_way(connection: Connection, *indexes: bytes) -> StoredShareSecret | None:
    """Find the link or code at one of these indexes."""
    row = connection.execute(select(share_ways).where(share_ways.c.lookup.in_(indexes))).first()
    if row is None:
        return None
    return StoredShareSecret(
        row.id,
        row.share_id,
        row.kind,
        row.lookup,
        row.salt,
        row.pepper_version,
        row.outer_wrap,
        row.works_until,
        row.wrong,
    )


def has_way(connection: Connection, way_id: str) -> bool:
    """Return whether the link or code still exists."""
    return connection.scalar(select(share_ways.c.id).where(share_ways.c.id == way_id)) is not None


def ways_to(connection: Connection, share_id: str) -> Sequence[tuple[str, datetime, int]]:
    """Return kind, expiry and number of wrong tries of each secret of a share."""
    return [(kind, until, wrong) for kind, until, wrong in _WAYS_TO.all(connection, {"share": share_id})]


def count_wrong(connection: Connection, way_id: str, by: int) -> None:
    """Add to the number of wrong tries; negative if one turned out to be right."""
    more = update(share_ways).where(share_ways.c.id == way_id).values(wrong=share_ways.c.wrong + by)
    connection.execute(more)


def count_try(connection: Connection, way_id: str, at_most: int) -> bool:
    """Count one more wrong try; False if there were as many already. Tries made at once are all counted."""
    here = (share_ways.c.id == way_id) & (share_ways.c.wrong < at_most)
    more = update(share_ways).where(here).values(wrong=share_ways.c.wrong + 1)
    return connection.execute(more).rowcount == 1


def delete_ways(connection: Connection, share_id: str) -> None:
    """Delete the link and the code. Readers who have opened it keep their access."""
    connection.execute(delete(share_ways).where(share_ways.c.share_id == share_id))


def let_read(connection: Connection, share_id: str, staff_id: str, sealed: bytes) -> None:
    """Store the share's key sealed to one reader. Raises `NotFound` if the share has ended."""
    stop_reading(connection, share_id, staff_id)
    insert_once(connection, share_readers, share_id=share_id, staff_id=staff_id, sealed=sealed)


def stop_reading(connection: Connection, share_id: str, staff_id: str) -> None:
    """Delete this reader's key."""
    here = (share_readers.c.share_id == share_id) & (share_readers.c.staff_id == staff_id)
    connection.execute(delete(share_readers).where(here))


def key_for(connection: Connection, share_id: str, staff_id: str) -> bytes | None:
    """Return the share's key sealed to this reader, if they have it."""
    row = _FIND_KEY.first(connection, {"share": share_id, "reader": staff_id})
    return None if row is None else row[0]


def opened_by(connection: Connection, share_id: str, staff_id: str) -> bytes | None:
    """Return this reader's newest opening, sealed under the share's key; None until they opened it."""
    here = (share_readers.c.share_id == share_id) & (share_readers.c.staff_id == staff_id)
    box: bytes | None = connection.scalar(select(share_readers.c.opened).where(here))
    return box


def keep_opened(connection: Connection, share_id: str, staff_id: str, box: bytes) -> None:
    """Store this reader's newest opening."""
    here = (share_readers.c.share_id == share_id) & (share_readers.c.staff_id == staff_id)
    connection.execute(update(share_readers).where(here).values(opened=box))


def shares_read_by(connection: Connection, staff_id: str, now: datetime) -> list[StoredShare]:
    """Return the open shares whose key this reader has, newest first."""
    has = select(share_readers.c.share_id).where(share_readers.c.staff_id == staff_id)
    mine = shares.c.id.in_(has) & (shares.c.opens_until > now)
    return [
        StoredShare(*row) for row in connection.execute(_WHOLE.where(mine).order_by(shares.c.made_at.desc()))
    ]
