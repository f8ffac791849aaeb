"""The tables of shares and reviews, and of the invitations before them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from assistant.storage.schema.columns import metadata, notebook_column, share_column
from assistant.storage.utc_time import UtcTime

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
    notebook_column(),
    Column("meeting_id", Text, nullable=False),
    Column("trail_key", LargeBinary),
    Index("share_owners_notebook", "notebook_id", "meeting_id"),
)

# the snapshot and the owner's wrap of its key; all links and codes are deleted with them
share_contents = Table(
    "share_contents",
    metadata,
    share_column("share_owners", primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("owner_wrap", LargeBinary, nullable=False),
)

share_ways = Table(
    "share_ways",
    metadata,
    Column("id", Text, primary_key=True),
    share_column("share_contents"),
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
    share_column("share_contents", primary_key=True),
    Column("staff_id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("opened", LargeBinary),
    Index("share_readers_staff", "staff_id"),
)

# who did what and when, sealed to the owner, each row chained to the previous one; no words
share_acts = Table(
    "share_acts",
    metadata,
    share_column("share_owners", primary_key=True),
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
    notebook_column(),
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
    share_column("share_contents", primary_key=True),
    Column("review_id", Text, ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("review_keys_review", "review_id"),
)

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
