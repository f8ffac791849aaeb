"""The trail of a share, sealed so that its owner alone reads who did what.

Staff and the clock write on the trail while the owner is away, so each row is sealed to a public key. The
private half is worked out from the notebook's key whenever the owner is there, and is kept nowhere. The rows
are found again, by the one who opened, through an index that only the server's pepper yields.
"""

import hmac

from assistant.vault.encryption import about, decrypt, derive, encrypt
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import open_with, public_of, seal_to

_ROOM = 256
"""Bytes of every row before it is sealed: its length tells nothing of what was done."""


def trail_key(notebook_key: bytes, share_id: str) -> bytes:
    """The public key that the rows of one share's trail are sealed to."""
    return public_of(_private(notebook_key, share_id))


def seal_row(public_key: bytes, share_id: str, number: int, content: bytes) -> bytes:
    """One row, at its place in its trail. Spaces at the end are not kept."""
    assert len(content) <= _ROOM, "a row of the trail has room"
    return seal_to(public_key, content.ljust(_ROOM), about("share/trail", share_id, number))


def open_row(notebook_key: bytes, share_id: str, number: int, sealed: bytes) -> bytes:
    """What a row says; SealBroken for any other notebook, share or place."""
    private = _private(notebook_key, share_id)
    return open_with(private, sealed, about("share/trail", share_id, number)).rstrip()


def opening_index(pepper: Pepper, staff_id: str, opening: str) -> str:
    """Where an opening by this member of staff is found; it tells neither who nor which page."""
    return hmac.digest(derive(pepper.secret, "share/opening"), about(staff_id, opening), "sha256").hex()


def keep_opening(share_key: bytes, share_id: str, staff_id: str, content: bytes) -> bytes:
    """A reader's newest opening, for them to find again with the share's key."""
    return encrypt(derive(share_key, "share/opening"), content, about("share/opening", share_id, staff_id))


def kept_opening(share_key: bytes, share_id: str, staff_id: str, box: bytes) -> bytes:
    """The newest opening of this reader; SealBroken for anybody else's."""
    return decrypt(derive(share_key, "share/opening"), box, about("share/opening", share_id, staff_id))


def _private(notebook_key: bytes, share_id: str) -> bytes:
    return derive(notebook_key, "share/trail", salt=share_id.encode())
