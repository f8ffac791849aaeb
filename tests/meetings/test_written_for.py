"""What somebody else wrote waits until the user has read it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from support.quick import our_texts

from assistant.dialogue.model import Address
from assistant.engine.conversation import Answer, Statement, StatementsGiven
from assistant.meetings.written_for import LASTS, WrittenFor, entry_versions

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DIALOGUE = our_texts().dialogues["before_meeting"]
ADDRESSES = ("wishes/wish", "needs/need")


def said(versions: dict[str, int]) -> StatementsGiven:
    return StatementsGiven(statements=tuple(Statement(id=i, text=i, version=v) for i, v in versions.items()))


ANSWERS = st.dictionaries(
    st.sampled_from(ADDRESSES),
    st.dictionaries(st.sampled_from("abc"), st.integers(1, 3), min_size=1).map(said),
)
STEPS = st.lists(st.tuples(st.booleans(), ANSWERS), max_size=8)


@given(STEPS)
def test_only_what_somebody_wrote_waits_and_only_while_it_is_there(
    steps: list[tuple[bool, dict[Address, Answer]]],
) -> None:
    written, answers = WrittenFor(), dict[Address, Answer]()
    theirs: set[tuple[str, int]] = set()
    for is_on, after in steps:
        written = written.begun(NOW) if is_on else written.ended()
        before = set(entry_versions(DIALOGUE, answers))
        there = set(entry_versions(DIALOGUE, after))
        written = written.after_turn(DIALOGUE, answers, after, NOW)
        theirs = (theirs & there) | ((there - before) if is_on else set())
        assert set(written.unread) == theirs
        answers = after
    for entry in written.unread:
        assert entry not in written.read(entry).unread


def test_it_ends_by_itself_twenty_minutes_after_the_last_act() -> None:
    begun = WrittenFor().begun(NOW)
    assert begun.is_on(NOW + LASTS - timedelta(seconds=1))
    assert not begun.is_on(NOW + LASTS)
    later = begun.after_turn(DIALOGUE, {}, {"wishes/wish": said({"a": 1})}, NOW + timedelta(minutes=19))
    assert later.is_on(NOW + timedelta(minutes=38))
    too_late = begun.after_turn(DIALOGUE, {}, {"wishes/wish": said({"a": 1})}, NOW + LASTS)
    assert too_late.unread == ()
