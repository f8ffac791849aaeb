"""The current tables; ``migrations`` upgrades older databases. Everything a user owns references their
notebook and is deleted with it.
"""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from assistant.storage.utc_time import UtcTime

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
    Column("created_at", UtcTime, nullable=False),
    Column("kept_until", UtcTime, nullable=False),
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

# requests already handled, by the form's request id, so that a form sent twice is handled once
requests = Table(
    "requests",
    metadata,
    _owner(primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("at", UtcTime, nullable=False),
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

# people with accounts; what they can open depends on keys, not on these rows
staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sign_in_name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("public_key", LargeBinary),
    Column("created_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
    Index("staff_sign_in_name", "sign_in_name", unique=True),
)


def _of_staff(*, primary_key: bool = False) -> Column[str]:
    member = ForeignKey("staff.id", ondelete="CASCADE")
    return Column("staff_id", Text, member, nullable=False, primary_key=primary_key)


# key slots of private keys: a password today, and the schema does not require one
staff_slots = Table(
    "staff_slots",
    metadata,
    Column("id", Text, primary_key=True),
    _of_staff(),
    Column("kind", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("pepper_version", Integer, nullable=False),
    Column("outer_wrap", LargeBinary, nullable=False),
    Index("staff_slots_kind", "staff_id", "kind", unique=True),
)

# the second factor: an app's secret, and the last time step whose code was used
staff_apps = Table(
    "staff_apps",
    metadata,
    _of_staff(primary_key=True),
    Column("pepper_version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("last_step", Integer, nullable=False),
)

staff_recovery_codes = Table(
    "staff_recovery_codes",
    metadata,
    _of_staff(primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("pepper_version", Integer, nullable=False, server_default=text("1")),
)

# one-time links to set a password, at most one per account
staff_links = Table(
    "staff_links",
    metadata,
    _of_staff(primary_key=True),
    Column("lookup", LargeBinary, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("pepper_version", Integer, nullable=False, server_default=text("1")),
    Index("staff_links_lookup", "lookup", unique=True),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    _of_staff(),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Index("staff_sessions_staff", "staff_id"),
    Index("staff_sessions_expires_at", "expires_at"),
)

# browsers where a member of staff signed in before; they grant no access
staff_devices = Table(
    "staff_devices",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    _of_staff(),
    Column("kept_until", UtcTime, nullable=False),
    Index("staff_devices_staff", "staff_id"),
    Index("staff_devices_kept_until", "kept_until"),
)

# a share, open or ended; deleted when its owner deletes the meeting or the notebook, or that expires
shares = Table(
    "shares",
    metadata,
    Column("id", Text, primary_key=True),
    Column("way", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("opens_until", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("ended_at", UtcTime),
    Column("ended", Text),
    Index("shares_opens_until", "opens_until"),
)

share_owners = Table(
    "share_owners",
    metadata,
    Column("share_id", Text, ForeignKey("shares.id"), primary_key=True),
    _owner(),
    Column("meeting_id", Text, nullable=False),
    Column("trail_key", LargeBinary),
    Index("share_owners_notebook", "notebook_id", "meeting_id"),
)


def _share(of: str, *, primary_key: bool = False) -> Column[str]:
    owner = ForeignKey(f"{of}.share_id", ondelete="CASCADE")
    return Column("share_id", Text, owner, nullable=False, primary_key=primary_key)


# the snapshot and the owner's wrap of its key; all links and codes are deleted with them
share_contents = Table(
    "share_contents",
    metadata,
    _share("share_owners", primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("owner_wrap", LargeBinary, nullable=False),
)

share_ways = Table(
    "share_ways",
    metadata,
    Column("id", Text, primary_key=True),
    _share("share_contents"),
    Column("kind", Text, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("pepper_version", Integer, nullable=False),
    Column("outer_wrap", LargeBinary, nullable=False),
    Column("works_until", UtcTime, nullable=False),
    Column("wrong", Integer, nullable=False),
    Index("share_ways_lookup", "lookup", unique=True),
    Index("share_ways_share", "share_id"),
)

# the share's key, sealed to each reader, and their newest opening under that key
share_readers = Table(
    "share_readers",
    metadata,
    _share("share_contents", primary_key=True),
    Column("staff_id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("opened", LargeBinary),
    Index("share_readers_staff", "staff_id"),
)

# who did what and when, sealed to the owner, each row chained to the previous one; no words
share_acts = Table(
    "share_acts",
    metadata,
    _share("share_owners", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("act", Text, nullable=False),
    Column("staff_id", Text, nullable=False),
    Column("opening", Text, nullable=False),
    Column("link", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    Index("share_acts_staff", "staff_id", "opening"),
)

# the reviews; after the share ends they remain for their owner alone
reviews = Table(
    "reviews",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    Column("meeting_id", Text, nullable=False),
    Column("share_id", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("owner_wrap", LargeBinary, nullable=False),
    Index("reviews_notebook", "notebook_id", "meeting_id"),
    Index("reviews_share", "share_id", unique=True),
)

# the review's key wrapped under the share's: deleted with the share
review_keys = Table(
    "review_keys",
    metadata,
    _share("share_contents", primary_key=True),
    Column("review_id", Text, ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("review_keys_review", "review_id"),
)
