"""The journey as shown to a person: its parts, and the state of each.

Also explains why an answer is set aside, by the one question whose answer skips it.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Literal

from assistant.dialogue.model import AGREEMENTS, Address, Choice, When, part_id_of, topic_of, written_at
from assistant.engine.conversation import ChosenOptions
from assistant.engine.journey import Journey, walk
from assistant.engine.machine import DialogueMachine
from assistant.value_class import value_class

State = Literal["here", "done", "skipped", "waiting", "offered"]


@value_class
class PartVisit:
    """One part on the journey; a repeated part appears once for each topic."""

    part: str
    topic: str | None
    questions: tuple[Address, ...]
    state: State
    first: Address
    """The question that a link to the part opens: the current one, else the first open one, else the first.
    """

    @property
    def key(self) -> str:
        """Identifies this part and topic."""
        return self.part if self.topic is None else f"{self.part}/{self.topic}"


def part_visits(journey: Journey, at: Address) -> tuple[PartVisit, ...]:
    """Return the parts on the journey, in order, seen from the current question."""
    return tuple(
        _part_visit(journey, part, topic, tuple(questions), at)
        for (part, topic), questions in groupby(journey.questions, key=_place)
    )


def _part_visit(
    journey: Journey, part: str, topic: str | None, questions: tuple[Address, ...], at: Address
) -> PartVisit:
    first = at if at in questions else next((a for a in questions if a in journey.open_set), questions[0])
    return PartVisit(part, topic, questions, _state(journey, questions, at), first)


def _state(journey: Journey, questions: tuple[Address, ...], at: Address) -> State:
    if at in questions:
        return "here"
    if not journey.open_set.isdisjoint(questions):
        return "waiting"
    state: State = "offered"
    for address in questions:
        answer = journey.answers.get(address)
        if answer is not None:
            if answer.given:
                return "done"
            state = "skipped"
    return state


def turned_at(machine: DialogueMachine, journey: Journey, address: Address) -> Address | None:
    """Return the question whose answer skips this one, or None if no single answer does."""
    asked: set[Address] = set()
    reasons = [address]
    while reasons:
        reason = reasons.pop(0)
        if reason in journey.questions:
            return reason
        if reason not in asked:
            asked.add(reason)
            reasons.extend(_steered_by(machine, journey, reason))
    return None


def _steered_by(machine: DialogueMachine, journey: Journey, address: Address) -> Iterator[Address]:
    """Return the questions that decide whether this state is reached; outside its part, whether the part is
    included.
    """
    part, topic = machine.dialogue.part_of(address), topic_of(address)
    if _place(address) not in map(_place, journey.questions):
        topics = machine.topics_from(part.id)
        # the transitions from those do not lead past this state
        if topics is not None and topics != AGREEMENTS:
            yield topics
        if part.when is not None:
            yield from _looked_at(machine, part.when, address)
        return
    for state in part.states:
        for when, to in machine.dialogue.transitions_from(f"{part.id}/{state.id}"):
            if to == written_at(address) and when is not None:
                yield from _looked_at(machine, when, address)
            elif to == written_at(address):
                yield _within(f"{part.id}/{state.id}", topic)


def _looked_at(machine: DialogueMachine, when: When, address: Address) -> Iterator[Address]:
    """Return the questions a condition refers to; within a topic, those of the topic."""
    part, topic = _place(address)
    for place in (*(when.chose or {}), *((when.answered,) if when.answered else ())):
        found = machine.dialogue.resolve(place, part)
        assert found is not None, "a guard cannot look at the end"
        yield _within(found, topic) if part_id_of(found) == part else found


def _within(address: Address, topic: str | None) -> Address:
    part, state = address.split("/")
    return address if topic is None else f"{part}/{topic}/{state}"


def _place(address: Address) -> tuple[str, str | None]:
    return part_id_of(address), topic_of(address)


@lru_cache(maxsize=4)
def longest_short_way(machine: DialogueMachine) -> int:
    """Return the most questions that anybody meets before anything is answered but the first question."""
    unanswered = walk(machine, {})
    first = unanswered.questions[0]
    question = machine.dialogue.question(first)
    options = question.options if isinstance(question, Choice) else ()
    begun = [walk(machine, {first: ChosenOptions(options=(option.id,))}) for option in options]
    return max(len(journey.led) for journey in (unanswered, *begun))
