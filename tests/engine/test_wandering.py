"""Whatever a person does, in whatever order, the conversation stays a conversation."""

from pathlib import Path

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as some
from small_dialogue import SMALL, read

from assistant.dialogue.model import (
    Balance,
    Choice,
    Choices,
    Day,
    Dialogue,
    OwnText,
    Question,
    Statements,
)
from assistant.engine.conversation import ROUND_OFF, Answer, Conversation
from assistant.engine.journey import begin, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given, as_given
from assistant.engine.turn import Move, Reply, take_turn, where
from assistant.errors import Refusal

DIALOGUES = Path(__file__).parents[2] / "dialogues"
MACHINES = [SMALL, *(DialogueMachine(read(f.parent)) for f in sorted(DIALOGUES.glob("*/dialogue.yaml")))]

MOVES: tuple[Move, ...] = ("answer", "answer", "answer", "skip", "back", "go")
ROUGH = [
    "",
    " ",
    "sove om natten",
    "å 👩‍👩‍👧 \u200fשלום",
    "to\r\nlinjer",
    "\x00",
    "x" * 4_001,
    "5.1.2026",
    "9.05",
]


def forms_for(question: Question, before: Answer | None) -> some.SearchStrategy[Given]:
    """Forms for this question: sensible, half sensible or senseless."""
    texts = some.lists(some.sampled_from(ROUGH) | some.text(max_size=5), max_size=2).map(tuple)

    def picked(ids: list[str]) -> some.SearchStrategy[tuple[str, ...]]:
        return some.lists(some.sampled_from([*ids, "no_such"]), max_size=3).map(tuple)

    fields: dict[str, some.SearchStrategy[tuple[str, ...]]] = {}
    match question:
        case Choice() | Choices():
            fields = {"option": picked([option.id for option in question.options])}
        case OwnText() | Statements():
            names = [*as_given(before), *(f"statement.new{n}" for n in range(6))]
            fields = dict.fromkeys(names, texts)
        case Balance():
            fields = {"signal": texts, "then": texts}
            for name, side in (("support", question.support), ("challenge", question.challenge)):
                fields[f"{name}.level"] = picked([option.id for option in side.levels])
                fields[f"{name}.forms"] = picked([option.id for option in side.forms])
                fields[f"{name}.own"] = texts
        case Day():
            fields = {"on": texts, "at": texts}
    return some.fixed_dictionaries({}, optional=fields)


def anywhere(dialogue: Dialogue) -> list[str]:
    return [*dialogue.states, ROUND_OFF, "no/where"]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.dialogue.frame.id)
@settings(max_examples=60, deadline=None)
@for_any(data=some.data())
def test_no_wandering_leaves_the_dialogue_or_breaks_it(
    machine: DialogueMachine, data: some.DataObject
) -> None:
    now = begin(machine)
    for number in range(data.draw(some.integers(1, 12), label="turns")):
        at, journey = where(machine, now)
        assert at in (*journey.questions, ROUND_OFF)
        assert (at == ROUND_OFF) <= (not journey.open_questions)
        assert set(journey.answers) | set(journey.set_aside) == set(now.answers)

        state = data.draw(some.just(at) | some.sampled_from(anywhere(machine.dialogue)), label="state")
        move = data.draw(some.sampled_from(MOVES), label="move")
        to = data.draw(some.sampled_from(anywhere(machine.dialogue)), label="to") if move == "go" else None
        form: Given = {}
        if move == "answer" and state in journey.questions:
            question, before = machine.dialogue.question(state), now.answers.get(state)
            form = data.draw(forms_for(question, before), label="given")
        turn = data.draw(some.sampled_from([now.turn] * 9 + [now.turn + 1]), label="turn")

        before_json = now.model_dump_json()
        try:
            after = take_turn(machine, now, Reply(turn, state, move, form, to), f"t{number}.")
        except Refusal:
            after = now
        else:
            assert after.turn == now.turn + 1
            assert after.at in (*walk(machine, after.answers).questions, ROUND_OFF)
        assert now.model_dump_json() == before_json

        now = Conversation.model_validate_json(after.model_dump_json())
        assert now == after
        assert walk(machine, now.answers) == walk(machine, dict(reversed(after.answers.items())))


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.dialogue.frame.id)
def test_everything_can_be_skipped_from_the_first_question_to_the_round_off(machine: DialogueMachine) -> None:
    now = begin(machine)
    asked: list[str] = []
    while now.at != ROUND_OFF:
        asked.append(now.at)
        now = take_turn(machine, now, Reply(now.turn, now.at, "skip"), "seed")
    assert tuple(asked) == walk(machine, {}).questions
    assert not any(answer.given for answer in now.answers.values())
