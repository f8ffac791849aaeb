"""Keys for drafts of forms, derived from a notebook's key or a member of staff's private key.

Both exist longer than a browser session, so a draft can be opened after a lock; neither is in the database
in the clear.
"""

import hmac

from assistant.vault.encryption import about, derive


def form_draft_key(secret: bytes) -> bytes:
    """Return the key that seals this person's drafts."""
    return derive(secret, "form drafts")


def form_draft_index(secret: bytes, *parts: str) -> bytes:
    """Return the index of a draft: a keyed digest of its page, or of page and form, that only its owner can
    compute.
    """
    return hmac.digest(derive(secret, "form draft index"), about(*parts), "sha256")
