"""The map shows where topics were placed, and never where they were not."""

from itertools import combinations, product

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as some
from support.answers import DIALOGUE, placed, told, topics, whatever_is_told
from support.effort import tries

from assistant.engine.conversation import ChosenOptions, Skipped
from assistant.meetings.balance_map import SCALES, BalanceMap, MapMark, map_balances

LEVELS = [None, *SCALES[0], "unsure"]


def drawn(found: BalanceMap) -> list[tuple[int, tuple[int, int] | None]]:
    return [(mark.number, mark.placement.cell) for mark in found.marks]


@pytest.mark.parametrize(("support", "challenge"), list(product(LEVELS, LEVELS)))
def test_only_what_has_a_place_on_both_axes_is_drawn(support: str | None, challenge: str | None) -> None:
    found = map_balances(DIALOGUE, told({"balance/now": placed(support, challenge)}))
    if support in SCALES[0] and challenge in SCALES[0]:
        cell = (SCALES[0].index(support), SCALES[0].index(challenge))
        assert drawn(found) == [(1, cell)]
        (mark,) = found.marks
        assert (mark.x, mark.y) == (cell[0] + 0.5, cell[1] + 0.5)
    else:
        assert found.marks == ()
        assert len(found.not_drawn) == 1


@pytest.mark.parametrize(("support", "challenge"), list(product(SCALES[1], SCALES[1])))
def test_a_first_meeting_has_a_map_without_a_now(support: str, challenge: str) -> None:
    first = {"meeting/kind": ChosenOptions(options=("first",))}
    found = map_balances(DIALOGUE, told(first | {"balance/start": placed(support, challenge)}))
    assert found.scale == SCALES[1]
    assert drawn(found) == [(1, (SCALES[1].index(support), SCALES[1].index(challenge)))]
    (placement,) = (mark.placement for mark in found.marks)
    assert placement.support is not None
    assert "nå" not in placement.support.in_("nb").split()


def test_a_meeting_that_is_not_the_first_is_asked_against_now() -> None:
    found = map_balances(DIALOGUE, told({"balance/now": placed("same", "same")}))
    assert found.scale == SCALES[0]


def test_the_words_are_those_that_were_chosen() -> None:
    found = map_balances(DIALOGUE, told({"balance/now": placed("more", "unsure")}))
    (placement,) = found.not_drawn
    assert placement.support is not None
    assert placement.challenge is not None
    assert placement.support.in_("nb") == "Jeg vil ha mer støtte enn nå"
    assert placement.challenge.in_("en") == "I don’t know yet how much challenge I want"


def test_the_general_place_and_each_topic_are_numbered_in_the_order_of_the_way() -> None:
    answers = topics("days", "money", own={"cat": "Katten <min>"}) | {
        "balance/now": placed("less", "more"),
        "topic/days/balance": placed("more", "more"),
        "topic/cat/balance": placed("same", "less"),
    }
    found = map_balances(DIALOGUE, told(answers))
    assert drawn(found) == [(1, (0, 2)), (2, (2, 2)), (3, (1, 0))]
    assert [mark.placement.is_general for mark in found.marks] == [True, False, False]
    assert found.marks[2].placement.topic == "Katten <min>"
    (money,) = found.not_drawn
    assert (money.state, money.cell, money.support) == ("topic/money/balance", None, None)


def test_nothing_placed_is_nothing_to_draw() -> None:
    for answers in ({}, {"balance/now": Skipped()}):
        found = map_balances(DIALOGUE, told(answers))
        assert (found.marks, found.not_drawn) == ((), ())


def test_a_place_that_was_set_aside_is_not_on_it() -> None:
    answers = topics("days") | {"topic/days/balance": placed("more", "more")}
    del answers["topics/which"]
    assert map_balances(DIALOGUE, told(answers)).marks == ()


@pytest.mark.parametrize("number", range(1, 12))
def test_marks_that_share_a_square_stand_apart_in_it(number: int) -> None:
    own = {f"t{place}": f"Tema {place}" for place in range(number)}
    answers = topics(own=own) | {f"topic/{id_}/balance": placed("less", "more") for id_ in own}
    found = map_balances(DIALOGUE, told(answers))
    assert len(found.marks) == number
    assert_apart(found.marks)


@settings(max_examples=tries(60), deadline=None)
@for_any(data=some.data())
def test_whatever_is_told_no_two_marks_overlap_and_each_is_in_its_square(data: some.DataObject) -> None:
    found = map_balances(DIALOGUE, whatever_is_told(data))
    assert [mark.number for mark in found.marks] == list(range(1, len(found.marks) + 1))
    assert_apart(found.marks)


def assert_apart(marks: tuple[MapMark, ...]) -> None:
    for mark in marks:
        assert mark.placement.cell is not None
        for length, start in zip((mark.x, mark.y), mark.placement.cell, strict=True):
            assert start <= length - mark.radius
            assert length + mark.radius <= start + 1
    for one, other in combinations(marks, 2):
        across = max(abs(one.x - other.x), abs(one.y - other.y))
        assert across > one.radius + other.radius, "squares too stand apart"
