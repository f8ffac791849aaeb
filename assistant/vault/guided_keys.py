"""Keys of a guided session.

The room has a key of its own, which everybody who joins gets through the link or the code. The session has a
key pair of its own, too: what participants show, and lines that wait, are sealed to it, so that a second
facilitator can read them and no one's own key pair opens them once the session is deleted.

::

    facilitator   = sealed to their account's public key: room key ‖ session's private key
    link, code    = slots (`key_slots.py`) that open the room key; deleted with the door or the session
    seat key      = random, made in the user's request; sealed to the session's public key

The code is ten characters, 50 bits, and not stretched: it works for four hours at most, is found only under
the pepper, and opens no one's answers. Stretching would stop a group of twenty at the door.
"""

import secrets

from assistant.vault.encryption import KEY, about
from assistant.vault.pasted import DIGITS, secrets_in
from assistant.vault.staff_keys import open_with, seal_to

LINK_TO_GUIDED_SESSION = "guided-link"
GUIDED_CODE = "guided-code"
_LENGTH = 10
_GROUP = 5


def new_guided_code() -> str:
    """Return a new random code in groups, to be read aloud and typed."""
    return spell_guided_code("".join(secrets.choice(DIGITS) for _ in range(_LENGTH)).encode())


def spell_guided_code(secret: bytes) -> str:
    """Format a secret as a code in groups."""
    signs = secret.decode().upper()
    return "-".join(signs[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def read_guided_codes(typed: str) -> tuple[bytes, ...]:
    """Return the secrets of the different codes in typed or pasted text, ignoring words around a code."""
    return tuple(signs.encode() for signs in secrets_in(typed, (_GROUP,) * (_LENGTH // _GROUP)))


def seal_to_facilitator(
    public_key: bytes, session_id: str, staff_id: str, room_key: bytes, private: bytes
) -> bytes:
    """Seal both keys of a session to one facilitator's account."""
    return seal_to(public_key, room_key + private, about("guided/facilitator", session_id, staff_id))


def open_as_facilitator(
    private_key: bytes, session_id: str, staff_id: str, sealed: bytes
) -> tuple[bytes, bytes]:
    """Return the room's key and the session's private key. Raises `SealBroken`."""
    keys = open_with(private_key, sealed, about("guided/facilitator", session_id, staff_id))
    return keys[:KEY], keys[KEY:]


def of_door(session_id: str) -> bytes:
    """Return the associated data of the link and code that facilitators can show again."""
    return about("guided/door", session_id)


def of_seat(arrival_id: str) -> bytes:
    """Return the associated data of a seat's key, sealed to the session."""
    return about("guided/seat", arrival_id)


def of_line(session_id: str, line_id: str) -> bytes:
    """Return the associated data of a line that waits."""
    return about("guided/line", session_id, line_id)
