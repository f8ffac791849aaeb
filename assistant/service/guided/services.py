"""The services of guided sessions, built together."""

from collections.abc import Callable
from datetime import datetime

from assistant.config import Unit
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.guided.board import Board
from assistant.service.guided.facilitators import Facilitators
from assistant.service.guided.joining import Joining
from assistant.service.guided.rooms import Rooms
from assistant.service.guided.seats import Seats
from assistant.service.guided.sessions import GuidedSessions
from assistant.storage.database import Database
from assistant.value_class import value_class
from assistant.vault.pepper import Pepper


@value_class
class GuidedServices:
    """Everything that facilitators and participants do in guided sessions."""

    sessions: GuidedSessions
    facilitators: Facilitators
    joining: Joining
    seats: Seats
    board: Board

    @classmethod
    def over(
        cls,
        database: Database,
        pepper: Pepper,
        dialogues: Dialogues,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
        units: tuple[Unit, ...] = (),
    ) -> "GuidedServices":
        """Build the services over one database."""
        rooms = Rooms(database, clock, broadcast)
        joining = Joining(database, pepper, rooms, clock, broadcast)
        return cls(
            sessions=GuidedSessions(database, pepper, dialogues, rooms, clock, broadcast),
            facilitators=Facilitators(database, rooms, units),
            joining=joining,
            seats=Seats(database, dialogues, rooms, clock, broadcast),
            board=Board(database, rooms, joining, clock, broadcast),
        )
