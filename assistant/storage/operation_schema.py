"""The tables for running the program: whether writes go through, and what concerns accounts."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from assistant.storage.schema import metadata
from assistant.storage.utc_time import UtcTime

# one row, written now and then to see that writing works
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("beats", BigInteger, nullable=False),
)

# by the minute and counted, so that somebody who tries passwords for days fills nothing; it outlives accounts
security_events = Table(
    "security_events",
    metadata,
    Column("at", UtcTime, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("staff_id", Text, primary_key=True),
    Column("by_id", Text, primary_key=True),
    Column("times", Integer, nullable=False),
)
