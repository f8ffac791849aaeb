"""Guided sessions as their facilitators lead them.

A session and everything in it is deleted at its end. No count, time or name of it is kept, so no one can ask
later how many took part.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from assistant.engine.journey import walk
from assistant.errors import NotFound, TooManyGuidedSessions
from assistant.meetings.guided.room import (
    FEWEST_FOR_READY,
    FEWEST_LINES,
    LONGEST,
    Act,
    Facilitator,
    HeldUp,
    Room,
    after,
)
from assistant.meetings.permissions import Resource, may
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.guided.doors import door_of, new_door
from assistant.service.guided.facilitators import delete_left_alone
from assistant.service.guided.rooms import (
    FacilitatorKeys,
    Rooms,
    is_lost,
    sealed_room,
    session_led_by,
    unsealed_room,
)
from assistant.service.guided.sealed_seats import read_line, read_seat
from assistant.service.guided.views import LedSeat, LedSession, ListedSession, OpeningWish, form_of
from assistant.service.notebook.leaving_guided_sessions import room_subject, stand_subject
from assistant.service.staff.members import SignedInStaff
from assistant.storage.database import Connection, Database
from assistant.storage.guided_seats import StoredLine, StoredSeat, lines_of, seat_in
from assistant.storage.guided_sessions import (
    StoredArrival,
    StoredGuidedSession,
    add_facilitator,
    add_guided_session,
    arrivals_of,
    close_door,
    count_arrivals,
    delete_guided_session,
    delete_guided_sessions_past,
    facilitators_of,
    find_guided_session,
    guided_sessions_led_by,
    move_session_end,
    open_closed_door,
    open_door,
)
from assistant.storage.row_locks import lock_staff
from assistant.vault.guided_keys import seal_to_facilitator
from assistant.vault.pepper import Pepper
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.sealing import new_key
from assistant.vault.staff_keys import KeyPair, new_pair, public_of

MOST_RUNNING = 3
MORE_TIME = timedelta(minutes=30)
MINUTES = (30, 60, 90, 120)


class GuidedSessions:
    """A facilitator's operations. Every act is durable when it returns."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        dialogues: Dialogues,
        rooms: Rooms,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._dialogues = dialogues
        self._rooms = rooms
        self._clock = clock
        self._broadcast = broadcast

    async def open(self, who: SignedInStaff, wish: OpeningWish, request: str) -> str:
        """Open a session and return its id; repeating the request opens none.

        Raises `TooManyGuidedSessions`, and `NotFound` for anybody but a peer worker.
        """
        if not may(who.actor, "open_guided_session"):
            raise NotFound
        now = self._clock()
        session_id = fingerprint(who.private_key, f"guided {request}".encode())[:16].hex()
        machine = self._dialogues.current(wish.dialogue)
        pair, key = new_pair(), new_key()
        room = Room(
            form=wish.form,
            language=wish.language,
            dialogue=wish.dialogue,
            digest=machine.dialogue.digest,
            facilitators=(Facilitator(name=who.member.name, title=wish.title),),
            public_key=pair.public.hex(),
            welcome=wish.welcome,
        )
        session = StoredGuidedSession(
            id=session_id,
            form=wish.form,
            opened_at=now,
            ends_at=now + timedelta(minutes=wish.minutes),
            revision=1,
            stand=0,
            sealed=sealed_room(session_id, key, room, 1),
            door=None,
        )
        sealed = seal_to_facilitator(public_of(who.private_key), session_id, who.member.id, key, pair.private)
        door, ways = new_door(self._pepper, session_id, key, pair)

        def write(connection: Connection) -> None:
            lock_staff(connection, who.member.id)
            if find_guided_session(connection, session_id) is not None:
                return
            if len(guided_sessions_led_by(connection, who.member.id, now)) >= MOST_RUNNING:
                raise TooManyGuidedSessions(MOST_RUNNING)
            add_guided_session(connection, session)
            add_facilitator(connection, session_id, who.member.id, sealed)
            open_door(connection, session_id, door, ways)

        await self._database.write(write)
        return session_id

    async def running(self, who: SignedInStaff) -> list[ListedSession]:
        """Return the running sessions this member of staff leads."""
        now = self._clock()

        def read(connection: Connection) -> list[tuple[StoredGuidedSession, int, bytes]]:
            return [
                (one, count_arrivals(connection, one.id), facilitators_of(connection, one.id)[who.member.id])
                for one in guided_sessions_led_by(connection, who.member.id, now)
            ]

        if not may(who.actor, "open_guided_session"):
            return []
        return [
            ListedSession(one.id, form_of(one), one.ends_at, joined, is_lost(who, one.id, sealed))
            for one, joined, sealed in await self._database.read(read)
        ]

    async def lead(self, who: SignedInStaff, session_id: str) -> LedSession:
        """Return a session as its facilitators see it. Raises `NotFound`, also when it is over."""
        session, keys = await self._rooms.led(who, session_id)
        resource = Resource(facilitators={who.member.id: "running"})
        if session.form == "one" and not may(who.actor, "see_seat", resource):
            raise NotFound

        def read(
            connection: Connection,
        ) -> tuple[list[StoredArrival], list[StoredLine], StoredSeat | None]:
            return (
                arrivals_of(connection, session_id),
                lines_of(connection, session_id),
                seat_in(connection, session_id) if session.form == "one" else None,
            )

        arrivals, lines, seat = await self._database.read(read)
        room = unsealed_room(session, keys.room)
        link, code = door_of(session, keys.private)
        joined = len(arrivals)
        return LedSession(
            id=session_id,
            form=form_of(session),
            ends_at=session.ends_at,
            room=room,
            machine=await self._dialogues.of(room.digest),
            link=link,
            code=code,
            joined=joined,
            ready=sum(one.ready == room.step > 0 for one in arrivals) if joined >= FEWEST_FOR_READY else None,
            waiting=_waiting(session_id, lines, keys),
            seat=None if seat is None else await self._seat(seat, keys),
            can_last_longer=session.ends_at + MORE_TIME <= session.opened_at + LONGEST,
        )

    async def stand(self, who: SignedInStaff, session_id: str) -> tuple[int, int]:
        """Return the revision of the room and the count of other changes. Raises `NotFound`."""
        now = self._clock()
        session, _ = await self._database.read(lambda c: session_led_by(c, who, session_id, now))
        return session.revision, session.stand

    async def is_led(self, who: SignedInStaff, session_id: str) -> bool:
        """Return whether this member of staff leads the session, and it runs."""
        try:
            await self.stand(who, session_id)
        except NotFound:
            return False
        return True

    async def act(self, who: SignedInStaff, session_id: str, act: Act) -> None:
        """Change the room. Raises `NotFound`, and the refusals of `meetings.guided.room.after`."""
        session, keys = await self._rooms.led(who, session_id)
        machine = await self._dialogues.of(unsealed_room(session, keys.room).digest)
        questions = walk(machine, {}).questions
        await self._rooms.change_as(who, session_id, lambda room: after(room, act, questions))

    async def close_door(self, who: SignedInStaff, session_id: str) -> None:
        """Delete the link and the code; participants who joined stay."""
        await self._rooms.led(who, session_id)
        await self._write(session_id, lambda c: close_door(c, session_id))
        await self._database.scrub()

    async def open_door(self, who: SignedInStaff, session_id: str) -> None:
        """Make a new link and a new code. An open door keeps the ones it has."""
        session, keys = await self._rooms.led(who, session_id)
        if session.door is not None:
            return
        pair = KeyPair(public_of(keys.private), keys.private)
        door, ways = new_door(self._pepper, session_id, keys.room, pair)
        await self._write(session_id, lambda c: open_closed_door(c, session_id, door, ways))

    async def more_time(self, who: SignedInStaff, session_id: str, seen_until: datetime) -> None:
        """Let the session last half an hour longer, four hours at most. `seen_until` is the end that the page
        showed, so that the same press counts once.
        """
        session, _ = await self._rooms.led(who, session_id)
        until = session.ends_at + MORE_TIME
        if session.ends_at == seen_until and until <= session.opened_at + LONGEST:
            await self._write(session_id, lambda c: move_session_end(c, session_id, until))
            self._broadcast.tell_changed(room_subject(session_id))

    async def end(self, who: SignedInStaff, session_id: str) -> None:
        """End the session: everything of it is deleted. A session made with keys from before a reset of the
        account can be ended, too. One that is over counts as ended.
        """
        now = self._clock()

        def write(connection: Connection) -> None:
            session_led_by(connection, who, session_id, now)
            delete_guided_session(connection, session_id)

        try:
            await self._database.write(write)
        except NotFound:
            return
        self._tell_over(session_id)
        await self._database.scrub()

    async def sweep(self, now: datetime) -> int:
        """Delete the sessions whose time is over, or that no one can lead any more; return how many."""
        return await self._delete(lambda c: [*delete_guided_sessions_past(c, now), *delete_left_alone(c)])

    async def end_left_alone(self) -> None:
        """End the sessions that no one can lead any more, because those who led them have left."""
        await self._delete(delete_left_alone)

    async def _delete(self, delete: Callable[[Connection], list[str]]) -> int:
        over = await self._database.write(delete)
        for session_id in over:
            self._tell_over(session_id)
        if over:
            await self._database.scrub()
        return len(over)

    def _tell_over(self, session_id: str) -> None:
        self._broadcast.tell_changed(room_subject(session_id))
        self._broadcast.tell_changed(stand_subject(session_id))

    async def _write(self, session_id: str, write: Callable[[Connection], None]) -> None:
        await self._database.write(write)
        self._broadcast.tell_changed(stand_subject(session_id))

    async def _seat(self, seat: StoredSeat, keys: FacilitatorKeys) -> LedSeat:
        shown, messages, words = read_seat(seat, keys.private)
        machine = None if shown is None else await self._dialogues.of(shown.dialogue)
        revision = seat.revision + seat.messages_revision
        return LedSeat(seat.arrival_id, shown, machine, messages.messages, words, revision)


def _waiting(session_id: str, lines: list[StoredLine], keys: FacilitatorKeys) -> tuple[HeldUp, ...]:
    """Return the lines that wait, once there are enough that they point at no one."""
    if len(lines) < FEWEST_LINES:
        return ()
    return tuple(read_line(session_id, line, keys.private) for line in lines)
