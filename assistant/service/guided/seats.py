"""The seat: what one user lets the facilitator see, in a session with one person.

The user's own requests write it. Narrowing what is shown is written over what was shown before the request is
answered, and a turn rewrites the seat in the transaction of the turn.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from assistant.dialogue.model import Address
from assistant.engine.conversation import Answer, Conversation
from assistant.engine.machine import DialogueMachine
from assistant.engine.turn import where
from assistant.errors import GuidedSessionOver, NotFound, SeatEmpty, TooManyMessages
from assistant.meetings.guided.participation import (
    MOST_MESSAGES,
    Message,
    Messages,
    Participation,
    Piece,
    Scope,
    SeatContent,
    all_pieces,
    showing,
    shown_of,
    taking_back,
    with_scope,
)
from assistant.meetings.notebook import Meeting
from assistant.meetings.summary import Unread
from assistant.meetings.written_for import approved_answers
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.documents import seal_documents, write_sealed
from assistant.service.guided.rooms import Rooms, running_session, unsealed_room
from assistant.service.guided.sealed_seats import (
    fits,
    messages_in,
    new_seat,
    sealed_messages,
    sealed_shown,
    seat_key_of,
)
from assistant.service.notebook.changes import until_unhindered
from assistant.service.notebook.leaving_guided_sessions import room_subject, stand_subject
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.drafts import NotebookContents, read_all
from assistant.service.staff.members import SignedInStaff
from assistant.storage.database import Connection, Database
from assistant.storage.guided_seats import (
    StoredSeat,
    find_seat,
    put_seat,
    seat_in,
    write_messages,
    write_shown,
)
from assistant.storage.guided_sessions import StoredGuidedSession, count_up_stand
from assistant.storage.sessions import prolong_session
from assistant.value_class import value_class
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.review_keys import check_words
from assistant.vault.session_keys import session_index


@value_class
class OwnSeat:
    """A seat as the user sees it."""

    participation: Participation
    shown: SeatContent
    pieces: tuple[Piece, ...]
    """Every piece that can be shown, at its current version."""
    messages: tuple[Message, ...]
    words: tuple[str, str]

    def state_of(self, piece: Piece) -> str:
        """Return whether a piece is `shown`, was `changed` since it was shown, or is `kept` private."""
        if piece in all_pieces(self.shown.answers):
            return "shown"
        return "changed" if piece.id in {one.id for one in self.participation.shown} else "kept"


class Seats:
    """Shows and takes back answers, and carries messages. Every act is durable when it returns."""

    def __init__(
        self,
        database: Database,
        dialogues: Dialogues,
        rooms: Rooms,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
    ) -> None:
        self._database = database
        self._dialogues = dialogues
        self._rooms = rooms
        self._clock = clock
        self._broadcast = broadcast

    async def of(self, visitor: SignedInUser, meeting_id: str) -> OwnSeat:
        """Return the user's own seat. Raises `NotFound` without one, and `GuidedSessionOver`."""
        read, seat = await self._read(visitor, meeting_id)
        guided, key = _seat_of(read.meeting)
        machine = await self._dialogues.of(read.conversation.dialogue)
        _, journey = where(machine, read.conversation)
        return OwnSeat(
            participation=guided,
            shown=_shown(machine, read.conversation, read.written_for.unread, guided),
            pieces=all_pieces(journey.answers),
            messages=messages_in(seat, key).messages,
            words=check_words(key),
        )

    async def show(self, visitor: SignedInUser, meeting_id: str, pieces: Collection[str]) -> None:
        """Show these pieces, by id, at their current versions."""
        await self._change(visitor, meeting_id, lambda guided, answers: showing(guided, answers, pieces))

    async def take_back(self, visitor: SignedInUser, meeting_id: str, pieces: Collection[str]) -> None:
        """Take these pieces back at once, under every scope."""
        await self._change(visitor, meeting_id, lambda guided, answers: taking_back(guided, answers, pieces))

    async def set_scope(self, visitor: SignedInUser, meeting_id: str, scope: Scope) -> None:
        """Change how much the facilitator sees from now on."""
        await self._change(visitor, meeting_id, lambda guided, answers: with_scope(guided, answers, scope))

    async def _change(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        think: Callable[[Participation, Mapping[Address, Answer]], Participation],
    ) -> None:
        async def attempt() -> str:
            read, seat = await self._read(visitor, meeting_id)
            guided, _ = _seat_of(read.meeting)
            machine = await self._dialogues.of(read.conversation.dialogue)
            unread = read.written_for.unread
            _, journey = where(machine, read.conversation)
            changed = think(guided, approved_answers(machine.dialogue, journey.answers, unread))
            now = self._clock()
            notebook = read.notebook.with_guided(meeting_id, changed).used_at(now, visitor.retention)
            sealed = seal_documents(visitor.owner, notebook, read.revision, {})
            meeting = notebook.meeting(meeting_id)
            write_seat = _writing(meeting, seat, _shown(machine, read.conversation, unread, changed))

            def write(connection: Connection) -> None:
                running_session(connection, guided.session, now)
                write_sealed(connection, visitor.owner, sealed)
                prolong_session(connection, session_index(visitor.secret), visitor.alive_until(now))
                write_seat(connection)

            await self._database.write(write)
            for document in sealed:
                self._broadcast.tell(visitor.owner.notebook_id, document.name, document.expected + 1)
            return guided.session

        session_id = await until_unhindered(attempt)
        self._broadcast.tell_changed(stand_subject(session_id))
        await self._database.scrub()

    async def _read(self, visitor: SignedInUser, meeting_id: str) -> tuple[NotebookContents, StoredSeat]:
        now = self._clock()

        def read(connection: Connection) -> tuple[NotebookContents, StoredGuidedSession, StoredSeat]:
            contents = read_all(connection, visitor.owner, meeting_id)
            guided, _ = _seat_of(contents.meeting)
            session = running_session(connection, guided.session, now)
            seat = find_seat(connection, guided.arrival)
            if seat is None:
                raise GuidedSessionOver
            return contents, session, seat

        contents, session, seat = await self._database.read(read)
        guided, key = _seat_of(contents.meeting)
        if fits(seat, key) or guided.key is None:
            return contents, seat
        room = unsealed_room(session, bytes.fromhex(guided.key))
        own = new_seat(seat.arrival_id, key, bytes.fromhex(room.public_key))
        await self._database.write(lambda c: put_seat(c, own))
        return contents, own

    def seat_for_turn(self, connection: Connection, meeting: Meeting) -> StoredSeat | None:
        """Return the seat that a turn in this meeting has to rewrite, if there is one."""
        guided = meeting.guided
        if guided is None or guided.seat_key is None or not guided.is_running(self._clock()):
            return None
        seat = find_seat(connection, guided.arrival)
        return seat if seat is not None and fits(seat, bytes.fromhex(guided.seat_key)) else None

    def after_turn(
        self,
        meeting: Meeting,
        seat: StoredSeat,
        machine: DialogueMachine,
        before: tuple[Conversation, Unread],
        after: tuple[Conversation, Unread],
    ) -> Callable[[Connection], None] | None:
        """Return what writes the seat, in the transaction of the turn; None if what is shown stays the same.

        Nothing is written then, so that the facilitator's page does not tell when the user is writing.
        """
        guided, _ = _seat_of(meeting)
        shown = _shown(machine, *after, guided)
        if shown == _shown(machine, *before, guided):
            return None
        return _writing(meeting, seat, shown)

    def tell_after_turn(self, meeting: Meeting) -> None:
        """Announce to the facilitators that a turn was committed."""
        if meeting.guided is not None:
            self._broadcast.tell_changed(stand_subject(meeting.guided.session))

    async def say(self, visitor: SignedInUser, meeting_id: str, text: str, request: str) -> None:
        """Send a message to the facilitator, once. Raises `TooManyMessages`."""

        async def attempt() -> str:
            read, seat = await self._read(visitor, meeting_id)
            guided, key = _seat_of(read.meeting)
            message = Message(id=_message_id(key, f"user {request}"), by="user", text=text)
            await self._add_message(guided.session, seat, key, message)
            return guided.session

        self._broadcast.tell_changed(stand_subject(await until_unhindered(attempt)))

    async def say_to(
        self, who: SignedInStaff, session_id: str, text: str, at: Address | None, request: str
    ) -> None:
        """Send a message to the user, or offer words for a question, once.

        Raises `TooManyMessages`, and `SeatEmpty` while no user is there.
        """

        async def attempt() -> None:
            session, keys = await self._rooms.led(who, session_id, "offer_words")
            if session.form != "one":
                raise NotFound
            seat = await self._database.read(lambda c: seat_in(c, session_id))
            if seat is None:
                raise SeatEmpty
            key = seat_key_of(seat, keys.private)
            id_ = _message_id(key, f"{who.member.id} {request}")
            message = Message(id=id_, by="facilitator", at=at, text=text)
            await self._add_message(session_id, seat, key, message)

        await until_unhindered(attempt)
        self._broadcast.tell_changed(stand_subject(session_id))
        self._broadcast.tell_changed(room_subject(session_id))

    async def _add_message(self, session_id: str, seat: StoredSeat, key: bytes, message: Message) -> None:
        before = messages_in(seat, key).messages
        if any(one.id == message.id for one in before):
            return
        if len(before) >= MOST_MESSAGES:
            raise TooManyMessages(MOST_MESSAGES)
        after = Messages(messages=(*before, message))
        sealed = sealed_messages(seat.arrival_id, key, after, seat.messages_revision + 1)

        def write(connection: Connection) -> None:
            running_session(connection, session_id, self._clock())
            write_messages(connection, seat.arrival_id, expected=seat.messages_revision, messages=sealed)
            count_up_stand(connection, session_id)

        await self._database.write(write)


