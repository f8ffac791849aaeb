"""The room of a guided session: any acts in any order."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FewerThanThree, NotFound, NotOnTheWay, Refusal
from assistant.meetings.guided.room import (
    Act,
    Facilitator,
    GoTo,
    HeldUp,
    Join,
    PutForward,
    Rest,
    Room,
    SetNote,
    SetUntil,
    TakeDown,
    after,
)

QUESTIONS = ("matters/now", "matters/step", "onward/carry")
PEDER = Facilitator(name="Peder", title="erfaringskonsulent")
ROOM = Room(
    form="group",
    language="nb",
    dialogue="peer_session",
    digest="d",
    facilitators=(PEDER,),
    public_key="00",
)
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))
LINES = st.builds(HeldUp, id=st.sampled_from("abcdefg"), said=st.text(max_size=9))
ACTS = st.one_of(
    st.builds(GoTo, st.sampled_from((*QUESTIONS, "nowhere/at_all"))),
    st.builds(Rest, TIMES),
    st.builds(SetUntil, TIMES),
    st.builds(SetNote, st.text(max_size=9)),
    st.builds(PutForward, st.lists(LINES, max_size=5, unique_by=lambda line: line.id).map(tuple)),
    st.builds(TakeDown, st.sampled_from("abcdefg")),
    st.builds(Join, st.builds(Facilitator, name=st.sampled_from(("Liv", "Peder")), title=st.just("e"))),
)


@given(st.lists(ACTS, max_size=25))
def test_any_acts_in_any_order_are_taken_or_refused(acts: list[Act]) -> None:
    room = ROOM
    for act in acts:
        before = room
        try:
            room = after(before, act, QUESTIONS)
        except (Refusal, NotFound):
            continue
        assert room.step >= before.step
        assert after(room, act, QUESTIONS) == room, "an act that is sent twice is one"
        assert list(room.board) == sorted(room.board, key=lambda line: line.id)
        assert len({line.id for line in room.board}) == len(room.board)
        assert room.at in (None, *QUESTIONS)
        assert PEDER in room.facilitators


def test_nothing_but_an_id_and_the_words_is_known_of_a_line() -> None:
    assert set(HeldUp.model_fields) == {"id", "said"}


def test_the_order_on_the_board_is_not_the_order_of_holding_up() -> None:
    lines = tuple(HeldUp(id=id_, said=id_) for id_ in "cab")
    room = after(ROOM, GoTo("matters/now"), QUESTIONS)
    boards = {after(room, PutForward(lines[at:] + lines[:at])).board for at in range(3)}
    assert [[line.id for line in board] for board in boards] == [["a", "b", "c"]]


def test_three_lines_are_the_fewest() -> None:
    room = after(ROOM, GoTo("matters/now"), QUESTIONS)
    two = tuple(HeldUp(id=id_, said="x") for id_ in "ab")
    with pytest.raises(FewerThanThree):
        after(room, PutForward(two))
    with pytest.raises(NotFound):
        after(ROOM, PutForward((*two, HeldUp(id="c", said="x"))))


def test_next_names_a_question_so_two_pages_never_skip_one() -> None:
    first = after(ROOM, GoTo("matters/now"), QUESTIONS)
    assert after(first, GoTo("matters/now"), QUESTIONS) is first
    with pytest.raises(NotOnTheWay):
        after(first, GoTo("balance/level"), QUESTIONS)


def test_a_rest_ends_by_pointing_and_the_same_question_is_no_new_step() -> None:
    first = after(ROOM, GoTo("matters/now"), QUESTIONS)
    rest = after(first, Rest(datetime(2026, 11, 28, 13, tzinfo=UTC)))
    again = after(rest, GoTo("matters/now"), QUESTIONS)
    assert (again.stage, again.until, again.step) == ("going", None, first.step)
