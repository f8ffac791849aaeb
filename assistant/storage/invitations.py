"""Sealed invitations, the secrets that open them, and labels on shares. Looking one up writes nothing."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from assistant.storage.insert_once import insert_once
from assistant.storage.schema import invitation_ways, invitations, share_labels
from assistant.value_class import value_class


@value_class
class StoredInvitation:
    id: str
    staff_id: str
    works_until: datetime
    sealed: bytes = field(repr=False)
    """The content, sealed under the invitation's own key."""
    for_maker: bytes = field(repr=False)


@value_class
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
    """Insert an invitation with its secrets; do nothing if it exists. Raises `NotFound` if its maker is
    gone.
    """
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
    """Find the link or code at one of these indexes."""
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
    """Return the open invitations of one member of staff, by end date."""
    mine = (invitations.c.staff_id == staff_id) & (invitations.c.works_until > now)
    rows = connection.execute(
        select(invitations).where(mine).order_by(invitations.c.works_until, invitations.c.id)
    )
    return [StoredInvitation(**row._mapping) for row in rows]


def count_invitations(connection: Connection, staff_id: str) -> int:
    """Count the open invitations of one member of staff."""
    mine = select(func.count()).select_from(invitations).where(invitations.c.staff_id == staff_id)
    return connection.scalar(mine) or 0


def delete_invitation(connection: Connection, invitation_id: str, staff_id: str) -> bool:
    """Delete an invitation with its link and code; False if this maker has none with this id."""
    mine = (invitations.c.id == invitation_id) & (invitations.c.staff_id == staff_id)
    return connection.execute(delete(invitations).where(mine)).rowcount == 1


def delete_invitations_past(connection: Connection, now: datetime) -> int:
    """Delete expired invitations; return how many."""
    return connection.execute(delete(invitations).where(invitations.c.works_until <= now)).rowcount


def keep_label(connection: Connection, share_id: str, sealed: bytes) -> None:
    """Store the maker's label with the share; it is deleted with the share."""
    insert_once(connection, share_labels, share_id=share_id, sealed=sealed)


def label_on(connection: Connection, share_id: str) -> bytes | None:
    sealed: bytes | None = connection.scalar(
        select(share_labels.c.sealed).where(share_labels.c.share_id == share_id)
    )
    return sealed