def _seat_of(meeting: Meeting) -> tuple[Participation, bytes]:
    """Return the participation and the seat's key. Raises `GuidedSessionOver` after the session or after
    leaving it, and `NotFound` where there never was a seat.
    """
    if meeting.guided is not None and meeting.guided.key is None:
        raise GuidedSessionOver
    if meeting.guided is None or meeting.guided.seat_key is None:
        raise NotFound
    return meeting.guided, bytes.fromhex(meeting.guided.seat_key)


def _shown(
    machine: DialogueMachine, conversation: Conversation, unread: Unread, guided: Participation
) -> SeatContent:
    """Return what the facilitator may see; nothing that another person wrote and the user has not read."""
    at, journey = where(machine, conversation)
    answers = approved_answers(machine.dialogue, journey.answers, unread)
    return shown_of(conversation.dialogue, at, answers, guided)


def _writing(meeting: Meeting, seat: StoredSeat, shown: SeatContent) -> Callable[[Connection], None]:
    """Return what writes the seat over."""
    guided, key = _seat_of(meeting)
    sealed = sealed_shown(seat.arrival_id, key, shown, seat.revision + 1)

    def write(connection: Connection) -> None:
        write_shown(connection, seat.arrival_id, expected=seat.revision, shown=sealed)
        count_up_stand(connection, guided.session)

    return write


def _message_id(key: bytes, request: str) -> str:
    return fingerprint(key, f"message {request}".encode())[:8].hex()
