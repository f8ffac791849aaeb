"""The tables of operations: migrations, keys, time, the heartbeat and security events."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from assistant.storage.schema.columns import metadata
from assistant.storage.utc_time import UtcTime

schema_steps = Table(
    "schema_steps",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
)

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

# one row, written regularly to check that writes work
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("beats", BigInteger, nullable=False),
)

# levels of the limits that several processes share, by a keyed digest of the day and of who is counted; not
# written ahead, because a level that a crash loses is a few tries more
rate_levels = Table(
    "rate_levels",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    Column("full_at", UtcTime, nullable=False),
    Index("rate_levels_full_at", "full_at"),
)

# the exact counts of the running quarter, sealed; one row
insight_tally = Table(
    "insight_tally",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)

# whole tens of a quarter that is over; no row refers to anything else
insight_quarters = Table(
    "insight_quarters",
    metadata,
    Column("quarter", Text, primary_key=True),
    Column("shared", Integer, nullable=False),
    Column("wishes_answered", Integer, nullable=False),
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
