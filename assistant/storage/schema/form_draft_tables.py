"""The table of half-filled forms, of users and of staff."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from assistant.storage.schema.columns import metadata
from assistant.storage.utc_time import UtcTime

form_drafts = Table(
    "form_drafts",
    metadata,
    Column("form", LargeBinary, primary_key=True),
    Column("page", LargeBinary, nullable=False),
    Column("notebook_id", Text, ForeignKey("notebooks.id", ondelete="CASCADE")),
    Column("staff_id", Text, ForeignKey("staff.id", ondelete="CASCADE")),
    Column("meeting_id", Text),
    Column("share_id", Text, ForeignKey("share_contents.share_id", ondelete="CASCADE")),
    Column("sealed", LargeBinary, nullable=False),
    Column("written_at", UtcTime, nullable=False),
    Column("kept_until", UtcTime),
    Index("form_drafts_page", "page"),
    Index("form_drafts_notebook", "notebook_id", "meeting_id"),
    Index("form_drafts_staff", "staff_id"),
    Index("form_drafts_share", "share_id"),
    Index("form_drafts_kept_until", "kept_until"),
)
