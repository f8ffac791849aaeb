"""The tables of sign-in at an identity provider: which account is whose, and what is under way."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from assistant.storage.schema.columns import metadata, staff_column
from assistant.storage.utc_time import UtcTime

# the identity that an account is linked to, as a digest under the pepper
staff_identities = Table(
    "staff_identities",
    metadata,
    staff_column(primary_key=True),
    Column("lookup", LargeBinary, nullable=False),
    Column("pepper_version", Integer, nullable=False),
    Index("staff_identities_lookup", "lookup", unique=True),
)

# sign-ins under way, sealed under a cookie; used logout tokens, and proofs for a session, until they expire
provider_visits = Table(
    "provider_visits",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index("provider_visits_expires_at", "expires_at"),
)

# which session at the provider a session of ours began with, so that it can end with it; with a refresh
# token, sealed under the cookie, also when the provider was last asked and may be asked again
provider_sessions = Table(
    "provider_sessions",
    metadata,
    Column("session", LargeBinary, ForeignKey("staff_sessions.lookup", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Text, nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("sid", LargeBinary, nullable=False),
    Column("grant_sealed", LargeBinary),
    Column("confirmed_at", UtcTime),
    Column("ask_at", UtcTime),
    Column("is_asked", Integer, nullable=False, server_default=text("0")),
    Index("provider_sessions_subject", "subject"),
    Index("provider_sessions_sid", "sid"),
)
