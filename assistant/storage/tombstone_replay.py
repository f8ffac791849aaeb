"""Repeat in a restored database the deletions made after the backup."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, text

from assistant.storage.deleted_meetings import delete_documents_of
from assistant.storage.form_drafts import form_drafts
from assistant.storage.schema import notebooks, reviews, sessions, share_owners, shares, staff_sessions
from assistant.storage.shares import delete_shares_without_owner, end_share


def delete_again(connection: Connection, gone: Mapping[str, Sequence[str]], now: datetime) -> dict[str, int]:
    """Delete or end what these ids name, by kind; return how many of each were found."""
    done = {"notebooks": 0, "shares": 0, "meetings": 0}
    for notebook_id in gone["notebook"]:
        done["notebooks"] += connection.execute(
            delete(notebooks).where(notebooks.c.id == notebook_id)
        ).rowcount
    for share_id in gone["share"]:
        done["shares"] += end_share(connection, share_id, "withdrawn", now)
    for meeting_id in gone["meeting"]:
        shared = connection.execute(delete(share_owners).where(share_owners.c.meeting_id == meeting_id))
        reviewed = connection.execute(delete(reviews).where(reviews.c.meeting_id == meeting_id))
        connection.execute(delete(form_drafts).where(form_drafts.c.meeting_id == meeting_id))
        written = delete_documents_of(connection, meeting_id)
        done["meetings"] += bool(written or shared.rowcount or reviewed.rowcount)
    delete_shares_without_owner(connection)
    return done


def end_all_sessions(connection: Connection) -> None:
    """Sign everybody out: a session of a restored backup may have been ended after it was made."""
    connection.execute(delete(sessions))
    connection.execute(delete(staff_sessions))


def count_all(connection: Connection) -> dict[str, int]:
    """Count notebooks and open shares."""
    open_ones = select(func.count()).select_from(shares).where(shares.c.ended_at.is_(None))
    return {
        "notebooks": connection.scalar(select(func.count()).select_from(notebooks)) or 0,
        "shares": connection.scalar(open_ones) or 0,
    }


def other_connections(connection: Connection) -> int:
    """Count the other connections to this PostgreSQL database."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return connection.scalar(text(others)) or 0
