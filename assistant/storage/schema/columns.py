"""The metadata of all tables, and the columns that bind a row to its owner."""

from sqlalchemy import Column, ForeignKey, MetaData, Text

metadata = MetaData()


def notebook_column(*, primary_key: bool = False) -> Column[str]:
    """Return the column of the notebook that a row is deleted with."""
    owner = ForeignKey("notebooks.id", ondelete="CASCADE")
    return Column("notebook_id", Text, owner, nullable=False, primary_key=primary_key)


def staff_column(*, primary_key: bool = False) -> Column[str]:
    """Return the column of the member of staff that a row is deleted with."""
    member = ForeignKey("staff.id", ondelete="CASCADE")
    return Column("staff_id", Text, member, nullable=False, primary_key=primary_key)


def share_column(of: str, *, primary_key: bool = False) -> Column[str]:
    """Return the column of the share that a row is deleted with: when it ends, or with its owner's row."""
    owner = ForeignKey(f"{of}.share_id", ondelete="CASCADE")
    return Column("share_id", Text, owner, nullable=False, primary_key=primary_key)
