"""The order in which a summary is read: what asks something of the meeting comes first."""

from collections.abc import Iterable

from assistant.meetings.review.asking import ASKING
from assistant.meetings.summary import SummarySection

MEETING = "meeting"
"""The section that says what kind of meeting it is, and when."""

_READ_FIRST = (*(id_ for id_ in ASKING if id_ != "questions"), "balance", "questions")
"""The sections to read after what was put first: wishes, needs, support and challenge, questions."""


def in_reading_order(chapters: Iterable[SummarySection]) -> tuple[SummarySection, ...]:
    """Return the sections in reading order; the others keep theirs.

    Both know when and where they meet, so that comes last.
    """
    return tuple(sorted(chapters, key=_place))


def _place(chapter: SummarySection) -> int:
    id_, after = chapter.section.id, len(_READ_FIRST)
    return _READ_FIRST.index(id_) if id_ in _READ_FIRST else after + (id_ == MEETING)
