"""The journey through a conversation, computed from its answers every time.

No current page or history is stored: the same answers always give the same journey. An answer that is no
longer on the journey is *set aside*: kept, shown as such, out of every guard, and back when it is on the
journey again.
"""

from collections.abc import Collection, Mapping
from dataclasses import field
from functools import cached_property

from assistant.dialogue.model import AGREEMENTS, Address, written_at
from assistant.engine.conversation import (
    ROUND_OFF,
    Answer,
    ChosenOptions,
    Conversation,
    Statement,
    StatementsGiven,
)
from assistant.engine.machine import DialogueMachine, Run
from assistant.value_class import value_class

_Waiting = tuple[tuple[Address, str], ...]
"""The topics of a repeated part that are still to come, each with the state it begins in."""


@value_class
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
    waiting: tuple[_Waiting, ...] = field(default=(), repr=False, compare=False)
    """For each state, the topics that were still to come: a later walk goes on from there."""

    @cached_property
    def open_questions(self) -> tuple[Address, ...]:
        """The questions on the journey that still need an answer or a skip."""
        return tuple(a for a in self.questions if a not in self.answers and a not in self.offered)

    @cached_property
    def open_set(self) -> frozenset[Address]:
        """The open questions, without their order."""
        return frozenset(self.open_questions)

    @cached_property
    def order(self) -> Mapping[Address, int]:
        """The place of each question among the questions."""
        return {address: place for place, address in enumerate(self.questions)}

    @cached_property
    def _places(self) -> Mapping[Address, int]:
        return {address: place for place, address in enumerate(self.states)}

    @cached_property
    def led(self) -> tuple[Address, ...]:
        """Return the questions that the conversation leads to: all except offered ones without an answer."""
        return tuple(a for a in self.questions if a in self.answers or a not in self.offered)

    def before(self, address: Address) -> Address:
        """Return the question before this one; the first question returns itself."""
        earlier = self.led
        if address in self.order:
            place = self.order[address]
            earlier = tuple(a for a in earlier if self.order[a] < place) or (address,)
        return earlier[-1] if earlier else ROUND_OFF

    def open_after(self, address: Address) -> Address:
        """Return the first open question after this one, else the first open one, else the round-off."""
        questions = self.questions
        later = questions[questions.index(address) + 1 :] if address in questions else ()
        for one in (*later, *questions):
            if one not in self.answers and one not in self.offered:
                return one
        return ROUND_OFF

    def said_before(self, address: Address) -> tuple[Address, ...]:
        """Return the guide's statements between the previous question and this one."""
        place = len(self.states) if address == ROUND_OFF else self._places[address]
        said: list[Address] = []
        while place:
            place -= 1
            earlier = self.states[place]
            is_question = earlier in self.order
            if is_question and (earlier not in self.offered or earlier in self.answers):
                break
            if not is_question:
                said.insert(0, earlier)
        return tuple(said)


def walk(
    machine: DialogueMachine, answers: Mapping[Address, Answer], carried: tuple[Statement, ...] = ()
) -> Journey:
    """Walk the dialogue from its start, led by the answers.

    A guard sees only the answers met so far, so an answer that was set aside never steers. An unanswered
    question is passed by its last, unguarded transition, so that the rest of the journey can be shown in
    advance.
    """
    whole = _Walk(machine, answers, carried)
    whole.go_on_from(whole.enter(machine.start))
    return whole.journey()


def walk_on(
    machine: DialogueMachine, before: Journey, answers: Mapping[Address, Answer], changed: Address
) -> Journey:
    """Walk with answers that differ only at a question of an earlier walk: up to there, it is the same."""
    rest = _Walk(machine, answers, before.carried)
    rest.go_on_from(rest.resume(before, changed))
    return rest.journey()


