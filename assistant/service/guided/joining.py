"""Joining and leaving a guided session, as the user does it.

Nothing stored connects an arrival to a notebook; only the notebook itself, sealed, knows it.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from assistant.errors import (
    GuidedSessionFull,
    GuidedSessionOver,
    NotFound,
    NothingToTry,
    SealBroken,
    SeatTaken,
    SecretUnknown,
    SessionEnded,
)
from assistant.meetings.guided.participation import Participation
from assistant.meetings.guided.room import LONGEST, MOST_ARRIVALS
from assistant.meetings.notebook import Meeting, Notebook
from assistant.service.broadcast import Broadcast
from assistant.service.documents import read_notebook
from assistant.service.guided.rooms import Rooms, running_session, unsealed_room
from assistant.service.guided.sealed_seats import new_seat
from assistant.service.guided.views import JoinableSession, ParticipantRoom
from assistant.service.key_slots import key_slot
from assistant.service.notebook.changes import NotebookChange, change_notebook
from assistant.service.notebook.leaving_guided_sessions import leave_guided_sessions, stand_subject
from assistant.service.notebook.sessions import SignedInUser
from assistant.storage.database import Connection, Database
from assistant.storage.guided_seats import are_waiting, find_seat, put_seat
from assistant.storage.guided_sessions import (
    StoredArrival,
    StoredGuidedSecret,
    StoredGuidedSession,
    add_arrival,
    count_arrivals,
    count_up_stand,
    find_arrival,
    find_guided_way,
)
from assistant.storage.row_locks import lock_guided_session
from assistant.vault.guided_keys import LINK_TO_GUIDED_SESSION, read_guided_codes, spell_guided_code
from assistant.vault.key_slots import indexes_of, open_slot, read_links, spell_link
from assistant.vault.pepper import Pepper
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.sealing import new_key
from assistant.zone import local_day


class Joining:
    """A user's ways into and out of a guided session. Every act is durable when it returns."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        rooms: Rooms,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._rooms = rooms
        self._clock = clock
        self._broadcast = broadcast

    async def look(self, typed: str) -> JoinableSession:
        """Open a session's room by its link or code, ignoring text around it. Writes nothing.

        Raises `SecretUnknown`, also when the door is closed or the session is over, and `NothingToTry`.
        """
        found = (*read_links(typed), *read_guided_codes(typed))
        for secret in found:
            with suppress(SecretUnknown):
                return await self._look(secret)
        raise SecretUnknown if found else NothingToTry

    async def _look(self, secret: bytes) -> JoinableSession:
        indexes = indexes_of(self._pepper, secret)

        def read(connection: Connection) -> tuple[StoredGuidedSecret, StoredGuidedSession, int]:
            way = find_guided_way(connection, *indexes)
            if way is None:
                raise SecretUnknown
            session = running_session(connection, way.session_id, self._clock())
            return way, session, count_arrivals(connection, session.id)

        try:
            way, session, joined = await self._database.read(read)
            key = open_slot(self._pepper, key_slot(way), secret)
            room = unsealed_room(session, key)
        except (GuidedSessionOver, SealBroken):
            raise SecretUnknown from None
        spell = spell_link if way.kind == LINK_TO_GUIDED_SESSION else spell_guided_code
        is_full = joined >= MOST_ARRIVALS[room.form]
        latest_end = max(session.ends_at, session.opened_at + LONGEST)
        return JoinableSession(session.id, room, session.ends_at, latest_end, is_full, spell(secret), key)

    async def join(
        self, visitor: SignedInUser, meeting_id: str, session: JoinableSession, request: str
    ) -> tuple[Meeting, ...]:
        """Take part with this meeting; return the meetings whose other sessions were left for it.

        The same request is one arrival, also from two notebooks, as a double tap makes them. A meeting that
        takes part already stays. Raises `NotFound` for a meeting that is not in the notebook,
        `GuidedSessionFull`, `SeatTaken` and `GuidedSessionOver`.
        """
        arrival = _arrival_id(session, request)
        seat_key = new_key() if session.room.form == "one" else None
        now = self._clock()
        joined = Participation(
            session=session.id,
            key=session.key.hex(),
            arrival=arrival,
            seat_key=None if seat_key is None else seat_key.hex(),
            form=session.room.form,
            facilitators=session.room.facilitators,
            joined_on=local_day(now),
            ends_at=session.latest_end,
        )
        left: tuple[Meeting, ...] = ()

        def think(notebook: Notebook) -> NotebookChange | None:
            nonlocal left
            here = notebook.meeting(meeting_id)
            if here.guided is not None and here.guided.session == session.id and here.guided.key is not None:
                return None
            left = _others(notebook.meetings, now)
            for meeting in left:
                assert meeting.guided is not None
                notebook = notebook.with_guided(meeting.id, meeting.guided.over())

            def also(connection: Connection) -> None:
                lock_guided_session(connection, session.id)
                running_session(connection, session.id, self._clock())
                leave_guided_sessions(connection, left)
                self._arrive(connection, session, arrival)
                if seat_key is not None:
                    put_seat(connection, new_seat(arrival, seat_key, bytes.fromhex(session.room.public_key)))

            return NotebookChange(notebook.with_guided(meeting_id, joined), also=also, is_use=False)

        await self._take_lines_down(visitor, session, meeting_id)
        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
        self._tell(session.id, *(meeting.guided.session for meeting in left if meeting.guided))
        return tuple(one for one in left if one.guided is not None and one.guided.session != session.id)

    async def has_arrived(self, session: JoinableSession, request: str) -> bool:
        """Return whether this request has joined already: a double tap finds its own seat taken."""
        arrival = _arrival_id(session, request)
        return await self._database.read(lambda c: find_arrival(c, arrival)) is not None

    async def _take_lines_down(
        self, visitor: SignedInUser, session: JoinableSession, meeting_id: str
    ) -> None:
        """Remove the user's lines from the boards of the sessions that joining another one leaves."""
        notebook, _ = await self._database.read(lambda c: read_notebook(c, visitor.owner))
        here = notebook.meeting(meeting_id).guided
        if here is not None and here.session == session.id and here.key is not None:
            return
        for meeting in _others(notebook.meetings, self._clock()):
            assert meeting.guided is not None
            await self._take_down_all(meeting.guided)

    async def _take_down_all(self, guided: Participation) -> None:
        for line in guided.lines:
            with suppress(GuidedSessionOver):
                await self._rooms.take_down(guided, line)

    def _arrive(self, connection: Connection, session: JoinableSession, arrival: str) -> None:
        """Count while the session is locked, so that twenty-five at once are twenty."""
        form = session.room.form
        if find_arrival(connection, arrival) is None:
            if count_arrivals(connection, session.id) >= MOST_ARRIVALS[form]:
                raise SeatTaken if form == "one" else GuidedSessionFull
            add_arrival(connection, arrival, session.id)
        count_up_stand(connection, session.id)

    async def leave(self, visitor: SignedInUser, meeting_id: str) -> None:
        """Leave: the arrival, the seat and the user's own lines are deleted. Raises `NotFound`."""
        notebook, _ = await self._database.read(lambda c: read_notebook(c, visitor.owner))
        guided = notebook.meeting(meeting_id).guided
        if guided is None or guided.key is None:
            return
        await self._take_down_all(guided)
        left: tuple[str, ...] = ()

        def think(notebook: Notebook) -> NotebookChange | None:
            meeting = notebook.meeting(meeting_id)
            if meeting.guided is None or meeting.guided.key is None:
                return None

            def also(connection: Connection) -> None:
                nonlocal left
                left = leave_guided_sessions(connection, [meeting])

            return NotebookChange(
                notebook.with_guided(meeting_id, meeting.guided.over()), also=also, is_use=False
            )

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
        self._tell(*left)
        await self._database.scrub()

    async def take_lines_down(self, visitor: SignedInUser, meeting_id: str | None = None) -> None:
        """Remove the user's lines from the board before a meeting, or with None everything, is deleted."""
        with suppress(SessionEnded):  # deleted already
            notebook, _ = await self._database.read(lambda c: read_notebook(c, visitor.owner))
            for meeting in notebook.meetings:
                if meeting.guided is not None and meeting.guided.key and meeting_id in (None, meeting.id):
                    await self._take_down_all(meeting.guided)

    async def forget_if_over(self, visitor: SignedInUser, meeting_id: str) -> None:
        """Delete the keys of a session that is over from the notebook."""
        found = await self.room_for(visitor, meeting_id)
        if found.room is not None or found.participation.key is None:
            return

        def think(notebook: Notebook) -> NotebookChange | None:
            guided = notebook.meeting(meeting_id).guided
            if guided is None or guided.session != found.participation.session:
                return None
            return NotebookChange(notebook.with_guided(meeting_id, guided.over()), is_use=False)

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)

    async def room_for(self, visitor: SignedInUser, meeting_id: str) -> ParticipantRoom:
        """Return the session that a meeting is prepared in. Raises `NotFound` if there was none."""
        now = self._clock()

        def read(
            connection: Connection,
        ) -> tuple[Participation, StoredGuidedSession | None, StoredArrival | None, int, bool]:
            guided = read_notebook(connection, visitor.owner)[0].meeting(meeting_id).guided
            if guided is None:
                raise NotFound
            if guided.key is None:
                return guided, None, None, 0, False
            try:
                session = running_session(connection, guided.session, now)
            except GuidedSessionOver:
                return guided, None, None, 0, False
            revision = _revision(connection, session, guided)
            waits = are_waiting(connection, session.id, guided.lines)
            return guided, session, find_arrival(connection, guided.arrival), revision, waits

        guided, session, arrival, revision, waits = await self._database.read(read)
        if session is None or arrival is None or guided.key is None:
            return ParticipantRoom(guided, None, guided.ends_at, 0)
        room = unsealed_room(session, bytes.fromhex(guided.key))
        return ParticipantRoom(
            guided,
            room,
            session.ends_at,
            revision,
            is_ready=arrival.ready == room.step > 0,
            has_line_waiting=waits,
            may_hold_up=room.form == "group" and arrival.held != room.step > 0 and not waits,
        )

    async def revision(self, guided: Participation) -> int | None:
        """Return a number that grows with the room and the messages; None when the session is over."""
        now = self._clock()

        def read(connection: Connection) -> int | None:
            try:
                session = running_session(connection, guided.session, now)
            except GuidedSessionOver:
                return None
            return (
                _revision(connection, session, guided) if find_arrival(connection, guided.arrival) else None
            )

        return await self._database.read(read)

    def _tell(self, *sessions: str) -> None:
        for session_id in sessions:
            self._broadcast.tell_changed(stand_subject(session_id))


def _arrival_id(session: JoinableSession, request: str) -> str:
    return fingerprint(session.key, f"arrival {request}".encode())[:16].hex()


def _revision(connection: Connection, session: StoredGuidedSession, guided: Participation) -> int:
    """Return a number that grows with every change that a participant is shown."""
    seat = find_seat(connection, guided.arrival) if guided.seat_key else None
    return session.revision + (seat.messages_revision if seat else 0)


def _others(meetings: Iterable[Meeting], now: datetime) -> tuple[Meeting, ...]:
    """Return the meetings with another running session: a person is in one at a time."""
    return tuple(one for one in meetings if one.guided is not None and one.guided.is_running(now))
