"""Meetings that were deleted after the backup a database was restored from.

Their documents are deleted when the backup is restored. The notebook's index still lists them, and only the
notebook's key opens it; so they are dropped from it when the notebook is unlocked.
"""

from sqlalchemy import Connection, delete, select

from assistant.storage.insert_once import insert_once
from assistant.storage.key_schema import deleted_meetings
from assistant.storage.schema import documents


def delete_documents_of(connection: Connection, meeting_id: str) -> bool:
    """Delete the documents of a meeting in any notebook and record it; return whether there were any."""
    found = documents.c.name.endswith(f".{meeting_id}", autoescape=True)
    owners = set(connection.scalars(select(documents.c.notebook_id).where(found)))
    connection.execute(delete(documents).where(found))
    for notebook_id in owners:
        insert_once(connection, deleted_meetings, notebook_id=notebook_id, meeting_id=meeting_id)
    return bool(owners)


def deleted_meetings_in(connection: Connection, notebook_id: str) -> list[str]:
    """The ids of the meetings to drop from the index of this notebook."""
    mine = deleted_meetings.c.notebook_id == notebook_id
    return list(connection.scalars(select(deleted_meetings.c.meeting_id).where(mine)))


def forget_deleted_meetings(connection: Connection, notebook_id: str) -> None:
    """Forget them, in the same write that drops them from the index."""
    connection.execute(delete(deleted_meetings).where(deleted_meetings.c.notebook_id == notebook_id))
