"""Authenticated encryption: a box is ciphertext bound to one key and one meaning.

A box is ``version ‖ nonce ‖ ciphertext ‖ tag`` under AES-256-GCM. Its meaning is the associated data: it is
not stored but must be given again to decrypt, so a box moved to another row of the database does not open.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from assistant.errors import SealBroken

KEY = 32
_VERSION = b"\x01"
_NONCE = 12
_TAG = 16


def new_key() -> bytes:
    """Return a new random key."""
    return os.urandom(KEY)


def derive(secret: bytes, purpose: str, *, salt: bytes = b"", length: int = KEY) -> bytes:
    """Derive a key for one purpose from a strong secret; it reveals nothing about keys for other purposes."""
    info = f"for-motet/v1/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def about(*parts: str | int) -> bytes:
    """Encode associated data, each part with its length, so that no two meanings have the same encoding."""
    meaning = b""
    for part in parts:
        spelled = str(part).encode()
        meaning += len(spelled).to_bytes(4, "big") + spelled
    return meaning


def encrypt(key: bytes, content: bytes, meaning: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, content, _VERSION + meaning)


def decrypt(key: bytes, box: bytes, meaning: bytes) -> bytes:
    """Return the content. Raises `SealBroken` unless key and meaning are those of the encryption and the box
    is unaltered.
    """
    if len(box) < len(_VERSION) + _NONCE + _TAG or not box.startswith(_VERSION):
        raise SealBroken("not a box of a version this program knows")
    nonce, sealed = box[1 : 1 + _NONCE], box[1 + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, _VERSION + meaning)
    except InvalidTag:
        raise SealBroken("altered, moved, or under another key") from None
