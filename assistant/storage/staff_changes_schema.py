"""The table of account changes, shown to all staff and to users who share with them."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from assistant.storage.schema import metadata
from assistant.storage.utc_time import UtcTime

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
