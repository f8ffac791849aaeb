"""Drops from an unlocked notebook the meetings that a restored backup brought back."""

from assistant.errors import RevisionConflict
from assistant.meetings.notebook import Notebook
from assistant.service.documents import Owner, read_notebook, seal_documents, write_sealed
from assistant.storage.database import Connection, Database
from assistant.storage.deleted_meetings import deleted_meetings_in, forget_deleted_meetings


async def drop_deleted_meetings(database: Database, owner: Owner) -> Notebook:
    """The notebook, without the meetings that were deleted after the backup was made.

    Raises `SessionEnded` when the notebook has been deleted, and `NotSaved`.
    """

    def read(connection: Connection) -> tuple[Notebook, int, list[str]]:
        return *read_notebook(connection, owner), deleted_meetings_in(connection, owner.notebook_id)

    notebook, revision, deleted = await database.read(read)
    if not deleted:
        return notebook
    for meeting_id in filter(notebook.has, deleted):
        notebook = notebook.without(meeting_id)
    sealed = seal_documents(owner, notebook, revision, {})

    def write(connection: Connection) -> None:
        write_sealed(connection, owner, sealed)
        forget_deleted_meetings(connection, owner.notebook_id)

    try:
        await database.write(write)
    except RevisionConflict:  # another browser was unlocked in the same moment, and dropped them
        notebook, _ = await database.read(lambda c: read_notebook(c, owner))
    return notebook
