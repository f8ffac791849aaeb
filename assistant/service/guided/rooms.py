"""The sealed room of a guided session, read and written, and whether its session still runs."""

from collections.abc import Awaitable, Callable
from dataclasses import field
from datetime import datetime

from pydantic_core import to_json

from assistant.errors import GuidedSessionOver, NotFound, SealBroken
from assistant.meetings.guided.participation import Participation
from assistant.meetings.guided.room import Room, TakeDown, after
from assistant.meetings.permissions import Act, GuidedState, Resource, may
from assistant.service.broadcast import Broadcast
from assistant.service.documents import read_back
from assistant.service.notebook.changes import until_unhindered
from assistant.service.notebook.leaving_guided_sessions import room_subject
from assistant.service.staff.members import SignedInStaff
from assistant.storage.database import Connection, Database
from assistant.storage.guided_sessions import (
    StoredGuidedSession,
    facilitators_of,
    find_guided_session,
    write_room,
)
from assistant.storage.row_locks import lock_guided_session
from assistant.storage.staff import find_staff
from assistant.value_class import value_class
from assistant.vault.guided_keys import open_as_facilitator
from assistant.vault.sealing import seal, unseal

_NAME = "room"


@value_class
class FacilitatorKeys:
    """The keys of a session, as a facilitator holds them."""

    room: bytes = field(repr=False)
    private: bytes = field(repr=False)


def sealed_room(session_id: str, key: bytes, room: Room, revision: int) -> bytes:
    """Return the room, sealed under its key at this revision."""
    return seal(key, to_json(room), owner=session_id, name=_NAME, revision=revision)


def unsealed_room(session: StoredGuidedSession, key: bytes) -> Room:
    """Return the room. Raises `SealBroken` under another key."""
    return read_back(
        Room, unseal(key, session.sealed, owner=session.id, name=_NAME, revision=session.revision)
    )


def running_session(connection: Connection, session_id: str, now: datetime) -> StoredGuidedSession:
    """Return a session that runs. Raises `GuidedSessionOver` if its time is over, it was ended, or none of
    its facilitators is a peer worker here any more.
    """
    found = find_guided_session(connection, session_id)
    if found is None or found.ends_at <= now or not _is_led(connection, session_id):
        raise GuidedSessionOver
    return found


def _is_led(connection: Connection, session_id: str) -> bool:
    staff = (find_staff(connection, staff_id) for staff_id in facilitators_of(connection, session_id))
    return any(one is not None and one.disabled_at is None and "peer_worker" in one.roles for one in staff)


def session_led_by(
    connection: Connection, who: SignedInStaff, session_id: str, now: datetime, act: Act = "lead"
) -> tuple[StoredGuidedSession, bytes]:
    """Return a running session and what is sealed to this facilitator.

    Raises `NotFound` for a session that is over, missing or led by others: they must look the same.
    """
    sealed_to = facilitators_of(connection, session_id)
    session = find_guided_session(connection, session_id)
    state: GuidedState = "over" if session is None or session.ends_at <= now else "running"
    resource = Resource(facilitators=dict.fromkeys(sealed_to, state))
    if session is None or not may(who.actor, act, resource):
        raise NotFound
    return session, sealed_to[who.member.id]


def keys_of(who: SignedInStaff, session_id: str, sealed: bytes) -> FacilitatorKeys:
    """Return the session's keys. Raises `SealBroken` if they were sealed before a reset of the account."""
    return FacilitatorKeys(
        *who.with_key(lambda key: open_as_facilitator(key, session_id, who.member.id, sealed))
    )


def is_lost(who: SignedInStaff, session_id: str, sealed: bytes) -> bool:
    """Return whether the session's keys were sealed before a reset of the account."""
    try:
        keys_of(who, session_id, sealed)
    except SealBroken:
        return True
    return False


class Rooms:
    """Reads and changes rooms for the other services of guided sessions."""

    def __init__(self, database: Database, clock: Callable[[], datetime], broadcast: Broadcast) -> None:
        self._database = database
        self._clock = clock
        self._broadcast = broadcast

    async def led(
        self, who: SignedInStaff, session_id: str, act: Act = "lead"
    ) -> tuple[StoredGuidedSession, FacilitatorKeys]:
        """Return a session with its keys. Raises `NotFound`, also for keys from before a reset."""
        now = self._clock()
        session, sealed = await self._database.read(lambda c: session_led_by(c, who, session_id, now, act))
        try:
            return session, keys_of(who, session_id, sealed)
        except SealBroken:
            raise NotFound from None

    async def change_as(
        self,
        who: SignedInStaff,
        session_id: str,
        think: Callable[[Room], Room],
        also: Callable[[Connection], None] = lambda _: None,
        *,
        act: Act = "lead",
    ) -> None:
        """Change the room as one of its facilitators. Raises `NotFound`."""

        async def read() -> tuple[StoredGuidedSession, bytes]:
            session, keys = await self.led(who, session_id, act)
            return session, keys.room

        await self.change(read, think, also)

    async def take_down(self, guided: Participation, line: str) -> None:
        """Remove a line of a participant's own from the board. Raises `NotFound`, and `GuidedSessionOver`."""
        if guided.key is None or line not in guided.lines:
            raise NotFound
        key = bytes.fromhex(guided.key)

        async def read() -> tuple[StoredGuidedSession, bytes]:
            now = self._clock()
            return await self._database.read(lambda c: running_session(c, guided.session, now)), key

        await self.change(read, lambda room: after(room, TakeDown(line)))

    async def change(
        self,
        read: Callable[[], Awaitable[tuple[StoredGuidedSession, bytes]]],
        think: Callable[[Room], Room],
        also: Callable[[Connection], None] = lambda _: None,
    ) -> None:
        """Change the room, and write `also` in the same transaction; read again after a conflict."""

        async def attempt() -> str:
            session, key = await read()
            room = unsealed_room(session, key)
            changed = think(room)
            sealed = sealed_room(session.id, key, changed, session.revision + 1)

            def write(connection: Connection) -> None:
                lock_guided_session(connection, session.id)
                running_session(connection, session.id, self._clock())
                if changed is not room:
                    write_room(connection, session.id, expected=session.revision, sealed=sealed)
                also(connection)

            await self._database.write(write)
            return session.id

        self._broadcast.tell_changed(room_subject(await until_unhindered(attempt)))
