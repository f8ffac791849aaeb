"""The fingerprint of a reply: the same request sent twice is known again, and what it said is not."""

import hmac

from assistant.vault.encryption import derive


def fingerprint(key: bytes, body: bytes) -> bytes:
    """What the database keeps of a reply; without the notebook's key no guess can be tried on it."""
    return hmac.digest(derive(key, "fingerprint"), body, "sha256")
