"""Invitations, sealed; the ways to open them; and labels on shares. Looking one up writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from assistant.storage.insert_once import insert_once
from assistant.storage.invitation_schema import invitation_ways, invitations, share_labels


@dataclass(frozen=True)
class StoredInvitation:
    id: str
    staff_id: str
    works_until: datetime
    sealed: bytes = field(repr=False)
    """What it says, under a key of its own."""
    for_maker: bytes = field(repr=False)


@dataclass(frozen=True)
class StoredInvitationSecret:
    """A link or a code that opens an invitation."""

    id: str
    invitation_id: str
    kind: str
    index: bytes = field(repr=False)
    pepper_version: int
    outer: bytes = field(repr=False)


def add_invitation(
    connection: Connection, invitation: StoredInvitation, ways: Sequence[StoredInvitationSecret]
) -> None:
    """A new one with its ways; nothing where it is there already. NotFound where its maker is gone."""
    if not insert_once(connection, invitations, **vars(invitation)):
        return
    for way in ways:
        insert_once(
            connection,
            invitation_ways,
            id=way.id,
            invitation_id=way.invitation_id,
            kind=way.kind,
            lookup=way.index,
            pepper_version=way.pepper_version,
            outer_wrap=way.outer,
        )


def find_invitation_way(connection: Connection, *indexes: bytes) -> StoredInvitationSecret | None:
    """The way at one of these places."""
    row = connection.execute(select(invitation_ways).where(invitation_ways.c.lookup.in_(indexes))).first()
    if row is None:
        return None
    return StoredInvitationSecret(
        row.id, row.invitation_id, row.kind, row.lookup, row.pepper_version, row.outer_wrap
    )


def find_invitation(connection: Connection, invitation_id: str) -> StoredInvitation | None:
    row = connection.execute(select(invitations).where(invitations.c.id == invitation_id)).first()
    return StoredInvitation(**row._mapping) if row else None


def invitations_of(connection: Connection, staff_id: str, now: datetime) -> list[StoredInvitation]:
    """Those of one member of staff that still work, the first to end first."""
    mine = (invitations.c.staff_id == staff_id) & (invitations.c.works_until > now)
    rows = connection.execute(
        select(invitations).where(mine).order_by(invitations.c.works_until, invitations.c.id)
    )
    return [StoredInvitation(**row._mapping) for row in rows]


def count_invitations(connection: Connection, staff_id: str) -> int:
    """How many one member of staff has out."""
    mine = select(func.count()).select_from(invitations).where(invitations.c.staff_id == staff_id)
    return connection.scalar(mine) or 0


def delete_invitation(connection: Connection, invitation_id: str, staff_id: str) -> bool:
    """Take back an invitation with its link and code; False if this maker has none with this id."""
    mine = (invitations.c.id == invitation_id) & (invitations.c.staff_id == staff_id)
    return connection.execute(delete(invitations).where(mine)).rowcount == 1


def delete_invitations_past(connection: Connection, now: datetime) -> int:
    """Delete those whose time is over, and say how many."""
    return connection.execute(delete(invitations).where(invitations.c.works_until <= now)).rowcount


def keep_label(connection: Connection, share_id: str, sealed: bytes) -> None:
    """What the maker of the invitation calls it, with what is shared; it goes when that goes."""
    insert_once(connection, share_labels, share_id=share_id, sealed=sealed)


def label_on(connection: Connection, share_id: str) -> bytes | None:
    sealed: bytes | None = connection.scalar(
        select(share_labels.c.sealed).where(share_labels.c.share_id == share_id)
    )
    return sealed
