"""Sealed documents: everything a person wrote, as stored in the database.

A document is encrypted under a key of its own, made from the notebook's key, and bound to its owner, its
name and its revision: an older revision, or another person's document, does not open. Before encryption it
is padded to 256, 512, 1024 … bytes, so that its size does not reveal how much the person wrote.
"""

from assistant.errors import DocumentFull, SealBroken
from assistant.vault.encryption import about, decrypt, derive, encrypt, new_key

__all__ = ["LIMIT", "new_key", "seal", "unseal"]

LIMIT = 512 * 1024
"""Maximum size of a document in bytes."""

SMALLEST = 256
_PREFIX = 4


def seal(key: bytes, plain: bytes, *, owner: str, name: str, revision: int) -> bytes:
    """Encrypt a document so that only the notebook's key opens it."""
    if len(plain) > LIMIT:
        raise DocumentFull(f"{len(plain)} bytes; the limit is {LIMIT}")
    return encrypt(_document_key(key, owner, name), _pad(plain), about(owner, name, revision))


def unseal(key: bytes, sealed: bytes, *, owner: str, name: str, revision: int) -> bytes:
    """Return the document's bytes, exactly as sealed. Raises `SealBroken` if anything does not match."""
    return _unpad(decrypt(_document_key(key, owner, name), sealed, about(owner, name, revision)))


def _document_key(key: bytes, owner: str, name: str) -> bytes:
    return derive(key, "document", salt=about(owner, name))


def _pad(plain: bytes) -> bytes:
    framed = len(plain).to_bytes(_PREFIX, "big") + plain
    room = SMALLEST
    while room < len(framed):
        room *= 2
    return framed.ljust(room, b"\0")


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:_PREFIX], "big")
    if len(padded) < _PREFIX + length:
        raise SealBroken("shorter than it says it is")
    return padded[_PREFIX : _PREFIX + length]
