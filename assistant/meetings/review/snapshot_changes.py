"""Update a review when the shared snapshot changes."""

from collections.abc import Iterator

from assistant.meetings.review.asking import asks
from assistant.meetings.review.review import Review, ReviewedEntry
from assistant.meetings.share import Snapshot


def begun(snapshot: Snapshot) -> Review:
    """Return an empty review of what is shared."""
    return follow(Review(), snapshot)


def follow(review: Review, snapshot: Snapshot) -> Review:
    """Return the review after the snapshot changed, with its entries, the first three and everything that
    asks for an answer in their current wording.

    Answers and comments on an earlier wording keep that wording. A record text that was not transferred is
    removed, because it holds what is not shared any more.
    """
    places = {first.entry.id: place for place, first in enumerate(snapshot.first, start=1)}
    shared = dict(entries_shared(snapshot))
    expected = {id_: one for id_, one in shared.items() if id_ in places or asks(one)}
    kept = {id_: one for id_, one in review.gone_into.items() if id_ in expected or one.is_touched}
    kept = {**kept, **{id_: one for id_, one in expected.items() if id_ not in kept}}
    return review.model_copy(
        update={
            "gone_into": {id_: _as_now(one, shared.get(id_), places.get(id_)) for id_, one in kept.items()},
            "pointed": review.pointed if review.pointed in shared else None,
            "records": tuple(record for record in review.records if record.transferred),
        }
    )


def entries_shared(snapshot: Snapshot) -> Iterator[tuple[str, ReviewedEntry]]:
    """Return every entry of a snapshot by id, without answers or comments; entries put first come first."""
    for first in snapshot.first:
        yield first.entry.id, ReviewedEntry(section=first.section, heading=first.heading, entry=first.entry)
    for section in snapshot.sections:
        for entry in section.entries:
            yield entry.id, ReviewedEntry(section=section.id, heading=section.heading, entry=entry)


def for_staff(review: Review, snapshot: Snapshot) -> Review:
    """Return the review as staff see it: nothing about withdrawn entries, and no text that contains them."""
    records = tuple(
        record if review.is_current(record, snapshot) else record.model_copy(update={"text": ""})
        for record in review.records
    )
    return review.as_shared.model_copy(update={"records": records})


def _as_now(one: ReviewedEntry, now: ReviewedEntry | None, first: int | None) -> ReviewedEntry:
    if now is None:
        return one.model_copy(update={"is_shared": False, "first": None})
    wordings = dict(one.wordings)
    if now.entry.version != one.entry.version:
        wordings[one.entry.version] = one.entry.said
    after = {"entry": now.entry, "is_shared": True, "first": first, "wordings": wordings}
    return one.model_copy(update=after).trimmed
