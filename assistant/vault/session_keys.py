"""Browser sessions: what a browser may open, sealed under a secret that only its cookie holds.

The database has the secret's digest, to find the session by, and the sealed content. Neither opens it.
"""

import hashlib
import secrets

from assistant.vault.encryption import about, decrypt, derive, encrypt


def new_session_secret() -> str:
    """The cookie's value: 256 random bits."""
    return secrets.token_urlsafe(32)


def session_index(secret: str) -> bytes:
    """Where the session of this cookie is found."""
    return hashlib.sha256(_bytes(secret)).digest()


def wrap_session(secret: str, content: bytes) -> bytes:
    """What the session holds, as only this cookie can read it."""
    return encrypt(derive(_bytes(secret), "session"), content, about("session"))


def unwrap_session(secret: str, sealed: bytes) -> bytes:
    """What the session holds; SealBroken under any other cookie."""
    return decrypt(derive(_bytes(secret), "session"), sealed, about("session"))


def _bytes(secret: str) -> bytes:
    # a cookie can hold anything, also bytes that are not text, which arrive as surrogates
    return secret.encode("utf-8", "surrogatepass")
