"""Seats and waiting lines, sealed and unsealed."""

from pydantic_core import to_json

from assistant.errors import SealBroken
from assistant.meetings.guided.participation import Messages, SeatContent
from assistant.meetings.guided.room import HeldUp
from assistant.service.documents import read_back
from assistant.storage.guided_seats import StoredLine, StoredSeat
from assistant.vault.guided_keys import of_line, of_seat
from assistant.vault.review_keys import check_words
from assistant.vault.sealing import seal, unseal
from assistant.vault.staff_keys import open_with, seal_to

_SHOWN = "shown"
_MESSAGES = "messages"
_LINE_SIZE = 2048
"""Lines are padded to this length: 500 characters take at most 2,000 bytes."""


def new_seat(arrival_id: str, seat_key: bytes, session_public: bytes) -> StoredSeat:
    """Return an empty seat, whose key is sealed to the session. Its empty messages tell whose key fits."""
    sealed_key = seal_to(session_public, seat_key, of_seat(arrival_id))
    return StoredSeat(
        arrival_id, 0, None, 1, sealed_messages(arrival_id, seat_key, Messages(), 1), sealed_key
    )


def sealed_shown(arrival_id: str, seat_key: bytes, shown: SeatContent, revision: int) -> bytes:
    """Return what is shown, sealed under the seat's key at this revision."""
    plain = to_json(shown)
    return seal(seat_key, plain, owner=arrival_id, name=_SHOWN, revision=revision)


def sealed_messages(arrival_id: str, seat_key: bytes, messages: Messages, revision: int) -> bytes:
    """Return the messages, sealed under the seat's key at this revision."""
    plain = to_json(messages)
    return seal(seat_key, plain, owner=arrival_id, name=_MESSAGES, revision=revision)


def messages_in(seat: StoredSeat, seat_key: bytes) -> Messages:
    """Return the messages of a seat."""
    if seat.messages is None:
        return Messages()
    at = {"owner": seat.arrival_id, "name": _MESSAGES}
    return read_back(Messages, unseal(seat_key, seat.messages, **at, revision=seat.messages_revision))


def fits(seat: StoredSeat, seat_key: bytes) -> bool:
    """Return whether this is the seat's key. A double tap gives one seat to two notebooks, and the one that
    came last has its key.
    """
    try:
        messages_in(seat, seat_key)
    except SealBroken:
        return False
    return True


def seat_key_of(seat: StoredSeat, session_private: bytes) -> bytes:
    """Return the seat's key, for a facilitator."""
    return open_with(session_private, seat.key, of_seat(seat.arrival_id))


def read_seat(
    seat: StoredSeat, session_private: bytes
) -> tuple[SeatContent | None, Messages, tuple[str, str]]:
    """Return what a seat shows, its messages and its check words, for a facilitator."""
    key = seat_key_of(seat, session_private)
    shown = None
    if seat.shown is not None:
        plain = unseal(key, seat.shown, owner=seat.arrival_id, name=_SHOWN, revision=seat.revision)
        shown = read_back(SeatContent, plain)
    return shown, messages_in(seat, key), check_words(key)


def sealed_line(session_id: str, line_id: str, said: str, session_public: bytes) -> StoredLine:
    """Return a line sealed to the session, padded so that its length says nothing."""
    framed = said.encode()
    plain = len(framed).to_bytes(2, "big") + framed.ljust(_LINE_SIZE, b"\0")
    return StoredLine(line_id, seal_to(session_public, plain, of_line(session_id, line_id)))


def read_line(session_id: str, line: StoredLine, session_private: bytes) -> HeldUp:
    """Return a line that waits, for a facilitator."""
    plain = open_with(session_private, line.sealed, of_line(session_id, line.id))
    length = int.from_bytes(plain[:2], "big")
    return HeldUp(id=line.id, said=plain[2 : 2 + length].decode())
