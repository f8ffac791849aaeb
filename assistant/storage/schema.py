"""The tables as they are now; how an older database becomes this is in ``migrations``.

Everything a person owns hangs on their notebook and goes when it goes.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as whole microseconds since 1970 so that both databases agree to the last digit."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return (value - _EPOCH) // _TICK

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _TICK


metadata = MetaData()


def _owner(*, primary_key: bool = False) -> Column[str]:
    owner = ForeignKey("notebooks.id", ondelete="CASCADE")
    return Column("notebook_id", Text, owner, nullable=False, primary_key=primary_key)


schema_steps = Table(
    "schema_steps",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
)

notebooks = Table(
    "notebooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created_at", Moment, nullable=False),
    Column("kept_until", Moment, nullable=False),
    Index("notebooks_kept_until", "kept_until"),
)

documents = Table(
    "documents",
    metadata,
    _owner(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("format", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

# the replies already taken, by the id their form was given, so that one sent twice is taken once
requests = Table(
    "requests",
    metadata,
    _owner(primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Index("requests_at", "at"),
)

slots = Table(
    "slots",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
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
    _owner(),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("sessions_notebook", "notebook_id"),
    Index("sessions_expires_at", "expires_at"),
)

# exactly what was asked, by the hash of its text; not anybody's words, and never deleted
dialogues = Table(
    "dialogues",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("dialogue_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("published_at", Moment, nullable=False),
)
