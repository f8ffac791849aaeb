"""The label a professional gave an invitation, stored with the resulting share and readable only by them.

It is encrypted twice: to its maker, and with the share under the share's key. Every share has such sealed
bytes, invited or not, and two shares from the same invitation cannot be linked.
"""

from assistant.errors import SealBroken
from assistant.meetings.notebook import Meeting
from assistant.service.sharing.invitations import label_in
from assistant.service.staff.members import SignedInStaff
from assistant.vault.sealing import seal, unseal

_NAME = "label"
_SIZE = 1024


def sealed_label(share_id: str, key: bytes, meeting: Meeting) -> bytes:
    """Return the label as stored with the share; sealed padding if there was no invitation."""
    label = bytes.fromhex(meeting.invited.label) if meeting.invited else b""
    framed = len(label).to_bytes(2, "big") + label
    return seal(key, framed.ljust(_SIZE, b"\0"), owner=share_id, name=_NAME, revision=1)


def label_for(who: SignedInStaff, share_id: str, key: bytes, sealed: bytes | None) -> str | None:
    """Return the label for its maker; None for anyone else and if there is none."""
    if sealed is None:  # shared before invitations existed
        return None
    framed = unseal(key, sealed, owner=share_id, name=_NAME, revision=1)
    label = framed[2 : 2 + int.from_bytes(framed[:2], "big")]
    try:
        return label_in(who, label) if label else None
    except SealBroken:
        return None
