"""Reviews, as both databases keep them."""

from dataclasses import replace
from functools import partial

import pytest
from support.rows import DAY, NOW, adding, counting, shared

from assistant.errors import NotFound, RevisionConflict
from assistant.storage.database import Database
from assistant.storage.notebooks import delete_notebook
from assistant.storage.reviews import (
    StoredReview,
    add_review,
    delete_reviews_for,
    find_review,
    key_through_share,
    reviews_in,
    revision_of_review,
    write_review,
)
from assistant.storage.shares import delete_shares_for, end_share


async def begin(database: Database) -> StoredReview:
    """Two people who have shared; the review of the first."""
    for name in ("mine", "yours"):
        await database.write(adding(f"notebook of {name}"))
        await database.write(shared(name, f"notebook of {name}"))
    found = await database.read(lambda c: find_review(c, "mine"))
    assert found is not None
    return found


async def test_a_review_is_found_by_its_share_and_in_its_notebook(database: Database) -> None:
    review = await begin(database)
    assert review == StoredReview(
        "review of mine", "notebook of mine", "meeting", "mine", NOW, 1, b"mine", b"mine"
    )
    assert await database.read(lambda c: reviews_in(c, "notebook of mine")) == [review]
    assert await database.read(lambda c: reviews_in(c, "notebook of mine", "meeting")) == [review]
    assert await database.read(lambda c: reviews_in(c, "notebook of mine", "another")) == []
    assert await database.read(lambda c: key_through_share(c, "mine")) == b"mine"
    assert await database.read(lambda c: revision_of_review(c, "mine")) == 1


async def test_a_share_from_before_there_were_reviews_has_none(database: Database) -> None:
    review = await begin(database)
    await database.write(lambda c: delete_reviews_for(c, review.notebook_id, "meeting"))
    assert await database.read(lambda c: find_review(c, "mine")) is None
    assert await database.read(lambda c: key_through_share(c, "mine")) is None
    assert await database.read(lambda c: revision_of_review(c, "mine")) == 0
    assert await database.read(counting("share_contents")) == 2


async def test_the_oldest_comes_first(database: Database) -> None:
    review = await begin(database)
    older = replace(review, id="older", share_id="older", made_at=NOW - DAY)
    await database.write(shared("older", "notebook of mine"))
    await database.write(lambda c: delete_reviews_for(c, "notebook of mine", "meeting"))
    for one in (review, older):
        await database.write(partial(add_review, review=one, share_wrap=b"wrap"))
    found = await database.read(lambda c: reviews_in(c, "notebook of mine"))
    assert [one.id for one in found] == ["older", "review of mine"]


async def test_it_is_written_over_at_the_revision_that_was_read(database: Database) -> None:
    review = await begin(database)
    await database.write(lambda c: write_review(c, review.id, expected=1, sealed=b"more"))
    with pytest.raises(RevisionConflict):
        await database.write(lambda c: write_review(c, review.id, expected=1, sealed=b"other"))
    found = await database.read(lambda c: find_review(c, "mine"))
    assert found == replace(review, revision=2, sealed=b"more")
    yours = await database.read(lambda c: find_review(c, "yours"))
    assert yours is not None
    assert (yours.revision, yours.sealed) == (1, b"yours")


async def test_one_that_is_deleted_is_not_written(database: Database) -> None:
    review = await begin(database)
    await database.write(lambda c: delete_reviews_for(c, review.notebook_id, review.meeting_id))
    with pytest.raises(NotFound):
        await database.write(lambda c: write_review(c, review.id, expected=1, sealed=b"more"))
    assert await database.read(counting("reviews")) == 1
    assert await database.read(counting("review_keys")) == 1


async def test_when_the_share_ends_its_way_to_the_key_goes_and_the_review_stays(database: Database) -> None:
    review = await begin(database)
    await database.write(lambda c: end_share(c, "mine", "withdrawn", NOW))
    assert await database.read(lambda c: key_through_share(c, "mine")) is None
    assert await database.read(lambda c: key_through_share(c, "yours")) == b"yours"
    assert await database.read(lambda c: find_review(c, "mine")) == review


async def test_it_goes_with_its_meeting_and_with_its_notebook(database: Database) -> None:
    await begin(database)
    await database.write(lambda c: delete_shares_for(c, "notebook of mine", "meeting"))
    assert await database.read(lambda c: key_through_share(c, "mine")) is None
    await database.write(lambda c: delete_reviews_for(c, "notebook of mine", "another meeting"))
    assert await database.read(counting("reviews")) == 2
    await database.write(lambda c: delete_reviews_for(c, "notebook of mine", "meeting"))
    assert await database.read(counting("reviews")) == 1
    await database.write(lambda c: delete_notebook(c, "notebook of yours"))
    assert await database.read(counting("reviews")) == 0
    assert await database.read(counting("review_keys")) == 0


async def test_a_review_in_a_notebook_that_is_gone_is_not_made(database: Database) -> None:
    review = await begin(database)
    gone = replace(review, id="new", notebook_id="gone", share_id="new")
    with pytest.raises(NotFound):
        await database.write(lambda c: add_review(c, gone, b"wrap"))
    assert await database.read(counting("reviews")) == 2


async def test_nothing_sealed_is_shown_by_accident(database: Database) -> None:
    review = await begin(database)
    assert "b'mine'" not in repr(review)
