"""The tables about keys and time."""

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

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
