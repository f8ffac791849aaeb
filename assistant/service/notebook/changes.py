"""Changes to the notebook: read, compute and write, and retry after a conflict."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import TypeVar

from assistant.engine.conversation import StoredModel
from assistant.errors import RevisionConflict
from assistant.meetings.notebook import Notebook
from assistant.service.broadcast import Broadcast
from assistant.service.documents import read_notebook, seal_documents, write_sealed
from assistant.service.notebook.sessions import SignedInUser
from assistant.storage.database import Connection, Database
from assistant.storage.notebooks import keep_notebook
from assistant.storage.sessions import prolong_session
from assistant.value_class import value_class
from assistant.vault.session_keys import session_index

_TRIES = 20
"""Number of attempts when other writers change the same notebook meanwhile."""

T = TypeVar("T")


def _nothing(connection: Connection) -> None:
    """Write nothing else in the transaction."""


@value_class
class NotebookChange:
    """The changed notebook, the documents to write with it, and further writes in the same transaction."""

    notebook: Notebook
    documents: Mapping[str, StoredModel] = field(default_factory=dict)
    also: Callable[[Connection], None] = _nothing
    is_use: bool = True
    """False for an act that writes nothing for the user, and keeps a notebook without answers no longer."""


async def change_notebook(
    database: Database,
    clock: Callable[[], datetime],
    broadcast: Broadcast,
    visitor: SignedInUser,
    think: Callable[[Notebook], NotebookChange | None],
) -> Notebook:
    """Return the notebook after a durable change, or unchanged if there was nothing to change."""

    async def attempt() -> Notebook:
        notebook, revision = await database.read(lambda c: read_notebook(c, visitor.owner))
        change = think(notebook)
        if change is None:
            return notebook
        now = clock()
        notebook = change.notebook
        after = (notebook.used_at if change.is_use else notebook.visited_at)(now, visitor.retention)
        sealed = seal_documents(visitor.owner, after, revision, change.documents)

        def write(connection: Connection) -> None:
            write_sealed(connection, visitor.owner, sealed)
            keep_notebook(connection, visitor.owner.notebook_id, after.kept_until)
            prolong_session(connection, session_index(visitor.secret), visitor.alive_until(now))
            change.also(connection)

        await database.write(write)
        for document in sealed:
            broadcast.tell(visitor.owner.notebook_id, document.name, document.expected + 1)
        return after

    return await until_unhindered(attempt)


async def until_unhindered(attempt: Callable[[], Awaitable[T]]) -> T:
    """Retry the attempt while another writer causes conflicts."""
    for _ in range(_TRIES - 1):
        try:
            return await attempt()
        except RevisionConflict:
            continue
    return await attempt()
