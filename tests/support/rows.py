"""Rows to try things out with."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from assistant.storage.invitations import keep_label
from assistant.storage.notebooks import StoredNotebook, add_notebook
from assistant.storage.reviews import StoredReview, add_review
from assistant.storage.schema import metadata
from assistant.storage.share_audit import StoredAuditRow, add_audit_row
from assistant.storage.shares import StoredShare, StoredShareSecret, add_share, add_way, let_read

NOW = datetime(2026, 11, 22, 14, 30, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)


def adding(notebook_id: str, kept_until: datetime = NOW + DAY) -> Callable[[Connection], None]:
    """A write that puts in a notebook."""
    return lambda connection: add_notebook(connection, StoredNotebook(notebook_id, NOW, kept_until))


def shared(share_id: str, notebook_id: str) -> Callable[[Connection], None]:
    """A write that puts in a share with a way to open it, a reader, a label, a review and a trail."""
    mark = share_id.encode()

    def write(connection: Connection) -> None:
        until = NOW + DAY
        add_share(
            connection,
            StoredShare(
                share_id, notebook_id, "meeting", "together", NOW, until, 1, sealed=mark, owner_wrap=mark
            ),
        )
        add_way(
            connection, StoredShareSecret(f"way to {share_id}", share_id, "code", mark, mark, 1, mark, until)
        )
        let_read(connection, share_id, "staff", mark)
        review = StoredReview(f"review of {share_id}", notebook_id, "meeting", share_id, NOW, 1, mark, mark)
        add_review(connection, review, mark)
        keep_label(connection, share_id, mark)
        add_audit_row(
            connection, StoredAuditRow(share_id, 1, NOW, "opened", "staff", f"opening of {share_id}", mark)
        )

    return write


def counting(table: str) -> Callable[[Connection], int]:
    """A reading of how many rows there are."""
    return lambda connection: connection.scalar(select(func.count()).select_from(metadata.tables[table])) or 0


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's right to pass over what is written on a door."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def everything_in(folder: Path) -> bytes:
    """All bytes in all files of a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def lay_a_trap(connection: Connection) -> None:
    """Make tables in which `step_into_it` makes a commit fail."""
    connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    connection.exec_driver_sql(
        "CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
    )


def step_into_it(connection: Connection) -> None:
    """Add a row that the statement takes and the commit refuses."""
    connection.exec_driver_sql("INSERT INTO child VALUES (1)")  # noticed by the commit only