class _Walk:
    """One walk: the states so far, and the topics of the current part that are still to come."""

    def __init__(
        self, machine: DialogueMachine, answers: Mapping[Address, Answer], carried: tuple[Statement, ...]
    ) -> None:
        self._machine = machine
        self._answers = answers
        self._carried = carried
        self._met: dict[Address, Answer] = {}
        self._states: list[Address] = []
        self._questions: list[Address] = []
        self._offered: list[Address] = []
        self._waiting_at: list[_Waiting] = []
        self._topic: str | None = None
        self._waiting: _Waiting = ()

    def journey(self) -> Journey:
        """Return what was walked."""
        met, answers = self._met, self._answers
        aside = {} if len(met) == len(answers) else {a: answers[a] for a in answers if a not in met}
        return Journey(
            tuple(self._states),
            tuple(self._questions),
            met,
            aside,
            frozenset(self._offered),
            self._carried,
            tuple(self._waiting_at),
        )

    def resume(self, before: Journey, address: Address) -> Address:
        """Take over an earlier walk up to this question; return the question as written."""
        place = before.states.index(address)
        self._states = list(before.states[:place])
        self._waiting_at = list(before.waiting[:place])
        self._waiting = before.waiting[place]
        self._questions = list(before.questions[: before.questions.index(address)])
        self._met = {a: self._answers[a] for a in self._questions if a in before.answers}
        self._offered = [a for a in self._questions if a in before.offered]
        at = written_at(address)
        if at != address:
            self._topic = address.split("/")[1]
        return at

    def go_on_from(self, at: Address) -> None:
        """Walk from this state to the round-off."""
        runs = self._machine.runs
        passed: set[tuple[Address, str | None]] = set()
        while at != ROUND_OFF:
            assert (at, self._topic) not in passed, "the check refuses a dialogue with a way that never ends"
            passed.add((at, self._topic))
            run = runs[at]
            has = run.first.has
            if has is None or has(self._seen_in(run.part)):
                to = self._visit(run)
                at = self._leave(to) if to in run.leaves else to
            else:
                to = run.first.expected
                at = to if to.startswith(f"{run.part}/") else self._leave(to)

    def _visit(self, run: Run) -> Address:
        """Note the states of a run, and return the state that the last of them leads to."""
        states, questions, offered = run.states, run.questions, run.offered
        if self._topic is not None:
            begins = f"{run.part}/{self._topic}/"
            states = tuple([begins + name for name in run.names])
            questions = tuple([states[run.states.index(one)] for one in questions])
            offered = tuple([states[run.states.index(one)] for one in offered])
        self._states += states
        self._questions += questions
        self._offered += offered
        self._waiting_at += [self._waiting] * len(states)
        answers = self._answers
        for one in questions:
            if one in answers:
                self._met[one] = answers[one]
        last = run.last
        if len(last.ways) == 1 or (last.asks and questions[-1] not in answers):
            return last.expected
        return last.after(self._seen_in(run.part))

    def _leave(self, to: Address) -> Address:
        """Leave a part: begin with its next topic, or enter another part."""
        if not self._waiting:
            return self.enter(to)
        (at, self._topic), *rest = self._waiting
        self._waiting = tuple(rest)
        return at

    def enter(self, at: Address) -> Address:
        """Enter a part at this state, repeating it for each topic; skip parts whose guard is false."""
        runs, parts, self._topic = self._machine.runs, self._machine.parts, None
        while at != ROUND_OFF:
            admits, named_at, past = parts[runs[at].part]
            if admits is None or admits(self._met):
                if named_at is None:
                    return at
                self._waiting = tuple((at, topic) for topic in self._topics(named_at))
                if self._waiting:
                    return self._leave(at)
            at = past
        return at

    def _topics(self, named_at: Address) -> tuple[str, ...]:
        """Return the topics a part is repeated for: those chosen or named there, or the carried-over
        agreements.
        """
        if named_at == AGREEMENTS:
            return tuple(agreement.id for agreement in self._carried)
        named = self._met.get(named_at)
        return named.topics if isinstance(named, ChosenOptions) else ()

    def _seen_in(self, part: str) -> Mapping[Address, Answer]:
        """Return the answers a guard may see: those met, and within a part those of the current topic."""
        if self._topic is None:
            return self._met
        begins = f"{part}/{self._topic}/"
        own = {written_at(a): answer for a, answer in self._met.items() if a.startswith(begins)}
        return {**self._met, **own}


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
    return at if at in journey.order else next(iter(journey.open_questions), ROUND_OFF)


def begin(machine: DialogueMachine, carried: tuple[Statement, ...] = ()) -> Conversation:
    """Begin a conversation at its first question; it may carry agreements of earlier meetings."""
    first = walk(machine, {}, carried)
    at = next(iter(first.open_questions), ROUND_OFF)
    return Conversation(dialogue=machine.dialogue.digest, at=at, carried=carried)
