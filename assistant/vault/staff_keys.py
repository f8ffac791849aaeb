"""Staff keys: data shared with a member of staff is sealed to their public key.

The pair is X25519 (RFC 7748). The public key is in the clear in the database, so that data can be sealed to
a member of staff who is away. The private key is only in slots, wrapped like a notebook's key: inside, under
the person's own secret (a stretched password, or the answer of a passkey), outside under the pepper.

::

    sealed        = ephemeral public key ‖ box
    box key       = HKDF(X25519(ephemeral, recipient), salt = ephemeral ‖ recipient)
    kek ‖ commit  = HKDF(secret, salt = staff)
    inner         = AES-GCM(kek, private key;             about kind, staff, slot)
    outer         = AES-GCM(pepper, commit ‖ inner;       about pepper version, staff, slot)
"""

import hmac
import os
import secrets
from dataclasses import dataclass, field, replace
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from assistant.errors import SealBroken
from assistant.vault.encryption import KEY, about, decrypt, derive, encrypt
from assistant.vault.key_slots import KeySlot
from assistant.vault.pepper import Pepper

PASSWORD = "password"  # noqa: S105 (the name of a kind)
"""The kind of slot that a password opens."""
_SALT = 16
PASSKEY_SECRET = 32
"""Bytes of a passkey's answer, and of the salt it answers to (WebAuthn Level 3, the extension `prf`)."""


@dataclass(frozen=True)
class KeyPair:
    """A member of staff's key pair, 32 bytes each."""

    public: bytes
    private: bytes = field(repr=False)


def new_pair() -> KeyPair:
    """Return a new random key pair."""
    private = X25519PrivateKey.generate()
    return KeyPair(private.public_key().public_bytes_raw(), private.private_bytes_raw())


def public_of(private_key: bytes) -> bytes:
    """Return the public key of a private key."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def seal_to(public_key: bytes, content: bytes, meaning: bytes) -> bytes:
    """Encrypt content so that only the private key opens it, and only with the same meaning."""
    ephemeral = X25519PrivateKey.generate()
    shown = ephemeral.public_key().public_bytes_raw()
    return shown + encrypt(_agreed(ephemeral, public_key, shown + public_key), content, meaning)


def open_with(private_key: bytes, sealed: bytes, meaning: bytes) -> bytes:
    """Decrypt content sealed to this key with this meaning. Raises `SealBroken` for anything else."""
    return open_for(KeyPair(public_of(private_key), private_key), sealed, meaning)


def open_for(pair: KeyPair, sealed: bytes, meaning: bytes) -> bytes:
    """Do the same for a pair: of several boxes for one key, the public half is then worked out once."""
    shown, box = sealed[:KEY], sealed[KEY:]
    private = X25519PrivateKey.from_private_bytes(pair.private)
    return decrypt(_agreed(private, shown, shown + pair.public), box, meaning)


def _agreed(private: X25519PrivateKey, public_key: bytes, salt: bytes) -> bytes:
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(public_key))
    except ValueError:  # too short, or a low-order point that gives the same result with every key
        raise SealBroken("not a public key") from None
    return derive(shared, "staff/sealed", salt=salt)


def passkey_kind(credential: bytes) -> str:
    """Return the kind of slot that this passkey opens: each passkey of a person is a kind by itself."""
    return f"passkey {sha256(credential).hexdigest()[:32]}"


def new_salt() -> bytes:
    """Return a new salt for one slot."""
    return os.urandom(_SALT)


def make_staff_slot(
    pepper: Pepper, kind: str, secret: bytes, staff_id: str, private_key: bytes, *, salt: bytes = b""
) -> KeySlot:
    """A slot through which this secret yields this private key."""
    pepper = pepper.now()
    slot_id = secrets.token_hex(16)
    kek, commitment = _wrapping(secret, staff_id)
    inner = encrypt(kek, private_key, about(kind, staff_id, slot_id))
    meaning = about(pepper.version, staff_id, slot_id)
    outer = encrypt(derive(pepper.secret, "staff/slot"), commitment + inner, meaning)
    return KeySlot(slot_id, staff_id, kind, b"", pepper.version, outer, salt)


def open_staff_slot(pepper: Pepper, slot: KeySlot, secret: bytes) -> bytes:
    """The private key; SealBroken if slot, secret and pepper do not belong together."""
    content = _within(pepper, slot)
    kek, commitment = _wrapping(secret, slot.holder_id)
    if not hmac.compare_digest(commitment, content[:KEY]):
        raise SealBroken("the secret is not this slot's")
    return decrypt(kek, content[KEY:], about(slot.kind, slot.holder_id, slot.id))


def staff_slot_belongs(pepper: Pepper, slot: KeySlot) -> bool:
    """Return True if the slot was made with this pepper."""
    try:
        _within(pepper, slot)
    except SealBroken:
        return False
    return True


def _within(pepper: Pepper, slot: KeySlot) -> bytes:
    meaning = about(slot.pepper_version, slot.holder_id, slot.id)
    return decrypt(derive(pepper.of(slot.pepper_version).secret, "staff/slot"), slot.outer, meaning)


def rewrap_staff_slot(pepper: Pepper, slot: KeySlot) -> KeySlot:
    """The same slot under the newest pepper, without the secret it opens with."""
    pepper = pepper.now()
    content = _within(pepper, slot)
    meaning = about(pepper.version, slot.holder_id, slot.id)
    outer = encrypt(derive(pepper.secret, "staff/slot"), content, meaning)
    return replace(slot, pepper_version=pepper.version, outer=outer)


def _wrapping(secret: bytes, staff_id: str) -> tuple[bytes, bytes]:
    """Return the wrapping key, and the commitment to it."""
    both = derive(secret, "staff/wrapping", salt=staff_id.encode(), length=2 * KEY)
    return both[:KEY], both[KEY:]
