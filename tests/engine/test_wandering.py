"""Whatever a person does, in whatever order, the conversation stays a conversation."""

from collections.abc import Collection, Iterable
from pathlib import Path

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as some
from support.effort import tries
from support.small_dialogue import SMALL, WINDING, read

from assistant.dialogue.model import (
    Address,
    Balance,
    Choice,
    Choices,
    Day,
    Dialogue,
    OwnText,
    Question,
    Rank,
    Statements,
    topic_of,
    written_at,
)
from assistant.engine.conversation import ROUND_OFF, Answer, ChosenOptions, Conversation
from assistant.engine.entries import rankable_in
from assistant.engine.journey import Journey, begin, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given, as_given
from assistant.engine.turn import Move, Reply, take_turn, where
from assistant.errors import Refusal

DIALOGUES = Path(__file__).parents[2] / "dialogues"
MACHINES = [
    SMALL,
    WINDING,
    *(DialogueMachine(read(f.parent)) for f in sorted(DIALOGUES.glob("*/dialogue.yaml"))),
]

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


def forms_for(
    question: Question, before: Answer | None, rankable: Collection[str]
) -> some.SearchStrategy[Given]:
    """Forms for this question: sensible, half sensible or senseless."""
    texts = some.lists(some.sampled_from(ROUGH) | some.text(max_size=5), max_size=2).map(tuple)

    def picked(ids: Iterable[str]) -> some.SearchStrategy[tuple[str, ...]]:
        return some.lists(some.sampled_from([*ids, "no_such"]), max_size=3).map(tuple)

    names = [name for name in as_given(before) if name.startswith("statement.")]
    statements = dict.fromkeys([*names, *(f"statement.new{n}" for n in range(6))], texts)
    fields: dict[str, some.SearchStrategy[tuple[str, ...]]] = {}
    match question:
        case Choice() | Choices():
            fields = {"option": picked([option.id for option in question.options]), **statements}
        case Rank():
            fields = {"first": picked(["", *rankable])}
        case OwnText() | Statements():
            fields = statements
        case Balance():
            fields = {"signal": texts, "then": texts}
            for name, side in (("support", question.support), ("challenge", question.challenge)):
                fields[f"{name}.level"] = picked([option.id for option in side.levels])
                fields[f"{name}.forms"] = picked([option.id for option in side.forms])
                fields[f"{name}.own"] = texts
        case Day():
            fields = {"on": texts, "at": texts}
    return some.fixed_dictionaries({}, optional=fields)


def anywhere(dialogue: Dialogue, journey: Journey) -> list[str]:
    """Everywhere on the way, and where it does not go."""
    return [*journey.questions, *journey.set_aside, *dialogue.states, ROUND_OFF, "no/where"]


def far_on(machine: DialogueMachine, data: some.DataObject) -> Conversation:
    """A conversation in which much was chosen, so that most ways are open."""
    now = begin(machine)
    for address, question in machine.dialogue.states.items():
        if isinstance(question, Choices) and address in walk(machine, now.answers).questions:
            ids = some.sampled_from([option.id for option in question.options])
            options = data.draw(some.lists(ids, min_size=1, max_size=2, unique=True), label=address)
            own = {"statement.own": ("noe eget",)} if data.draw(some.booleans(), label="own") else {}
            reply = Reply(now.turn, address, "answer", {"option": tuple(options), **own})
            now = take_turn(machine, now, reply, f"far{now.turn}.")
    return now


