"""Delete what a user has in a guided session, in the same write as the act by which they leave it."""

from collections.abc import Iterable

from assistant.meetings.notebook import Meeting
from assistant.storage.database import Connection
from assistant.storage.guided_seats import delete_lines
from assistant.storage.guided_sessions import count_up_stand, delete_arrival


def room_subject(session_id: str) -> str:
    """Return the subject under which the room's changes are broadcast."""
    return f"guided/{session_id}"


def stand_subject(session_id: str) -> str:
    """Return the subject of changes that only facilitators are shown."""
    return f"guided/{session_id}/stand"


def leave_guided_sessions(connection: Connection, meetings: Iterable[Meeting]) -> tuple[str, ...]:
    """Delete the arrivals, seats and waiting lines of these meetings; return the sessions to tell."""
    left = [meeting.guided for meeting in meetings if meeting.guided is not None and meeting.guided.key]
    for one in left:
        delete_lines(connection, one.session, one.lines)
        if delete_arrival(connection, one.arrival):
            count_up_stand(connection, one.session)
    return tuple(one.session for one in left)
