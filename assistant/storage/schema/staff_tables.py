"""The tables of members of staff: their accounts, credentials and sessions."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from assistant.storage.schema.columns import metadata, staff_column
from assistant.storage.utc_time import UtcTime

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

# key slots of private keys: one for a password, and one for each passkey
staff_slots = Table(
    "staff_slots",
    metadata,
    Column("id", Text, primary_key=True),
    staff_column(),
    Column("kind", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("pepper_version", Integer, nullable=False),
    Column("outer_wrap", LargeBinary, nullable=False),
    Index("staff_slots_kind", "staff_id", "kind", unique=True),
)

# what a browser needs to ask a passkey for its answer, and what its owner calls it
staff_passkeys = Table(
    "staff_passkeys",
    metadata,
    Column("slot_id", Text, ForeignKey("staff_slots.id", ondelete="CASCADE"), primary_key=True),
    Column("credential", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
)

# the second factor: an app's secret, and the last time step whose code was used
staff_apps = Table(
    "staff_apps",
    metadata,
    staff_column(primary_key=True),
    Column("pepper_version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("last_step", Integer, nullable=False),
)

staff_recovery_codes = Table(
    "staff_recovery_codes",
    metadata,
    staff_column(primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("pepper_version", Integer, nullable=False, server_default=text("1")),
)

# one-time links to set a password, at most one per account
staff_links = Table(
    "staff_links",
    metadata,
    staff_column(primary_key=True),
    Column("lookup", LargeBinary, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("pepper_version", Integer, nullable=False, server_default=text("1")),
    Index("staff_links_lookup", "lookup", unique=True),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    staff_column(),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("proved_until", UtcTime),
    Index("staff_sessions_staff", "staff_id"),
    Index("staff_sessions_expires_at", "expires_at"),
)

# browsers where a member of staff signed in before; they grant no access
staff_devices = Table(
    "staff_devices",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    staff_column(),
    Column("kept_until", UtcTime, nullable=False),
    Index("staff_devices_staff", "staff_id"),
    Index("staff_devices_kept_until", "kept_until"),
)

staff_changes = Table(
    "staff_changes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("what", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Index("staff_changes_staff", "staff_id"),
    Index("staff_changes_at", "at"),
)
