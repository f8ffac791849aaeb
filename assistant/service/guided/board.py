"""Lines without names: held up by participants, read by a facilitator, and put forward together.

No one's authorship is stored, not even sealed. What is stored of a participant is only the step at which they
put a line forward, so that three lines are three people.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime

from assistant.errors import FewerThanThree, GuidedSessionOver, LineWaiting, NotFound
from assistant.meetings.guided.room import FEWEST_LINES, HeldUp, PutForward, Room, TakeDown, after
from assistant.meetings.notebook import Notebook
from assistant.service.broadcast import Broadcast
from assistant.service.documents import read_notebook
from assistant.service.guided.joining import Joining
from assistant.service.guided.rooms import Rooms, running_session, unsealed_room
from assistant.service.guided.sealed_seats import read_line, sealed_line
from assistant.service.notebook.changes import NotebookChange, change_notebook
from assistant.service.notebook.leaving_guided_sessions import stand_subject
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.staff.members import SignedInStaff
from assistant.storage.database import Connection, Database
from assistant.storage.guided_seats import add_line, are_waiting, count_lines, delete_lines, lines_of
from assistant.storage.guided_sessions import (
    StoredGuidedSession,
    count_up_stand,
    find_arrival,
    mark_held,
    mark_ready,
)
from assistant.storage.row_locks import lock_guided_session
from assistant.vault.request_fingerprint import fingerprint


class Board:
    """A group's lines and its count of who is ready. Every act is durable when it returns."""

    def __init__(
        self,
        database: Database,
        rooms: Rooms,
        joining: Joining,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
    ) -> None:
        self._database = database
        self._rooms = rooms
        self._joining = joining
        self._clock = clock
        self._broadcast = broadcast

    async def hold_up(self, visitor: SignedInUser, meeting_id: str, said: str, request: str) -> None:
        """Hold up one line, once a step, while no other line of theirs waits: three lines are three people.

        Raises `LineWaiting`, `NotFound` and `GuidedSessionOver`.
        """
        found = await self._joining.room_for(visitor, meeting_id)
        room, guided = found.room, found.participation
        if room is None or guided.key is None:
            raise GuidedSessionOver
        if room.form != "group" or room.step == 0:
            raise NotFound
        line_id = fingerprint(bytes.fromhex(guided.key), f"{guided.arrival} line {request}".encode())[
            :8
        ].hex()
        line = sealed_line(guided.session, line_id, said, bytes.fromhex(room.public_key))
        step = room.step

        def think(notebook: Notebook) -> NotebookChange | None:
            now = notebook.meeting(meeting_id).guided
            if now is None or now.key is None or line_id in now.lines:
                return None

            def also(connection: Connection) -> None:
                lock_guided_session(connection, guided.session)
                running_session(connection, guided.session, self._clock())
                arrival = find_arrival(connection, guided.arrival)
                if arrival is None:
                    raise GuidedSessionOver
                if arrival.held == step or are_waiting(connection, guided.session, now.lines):
                    raise LineWaiting
                add_line(connection, line, guided.session)
                mark_held(connection, guided.arrival, step)
                # below three, the facilitators are not even told that there is one
                if count_lines(connection, guided.session) >= FEWEST_LINES:
                    count_up_stand(connection, guided.session)

            kept = now.model_copy(update={"lines": (*now.lines, line_id)})
            return NotebookChange(notebook.with_guided(meeting_id, kept), also=also, is_use=False)

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
        self._tell(guided.session)

    async def take_down(self, visitor: SignedInUser, meeting_id: str, line_id: str) -> None:
        """Delete a line of the user's own, whether it waits or is on the board. Raises `NotFound`."""
        notebook, _ = await self._database.read(lambda c: read_notebook(c, visitor.owner))
        guided = notebook.meeting(meeting_id).guided
        if guided is None or guided.key is None or line_id not in guided.lines:
            raise NotFound

        def think(notebook: Notebook) -> NotebookChange | None:
            now = notebook.meeting(meeting_id).guided
            if now is None or line_id not in now.lines:
                return None

            def also(connection: Connection) -> None:
                lock_guided_session(connection, now.session)
                seen = count_lines(connection, now.session) >= FEWEST_LINES
                if delete_lines(connection, now.session, (line_id,)):
                    mark_held(connection, now.arrival, 0)
                    if seen:
                        count_up_stand(connection, now.session)

            kept = now.model_copy(update={"lines": tuple(one for one in now.lines if one != line_id)})
            return NotebookChange(notebook.with_guided(meeting_id, kept), also=also, is_use=False)

        with suppress(GuidedSessionOver):  # first the board: the notebook names the line until it is down
            await self._rooms.take_down(guided, line_id)
        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
        self._tell(guided.session)
        await self._database.scrub()

    async def ready(self, visitor: SignedInUser, meeting_id: str) -> None:
        """Say that one is ready to go on from this question. Raises `GuidedSessionOver`."""
        found = await self._joining.room_for(visitor, meeting_id)
        guided = found.participation
        if found.room is None:
            raise GuidedSessionOver
        step = found.room.step

        def write(connection: Connection) -> None:
            running_session(connection, guided.session, self._clock())
            mark_ready(connection, guided.arrival, step)
            count_up_stand(connection, guided.session)

        if step and not found.is_ready:
            await self._database.write(write)
            self._tell(guided.session)

    async def put_forward(self, who: SignedInStaff, session_id: str, ids: Collection[str]) -> None:
        """Show these waiting lines to the group, three or more at once. Raises `FewerThanThree`, also when
        one of them was taken down meanwhile: then nothing is shown.
        """

        lines: tuple[HeldUp, ...] = ()

        async def read() -> tuple[StoredGuidedSession, bytes]:
            nonlocal lines
            session, keys = await self._rooms.led(who, session_id, "put_forward")
            on_board = {line.id for line in unsealed_room(session, keys.room).board}
            stored = await self._database.read(lambda c: lines_of(c, session_id))
            lines = tuple(read_line(session_id, one, keys.private) for one in stored if one.id in ids)
            if not lines and ids and set(ids) <= on_board:
                return session, keys.room  # pressed twice
            if len(lines) < max(FEWEST_LINES, len(set(ids))):
                raise FewerThanThree
            return session, keys.room

        def think(room: Room) -> Room:
            return after(room, PutForward(lines)) if lines else room

        def also(connection: Connection) -> None:
            taken = tuple(line.id for line in lines)
            if taken and delete_lines(connection, session_id, taken) != len(taken):
                raise FewerThanThree  # one was taken down in this moment
            count_up_stand(connection, session_id)

        await self._rooms.change(read, think, also)
        self._tell(session_id)
        await self._database.scrub()

    async def leave_out(self, who: SignedInStaff, session_id: str, line_id: str) -> None:
        """Delete a waiting line without showing it."""
        await self._rooms.led(who, session_id, "put_forward")

        def write(connection: Connection) -> None:
            lock_guided_session(connection, session_id)
            # compared here, for PostgreSQL refuses some of what can be typed as an id
            if line_id in {line.id for line in lines_of(connection, session_id)}:
                delete_lines(connection, session_id, (line_id,))
                count_up_stand(connection, session_id)

        await self._database.write(write)
        self._tell(session_id)
        await self._database.scrub()

    async def take_down_for(self, who: SignedInStaff, session_id: str, line_id: str) -> None:
        """Remove a line from the board, as a facilitator."""
        down = TakeDown(line_id)
        await self._rooms.change_as(who, session_id, lambda room: after(room, down), act="put_forward")
        await self._database.scrub()

    def _tell(self, session_id: str) -> None:
        self._broadcast.tell_changed(stand_subject(session_id))
