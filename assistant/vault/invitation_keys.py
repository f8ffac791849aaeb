"""Keys of an invitation: its link and code, and the part sealed to its maker.

An invitation has a key of its own. The link is 128 bits, like a private link. The code is fifteen
characters, 75 bits: it is in the database for up to two months, on paper that anyone may find, and is typed
by many people at once in a waiting room. So it is not stretched, and must be safe without: with the database
*and* the pepper, and a thousand open invitations, a hit takes 2^65 tries of a dozen hashes each, for a
place, a time and a greeting. Both are slots: wrapped inside under the secret, outside under the pepper, and
found by an index under the pepper.
"""

import secrets

from assistant.vault.encryption import about
from assistant.vault.pasted import DIGITS, secrets_in

LINK_TO_INVITATION = "invitation-link"
INVITATION_CODE = "invitation-code"
_LENGTH = 15
_GROUP = 5


def new_invitation_code() -> str:
    """Return a new random code in groups, to be read aloud and typed."""
    return spell_invitation_code("".join(secrets.choice(DIGITS) for _ in range(_LENGTH)).encode())


def spell_invitation_code(secret: bytes) -> str:
    """Format a secret as a code in groups."""
    signs = secret.decode().upper()
    return "-".join(signs[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def read_invitation_codes(typed: str) -> tuple[bytes, ...]:
    """Return the secrets of the different codes in typed or pasted text. Ignores words around a code, case,
    spaces, dashes and full stops; reads O as zero, I and L as one.
    """
    return tuple(signs.encode() for signs in secrets_in(typed, (_GROUP,) * (_LENGTH // _GROUP)))


def for_maker(invitation_id: str, staff_id: str) -> bytes:
    """Return the associated data of the maker's part."""
    return about("invitation/maker", invitation_id, staff_id)


def label_for_maker(staff_id: str) -> bytes:
    """Return the associated data of a label stored in a notebook on its way to a share."""
    return about("invitation/label", staff_id)
