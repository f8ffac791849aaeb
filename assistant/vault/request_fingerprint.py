"""Fingerprint of a reply: recognises a repeated request without revealing its content."""

import hmac

from assistant.vault.encryption import derive


def fingerprint(key: bytes, body: bytes) -> bytes:
    """Return the fingerprint; guesses cannot be tested on it without the notebook's key."""
    return hmac.digest(derive(key, "fingerprint"), body, "sha256")
