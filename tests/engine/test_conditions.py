"""A question with a condition of its own: had when it holds, passed by when not, set aside and back again."""

from support.small_dialogue import WINDING, words
from support.winding_dialogue import answered, topics

from assistant.dialogue.model import Address, Dialogue, Transition, When
from assistant.engine.conversation import Answer, ChosenOptions, Skipped
from assistant.engine.journey import walk
from assistant.engine.machine import DialogueMachine


def with_condition(address: Address, when: When, **more: object) -> DialogueMachine:
    """The winding dialogue with this condition over one of its states."""
    parts = [
        part.model_copy(
            update={
                "states": [
                    s.model_copy(update={"when": when, **more}) if f"{part.id}/{s.id}" == address else s
                    for s in part.states
                ]
            }
        )
        for part in WINDING.dialogue.parts
    ]
    return DialogueMachine(Dialogue(frame=WINDING.dialogue.frame, parts=parts))


HOME = When(chose={"start/which": "home"})


def test_a_question_is_had_when_its_condition_holds_and_passed_by_when_not() -> None:
    machine = with_condition("start/more", HOME)
    assert "start/more" not in walk(machine, {}).states
    assert "start/more" in walk(machine, {"start/which": ChosenOptions(options=("home",))}).states
    assert "start/more" not in walk(machine, {"start/which": ChosenOptions(options=("work",))}).states


def test_an_answer_behind_a_condition_that_no_longer_holds_is_set_aside_and_comes_back() -> None:
    machine = with_condition("start/more", HOME)
    kept: dict[Address, Answer] = {"start/more": ChosenOptions(options=("calm",))}
    there = walk(machine, {"start/which": ChosenOptions(options=("home",)), **kept})
    assert "calm/note" in there.questions
    away = walk(machine, {"start/which": Skipped(), **kept})
    assert away.set_aside == kept
    assert "calm/note" not in away.questions  # and what it had opened is closed
    assert walk(machine, {"start/which": ChosenOptions(options=("home",)), **kept}) == there


def test_one_who_is_led_past_a_question_goes_by_its_last_way() -> None:
    ways = [Transition(when=When(answered="start/wish"), to="calm"), Transition(to="end")]
    machine = with_condition("start/which", HOME, next=ways)
    way = walk(machine, {"start/wish": answered(("start/wish", words("ro"))).answers["start/wish"]})
    assert way.questions == ("start/wish",)


def test_the_condition_of_a_question_asked_once_a_topic_looks_at_that_topic() -> None:
    machine = with_condition("each/rest", When(answered="each/say"))
    now = answered(("start/which", topics("home", "work")), ("each/home/say", words("et rom")))
    way = walk(machine, now.answers)
    assert "each/home/rest" in way.questions
    assert "each/work/rest" not in way.questions
