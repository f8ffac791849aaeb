"""Guided sessions as their facilitators lead them.

A session and everything in it is deleted at its end. No count, time or name of it is kept, so nobody can ask
later how many took part.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.engine.journey import walk
from assistant.engine.machine import DialogueMachine
from assistant.errors import NotFound, SealBroken, TooManyGuidedSessions
from assistant.languages import Language
from assistant.meetings.guided.participation import Message, Shown
from assistant.meetings.guided.room import (
    FEWEST_FOR_READY,
    FEWEST_LINES,
    Act,
    Facilitator,
    Form,
    HeldUp,
    Join,
    Room,
    after,
)
from assistant.meetings.permissions import may
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.guided.rooms import (
    FacilitatorKeys,
    Rooms,
    keys_of,
    sealed_room,
    session_led_by,
    unsealed_room,
)
from assistant.service.guided.sealed_seats import read_line, read_seat
from assistant.service.key_slots import for_guided_session
from assistant.service.notebook.leaving_guided_sessions import room_subject, stand_subject
from assistant.service.staff.members import SignedInStaff, StaffMember
from assistant.storage.database import Connection, Database
from assistant.storage.guided_seats import StoredLine, StoredSeat, lines_of, seat_in
from assistant.storage.guided_sessions import (
    StoredArrival,
    StoredGuidedSecret,
    StoredGuidedSession,
    add_facilitator,
    add_guided_session,
    arrivals_of,
    close_door,
    count_arrivals,
    delete_guided_session,
    facilitators_of,
    find_guided_session,
    guided_sessions_led_by,
    guided_sessions_past,
    move_session_end,
    open_door,
)
from assistant.storage.staff import list_staff
from assistant.vault.guided_keys import (
    GUIDED_CODE,
    LINK_TO_GUIDED_SESSION,
    new_guided_code,
    of_door,
    read_guided_codes,
    seal_to_facilitator,
)
from assistant.vault.key_slots import make_slot, new_link, read_links
from assistant.vault.pepper import Pepper
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.sealing import new_key
from assistant.vault.staff_keys import KeyPair, new_pair, open_with, public_of, seal_to

MOST_RUNNING = 3
LONGEST = timedelta(hours=4)
MORE_TIME = timedelta(minutes=30)
MINUTES = (30, 60, 90, 120)


@dataclass(frozen=True)
class OpeningWish:
    """What a peer worker chose on the form that opens a session."""

    form: Form
    dialogue: str
    language: Language
    minutes: int
    welcome: str
    title: str
    """What the service calls a peer worker, in the session's language."""


@dataclass(frozen=True)
class ListedSession:
    """A running session in a facilitator's list. `is_lost` means made with keys from before a reset."""

    id: str
    form: Form
    ends_at: datetime
    joined: int
    is_lost: bool


@dataclass(frozen=True)
class LedSeat:
    """What the user in a session with one person shows, and the messages between the two."""

    arrival: str
    shown: Shown | None
    machine: DialogueMachine | None
    """The dialogue that the shown answers belong to."""
    messages: tuple[Message, ...]
    words: tuple[str, str]
    """Two words that both screens show."""
    revision: int