def look_at(machine: DialogueMachine, now: Conversation) -> tuple[Address, Journey]:
    """Where the person stands, once it is seen that the way is a proper one."""
    at, journey = where(machine, now)
    assert at in (*journey.questions, ROUND_OFF)
    assert (at == ROUND_OFF) <= (not journey.open_questions)
    assert len(set(journey.states)) == len(journey.states)
    assert {written_at(address) for address in journey.states} <= set(machine.dialogue.states)
    assert journey.answers | journey.set_aside == now.answers
    assert not journey.answers.keys() & journey.set_aside.keys()
    assert not journey.offered & set(journey.open_questions)
    assert set(journey.open_questions) | set(journey.answers) == set(journey.led)
    # what was set aside never steers
    assert walk(machine, journey.answers).states == journey.states
    for part in machine.dialogue.parts:
        had_for = {topic_of(a) for a in journey.states if machine.dialogue.part_of(a) == part}
        chosen = journey.answers.get(machine.topics_from(part.id) or "")
        topics = set(chosen.topics) if isinstance(chosen, ChosenOptions) else set()
        assert had_for <= (topics if part.for_each else {None})
    return at, journey


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.dialogue.frame.id)
@settings(max_examples=tries(60))
@for_any(data=some.data())
def test_no_wandering_leaves_the_dialogue_or_breaks_it(
    machine: DialogueMachine, data: some.DataObject
) -> None:
    now = far_on(machine, data) if data.draw(some.booleans(), label="far on") else begin(machine)
    for number in range(data.draw(some.integers(1, 12), label="turns")):
        at, journey = look_at(machine, now)
        places = some.just(at) | some.sampled_from(anywhere(machine.dialogue, journey))
        state = data.draw(places, label="state")
        move = data.draw(some.sampled_from(MOVES), label="move")
        to = data.draw(places, label="to") if move == "go" else None
        form: Given = {}
        if move == "answer" and state in journey.questions:
            question, before = machine.dialogue.question(state), now.answers.get(state)
            among = question.among if isinstance(question, Rank) else ()
            form = data.draw(forms_for(question, before, rankable_in(machine, journey, among)), label="given")
        turn = data.draw(some.sampled_from([now.turn] * 9 + [now.turn + 1]), label="turn")

        before_json = now.model_dump_json()
        try:
            after = take_turn(machine, now, Reply(turn, state, move, form, to), f"t{number}.")
        except Refusal:
            after = now
        else:
            assert after.turn == now.turn + 1
            assert after.at in (*walk(machine, after.answers).questions, ROUND_OFF)
            others = {a: answer for a, answer in after.answers.items() if a != state}
            assert others == {a: answer for a, answer in now.answers.items() if a != state}
        assert now.model_dump_json() == before_json

        now = Conversation.model_validate_json(after.model_dump_json())
        assert now == after
        assert walk(machine, now.answers) == walk(machine, dict(reversed(after.answers.items())))


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.dialogue.frame.id)
@settings(max_examples=tries(30))
@for_any(data=some.data())
def test_a_choice_taken_away_and_made_again_brings_the_same_way_back(
    machine: DialogueMachine, data: some.DataObject
) -> None:
    now = far_on(machine, data)
    for _ in range(data.draw(some.integers(0, 8), label="skips")):  # skipped is an answer too
        at, _journey = where(machine, now)
        if at != ROUND_OFF:
            now = take_turn(machine, now, Reply(now.turn, at, "skip"), "s")
    journey = walk(machine, now.answers)
    chosen = [
        a for a, answer in journey.answers.items() if isinstance(answer, ChosenOptions) and not answer.own
    ]
    for address in chosen:
        given = as_given(now.answers[address])
        without = take_turn(machine, now, Reply(now.turn, address, "skip"), "s")
        again = take_turn(machine, without, Reply(without.turn, address, "answer", given), "s")
        assert walk(machine, again.answers) == journey


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.dialogue.frame.id)
def test_everything_can_be_skipped_from_the_first_question_to_the_round_off(machine: DialogueMachine) -> None:
    now = begin(machine)
    asked: list[str] = []
    while now.at != ROUND_OFF:
        asked.append(now.at)
        now = take_turn(machine, now, Reply(now.turn, now.at, "skip"), "seed")
    assert tuple(asked) == walk(machine, {}).led
    assert not any(answer.given for answer in now.answers.values())
