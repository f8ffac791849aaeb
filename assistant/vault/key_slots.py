"""Key slots: the ways to a key, and the private link, which opens one kind of them.

A slot holds the key of its holder (a notebook, a share, an invitation) wrapped twice: within, under a secret
that only the person has; around that, under the pepper, which only the server has. So a stolen database opens
nothing and confirms nothing, a stolen database and pepper still lack the secret, and the pepper can be
changed without the person being there. The slots of staff are the same kind, wrapped as `staff_keys.py` says.

::

    root          = HKDF(secret)
    lookup        = HKDF(root)                              index = HMAC(pepper, lookup)[:16]
    kek ‖ commit  = HKDF(root, salt = holder)
    inner         = AES-GCM(kek, key;                       about kind, holder, slot)
    outer         = AES-GCM(pepper, commit ‖ lookup ‖ inner;  about pepper version, slot)

For a codename, `secret` is the codename stretched with the server's salt (`key_stretching.py`), and the salt
is part of the outer key as well, so that a wrong salt is detected before any user is refused.
"""

import hmac
import secrets
from dataclasses import dataclass, field, replace

from assistant.errors import SealBroken
from assistant.vault.encryption import KEY, about, decrypt, derive, encrypt
from assistant.vault.pasted import DIGITS, VALUES, secrets_in
from assistant.vault.pepper import Pepper, carry_on, digests

LINK = "link"
CODENAME = "codename"

LINK_BYTES = 16
_LENGTH = 26
_GROUPS = (4, 4, 4, 4, 4, 3, 3)
INDEX_LENGTH = 16
INDEX_PURPOSE = "index"


def new_link() -> str:
    """Return a new private link secret: 128 random bits, in groups to be read aloud and typed."""
    return spell_link(secrets.token_bytes(LINK_BYTES))


def read_links(typed: str) -> tuple[bytes, ...]:
    """Return the different secrets in typed or pasted text, the likeliest first. Accepts a whole URL or what
    follows ``#``, with text around it; ignores case, spaces, dashes and full stops; reads O as zero, I and L
    as one.
    """
    found = secrets_in(typed, _GROUPS, lambda signs: _number(signs) >> 8 * LINK_BYTES == 0)
    return tuple(_number(signs).to_bytes(LINK_BYTES, "big") for signs in found)


def read_link(typed: str) -> bytes | None:
    """Return the likeliest secret in typed or pasted text, or None."""
    return next(iter(read_links(typed)), None)


def spell_link(secret: bytes) -> str:
    """Format a link's secret in groups, like `new_link`."""
    number = int.from_bytes(secret, "big")
    digits = iter(DIGITS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
    return "-".join("".join(next(digits) for _ in range(size)) for size in _GROUPS)


def _number(signs: str) -> int:
    number = 0
    for sign in signs:
        number = number << 5 | VALUES[sign]
    return number


@dataclass(frozen=True)
class KeySlot:
    """One way to one key: a notebook's, a share's, an invitation's, or a member of staff's private key."""

    id: str
    holder_id: str
    """The id of what the key belongs to."""
    kind: str
    index: bytes = field(repr=False)
    """Where the slot is found by its secret; empty where it is found by its holder."""
    pepper_version: int
    outer: bytes = field(repr=False)
    salt: bytes = field(default=b"", repr=False)
    """What its secret is stretched with, where the slot has a salt of its own."""


def make_slot(
    pepper: Pepper, kind: str, secret: bytes, holder_id: str, key: bytes, *, salt: bytes = b""
) -> KeySlot:
    """A slot through which this secret yields this key."""
    pepper = pepper.now()
    slot_id = secrets.token_hex(16)
    kek, commitment = _wrapping(secret, holder_id)
    inner = encrypt(kek, key, about(kind, holder_id, slot_id))
    outer = encrypt(
        derive(pepper.secret, "slot", salt=salt),
        commitment + _lookup(secret) + inner,
        about(pepper.version, slot_id),
    )
    return KeySlot(slot_id, holder_id, kind, index_of(pepper, secret), pepper.version, outer)


def index_of(pepper: Pepper, secret: bytes) -> bytes:
    """Return the index of this secret's slot under the newest pepper."""
    return indexes_of(pepper, secret)[0]


def indexes_of(pepper: Pepper, secret: bytes) -> tuple[bytes, ...]:
    """Return the possible indexes of this secret's slot, the likeliest first: one per version of the
    pepper.
    """
    return digests(pepper.now(), INDEX_PURPOSE, _lookup(secret), length=INDEX_LENGTH)


def open_slot(pepper: Pepper, slot: KeySlot, secret: bytes, *, salt: bytes = b"") -> bytes:
    """The key; SealBroken if slot, secret, pepper and salt do not belong together."""
    content = _within(pepper, slot, salt)
    # the lookup value between the layers allows the pepper to be changed without the user
    committed, inner = content[:KEY], content[2 * KEY :]
    kek, commitment = _wrapping(secret, slot.holder_id)
    # a GCM box can be built that opens under two keys; the commitment holds it to one
    if not hmac.compare_digest(commitment, committed):
        raise SealBroken("the secret is not this slot's")
    return decrypt(kek, inner, about(slot.kind, slot.holder_id, slot.id))


def belongs(pepper: Pepper, slot: KeySlot, *, salt: bytes = b"") -> bool:
    """Return True if the slot was made with this pepper and salt."""
    try:
        _within(pepper, slot, salt)
    except SealBroken:
        return False
    return True


def _within(pepper: Pepper, slot: KeySlot, salt: bytes) -> bytes:
    key = derive(pepper.of(slot.pepper_version).secret, "slot", salt=salt)
    return decrypt(key, slot.outer, about(slot.pepper_version, slot.id))


def rewrap_slot(pepper: Pepper, slot: KeySlot, *, salt: bytes = b"", purpose: str = INDEX_PURPOSE) -> KeySlot:
    """Wrap the slot under the newest pepper, without its secret."""
    pepper = pepper.now()
    content, index = _within(pepper, slot, salt), slot.index
    for one in pepper.versions:
        if one.version > slot.pepper_version:
            index = carry_on(one, purpose, index, length=INDEX_LENGTH)
    outer = encrypt(derive(pepper.secret, "slot", salt=salt), content, about(pepper.version, slot.id))
    return replace(slot, index=index, pepper_version=pepper.version, outer=outer)


def _root(secret: bytes) -> bytes:
    return derive(secret, "root")


def _lookup(secret: bytes) -> bytes:
    return derive(_root(secret), "lookup")


def _wrapping(secret: bytes, holder_id: str) -> tuple[bytes, bytes]:
    """The key that wraps the key, and the proof of which key it is."""
    both = derive(_root(secret), "wrapping", salt=holder_id.encode(), length=2 * KEY)
    return both[:KEY], both[KEY:]
