"""The tables for operations: the heartbeat, and security events."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from assistant.storage.schema import metadata
from assistant.storage.utc_time import UtcTime

# one row, written regularly to check that writes work
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("beats", BigInteger, nullable=False),
)

# counted per minute, so that days of password guessing do not fill the table; kept after the account is
# deleted
security_events = Table(
    "security_events",
    metadata,
    Column("at", UtcTime, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("staff_id", Text, primary_key=True),
    Column("by_id", Text, primary_key=True),
    Column("times", Integer, nullable=False),
)
