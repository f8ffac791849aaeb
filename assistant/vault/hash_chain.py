"""A hash chain: each row is bound to the one before it, under a key that is not in the database.

Altering, moving or removing a row breaks the chain at that point. Removing its end, with everything that
points there, is not detected; that is an honest limit.
"""

import hmac
from collections.abc import Iterable

from assistant.vault.encryption import about, derive
from assistant.vault.pepper import Pepper

BEGINNING = b""


def next_hash(pepper: Pepper, before: bytes, *parts: str | int) -> bytes:
    """The link of a row that says these things, after the row whose link is `before`."""
    return hmac.digest(derive(pepper.now().secret, "chain"), about(before.hex(), *parts), "sha256")


def holds(link: bytes, expected: Iterable[bytes]) -> bool:
    """Whether a row's link is one of those it may be: one for each version of the pepper."""
    return any(hmac.compare_digest(link, one) for one in expected)
