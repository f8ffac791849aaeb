"""Choose what to share: everything, with exceptions. Choosing shares nothing."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from assistant.meetings.notebook import Notebook
from assistant.meetings.share import Choice, SharingChoices
from assistant.service.broadcast import Broadcast
from assistant.service.documents import Owner, read_notebook, read_sealed
from assistant.service.notebook.changes import NotebookChange, change_notebook
from assistant.service.notebook.sessions import SignedInUser
from assistant.storage.database import Connection, Database


class _ReadAgain(Exception):
    """Another tab changed the choices meanwhile."""


class SharingChoicesService:
    """The owner's choices about sharing one summary."""

    def __init__(self, database: Database, clock: Callable[[], datetime], broadcast: Broadcast) -> None:
        self._database = database
        self._clock = clock
        self._broadcast = broadcast

    async def choose(self, visitor: SignedInUser, meeting_id: str, chosen: Mapping[str, Choice]) -> None:
        """Set a choice for each of these entries. Everything else is shared, unless the user has once
        chosen otherwise for all.
        """
        await self._choose(visitor, meeting_id, lambda sharing: sharing.answered().choosing(chosen))

    async def _choose(
        self, visitor: SignedInUser, meeting_id: str, choose: Callable[[SharingChoices], SharingChoices]
    ) -> None:
        owner, salt = visitor.owner, secrets.token_hex(16)

        def read(connection: Connection) -> tuple[Notebook, SharingChoices | None]:
            notebook, _ = read_notebook(connection, owner)
            return notebook, sharing_in(connection, owner, notebook, meeting_id)

        async def attempt() -> bool:
            seen, sharing = await self._database.read(read)
            after = choose(sharing or SharingChoices(salt=salt))

            def think(notebook: Notebook) -> NotebookChange | None:
                name = notebook.meeting(meeting_id).sharing
                if notebook.revisions.get(name) != seen.revisions.get(name):
                    raise _ReadAgain
                return None if after == sharing else NotebookChange(notebook, {name: after})

            try:
                await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
            except _ReadAgain:
                return False
            return True

        while not await attempt():
            pass


def sharing_in(
    connection: Connection, owner: Owner, notebook: Notebook, meeting_id: str
) -> SharingChoices | None:
    """Return the sharing choices for one meeting, or None. Raises `NotFound`."""
    return read_sealed(connection, owner, notebook, notebook.meeting(meeting_id).sharing, SharingChoices)
