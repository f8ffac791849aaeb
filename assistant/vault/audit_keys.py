"""Seal the audit trail of a share, so that only its owner can read who did what.

Staff and the clock append to the trail while the owner is away, so each row is sealed to a public key. The
private key is derived from the notebook's key when the owner is signed in, and is stored nowhere. A reader's
opening is found through an index that depends on the server's pepper.
"""

import hmac

from assistant.vault.encryption import about, decrypt, derive, encrypt
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import KeyPair, open_for, public_of, seal_to

_ROOM = 256
"""Bytes that every row is padded to before sealing, so that its length does not reveal the act."""


def trail_key(notebook_key: bytes, share_id: str) -> bytes:
    """Return the public key that the rows of one share's trail are sealed to."""
    return trail_pair(notebook_key, share_id).public


def trail_pair(notebook_key: bytes, share_id: str) -> KeyPair:
    """Return the key pair that opens the rows of one share's trail."""
    private = derive(notebook_key, "share/trail", salt=share_id.encode())
    return KeyPair(public_of(private), private)


def seal_row(public_key: bytes, share_id: str, number: int, content: bytes) -> bytes:
    """Seal one row for its position in its trail. Trailing spaces are not preserved."""
    assert len(content) <= _ROOM, "a row of the trail has room"
    return seal_to(public_key, content.ljust(_ROOM), about("share/trail", share_id, number))


def open_row(pair: KeyPair, share_id: str, number: int, sealed: bytes) -> bytes:
    """Open a row with its trail's pair. Raises `SealBroken` for any other notebook, share or position."""
    return open_for(pair, sealed, about("share/trail", share_id, number)).rstrip()


def opening_index(pepper: Pepper, staff_id: str, opening: str) -> str:
    """Return the index of an opening by this member of staff; it reveals neither the person nor the page."""
    return hmac.digest(derive(pepper.secret, "share/opening"), about(staff_id, opening), "sha256").hex()


def keep_opening(share_key: bytes, share_id: str, staff_id: str, content: bytes) -> bytes:
    """Seal a reader's newest opening under the share's key."""
    return encrypt(derive(share_key, "share/opening"), content, about("share/opening", share_id, staff_id))


def kept_opening(share_key: bytes, share_id: str, staff_id: str, box: bytes) -> bytes:
    """Open this reader's newest opening. Raises `SealBroken` for another person's."""
    return decrypt(derive(share_key, "share/opening"), box, about("share/opening", share_id, staff_id))
