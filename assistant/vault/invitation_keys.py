"""An invitation's keys: the link and the code that open it, and what is sealed to its maker.

An invitation has a key of its own. The link is 128 bits, like a private link. The code beside it is fifteen
marks, 75 bits: it is in the database for up to two months, on paper that anyone may find, and is typed by
many people at once in a waiting room. So it must not be worth guessing without being made slow, and it is
not: with the database *and* the pepper, and a thousand invitations out, a hit takes 2^65 tries of a dozen
hashes each, for a place, a time and a greeting. Both are slots: wrapped within by the secret, around that by
the pepper, and found by an index under the pepper.
"""

import secrets

from assistant.vault.encryption import about
from assistant.vault.pasted import DIGITS, secrets_in

LINK_TO_INVITATION = "invitation-link"
INVITATION_CODE = "invitation-code"
_LENGTH = 15
_GROUP = 5


def new_invitation_code() -> str:
    """Return a new random code, in groups that can be read aloud and typed."""
    return spell_invitation_code("".join(secrets.choice(DIGITS) for _ in range(_LENGTH)).encode())


def spell_invitation_code(secret: bytes) -> str:
    """Write a code in its groups, from its secret."""
    signs = secret.decode().upper()
    return "-".join(signs[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def read_invitation_codes(typed: str) -> tuple[bytes, ...]:
    """Return the secrets of the different codes in what somebody pasted or typed.

    Forgiving: words around it; capitals or not; spaces, dashes and stops anywhere; O for zero, I and L for
    one.
    """
    return tuple(signs.encode() for signs in secrets_in(typed, (_GROUP,) * (_LENGTH // _GROUP)))


def for_maker(invitation_id: str, staff_id: str) -> bytes:
    """What the wrap for its maker is about: it opens as nothing else."""
    return about("invitation/maker", invitation_id, staff_id)


def label_for_maker(staff_id: str) -> bytes:
    """What a label on its way through a notebook to a share is about."""
    return about("invitation/label", staff_id)
