"""An invitation's keys: the link and the code that open it, and what is sealed to its maker.

An invitation has a key of its own. The link is 128 bits, like a private link. The code beside it is fifteen
marks, 75 bits: it lies in the database for as long as two months, on paper that anybody may find, and is
typed by many people at once in a waiting room. So it must not be worth guessing without being made slow, and
it is not: with the database *and* the pepper, and a thousand invitations out, a hit takes 2^65 tries of a
dozen hashes each, for a place, a time and a greeting. Both are slots: wrapped within by the secret, around
that by the pepper, and found by an index under the pepper.
"""

import secrets
import unicodedata

from assistant.vault.boxes import about
from assistant.vault.slots import DIGITS, VALUES

LINK_TO_INVITATION = "invitation-link"
INVITATION_CODE = "invitation-code"
_LENGTH = 15
_GROUP = 5
_LONGEST = 100


def new_invitation_code() -> str:
    """A code nobody has seen, in groups that can be read aloud and typed."""
    marks = "".join(secrets.choice(DIGITS) for _ in range(_LENGTH)).upper()
    return "-".join(marks[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def read_invitation_code(typed: str) -> bytes | None:
    """The secret in the code somebody typed, or None where it can be none.

    Forgiving: capitals or not; spaces, dashes and stops anywhere; O for zero, I and L for one.
    """
    if len(typed) > _LONGEST:
        return None
    marks = [mark for mark in typed.lower() if unicodedata.category(mark)[0] not in "ZPC"]
    if len(marks) != _LENGTH or not VALUES.keys() >= set(marks):
        return None
    return "".join(DIGITS[VALUES[mark]] for mark in marks).encode()


def for_maker(invitation_id: str, staff_id: str) -> bytes:
    """What the wrap for its maker is about: it opens as nothing else."""
    return about("invitation/maker", invitation_id, staff_id)


def label_for_maker(staff_id: str) -> bytes:
    """What a label on its way through a notebook to a share is about."""
    return about("invitation/label", staff_id)
