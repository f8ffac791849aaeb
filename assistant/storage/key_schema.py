"""The tables about keys, time and restored backups."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text

from assistant.storage.schema import metadata
from assistant.storage.utc_time import UtcTime

# digests that identify the pepper and salt of this database, from which neither can be derived
key_checks = Table(
    "key_checks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

# the newest time ever seen, so that nothing is deleted after a clock jump
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
