"""Size limits for each side of a review, so that neither can fill it and block the other.

A review is one document with a size limit. The remaining space is for the entries copied into it, and for
changes to the share: an entry can always be withdrawn.
"""

from collections.abc import Iterator

from assistant.errors import DocumentFull
from assistant.meetings.review.acts import Act, GiveAnswer, PrepareRecord, Propose, PutBeside, TakeStand
from assistant.meetings.review.review import (
    HonestAnswer,
    Proposal,
    RecordText,
    Remark,
    Review,
    Side,
    Standpoint,
)

ROOM = 192 * 1024
"""Bytes available for what one side has written, including its metadata."""

_WITH_WORDS = (GiveAnswer, PutBeside, Propose, TakeStand, PrepareRecord)
"""All other acts, such as confirming, are small and limited in number: they are always allowed."""

Written = HonestAnswer | Remark | Proposal | Standpoint | RecordText


def check_size(before: Review, act: Act, after: Review, side: Side) -> None:
    """Raise `DocumentFull` if this act exceeds its side's limit; acts that shorten are always allowed."""
    if not isinstance(act, _WITH_WORDS):
        return
    filled = _filled(after, side)
    if filled > ROOM and filled > _filled(before, side):
        raise DocumentFull(f"{filled} bytes; the limit is {ROOM}")


def _filled(review: Review, side: Side) -> int:
    return sum(len(one.model_dump_json().encode()) for one in _written(review) if _hand(one) == side)


def _written(review: Review) -> Iterator[Written]:
    for one in review.gone_into.values():
        yield from one.answers.values()
        yield from one.remarks.values()
    yield from review.proposals
    yield from review.standpoints.values()
    yield from review.records


def _hand(one: Written) -> Side:
    """Return the side that wrote it down, for itself or for the other."""
    return (one.prepared if isinstance(one, RecordText) else one.signed).by.side
