"""The door of a guided session: its link and its code."""

from assistant.service.key_slots import for_guided_session
from assistant.storage.guided_sessions import (
    StoredGuidedSecret,
    StoredGuidedSession,
)
from assistant.vault.guided_keys import (
    GUIDED_CODE,
    LINK_TO_GUIDED_SESSION,
    new_guided_code,
    of_door,
    read_guided_codes,
)
from assistant.vault.key_slots import make_slot, new_link, read_links
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import KeyPair, open_with, seal_to


def new_door(
    pepper: Pepper, session_id: str, room_key: bytes, pair: KeyPair
) -> tuple[bytes, list[StoredGuidedSecret]]:
    """Return a new link and code: sealed to the facilitators, and as slots that open the room."""
    link, code = new_link(), new_guided_code()
    typed = ((LINK_TO_GUIDED_SESSION, read_links(link)), (GUIDED_CODE, read_guided_codes(code)))
    ways = [
        for_guided_session(make_slot(pepper, kind, secret, session_id, room_key)) for kind, (secret,) in typed
    ]
    return seal_to(pair.public, f"{link} {code}".encode(), of_door(session_id)), ways


def door_of(session: StoredGuidedSession, private: bytes) -> tuple[str | None, str | None]:
    """Return the link and the code, for facilitators; None for both while the door is closed."""
    if session.door is None:
        return None, None
    link, code = open_with(private, session.door, of_door(session.id)).decode().split()
    return link, code
