"""What a turn has to do with a seat in a guided session."""

from collections.abc import Callable
from typing import Protocol

from assistant.engine.conversation import Conversation
from assistant.engine.machine import DialogueMachine
from assistant.meetings.notebook import Meeting
from assistant.meetings.summary import Unread
from assistant.storage.database import Connection
from assistant.storage.guided_seats import StoredSeat


class SeatOfTurn(Protocol):
    """What rewrites a seat in a guided session, in the transaction of the turn that changed an answer."""

    def seat_for_turn(self, connection: Connection, meeting: Meeting) -> StoredSeat | None:
        """Return the seat of a meeting, if there is one."""

    def after_turn(
        self,
        meeting: Meeting,
        seat: StoredSeat,
        machine: DialogueMachine,
        before: tuple[Conversation, Unread],
        after: tuple[Conversation, Unread],
    ) -> Callable[[Connection], None] | None:
        """Return what writes the seat; None if what it shows stays the same. Unread entries are not in it."""

    def tell_after_turn(self, meeting: Meeting) -> None:
        """Announce that a turn was committed."""
