"""The key of a review: wrapped for its owner, and wrapped under the key of its share.

Staff have access only through the share, so that they can write while the user is away. When the share ends
its key is destroyed, and with it their access; the owner's wrap is kept. Two check words are derived from
the key, so both screens can show the same two without transmitting them.
"""

from functools import cache
from pathlib import Path

from assistant.vault.encryption import about, decrypt, derive, encrypt

_CHECK = 8
_LIST = Path(__file__).with_name("check_words.txt")


def wrap_review_for_owner(notebook_key: bytes, review_id: str, key: bytes) -> bytes:
    """Wrap the review's key for its owner."""
    return encrypt(derive(notebook_key, "review/owner"), key, about("review/owner", review_id))


def open_review_as_owner(notebook_key: bytes, review_id: str, box: bytes) -> bytes:
    """Return the review's key. Raises `SealBroken` under any other notebook's key."""
    return decrypt(derive(notebook_key, "review/owner"), box, about("review/owner", review_id))


def wrap_review_for_share(share_key: bytes, review_id: str, share_id: str, key: bytes) -> bytes:
    """Wrap the review's key for everyone with the share's key."""
    return encrypt(derive(share_key, "review/share"), key, about("review/share", review_id, share_id))


def open_review_through_share(share_key: bytes, review_id: str, share_id: str, box: bytes) -> bytes:
    """Return the review's key. Raises `SealBroken` under any other share's key."""
    return decrypt(derive(share_key, "review/share"), box, about("review/share", review_id, share_id))


@cache
def words() -> tuple[str, ...]:
    """Return the everyday words that are spelled alike, and mean the same, in all three languages."""
    return tuple(_LIST.read_text("ascii").split())


def check_words(key: bytes) -> tuple[str, str]:
    """Return two words derived from the review's key, one of 126,025 pairs."""
    drawn, known = derive(key, "review/check-words", length=2 * _CHECK), words()
    first, second = (int.from_bytes(half) % len(known) for half in (drawn[:_CHECK], drawn[_CHECK:]))
    return known[first], known[second]
