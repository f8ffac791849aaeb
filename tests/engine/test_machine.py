"""One machine for every conversation: it moves a cursor and remembers nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from support.small_dialogue import SMALL, WINDING

from assistant.dialogue.guards import Answers
from assistant.engine.conversation import ROUND_OFF, ChosenOptions, Skipped, StatementsGiven
from assistant.engine.machine import DialogueMachine, machine_for

SAILING: Answers = {"trip/kind": ChosenOptions(options=("boat",))}
WALKING: Answers = {"trip/kind": ChosenOptions(options=("walk",))}


def test_a_state_leads_on_by_the_first_way_whose_guard_holds() -> None:
    assert SMALL.after("trip/kind", {"trip/kind": ChosenOptions(options=("other",))}) == "trip/own_kind"
    assert SMALL.after("trip/kind", SAILING) == "trip/aboard"
    assert SMALL.after("trip/kind", WALKING) == "trip/day"
    assert SMALL.after("trip/kind", {"trip/kind": Skipped()}) == "trip/day"
    both: Answers = {
        "trip/kind": ChosenOptions(options=("other",)),
        "trip/own_kind": StatementsGiven(statements=()),
    }
    assert SMALL.after("trip/with_whom", both) == "trip/more"


def test_a_state_without_ways_leads_to_the_one_that_follows_and_the_last_to_the_round_off() -> None:
    assert SMALL.after("trip/hello", {}) == "trip/kind"
    assert SMALL.after("trip/day", {}) == "trip/with_whom"
    assert SMALL.after("trip/astray", {}) == "me/between"  # the first state of the part that follows
    assert SMALL.after("me/bye", {}) == ROUND_OFF


def test_what_is_expected_is_the_last_way() -> None:
    assert SMALL.expected_after("trip/kind") == "trip/day"
    assert SMALL.expected_after("trip/with_whom") == "me/between"
    assert SMALL.expected_after("me/bye") == ROUND_OFF


def test_it_knows_what_asks_and_where_to_start() -> None:
    assert SMALL.start == "trip/hello"
    assert not SMALL.asks("trip/hello")
    assert SMALL.asks("trip/kind")


def test_a_question_of_a_topic_leads_on_as_it_was_written() -> None:
    assert WINDING.asks("each/home/say")
    assert not WINDING.asks("each/home/now")
    assert WINDING.after("each/home/say", {}) == "each/how"
    assert WINDING.after("each/home/how", {"each/how": ChosenOptions(options=("enough",))}) == ROUND_OFF
    assert WINDING.expected_after("each/home/how") == "each/rest"


def test_a_part_is_admitted_while_its_condition_holds_and_one_without_a_condition_always() -> None:
    assert WINDING.admits("each", {})
    assert not WINDING.admits("calm", {})
    assert not WINDING.admits("calm", {"start/more": Skipped()})
    assert WINDING.admits("calm", {"start/more": ChosenOptions(options=("calm",))})


def test_it_knows_what_names_the_topics_of_a_part() -> None:
    assert WINDING.topics_from("each") == "start/which"
    assert WINDING.topics_from("calm") is None


@pytest.mark.parametrize(
    ("part", "past"), [("start", "each/now"), ("each", "again/look"), ("last", ROUND_OFF)]
)
def test_past_a_part_is_the_part_that_follows(part: str, past: str) -> None:
    assert WINDING.past(part) == past


def test_many_may_use_one_machine_at_the_same_time() -> None:
    def ask(number: int) -> tuple[str, str]:
        return SMALL.after("trip/kind", SAILING if number % 2 else WALKING), SMALL.expected_after("trip/kind")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(400)))
    assert found == [("trip/day", "trip/day"), ("trip/aboard", "trip/day")] * 200


def test_a_text_has_one_machine_for_all_who_use_it() -> None:
    again = SMALL.dialogue.model_copy(deep=True)
    assert machine_for(SMALL.dialogue) is machine_for(again)
    assert machine_for(SMALL.dialogue) is not machine_for(WINDING.dialogue)


def test_two_machines_on_one_dialogue_lead_the_same_way() -> None:
    other = DialogueMachine(SMALL.dialogue)
    for address in SMALL.dialogue.states:
        assert other.after(address, SAILING) == SMALL.after(address, SAILING)
