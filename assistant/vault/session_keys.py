"""Keys of browser sessions: the content is sealed under a secret that only the cookie holds.

The database has the secret's digest, for finding the session, and the sealed content. Neither opens it.
"""

import hashlib
import secrets

from assistant.vault.encryption import about, decrypt, derive, encrypt


def new_session_secret() -> str:
    """Return a new cookie value: 256 random bits."""
    return secrets.token_urlsafe(32)


def session_index(secret: str) -> bytes:
    """Return the index of this cookie's session."""
    return hashlib.sha256(_bytes(secret)).digest()


def proof_index(session: bytes) -> bytes:
    """Return the index of the proof at the provider that counts in the session with this index."""
    return derive(session, "session/proof")


def wrap_session(secret: str, content: bytes, part: str = "session") -> bytes:
    """Encrypt a session's content under its cookie; each `part` has a key of its own."""
    return encrypt(derive(_bytes(secret), part), content, about(part))


def unwrap_session(secret: str, sealed: bytes, part: str = "session") -> bytes:
    """Decrypt a session's content. Raises `SealBroken` under any other cookie."""
    return decrypt(derive(_bytes(secret), part), sealed, about(part))


def _bytes(secret: str) -> bytes:
    # a cookie can contain arbitrary bytes; those that are not text arrive as surrogates
    return secret.encode("utf-8", "surrogatepass")
