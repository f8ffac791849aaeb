"""What is kept: it reads back as it was written, and takes nothing it does not know."""

from datetime import date, time

import pytest
from pydantic import ValidationError
from support.small_dialogue import SMALL, SOMETHING_ELSE, had

from assistant.engine.conversation import (
    ROUND_OFF,
    Axis,
    ChosenOptions,
    Conversation,
    OnDay,
    PlacedBalance,
    RankedStatements,
    Skipped,
    Statement,
    StatementsGiven,
)
from assistant.engine.journey import begin

EVERY_KIND = Conversation(
    dialogue="digest",
    turn=7,
    at=ROUND_OFF,
    answers={
        "a/skipped": Skipped(),
        "a/chosen": ChosenOptions(options=("one", "two")),
        "a/topic/named": ChosenOptions(options=(), own=(Statement(id="v", text="noe eget"),)),
        "a/ranked": RankedStatements(first=("s", "gone")),
        "a/stated": StatementsGiven(statements=(Statement(id="s", text=" «å» 👩‍👩‍👧\n", version=3),)),
        "a/placed": PlacedBalance(
            support=Axis(level="more", forms=("time",), own=Statement(id="t", text="rolig")),
            challenge=Axis(),
            signal=Statement(id="u", text="stille"),
        ),
        "a/day": OnDay(on=date(2026, 1, 5), at=time(9, 5)),
        "a/day_alone": OnDay(on=date(2026, 1, 5)),
    },
)


def test_a_conversation_reads_back_from_json_as_it_was_written() -> None:
    again = Conversation.model_validate_json(EVERY_KIND.model_dump_json())
    assert again == EVERY_KIND
    assert list(again.answers) == list(EVERY_KIND.answers)
    assert [type(answer) for answer in again.answers.values()] == [
        type(answer) for answer in EVERY_KIND.answers.values()
    ]


def test_every_answer_but_a_skipped_one_is_given_and_only_a_choice_has_options() -> None:
    answers = EVERY_KIND.answers
    assert [name for name, answer in answers.items() if not answer.given] == ["a/skipped"]
    assert {name: answer.options for name, answer in answers.items() if answer.options} == {
        "a/chosen": ("one", "two")
    }


@pytest.mark.parametrize(
    "json",
    [
        '{"format": 2, "dialogue": "d", "at": "end"}',
        '{"dialogue": "d", "at": "end", "mood": 3}',
        '{"dialogue": "d", "at": "end", "answers": {"a/b": {"kind": "scored", "score": 3}}}',
        '{"dialogue": "d", "at": "end", "answers": {"a/b": {"kind": "skipped", "why": "no"}}}',
        '{"dialogue": "d", "at": "end", "answers": {"a/b": {"kind": "day", "on": "soon"}}}',
    ],
)
def test_what_is_not_known_is_not_read(json: str) -> None:
    with pytest.raises(ValidationError):
        Conversation.model_validate_json(json)


def test_a_choice_kept_before_one_could_name_ones_own_is_read() -> None:
    kept = '{"dialogue": "d", "at": "end", "answers": {"a/b": {"kind": "chosen", "options": ["one"]}}}'
    assert Conversation.model_validate_json(kept).answers == {"a/b": ChosenOptions(options=("one",))}


def test_topics_are_all_that_was_chosen_and_then_all_that_was_named() -> None:
    own = (Statement(id="v", text="noe eget"), Statement(id="u", text="noe annet"))
    assert ChosenOptions(options=("two", "one"), own=own).topics == ("two", "one", "v", "u")


def test_what_is_kept_is_not_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        EVERY_KIND.turn = 8  # type: ignore[misc]
    with pytest.raises(ValidationError):
        EVERY_KIND.answers["a/chosen"].options = ()  # type: ignore[misc]


def test_a_conversation_begins_at_its_first_question_on_the_text_it_began_with() -> None:
    now = begin(SMALL)
    assert now == Conversation(dialogue=SMALL.dialogue.digest, at="trip/kind")
    assert had(("trip/kind", SOMETHING_ELSE)).dialogue == now.dialogue


def test_two_conversations_share_no_answers() -> None:
    assert begin(SMALL).answers is not begin(SMALL).answers
