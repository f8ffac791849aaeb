"""The tables of invitations."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from assistant.storage.schema import metadata
from assistant.storage.utc_time import UtcTime

# professionals' invitations; nothing is ever written here when an invitation is used
invitations = Table(
    "invitations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("works_until", UtcTime, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("for_maker", LargeBinary, nullable=False),
    Index("invitations_staff", "staff_id"),
    Index("invitations_works_until", "works_until"),
)

invitation_ways = Table(
    "invitation_ways",
    metadata,
    Column("id", Text, primary_key=True),
    Column("invitation_id", Text, ForeignKey("invitations.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    Column("pepper_version", Integer, nullable=False),
    Column("outer_wrap", LargeBinary, nullable=False),
    Index("invitation_ways_lookup", "lookup", unique=True),
    Index("invitation_ways_invitation", "invitation_id"),
)

# the label of a share's invitation, for its maker alone; every share has a row, invited or not
share_labels = Table(
    "share_labels",
    metadata,
    Column("share_id", Text, ForeignKey("share_contents.share_id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
