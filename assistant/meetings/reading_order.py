"""The order in which a summary is read: what asks something of the meeting comes first."""

from collections.abc import Iterable

from assistant.engine.entries import MEETING
from assistant.meetings.review.asking import ASKING
from assistant.meetings.summary import SummarySection

_READ_FIRST = (*(id_ for id_ in ASKING if id_ != "questions"), "balance", "questions")
"""The sections to read after what was put first: wishes, needs, support and challenge, questions."""


def in_reading_order(chapters: Iterable[SummarySection]) -> tuple[SummarySection, ...]:
    """Return the sections in reading order; the others keep theirs.

    Both know when and where they meet, so that comes last.
    """
    return tuple(sorted(chapters, key=lambda chapter: place_of(chapter.section.id)))


def place_of(section: str) -> int:
    """Return a number to sort sections by; those that keep their order have the same."""
    after = len(_READ_FIRST)
    return _READ_FIRST.index(section) if section in _READ_FIRST else after + (section == MEETING)
