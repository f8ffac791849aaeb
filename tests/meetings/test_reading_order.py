"""What asks something of the meeting is read first, and nothing is lost on the way."""

from itertools import permutations

from support.as_read import our_library

from assistant.meetings.reading_order import in_reading_order
from assistant.meetings.summary import SummarySection

SECTIONS = {s.id: s for s in our_library()["before_meeting"].frame.sections}


def test_wishes_needs_support_and_questions_come_first_and_the_meeting_last() -> None:
    expected = ["wishes", "needs", "balance", "questions", "helps", "meeting"]
    for ids in permutations(expected):
        chapters = [SummarySection(SECTIONS[id_], ()) for id_ in ids]
        assert [chapter.section.id for chapter in in_reading_order(chapters)] == expected


def test_the_other_sections_keep_their_order() -> None:
    ids = ["since_last", "matters", "helps", "crisis"]
    chapters = [SummarySection(SECTIONS[id_], ()) for id_ in ids]
    assert [chapter.section.id for chapter in in_reading_order(chapters)] == ids
