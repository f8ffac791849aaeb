"""A hash chain: each row is bound to the one before it, under a key that is not in the database.

Altering, moving or removing a row breaks the chain at that point. Removing its end, with everything that
refers to it, is not detected; this is a known limit.
"""

import hmac
from collections.abc import Iterable

from assistant.vault.encryption import about, derive
from assistant.vault.pepper import Pepper

BEGINNING = b""


def next_hash(pepper: Pepper, before: bytes, *parts: str | int) -> bytes:
    """Return the hash of a row with this content that follows the row with the hash `before`."""
    return hmac.digest(derive(pepper.now().secret, "chain"), about(before.hex(), *parts), "sha256")


def holds(link: bytes, expected: Iterable[bytes]) -> bool:
    """Return whether a row's hash is one of the valid ones: one for each version of the pepper."""
    return any(hmac.compare_digest(link, one) for one in expected)
