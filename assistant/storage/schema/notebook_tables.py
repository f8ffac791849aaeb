"""The tables of notebooks: everything in them is deleted with them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from assistant.storage.schema.columns import metadata, notebook_column
from assistant.storage.utc_time import UtcTime

notebooks = Table(
    "notebooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("kept_until", UtcTime, nullable=False),
    Index("notebooks_kept_until", "kept_until"),
)

documents = Table(
    "documents",
    metadata,
    notebook_column(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("format", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

# requests already handled, by the form's request id, so that a form sent twice is handled once
requests = Table(
    "requests",
    metadata,
    notebook_column(primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("requests_at", "at"),
    sqlite_with_rowid=False,
)

slots = Table(
    "slots",
    metadata,
    Column("id", Text, primary_key=True),
    notebook_column(),
    Column("kind", Text, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    Column("pepper_version", Integer, nullable=False),
    Column("outer_wrap", LargeBinary, nullable=False),
    Index("slots_lookup", "lookup", unique=True),
    Index("slots_notebook", "notebook_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    notebook_column(),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("looks_until", UtcTime),
    Index("sessions_notebook", "notebook_id"),
    Index("sessions_expires_at", "expires_at"),
)

# exactly what was asked, by the hash of its text; contains no user's words, and is never deleted
dialogues = Table(
    "dialogues",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("dialogue_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("published_at", UtcTime, nullable=False),
)

# meetings a restored backup brought back; their notebook's sealed index still lists them until it is unlocked
deleted_meetings = Table(
    "deleted_meetings",
    metadata,
    Column("notebook_id", ForeignKey("notebooks.id", ondelete="CASCADE"), primary_key=True),
    Column("meeting_id", Text, primary_key=True),
)
