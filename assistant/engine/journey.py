"""The journey through a conversation, computed from its answers every time.

No current page or history is stored: the same answers always give the same journey. An answer that is no
longer on the journey is *set aside*: kept, shown as such, out of every guard, and back when it is on the
journey again.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assistant.dialogue.model import AGREEMENTS, Address, topic_of, written_at
from assistant.engine.conversation import (
    ROUND_OFF,
    Answer,
    ChosenOptions,
    Conversation,
    Statement,
    StatementsGiven,
)
from assistant.engine.machine import DialogueMachine


@dataclass(frozen=True)
class Journey:
    """The states from the start to the round-off, in order."""

    states: tuple[Address, ...]
    questions: tuple[Address, ...]
    answers: dict[Address, Answer]
    """The answers on the journey, including skipped ones."""
    set_aside: dict[Address, Answer]
    offered: frozenset[Address]
    """Questions that can be opened but need no answer."""
    carried: tuple[Statement, ...] = ()
    """The agreements the conversation began with."""

    @property
    def open_questions(self) -> tuple[Address, ...]:
        """The questions on the journey that still need an answer or a skip."""
        return tuple(a for a in self.questions if a not in self.answers and a not in self.offered)

    @property
    def led(self) -> tuple[Address, ...]:
        """Return the questions that the conversation leads to: all except offered ones without an answer."""
        return tuple(a for a in self.questions if a in self.answers or a not in self.offered)

    def before(self, address: Address) -> Address:
        """Return the question before this one; the first question returns itself."""
        earlier = self.led
        if address in self.questions:
            place = self.questions.index(address)
            earlier = tuple(a for a in earlier if self.questions.index(a) < place) or (address,)
        return earlier[-1] if earlier else ROUND_OFF

    def open_after(self, address: Address) -> Address:
        """Return the first open question after this one, else the first open one, else the round-off."""
        later = self.questions[self.questions.index(address) + 1 :] if address in self.questions else ()
        waiting = self.open_questions
        return next((a for a in later if a in waiting), next(iter(waiting), ROUND_OFF))

    def said_before(self, address: Address) -> tuple[Address, ...]:
        """Return the guide's statements between the previous question and this one."""
        place = len(self.states) if address == ROUND_OFF else self.states.index(address)
        said: list[Address] = []
        for earlier in reversed(self.states[:place]):
            if earlier in self.questions and (earlier not in self.offered or earlier in self.answers):
                break
            if earlier not in self.questions:
                said.insert(0, earlier)
        return tuple(said)


def walk(
    machine: DialogueMachine, answers: dict[Address, Answer], carried: tuple[Statement, ...] = ()
) -> Journey:
    """Walk the dialogue from its start, led by the answers.

    A guard sees only the answers met so far, so an answer that was set aside never steers. An unanswered
    question is passed by its last, unguarded transition, so that the rest of the journey can be shown in
    advance.
    """
    states = tuple(_Walk(machine, answers, carried).states())
    questions = tuple(address for address in states if machine.asks(address))
    on_the_way = {address: answers[address] for address in questions if address in answers}
    return Journey(
        states,
        questions,
        on_the_way,
        {address: answer for address, answer in answers.items() if address not in on_the_way},
        frozenset(address for address in questions if machine.dialogue.question(address).offered),
        carried,
    )


class _Walk:
    """One walk: the answers met so far, and the topics of the current part that are still to come."""

    def __init__(
        self, machine: DialogueMachine, answers: dict[Address, Answer], carried: tuple[Statement, ...]
    ) -> None:
        self._carried = tuple(agreement.id for agreement in carried)
        self._machine = machine
        self._answers = answers
        self._met: dict[Address, Answer] = {}
        self._waiting: list[Address] = []

    def states(self) -> Iterator[Address]:
        at = self._enter(self._machine.start)
        met: set[Address] = set()
        while at != ROUND_OFF:
            assert at not in met, "the check refuses a dialogue with a way that never ends"
            met.add(at)
            if not self._machine.has(at, self._seen_from(at)):
                at = self._go_on(at, self._machine.expected_after(at))
                continue
            yield at
            if at in self._answers:
                self._met[at] = self._answers[at]
            at = self._step(at)

    def _step(self, at: Address) -> Address:
        """Follow the transition out of a state that was asked."""
        if at in self._answers or not self._machine.asks(at):
            return self._go_on(at, self._machine.after(at, self._seen_from(at)))
        return self._go_on(at, self._machine.expected_after(at))

    def _go_on(self, at: Address, to: Address) -> Address:
        if to != ROUND_OFF and _part(to) == _part(at):
            return _in_topic(to, topic_of(at))
        return self._waiting.pop(0) if self._waiting else self._enter(to)

    def _enter(self, at: Address) -> Address:
        """Enter a part at this state, repeating it for each topic; skip parts whose guard is false."""
        while at != ROUND_OFF:
            part = _part(at)
            names_topics = self._machine.topics_from(part)
            if self._machine.admits(part, self._met):
                if names_topics is None:
                    return at
                self._waiting = [_in_topic(at, topic) for topic in self._topics(names_topics)]
                if self._waiting:
                    return self._waiting.pop(0)
            at = self._machine.past(part)
        return at

    def _topics(self, named_at: Address) -> tuple[str, ...]:
        """Return the topics a part is repeated for: those chosen or named there, or the carried-over
        agreements.
        """
        if named_at == AGREEMENTS:
            return self._carried
        named = self._met.get(named_at)
        return named.topics if isinstance(named, ChosenOptions) else ()

    def _seen_from(self, at: Address) -> dict[Address, Answer]:
        """Return the answers a guard may see: those met, and within a part those of the current topic."""
        topic = topic_of(at)
        if topic is None:
            return self._met
        own = {written_at(a): answer for a, answer in self._met.items() if _topic_in(a) == (_part(at), topic)}
        return {**self._met, **own}


def _part(address: Address) -> str:
    return address.split("/")[0]


def _topic_in(address: Address) -> tuple[str, str | None]:
    return _part(address), topic_of(address)


def _in_topic(address: Address, topic: str | None) -> Address:
    part, state = address.split("/")
    return address if topic is None else f"{part}/{topic}/{state}"


def statements_in(
    machine: DialogueMachine, journey: Journey, sections: Collection[str]
) -> dict[str, Statement]:
    """Return the statements in these sections by id, in journey order."""
    return {
        statement.id: statement
        for address, answer in journey.answers.items()
        if isinstance(answer, StatementsGiven) and machine.dialogue.question(address).section in sections
        for statement in answer.statements
    }


def standing(journey: Journey, at: Address) -> Address:
    """Return the current question: `at` while it is on the journey, else the first open question."""
    if at == ROUND_OFF and not journey.open_questions:
        return at
    return at if at in journey.questions else next(iter(journey.open_questions), ROUND_OFF)


def begin(machine: DialogueMachine, carried: tuple[Statement, ...] = ()) -> Conversation:
    """Begin a conversation at its first question; it may carry agreements of earlier meetings."""
    first = walk(machine, {}, carried)
    at = next(iter(first.open_questions), ROUND_OFF)
    return Conversation(dialogue=machine.dialogue.digest, at=at, carried=carried)
