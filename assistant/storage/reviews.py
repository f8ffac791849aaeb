"""Sealed reviews, and their keys wrapped for open shares."""

from dataclasses import field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from assistant.errors import NotFound, RevisionConflict
from assistant.storage.insert_once import insert_once
from assistant.storage.prepared import Prepared
from assistant.storage.schema import review_keys, reviews
from assistant.value_class import value_class

_FIND = Prepared(
    select(
        reviews.c.id,
        reviews.c.notebook_id,
        reviews.c.meeting_id,
        reviews.c.share_id,
        reviews.c.made_at,
        reviews.c.revision,
        reviews.c.sealed,
        reviews.c.owner_wrap,
    ).where(reviews.c.share_id == bindparam("share"))
)
_FIND_KEY = Prepared(select(review_keys.c.sealed).where(review_keys.c.share_id == bindparam("share")))


@value_class
class StoredReview:
    """A review as stored for its owner, also after the share has ended."""

    id: str
    notebook_id: str
    meeting_id: str
    share_id: str
    made_at: datetime
    revision: int
    sealed: bytes = field(repr=False)
    owner_wrap: bytes = field(repr=False)


def add_review(connection: Connection, review: StoredReview, share_wrap: bytes) -> None:
    """Insert a review with its share. Raises `NotFound` if the notebook has just been deleted."""
    insert_once(connection, reviews, **vars(review))
    key = {"share_id": review.share_id, "review_id": review.id, "sealed": share_wrap}
    connection.execute(insert(review_keys).values(key))


def find_review(connection: Connection, share_id: str) -> StoredReview | None:
    """Return the review of a share; None for a share from before reviews existed."""
    row = _FIND.first(connection, {"share": share_id})
    return None if row is None else StoredReview(*row)


def revision_of_review(connection: Connection, share_id: str) -> int:
    """Return the revision of a share's review; 0 if there is none."""
    return connection.scalar(select(reviews.c.revision).where(reviews.c.share_id == share_id)) or 0


def reviews_in(connection: Connection, notebook_id: str, meeting_id: str | None = None) -> list[StoredReview]:
    """Return all reviews in a notebook, or those of one meeting, oldest first."""
    mine = reviews.c.notebook_id == notebook_id
    if meeting_id is not None:
        mine &= reviews.c.meeting_id == meeting_id
    rows = connection.execute(select(reviews).where(mine).order_by(reviews.c.made_at, reviews.c.id))
    return [_review(row) for row in rows]


def key_through_share(connection: Connection, share_id: str) -> bytes | None:
    """Return the review's key, wrapped under the share's key; None if the share has ended."""
    row = _FIND_KEY.first(connection, {"share": share_id})
    return None if row is None else row[0]


def write_review(connection: Connection, review_id: str, *, expected: int, sealed: bytes) -> None:
    """Overwrite the revision that was read. Raises `RevisionConflict` if it was written meanwhile."""
    here = (reviews.c.id == review_id) & (reviews.c.revision == expected)
    after = update(reviews).where(here).values(revision=expected + 1, sealed=sealed)
    if connection.execute(after).rowcount == 0:
        if connection.scalar(select(reviews.c.id).where(reviews.c.id == review_id)) is None:
            raise NotFound("the review has been deleted")
        raise RevisionConflict(f"not at revision {expected}")


def delete_reviews_for(connection: Connection, notebook_id: str, meeting_id: str) -> None:
    """Delete every review of one meeting."""
    mine = (reviews.c.notebook_id == notebook_id) & (reviews.c.meeting_id == meeting_id)
    connection.execute(delete(reviews).where(mine))


def _review(row: Row[Any]) -> StoredReview:
    return StoredReview(**row._mapping)
