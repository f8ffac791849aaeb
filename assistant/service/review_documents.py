"""Sealed reviews, opened by their owner or through their share."""

import secrets
from dataclasses import field, replace
from datetime import datetime

from pydantic_core import to_json

from assistant.meetings.review.review import Review
from assistant.meetings.review.snapshot_changes import begun
from assistant.meetings.share import Snapshot
from assistant.service.documents import Owner, read_back
from assistant.storage.database import Connection
from assistant.storage.reviews import StoredReview, reviews_in
from assistant.storage.shares import StoredShare
from assistant.value_class import value_class
from assistant.vault.review_keys import (
    open_review_as_owner,
    open_review_through_share,
    wrap_review_for_owner,
    wrap_review_for_share,
)
from assistant.vault.sealing import new_key, seal, unseal

_REVIEW = "review"


@value_class
class OpenReview:
    """A review opened for reading and writing."""

    stored: StoredReview
    key: bytes = field(repr=False)
    review: Review

    def sealed(self, after: Review) -> bytes:
        """Seal the next version of the review, to replace this one."""
        return _sealed(self.key, self.stored.id, after, self.stored.revision + 1)

    def written(self, after: Review, sealed: bytes) -> "OpenReview":
        """Return the next version, once it is stored."""
        stored = replace(self.stored, revision=self.stored.revision + 1, sealed=sealed)
        return OpenReview(stored, self.key, after)


def new_review(
    owner: Owner, share: StoredShare, share_key: bytes, snapshot: Snapshot, at: datetime, counted_in: str
) -> tuple[StoredReview, bytes]:
    """Create the review of a share, with its key wrapped under the share's."""
    id_, key = secrets.token_hex(16), new_key()
    review = begun(snapshot).model_copy(update={"counted_in": counted_in})
    stored = StoredReview(
        id=id_,
        notebook_id=owner.notebook_id,
        meeting_id=share.meeting_id,
        share_id=share.id,
        made_at=at,
        revision=1,
        sealed=_sealed(key, id_, review, 1),
        owner_wrap=wrap_review_for_owner(owner.key, id_, key),
    )
    return stored, wrap_review_for_share(share_key, id_, share.id, key)


def opened_by_owner(owner: Owner, stored: StoredReview) -> OpenReview:
    """Open as the owner, even after the share has ended."""
    return _opened(stored, open_review_as_owner(owner.key, stored.id, stored.owner_wrap))


def opened_through_share(share_key: bytes, stored: StoredReview, wrap: bytes) -> OpenReview:
    """Open with the share's key."""
    return _opened(stored, open_review_through_share(share_key, stored.id, stored.share_id, wrap))


def reviews_of(connection: Connection, owner: Owner, meeting_id: str | None = None) -> list[OpenReview]:
    """Return all reviews in a notebook, or those of one meeting, oldest first."""
    return [
        opened_by_owner(owner, stored) for stored in reviews_in(connection, owner.notebook_id, meeting_id)
    ]


def _opened(stored: StoredReview, key: bytes) -> OpenReview:
    plain = unseal(key, stored.sealed, owner=stored.id, name=_REVIEW, revision=stored.revision)
    return OpenReview(stored, key, read_back(Review, plain))


def _sealed(key: bytes, review_id: str, review: Review, revision: int) -> bytes:
    plain = to_json(review)
    return seal(key, plain, owner=review_id, name=_REVIEW, revision=revision)
