"""Loan tablets: a notebook that was begun on one goes with its session, unless the user takes it along.

A service sets a tablet out in its waiting room. The next person takes it, so what the user cannot open again
is deleted, not kept.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from assistant.errors import SessionEnded
from assistant.meetings.notebook import Notebook
from assistant.service.broadcast import Broadcast
from assistant.service.notebook.changes import NotebookChange, change_notebook
from assistant.service.notebook.sessions import Sessions, SignedInUser
from assistant.storage.database import Database


class LoanTablets:
    """What happens to a notebook on a loan tablet."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], broadcast: Broadcast, sessions: Sessions
    ) -> None:
        self._database = database
        self._clock = clock
        self._broadcast = broadcast
        self._sessions = sessions

    async def take_along(self, visitor: SignedInUser) -> None:
        """Keep the notebook as any other: the user has a way back to it, or shares from it. The share is made
        after this, so that it never goes with the notebook.
        """
        await self._change(visitor, Notebook.taken_along)

    async def stay(self, visitor: SignedInUser) -> None:
        """Keep the notebook as long as the session, which the user has just prolonged."""
        if visitor.device == "loan":
            await self._change(visitor, lambda notebook: notebook)

    async def finish(self, secret: str) -> None:
        """End the session of this cookie, also one that has just locked. Delete its notebook if the user has
        not taken it along. Raises `NotSaved`.
        """
        with suppress(SessionEnded):
            visitor = await self._sessions.locked(secret)
            if (await self._sessions.notebook(visitor)).is_on_loan:
                await self._sessions.delete_everything(visitor)
                return
        await self._sessions.leave(secret)

    async def _change(self, visitor: SignedInUser, after: Callable[[Notebook], Notebook]) -> None:
        """Write the notebook after the change, if it is on loan."""

        def think(notebook: Notebook) -> NotebookChange | None:
            return NotebookChange(after(notebook)) if notebook.is_on_loan else None

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
