"""The tables of guided sessions; every row is deleted with its session, a few hours after it began."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from assistant.storage.schema.columns import metadata, staff_column
from assistant.storage.utc_time import UtcTime


def _session_column(*, primary_key: bool = False) -> Column[str]:
    session = ForeignKey("guided_sessions.id", ondelete="CASCADE")
    return Column("session_id", Text, session, nullable=False, primary_key=primary_key)


# the room, sealed under its own key; `stand` counts what only facilitators are shown
guided_sessions = Table(
    "guided_sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("form", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("stand", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("door", LargeBinary),
    Index("guided_sessions_ends_at", "ends_at"),
)

# the room's key and the session's private key, sealed to each facilitator
guided_facilitators = Table(
    "guided_facilitators",
    metadata,
    _session_column(primary_key=True),
    staff_column(primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Index("guided_facilitators_staff", "staff_id"),
)

# the link and the code, while the door is open
guided_ways = Table(
    "guided_ways",
    metadata,
    Column("id", Text, primary_key=True),
    _session_column(),
    Column("kind", Text, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    Column("pepper_version", Integer, nullable=False),
    Column("outer_wrap", LargeBinary, nullable=False),
    Index("guided_ways_lookup", "lookup", unique=True),
    Index("guided_ways_session", "session_id"),
)

# a user who joined: no name, time or notebook; the steps at which they were ready and put a line forward
guided_arrivals = Table(
    "guided_arrivals",
    metadata,
    Column("id", Text, primary_key=True),
    _session_column(),
    Column("ready", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Index("guided_arrivals_session", "session_id"),
)

# what one user shows, and their messages, under the seat's own key, which is sealed to the session
guided_seats = Table(
    "guided_seats",
    metadata,
    Column("arrival_id", Text, ForeignKey("guided_arrivals.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("shown", LargeBinary),
    Column("messages_revision", Integer, nullable=False),
    Column("messages", LargeBinary),
    Column("key", LargeBinary, nullable=False),
)

# lines that wait to be read by a facilitator; nothing connects them to an arrival
guided_lines = Table(
    "guided_lines",
    metadata,
    Column("id", Text, primary_key=True),
    _session_column(),
    Column("sealed", LargeBinary, nullable=False),
    Index("guided_lines_session", "session_id"),
)
