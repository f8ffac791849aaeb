"""Keys of half-filled forms: made from a notebook's key or from the private key of a member of staff.

Both outlive a browser session, so a draft opens again after a lock; neither is in the database.
"""

import hmac

from assistant.vault.encryption import about, derive


def form_draft_key(secret: bytes) -> bytes:
    """The key this person's drafts are sealed under."""
    return derive(secret, "form drafts")


def form_draft_index(secret: bytes, *parts: str) -> bytes:
    """Where a draft is found: a digest of its page, or of its page and form, that only they can make."""
    return hmac.digest(derive(secret, "form draft index"), about(*parts), "sha256")
