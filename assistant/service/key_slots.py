"""Key slots: one kind of them in the vault, and in the database a table for each kind of holder.

A holder is a notebook, a share, an invitation, a guided session or a member of staff.
"""

from datetime import datetime

from assistant.storage.guided_sessions import StoredGuidedSecret
from assistant.storage.invitations import StoredInvitationSecret
from assistant.storage.key_slots import StoredKeySlot
from assistant.storage.shares import StoredShareSecret
from assistant.storage.staff import StoredStaffKeySlot
from assistant.vault.key_slots import KeySlot

Stored = StoredKeySlot | StoredShareSecret | StoredInvitationSecret | StoredGuidedSecret | StoredStaffKeySlot


def key_slot(row: Stored) -> KeySlot:
    """Return the slot that a row of any of the five tables keeps."""
    match row:
        case StoredStaffKeySlot():  # found by the name of its holder, so it has no index
            return KeySlot(row.id, row.staff_id, row.kind, b"", row.pepper_version, row.outer, row.salt)
        case StoredShareSecret():
            return KeySlot(row.id, row.share_id, row.kind, row.index, row.pepper_version, row.outer, row.salt)
        case StoredInvitationSecret():
            holder_id = row.invitation_id
        case StoredGuidedSecret():
            holder_id = row.session_id
        case StoredKeySlot():
            holder_id = row.notebook_id
    return KeySlot(row.id, holder_id, row.kind, row.index, row.pepper_version, row.outer)


def for_notebook(slot: KeySlot) -> StoredKeySlot:
    """Return the row of a slot whose holder is a notebook."""
    return StoredKeySlot(slot.id, slot.holder_id, slot.kind, slot.index, slot.pepper_version, slot.outer)


def for_share(slot: KeySlot, salt: bytes, works_until: datetime) -> StoredShareSecret:
    """Return the row of a slot whose holder is a share; a code has a salt."""
    return StoredShareSecret(
        id=slot.id,
        share_id=slot.holder_id,
        kind=slot.kind,
        index=slot.index,
        salt=salt,
        pepper_version=slot.pepper_version,
        outer=slot.outer,
        works_until=works_until,
    )


def for_invitation(slot: KeySlot) -> StoredInvitationSecret:
    """Return the row of a slot whose holder is an invitation."""
    return StoredInvitationSecret(
        slot.id, slot.holder_id, slot.kind, slot.index, slot.pepper_version, slot.outer
    )


def for_guided_session(slot: KeySlot) -> StoredGuidedSecret:
    """Return the row of a slot whose holder is a guided session."""
    return StoredGuidedSecret(slot.id, slot.holder_id, slot.kind, slot.index, slot.pepper_version, slot.outer)


def for_staff(slot: KeySlot) -> StoredStaffKeySlot:
    """Return the row of a slot whose holder is a member of staff."""
    return StoredStaffKeySlot(slot.id, slot.holder_id, slot.kind, slot.salt, slot.pepper_version, slot.outer)
