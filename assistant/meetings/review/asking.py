"""The entries of a review that ask for an honest answer, and those that stay open for the next meeting.

A wish, a need and a question ask by themselves: the user does not have to request an answer or rank them.
"""

from datetime import datetime

from assistant.meetings.review.review import HonestAnswer, Review, ReviewedEntry

ASKING = ("wishes", "goals", "expect", "agree", "change", "after", "medicine", "needs", "questions")
"""The sections of the summary whose entries ask for an answer, in the order they are gone through: what the
user wants from this meeting or this help, then what they need, then what they ask.
"""


def asks(one: ReviewedEntry) -> bool:
    """Return whether an honest answer is expected: to what was put first, to every wish, need and question,
    and to anything else that one of the two asked about.
    """
    return one.first is not None or one.wanted or one.section in ASKING


def with_entry(review: Review, id_: str, one: ReviewedEntry) -> Review:
    """Return the review with the entry as it is now. One that is untouched again and asks for nothing leaves
    no trace, so that sharing the same again changes nothing.
    """
    gone_into = {**review.gone_into, id_: one}
    if not one.is_touched and not (one.is_shared and asks(one)):
        del gone_into[id_]
    return review.model_copy(update={"gone_into": gone_into})


def is_unanswered(one: ReviewedEntry) -> bool:
    """Return whether an answer is expected and none is given."""
    return asks(one) and not one.answers


def promise(one: ReviewedEntry) -> HonestAnswer | None:
    """Return the latest answer if the professional must ask first: the real answer is still to come."""
    latest = max(one.answers.values(), key=_said_at, default=None)
    return latest if latest is not None and latest.kind == "must_ask" else None


def is_for_next_time(one: ReviewedEntry) -> bool:
    """Return whether it is offered when the next meeting is prepared. Talking about it does not keep a
    promise, so a promised answer is offered regardless of the mark.
    """
    if one.mark == "next_time" or promise(one) is not None:
        return True
    return is_unanswered(one) and one.mark is None


def _said_at(answer: HonestAnswer) -> tuple[datetime, int]:
    return answer.signed.at, answer.written
