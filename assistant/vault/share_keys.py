"""A share's keys: the link and the code that open it, the owner's own wrap, and the wrap for each reader.

A share has a key of its own that only its snapshot is sealed under. The link is 128 bits and found by itself,
like a private link. The code is short enough to be read aloud: four marks that say which share it is, and ten
that open it. Fifty bits are few, so they are stretched with a salt of the share's own, and a code stops
working after a few wrong tries. Both are slots: wrapped within by the secret, around that by the pepper.
"""

import os
import secrets
from dataclasses import dataclass, field, replace

from assistant.vault.encryption import about, decrypt, derive, encrypt
from assistant.vault.key_slots import INDEX_LENGTH, KeySlot, make_slot
from assistant.vault.pasted import DIGITS, secrets_in
from assistant.vault.pepper import Pepper, digests

CODE = "share-code"
LINK_TO_SHARE = "share-link"
_LOCATOR = 4
_SECRET = 10
_SALT = 16
_GROUPS = (_LOCATOR, _SECRET // 2, _SECRET // 2)
LOCATOR_PURPOSE = "share/locator"


@dataclass(frozen=True)
class ShareCode:
    """A typed code: which share it is for, and the secret that opens it."""

    locator: str
    secret: str = field(repr=False)

    def __str__(self) -> str:
        half = _SECRET // 2
        return f"{self.locator}-{self.secret[:half]}-{self.secret[half:]}".upper()


def new_code() -> ShareCode:
    """Return a new random code: 20 bits to find the share, 50 to open it."""
    marks = "".join(secrets.choice(DIGITS) for _ in range(_LOCATOR + _SECRET))
    return ShareCode(marks[:_LOCATOR], marks[_LOCATOR:])


def read_codes(typed: str) -> tuple[ShareCode, ...]:
    """Return the different codes in what somebody pasted or typed.

    Forgiving: words around it; capitals or not; spaces, dashes and stops anywhere; O for zero, I and L for
    one.
    """
    return tuple(ShareCode(signs[:_LOCATOR], signs[_LOCATOR:]) for signs in secrets_in(typed, _GROUPS))


def new_code_salt() -> bytes:
    """A salt for one code."""
    return os.urandom(_SALT)


def code_index(pepper: Pepper, locator: str) -> bytes:
    """Where a code is found, when it was made under the newest pepper."""
    return code_indexes(pepper, locator)[0]


def code_indexes(pepper: Pepper, locator: str) -> tuple[bytes, ...]:
    """Where a code may be found, the likeliest first: one place for each pepper."""
    return digests(pepper.now(), LOCATOR_PURPOSE, locator.encode(), length=INDEX_LENGTH)


def make_code_slot(pepper: Pepper, locator: str, stretched: bytes, share_id: str, key: bytes) -> KeySlot:
    """A slot through which the stretched secret of a code opens the share."""
    pepper = pepper.now()
    made = make_slot(pepper, CODE, stretched, share_id, key)
    return replace(made, index=code_index(pepper, locator))


def wrap_for_owner(notebook_key: bytes, share_id: str, content: bytes) -> bytes:
    """What the owner keeps of a share: its key, and the code and link to show again."""
    return encrypt(derive(notebook_key, "share/owner"), content, about("share/owner", share_id))


def open_as_owner(notebook_key: bytes, share_id: str, box: bytes) -> bytes:
    """What the owner keeps; SealBroken under any other notebook's key."""
    return decrypt(derive(notebook_key, "share/owner"), box, about("share/owner", share_id))


def for_reader(share_id: str, staff_id: str) -> bytes:
    """What a wrap of the share's key for one reader is about: it opens as nothing else."""
    return about("share/reader", share_id, staff_id)
