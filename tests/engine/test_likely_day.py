"""Days that can hardly be the ones that were meant."""

from datetime import date, timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some
from support.small_dialogue import SMALL

from assistant.dialogue.model import Day
from assistant.engine.conversation import OnDay
from assistant.engine.likely_day import see_that_it_is_likely
from assistant.engine.reply import read_answer, read_day
from assistant.errors import DayImpossible, DayOver, DayUnlikely

TODAY = date(2026, 11, 28)
QUESTION = SMALL.dialogue.question("trip/day")


def looked_at(on: date, *, is_sure: bool = False, may_be_over: bool = True) -> DayUnlikely | None:
    try:
        see_that_it_is_likely(on, TODAY, is_sure=is_sure, may_be_over=may_be_over)
    except DayUnlikely as unlikely:
        return unlikely
    return None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0026-12-03", date(2026, 12, 3)),
        ("0027-01-05", date(2027, 1, 5)),
        ("0026-03-12", date(2027, 3, 12)),  # 12 March 2026 is over
        ("1899-12-03", date(2026, 12, 3)),
        ("1926-12-03", date(2026, 12, 3)),
        ("9999-12-31", date(2026, 12, 31)),
        ("0001-01-01", date(2027, 1, 1)),
        ("2062-12-03", date(2026, 12, 3)),
        ("0028-02-29", None),  # no such day within the year
    ],
)
def test_an_impossible_year_is_never_taken_and_the_likely_day_is_offered(
    typed: str, meant: date | None
) -> None:
    for is_sure in (False, True):
        unlikely = looked_at(date.fromisoformat(typed), is_sure=is_sure)
        assert type(unlikely) is DayImpossible
        assert (unlikely.meant, unlikely.may_keep) == (meant, False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2025-12-03", date(2026, 12, 3)),
        ("2028-12-03", date(2026, 12, 3)),
        ("2026-11-20", None),  # last week: that may be so
    ],
)
def test_a_day_over_or_far_off_is_asked_about_once(typed: str, meant: date | None) -> None:
    unlikely = looked_at(date.fromisoformat(typed))
    assert type(unlikely) is DayUnlikely
    assert (unlikely.meant, unlikely.may_keep) == (meant, True)
    assert looked_at(date.fromisoformat(typed), is_sure=True) is None


def test_where_only_a_day_to_come_makes_sense_saying_so_does_not_help() -> None:
    for is_sure in (False, True):
        over = looked_at(TODAY - timedelta(days=1), is_sure=is_sure, may_be_over=False)
        assert type(over) is DayOver
    assert looked_at(TODAY, may_be_over=False) is None


@for_any(some.dates(), some.booleans(), some.booleans())
def test_what_is_taken_is_near_and_what_is_offered_is_within_the_year(
    on: date, is_sure: bool, may_be_over: bool
) -> None:
    unlikely = looked_at(on, is_sure=is_sure, may_be_over=may_be_over)
    if unlikely is None:
        assert abs(on.year - TODAY.year) <= 10
    elif unlikely.meant is not None:
        assert looked_at(unlikely.meant, may_be_over=False) is None
        assert (unlikely.meant.month, unlikely.meant.day) == (on.month, on.day)


def test_a_year_of_two_figures_is_read_as_it_is_written_and_asked_about() -> None:
    assert read_day("3.12.26") == date(26, 12, 3)
    with pytest.raises(DayImpossible) as asked:
        read_answer(QUESTION, {"on": ("3.12.26",)}, None, "s", today=TODAY)
    assert (asked.value.field, asked.value.meant) == ("on", date(2026, 12, 3))


def test_what_is_pressed_comes_before_what_stands_in_the_field() -> None:
    given = {"on": ("0026-12-03",), "on.meant": ("2026-12-03",)}
    assert read_answer(QUESTION, given, None, "s", today=TODAY) == OnDay(on=date(2026, 12, 3))
    with pytest.raises(DayImpossible):
        read_answer(QUESTION, {**given, "on.meant": ("0026-12-03",)}, None, "s", today=TODAY)


def test_an_answer_that_stands_is_not_asked_about_again_unless_it_cannot_be() -> None:
    assert isinstance(QUESTION, Day)
    over, never = date(2025, 6, 1), date(26, 12, 3)
    kept = OnDay(on=over)
    assert read_answer(QUESTION, {"on": (over.isoformat(),)}, kept, "s", today=TODAY) == kept
    with pytest.raises(DayImpossible):
        read_answer(QUESTION, {"on": (never.isoformat(),)}, OnDay(on=never), "s", today=TODAY)
