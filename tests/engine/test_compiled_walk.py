"""The compiled walk is that of `transitions`, step by step, in every dialogue and whatever was answered."""

from collections.abc import Iterator

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as some
from support.as_read import our_library
from support.effort import tries
from support.small_dialogue import SMALL, WINDING

from assistant.dialogue.guards import guard_for
from assistant.dialogue.model import AGREEMENTS, Address, Choice, Choices, topic_of, written_at
from assistant.engine.conversation import (
    ROUND_OFF,
    Answer,
    ChosenOptions,
    Skipped,
    Statement,
    StatementsGiven,
)
from assistant.engine.journey import Journey, walk, walk_on
from assistant.engine.machine import DialogueMachine, machine_for

MACHINES = [
    SMALL,
    WINDING,
    *map(machine_for, our_library().values()),
]
NAMED = Statement(id="own1", text="noe eget")
CARRIED = (Statement(id="a1", text="ringe på mandag"), Statement(id="a2", text="spørre om tid"))
each_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.dialogue.frame.id)


def part(address: Address) -> str:
    return address.split("/")[0]


def in_topic(address: Address, topic: str | None) -> Address:
    return address if topic is None else f"{part(address)}/{topic}/{address.split('/')[1]}"


class Triggered:
    """A walk in which `transitions` itself makes every step, and nothing is compiled."""

    def __init__(
        self, machine: DialogueMachine, answers: dict[Address, Answer], carried: tuple[Statement, ...]
    ) -> None:
        self.machine, self.answers, self.carried = machine, answers, carried
        self.met: dict[Address, Answer] = {}
        self.waiting: list[Address] = []

    def states(self) -> Iterator[Address]:
        at = self.enter(self.machine.start)
        while at != ROUND_OFF:
            when = self.machine.dialogue.state(at).when
            is_there = when is None or guard_for(when, self.machine.dialogue, part(at))(self.seen_from(at))
            if is_there:
                yield at
                if at in self.answers:
                    self.met[at] = self.answers[at]
            asks = self.machine.dialogue.state(at).asks != "say"
            is_passed = not is_there or (asks and at not in self.answers)
            to = (
                self.machine.triggered("pass", written_at(at), {})
                if is_passed
                else self.machine.triggered("reply", written_at(at), self.seen_from(at))
            )
            if to != ROUND_OFF and part(to) == part(at):
                at = in_topic(to, topic_of(at))
            else:
                at = self.waiting.pop(0) if self.waiting else self.enter(to)

    def enter(self, at: Address) -> Address:
        while at != ROUND_OFF:
            names_topics = self.machine.topics_from(part(at))
            if self.machine.admits(part(at), self.met):
                if names_topics is None:
                    return at
                self.waiting = [in_topic(at, topic) for topic in self.topics(names_topics)]
                if self.waiting:
                    return self.waiting.pop(0)
            at = self.machine.past(part(at))
        return at

    def topics(self, named_at: Address) -> tuple[str, ...]:
        if named_at == AGREEMENTS:
            return tuple(agreement.id for agreement in self.carried)
        named = self.met.get(named_at)
        return named.topics if isinstance(named, ChosenOptions) else ()

    def seen_from(self, at: Address) -> dict[Address, Answer]:
        topic = topic_of(at)
        if topic is None:
            return self.met
        own = {
            written_at(a): answer
            for a, answer in self.met.items()
            if (part(a), topic_of(a)) == (part(at), topic)
        }
        return {**self.met, **own}


def answers_at(machine: DialogueMachine, address: Address) -> some.SearchStrategy[Answer | None]:
    """Anything that steers: nothing, a skip, own words, and every choice."""
    state = machine.dialogue.state(address)
    kinds: list[some.SearchStrategy[Answer | None]] = [
        some.none(),
        some.just(Skipped()),
        some.just(StatementsGiven(statements=(NAMED,))),
    ]
    if isinstance(state, Choice | Choices):
        ids = some.sampled_from([option.id for option in state.options])
        chosen = some.lists(ids, unique=True, max_size=3).map(tuple)
        own = some.sampled_from([(), (NAMED,)]) if isinstance(state, Choices) else some.just(())
        kinds += [some.builds(ChosenOptions, options=chosen, own=own)] * 3
    return some.one_of(kinds)


def answered(
    machine: DialogueMachine, data: some.DataObject, carried: tuple[Statement, ...]
) -> dict[Address, Answer]:
    """Answers to any states as written, and then to questions of topics that are there."""
    answers: dict[Address, Answer] = {}
    for address in machine.dialogue.states:
        if machine.asks(address) and (answer := data.draw(answers_at(machine, address), label=address)):
            answers[address] = answer
    for address in walk(machine, answers, carried).questions:
        if topic_of(address) and (answer := data.draw(answers_at(machine, address), label=address)):
            answers[address] = answer
    return answers


def content(journey: Journey) -> tuple[object, ...]:
    """All that a journey says, in order."""
    return journey, list(journey.answers.items()), journey.waiting


@each_machine
@settings(max_examples=tries(60))
@for_any(data=some.data())
def test_the_compiled_walk_visits_what_transitions_visits(
    machine: DialogueMachine, data: some.DataObject
) -> None:
    carried = data.draw(some.sampled_from([(), CARRIED]), label="carried")
    answers = answered(machine, data, carried)
    by_transitions = Triggered(machine, answers, carried)
    journey = walk(machine, answers, carried)
    assert journey.states == tuple(by_transitions.states())
    asked = [a for a in journey.states if machine.dialogue.state(a).asks != "say"]
    assert journey.questions == tuple(asked)
    assert journey.answers == by_transitions.met
    assert journey.set_aside == {a: answers[a] for a in answers if a not in by_transitions.met}
    assert journey.offered == {a for a in asked if machine.dialogue.question(a).offered}


@each_machine
@settings(max_examples=tries(60))
@for_any(data=some.data())
def test_every_compiled_state_leads_where_the_machine_goes(
    machine: DialogueMachine, data: some.DataObject
) -> None:
    answers = answered(machine, data, ())
    for address in machine.dialogue.states:
        assert machine.after(address, answers) == machine.triggered("reply", address, answers)
        assert machine.expected_after(address) == machine.triggered("pass", address, {})


@each_machine
@settings(max_examples=tries(60))
@for_any(data=some.data())
def test_a_walk_that_goes_on_from_a_changed_answer_is_a_walk_from_the_start(
    machine: DialogueMachine, data: some.DataObject
) -> None:
    carried = data.draw(some.sampled_from([(), CARRIED]), label="carried")
    answers = answered(machine, data, carried)
    before = walk(machine, answers, carried)
    changed = data.draw(some.sampled_from(before.questions), label="changed")
    after = {a: answer for a, answer in answers.items() if a != changed}
    if answer := data.draw(answers_at(machine, changed), label="answer"):
        after[changed] = answer
    assert content(walk_on(machine, before, after, changed)) == content(walk(machine, after, carried))