@dataclass(frozen=True)
class LedSession:
    """A session as its facilitators see it."""

    id: str
    form: Form
    ends_at: datetime
    room: Room
    machine: DialogueMachine
    link: str | None = field(repr=False)
    code: str | None = field(repr=False)
    joined: int
    ready: int | None
    """How many pressed that they are ready; None while too few have joined for a count."""
    waiting: tuple[HeldUp, ...]
    """Lines to read before they are put forward; none are shown below three."""
    seat: LedSeat | None
    can_last_longer: bool


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
        door, ways = self._new_door(session_id, key, pair)

        def write(connection: Connection) -> None:
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
            ListedSession(one.id, _form(one), one.ends_at, joined, _is_lost(who, one.id, sealed))
            for one, joined, sealed in await self._database.read(read)
        ]

    async def lead(self, who: SignedInStaff, session_id: str) -> LedSession:
        """Return a session as its facilitators see it. Raises `NotFound`, also when it is over."""
        session, keys = await self._rooms.led(who, session_id)

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
        link, code = self._door(session, keys)
        joined = len(arrivals)
        return LedSession(
            id=session_id,
            form=_form(session),
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

    async def act(self, who: SignedInStaff, session_id: str, act: Act) -> None:
        """Change the room. Raises `NotFound`, and the refusals of `meetings.guided.room.after`."""
        session, keys = await self._rooms.led(who, session_id)
        machine = await self._dialogues.of(unsealed_room(session, keys.room).digest)
        questions = walk(machine, {}).questions

        async def read() -> tuple[StoredGuidedSession, bytes]:
            session, keys = await self._rooms.led(who, session_id)
            return session, keys.room

        await self._rooms.change(read, lambda room: after(room, act, questions))

    async def close_door(self, who: SignedInStaff, session_id: str) -> None:
        """Delete the link and the code; whoever has joined stays."""
        await self._rooms.led(who, session_id)
        await self._write(session_id, lambda c: close_door(c, session_id))
        await self._database.scrub()

    async def open_door(self, who: SignedInStaff, session_id: str) -> None:
        """Make a new link and a new code. An open door keeps the ones it has."""
        session, keys = await self._rooms.led(who, session_id)
        if session.door is not None:
            return
        pair = KeyPair(public_of(keys.private), keys.private)
        door, ways = self._new_door(session_id, keys.room, pair)
        await self._write(session_id, lambda c: open_door(c, session_id, door, ways))

    async def more_time(self, who: SignedInStaff, session_id: str, seen_until: datetime) -> None:
        """Let the session last half an hour longer, four hours at most. `seen_until` is the end that the page
        showed, so that the same press counts once.
        """
        session, _ = await self._rooms.led(who, session_id)
        until = session.ends_at + MORE_TIME
        if session.ends_at == seen_until and until <= session.opened_at + LONGEST:
            await self._write(session_id, lambda c: move_session_end(c, session_id, until))
            self._broadcast.tell_changed(room_subject(session_id))

    async def peer_workers(self, who: SignedInStaff, session_id: str) -> Sequence[StaffMember]:
        """Return the peer workers who can be asked to lead this session, too."""
        await self._rooms.led(who, session_id)
        staff, leading = await self._database.read(lambda c: (list_staff(c), facilitators_of(c, session_id)))
        return [
            StaffMember(one.id, one.name, frozenset({"peer_worker"}), one.public_key)
            for one in staff
            if one.id not in leading
            and one.disabled_at is None
            and "peer_worker" in one.roles
            and one.public_key is not None
        ]

    async def add_facilitator(self, who: SignedInStaff, session_id: str, staff_id: str, title: str) -> None:
        """Let another peer worker lead the session, too; everybody in it sees their name.

        Raises `NotFound` for anybody who is no peer worker.
        """
        others = {one.id: one for one in await self.peer_workers(who, session_id)}
        _, keys = await self._rooms.led(who, session_id)
        other = others.get(staff_id)
        if other is None or other.public_key is None:
            raise NotFound
        sealed = seal_to_facilitator(other.public_key, session_id, staff_id, keys.room, keys.private)
        joining = Join(Facilitator(name=other.name, title=title))

        async def read() -> tuple[StoredGuidedSession, bytes]:
            session, keys = await self._rooms.led(who, session_id)
            return session, keys.room

        def also(connection: Connection) -> None:
            add_facilitator(connection, session_id, staff_id, sealed)

        await self._rooms.change(read, lambda room: after(room, joining), also)

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
        """Delete the sessions whose time is over; return how many."""

        def write(connection: Connection) -> list[str]:
            over = guided_sessions_past(connection, now)
            for session_id in over:
                delete_guided_session(connection, session_id)
            return over

        over = await self._database.write(write)
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

    def _new_door(
        self, session_id: str, room_key: bytes, pair: KeyPair
    ) -> tuple[bytes, list[StoredGuidedSecret]]:
        """Return a new link and code: sealed to the facilitators, and as slots that open the room."""
        link, code = new_link(), new_guided_code()
        typed = ((LINK_TO_GUIDED_SESSION, read_links(link)), (GUIDED_CODE, read_guided_codes(code)))
        ways = [
            for_guided_session(make_slot(self._pepper, kind, secret, session_id, room_key))
            for kind, (secret,) in typed
        ]
        return seal_to(pair.public, f"{link} {code}".encode(), of_door(session_id)), ways

    def _door(self, session: StoredGuidedSession, keys: FacilitatorKeys) -> tuple[str | None, str | None]:
        if session.door is None:
            return None, None
        link, code = open_with(keys.private, session.door, of_door(session.id)).decode().split()
        return link, code

    async def _seat(self, seat: StoredSeat, keys: FacilitatorKeys) -> LedSeat:
        shown, messages, words = read_seat(seat, keys.private)
        machine = None if shown is None else await self._dialogues.of(shown.dialogue)
        revision = seat.revision + seat.messages_revision
        return LedSeat(seat.arrival_id, shown, machine, messages.messages, words, revision)


def new_line_id() -> str:
    """Return a random id: the order of lines is by it, and says nothing about who came first."""
    return secrets.token_hex(8)


def _form(session: StoredGuidedSession) -> Form:
    return "one" if session.form == "one" else "group"


def _is_lost(who: SignedInStaff, session_id: str, sealed: bytes) -> bool:
    try:
        keys_of(who, session_id, sealed)
    except SealBroken:
        return True
    return False


def _waiting(session_id: str, lines: list[StoredLine], keys: FacilitatorKeys) -> tuple[HeldUp, ...]:
    """Return the lines that wait, once there are enough that they point at nobody."""
    if len(lines) < FEWEST_LINES:
        return ()
    return tuple(read_line(session_id, line, keys.private) for line in lines)
