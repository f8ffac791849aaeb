"""Digests of identities and sessions at an identity provider: found again, but not read, in the database."""

from assistant.vault.encryption import about
from assistant.vault.pepper import Pepper, digests

IDENTITY_PURPOSE = "staff/identity"
_SESSION_PURPOSE = "staff/provider-session"


def identity_digests(pepper: Pepper, issuer: str, identity: str) -> tuple[bytes, ...]:
    """Return the possible digests of a person at this issuer: one per version of the pepper, newest first."""
    return digests(pepper.now(), IDENTITY_PURPOSE, about(issuer, identity))


def session_digests(pepper: Pepper, issuer: str, named: str) -> tuple[bytes, ...]:
    """Return the possible digests of a session, of its person, or of a token that ends it."""
    return digests(pepper.now(), _SESSION_PURPOSE, about(issuer, named))
