"""The guards: alone, together, and for an answer that is missing, skipped or set aside."""

from dataclasses import dataclass

import pytest

from assistant.dialogue.guards import answered, chose, guard_for
from assistant.dialogue.model import Choices, Dialogue, Frame, Option, Part, Say, Text, When


@dataclass(frozen=True)
class Given:
    """The little a guard may know of an answer."""

    given: bool = True
    options: tuple[str, ...] = ()


SKIPPED = Given(given=False)


WORDS = Text(nb="Ord", nn="Ord", en="Words")
HELLO = Say(id="hello", asks="say", prompt=WORDS)
HOW = Choices(
    id="how",
    asks="choices",
    prompt=WORDS,
    why=WORDS,
    options=[Option(id="walk", text=WORDS), Option(id="talk", text=WORDS)],
)
DIALOGUE = Dialogue(
    frame=Frame(spec=1, id="trial", version=1, title=WORDS, sections=[], parts=["first", "second"]),
    parts=[
        Part(id="first", topic=WORDS, states=[HELLO, HOW]),
        Part(id="second", topic=WORDS, states=[HOW]),
    ],
)


def test_chose_holds_for_an_option_among_those_chosen() -> None:
    guard = chose("first/how", "walk")
    assert guard({"first/how": Given(options=("walk",))}) is True
    assert guard({"first/how": Given(options=("talk", "walk"))}) is True


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"first/how": SKIPPED},
        {"first/how": Given()},
        {"first/how": Given(options=("talk",))},
        {"second/how": Given(options=("walk",))},
    ],
)
def test_chose_fails_for_anything_else(answers: dict[str, Given]) -> None:
    assert chose("first/how", "walk")(answers) is False


def test_answered_holds_for_an_answer_and_fails_for_none_and_for_skipped() -> None:
    guard = answered("first/how")
    assert guard({"first/how": Given()}) is True
    assert guard({"first/how": SKIPPED}) is False
    assert guard({"second/how": Given()}) is False
    assert guard({}) is False


def test_all_that_a_condition_names_must_hold() -> None:
    when = When(chose={"how": "walk", "first/how": "talk"}, answered="first")
    guard = guard_for(when, DIALOGUE, "second")
    walk, talk = Given(options=("walk",)), Given(options=("talk",))
    said = {"first/hello": Given()}
    assert guard({"second/how": walk, "first/how": talk, **said}) is True
    assert guard({"second/how": walk, "first/how": talk}) is False
    assert guard({"second/how": talk, "first/how": talk, **said}) is False
    assert guard({"second/how": walk, "first/how": walk, **said}) is False
    assert guard({"second/how": walk, "first/how": talk, "first/hello": SKIPPED}) is False


def test_a_condition_looks_in_its_own_part_first() -> None:
    given = {"second/how": Given()}
    assert guard_for(When(answered="how"), DIALOGUE, "second")(given) is True
    assert guard_for(When(answered="how"), DIALOGUE, "first")(given) is False
    assert guard_for(When(answered="second/how"), DIALOGUE, "first")(given) is True
    assert guard_for(When(answered="second"), DIALOGUE, "first")(given) is True


def test_a_condition_that_names_nothing_holds() -> None:
    assert guard_for(When(), DIALOGUE, "first")({}) is True
