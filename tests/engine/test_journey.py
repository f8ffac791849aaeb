"""The way through: always worked out from the answers, never led by one that is off it."""

from itertools import permutations

from support.small_dialogue import SAILING, SMALL, SOMETHING_ELSE, WALKING, had, reply

from assistant.dialogue.model import Dialogue, Frame, Part, Say, Text
from assistant.engine.conversation import (
    ROUND_OFF,
    Answer,
    ChosenOptions,
    Conversation,
    Skipped,
    Statement,
    StatementsGiven,
)
from assistant.engine.journey import begin, standing, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.turn import Reply, take_turn, where

WHOLE = ("trip/kind", "trip/day", "trip/with_whom", "me/wish", "me/balance", "me/again")


def questions(now: Conversation) -> tuple[str, ...]:
    return walk(SMALL, now.answers).questions


def words(text: str) -> StatementsGiven:
    return StatementsGiven(statements=(Statement(id="s", text=text),))


def test_before_anything_is_answered_the_whole_way_can_be_seen() -> None:
    journey = walk(SMALL, {})
    assert journey.questions == WHOLE
    assert journey.open_questions == WHOLE
    assert journey.states == (
        "trip/hello",
        "trip/kind",
        "trip/day",
        "trip/with_whom",
        "me/between",
        "me/and_then",
        "me/wish",
        "me/balance",
        "me/again",
        "me/bye",
    )
    assert (journey.answers, journey.set_aside) == ({}, {})


def test_an_answer_may_lead_another_way() -> None:
    assert questions(had(("trip/kind", SOMETHING_ELSE)))[:3] == ("trip/kind", "trip/own_kind", "trip/day")
    assert "trip/aboard" in walk(SMALL, had(("trip/kind", SAILING)).answers).states
    assert questions(had(("trip/kind", WALKING))) == WHOLE


def test_a_skipped_question_leads_on_by_its_last_way() -> None:
    now = had(("trip/kind", None))
    assert questions(now) == WHOLE
    assert walk(SMALL, now.answers).answers == {"trip/kind": Skipped()}


def test_an_unanswered_question_is_passed_by_its_last_way_whatever_was_answered_before() -> None:
    answers: dict[str, Answer] = {
        "trip/kind": ChosenOptions(options=("other",)),
        "trip/own_kind": words("sykkel"),
    }
    assert "trip/more" not in walk(SMALL, answers).questions
    assert "trip/more" in walk(SMALL, {**answers, "trip/with_whom": Skipped()}).questions


def test_an_answer_off_the_way_is_set_aside_and_comes_back_with_the_way() -> None:
    now = had(("trip/kind", SOMETHING_ELSE), ("trip/own_kind", {"statement.new": ("sykkel",)}))
    own = now.answers["trip/own_kind"]
    now = reply(now, "trip/kind", "answer", SAILING)
    journey = walk(SMALL, now.answers)
    assert journey.set_aside == {"trip/own_kind": own}
    assert "trip/own_kind" not in journey.answers
    assert now.answers["trip/own_kind"] == own
    now = reply(now, "trip/kind", "answer", SOMETHING_ELSE)
    journey = walk(SMALL, now.answers)
    assert journey.set_aside == {}
    assert journey.answers["trip/own_kind"] == own


def test_an_abandoned_answer_does_not_steer_a_later_guard() -> None:
    now = had(
        ("trip/kind", SOMETHING_ELSE),
        ("trip/own_kind", {"statement.new": ("sykkel",)}),
        ("trip/day", None),
        ("trip/with_whom", {"option": ("friend",)}),
    )
    assert "trip/more" in questions(now)
    now = reply(now, "trip/kind", "answer", WALKING)
    assert questions(now) == WHOLE  # neither trip/more nor trip/astray, though own_kind is still kept
    assert "trip/own_kind" in now.answers


def test_the_same_answers_give_the_same_way_in_whatever_order_they_were_given() -> None:
    answers: dict[str, Answer] = {
        "trip/kind": ChosenOptions(options=("other",)),
        "trip/own_kind": words("sykkel"),
        "trip/with_whom": Skipped(),
        "me/wish": words("ro"),
    }
    ways = [walk(SMALL, dict(order)) for order in permutations(answers.items())]
    assert all(way == ways[0] for way in ways)


def test_answers_to_what_the_dialogue_never_asks_are_set_aside() -> None:
    assert walk(SMALL, {"trip/gone": Skipped()}).set_aside == {"trip/gone": Skipped()}


def test_before_a_question_is_the_question_before_and_the_first_stays() -> None:
    journey = walk(SMALL, {})
    assert journey.before("trip/kind") == "trip/kind"
    assert journey.before("trip/day") == "trip/kind"
    assert journey.before("me/wish") == "trip/with_whom"
    assert journey.before(ROUND_OFF) == "me/again"


def test_after_a_question_comes_the_next_open_one_then_the_first_open_one_then_the_round_off() -> None:
    skipped = Skipped()
    journey = walk(SMALL, {"trip/day": skipped, "trip/with_whom": skipped})
    assert journey.open_after("trip/kind") == "me/wish"
    assert journey.open_after("me/again") == "trip/kind"
    assert journey.open_after("trip/own_kind") == "trip/kind"  # off the way: from the start
    assert walk(SMALL, dict.fromkeys(WHOLE, skipped)).open_after("trip/kind") == ROUND_OFF


def test_what_is_said_before_a_question_is_what_stands_between_it_and_the_one_before() -> None:
    journey = walk(SMALL, {})
    assert journey.said_before("trip/kind") == ("trip/hello",)
    assert journey.said_before("trip/day") == ()
    assert journey.said_before("me/wish") == ("me/between", "me/and_then")
    assert journey.said_before(ROUND_OFF) == ("me/bye",)
    assert walk(SMALL, had(("trip/kind", SAILING)).answers).said_before("trip/day") == ("trip/aboard",)


def test_one_stands_where_one_stood_while_that_is_on_the_way() -> None:
    journey = walk(SMALL, {"trip/kind": Skipped()})
    assert standing(journey, "me/wish") == "me/wish"
    assert standing(journey, "trip/kind") == "trip/kind"


def test_one_who_stands_off_the_way_is_moved_to_the_first_open_question() -> None:
    journey = walk(SMALL, {"trip/kind": Skipped()})
    assert standing(journey, "trip/own_kind") == "trip/day"
    assert standing(journey, "trip/hello") == "trip/day"
    assert standing(journey, ROUND_OFF) == "trip/day"


def test_one_who_stands_off_the_way_with_nothing_open_is_at_the_round_off() -> None:
    journey = walk(SMALL, dict.fromkeys(WHOLE, Skipped()))
    assert standing(journey, "trip/own_kind") == ROUND_OFF
    assert standing(journey, ROUND_OFF) == ROUND_OFF


def test_a_dialogue_that_only_says_something_is_a_short_way_to_the_round_off() -> None:
    text = Text(nb="Hei.", nn="Hei.", en="Hello.")
    frame = Frame(spec=1, id="greeting", version=1, title=text, sections=[], parts=["hello"])
    say = Say(id="hello", asks="say", prompt=text)
    machine = DialogueMachine(Dialogue(frame=frame, parts=[Part(id="hello", topic=text, states=[say])]))
    assert [said.id for said in machine.dialogue.opening()] == ["hello"]
    now = begin(machine)
    assert now.at == ROUND_OFF
    now = take_turn(machine, now, Reply(0, ROUND_OFF, "back"), "seed")
    at, journey = where(machine, now)
    assert (at, journey.questions, journey.said_before(at)) == (ROUND_OFF, (), ("hello/hello",))
