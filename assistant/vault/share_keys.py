"""Keys of a share: its link and code, the owner's wrap, and the wrap for each reader.

A share has its own key, which seals only its snapshot. The link has 128 bits and is its own index, like a
private link. The code is short enough to be read aloud: four characters to find the share, and ten to open
it. Fifty bits are few, so they are stretched with the share's own salt, and a code stops working after a few
wrong tries. Both are slots: wrapped inside under the secret, outside under the pepper.
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
CODE_SIGNS = 10
_SALT = 16
_GROUPS = (_LOCATOR, CODE_SIGNS // 2, CODE_SIGNS // 2)
LOCATOR_PURPOSE = "share/locator"


@dataclass(frozen=True)
class ShareCode:
    """A typed code: the part that finds the share, and the secret that opens it."""

    locator: str
    secret: str = field(repr=False)

    def __str__(self) -> str:
        half = CODE_SIGNS // 2
        return f"{self.locator}-{self.secret[:half]}-{self.secret[half:]}".upper()


def new_code() -> ShareCode:
    """Return a new random code: 20 bits to find the share, 50 to open it."""
    marks = "".join(secrets.choice(DIGITS) for _ in range(_LOCATOR + CODE_SIGNS))
    return ShareCode(marks[:_LOCATOR], marks[_LOCATOR:])


def read_codes(typed: str) -> tuple[ShareCode, ...]:
    """Return the different codes in typed or pasted text. Ignores words around a code, case, spaces, dashes
    and full stops; reads O as zero, I and L as one.
    """
    return tuple(ShareCode(signs[:_LOCATOR], signs[_LOCATOR:]) for signs in secrets_in(typed, _GROUPS))


def new_code_salt() -> bytes:
    """Return a new salt for one code."""
    return os.urandom(_SALT)


def code_index(pepper: Pepper, locator: str) -> bytes:
    """Return the index of a code under the newest pepper."""
    return code_indexes(pepper, locator)[0]


def code_indexes(pepper: Pepper, locator: str) -> tuple[bytes, ...]:
    """Return the possible indexes of a code, the likeliest first: one per version of the pepper."""
    return digests(pepper.now(), LOCATOR_PURPOSE, locator.encode(), length=INDEX_LENGTH)


def make_code_slot(pepper: Pepper, locator: str, stretched: bytes, share_id: str, key: bytes) -> KeySlot:
    """Create a slot by which the stretched secret of a code opens the share."""
    pepper = pepper.now()
    made = make_slot(pepper, CODE, stretched, share_id, key)
    return replace(made, index=code_index(pepper, locator))


def wrap_for_owner(notebook_key: bytes, share_id: str, content: bytes) -> bytes:
    """Encrypt the owner's part of a share: its key, and the code and link to show again."""
    return encrypt(derive(notebook_key, "share/owner"), content, about("share/owner", share_id))


def open_as_owner(notebook_key: bytes, share_id: str, box: bytes) -> bytes:
    """Decrypt the owner's part. Raises `SealBroken` under any other notebook's key."""
    return decrypt(derive(notebook_key, "share/owner"), box, about("share/owner", share_id))


def for_reader(share_id: str, staff_id: str) -> bytes:
    """Return the associated data of the share's key wrapped for one reader."""
    return about("share/reader", share_id, staff_id)
