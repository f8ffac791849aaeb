"""A second facilitator of a guided session."""

from collections.abc import Sequence

from assistant.config import Unit, work_together
from assistant.errors import NotFound
from assistant.meetings.guided.room import (
    Facilitator,
    Join,
    after,
)
from assistant.service.guided.rooms import (
    Rooms,
)
from assistant.service.staff.members import SignedInStaff, StaffMember
from assistant.storage.database import Connection, Database
from assistant.storage.guided_sessions import (
    add_facilitator,
    delete_guided_session,
    facilitators_of,
    facilitators_of_all,
)
from assistant.storage.staff import list_staff
from assistant.vault.guided_keys import (
    seal_to_facilitator,
)


class Facilitators:
    """Lets another peer worker lead a session, too."""

    def __init__(self, database: Database, rooms: Rooms, units: tuple[Unit, ...] = ()) -> None:
        self._units = units
        self._database = database
        self._rooms = rooms

    async def peer_workers(self, who: SignedInStaff, session_id: str) -> Sequence[StaffMember]:
        """Return the peer workers of the same unit who can be asked to lead this session, too."""
        await self._rooms.led(who, session_id)
        staff, leading = await self._database.read(lambda c: (list_staff(c), facilitators_of(c, session_id)))
        return [
            StaffMember(one.id, one.name, frozenset({"peer_worker"}), one.public_key)
            for one in staff
            if one.id not in leading
            and work_together(self._units, who.member.name, one.name)
            and one.disabled_at is None
            and "peer_worker" in one.roles
            and one.public_key is not None
        ]

    async def add(self, who: SignedInStaff, session_id: str, staff_id: str, title: str) -> None:
        """Let another peer worker lead the session, too; everybody in it sees their name.

        Repeating it changes nothing. Raises `NotFound` for anybody who is no peer worker.
        """
        if staff_id in await self._database.read(lambda c: facilitators_of(c, session_id)):
            await self._rooms.led(who, session_id)
            return
        others = {one.id: one for one in await self.peer_workers(who, session_id)}
        _, keys = await self._rooms.led(who, session_id)
        other = others.get(staff_id)
        if other is None or other.public_key is None:
            raise NotFound
        sealed = seal_to_facilitator(other.public_key, session_id, staff_id, keys.room, keys.private)
        joining = Join(Facilitator(name=other.name, title=title))

        def also(connection: Connection) -> None:
            add_facilitator(connection, session_id, staff_id, sealed)

        await self._rooms.change_as(who, session_id, lambda room: after(room, joining), also)


def left_alone(connection: Connection) -> list[str]:
    """Return the sessions of which no facilitator is a peer worker with an account in use."""
    leading = facilitators_of_all(connection)
    if not leading:
        return []
    staff = list_staff(connection)
    able = {one.id for one in staff if one.disabled_at is None and "peer_worker" in one.roles}
    return [session_id for session_id, facilitators in leading.items() if facilitators.isdisjoint(able)]


def delete_left_alone(connection: Connection) -> list[str]:
    """Delete the sessions that no one can lead any more; return the ids of those that were still there."""
    return [one for one in left_alone(connection) if delete_guided_session(connection, one)]
