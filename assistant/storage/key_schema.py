"""The tables about keys and time, beside the others in ``schema``."""

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

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
