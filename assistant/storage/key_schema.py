"""The tables about keys, time and restored backups, beside the others in ``schema``."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text

from assistant.storage.schema import metadata
from assistant.storage.utc_time import UtcTime

# by which pepper and salt the database was made: a digest of each, which yields nothing
key_checks = Table(
    "key_checks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

# the newest time ever seen, so that a clock that jumps deletes nothing
clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("newest", UtcTime, nullable=False),
)

# meetings a restored backup brought back; their notebook's sealed index still lists them until it is unlocked
deleted_meetings = Table(
    "deleted_meetings",
    metadata,
    Column("notebook_id", ForeignKey("notebooks.id", ondelete="CASCADE"), primary_key=True),
    Column("meeting_id", Text, primary_key=True),
)
