"""A dialogue as a finite-state machine: the only module that imports `transitions`.

One machine serves every conversation on the same dialogue text, and holds none of them. `transitions` defines
where each state leads. A walk reads a table of it, made once: to trigger the machine in every state of every
walk takes fifty times as long. A property test holds the two equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast
from weakref import WeakValueDictionary

from transitions import Machine, Transition

from assistant.dialogue.guards import Answers, Guard, guard_for
from assistant.dialogue.model import Address, Dialogue, Say, part_id_of, written_at
from assistant.engine.conversation import ROUND_OFF


@dataclass
class _Cursor:
    state: Address


@dataclass(frozen=True, slots=True)
class CompiledState:
    """What the machine says about one state, as written."""

    asks: bool
    """The state expects a reply."""
    offered: bool
    has: Guard | None
    """The state's `when` guard; None if the state is always there."""
    ways: tuple[tuple[Guard | None, Address], ...]
    """The transitions out of it, in order."""
    expected: Address
    """The target of the last, unguarded transition."""

    def after(self, answers: Answers) -> Address:
        """Return the state that follows, given the answers so far."""
        for guard, to in self.ways:
            if guard is None or guard(answers):
                return to
        raise AssertionError("the check refuses a state that has only conditional transitions")


@dataclass(frozen=True, slots=True)
class Run:
    """A state, and those that follow it within its part regardless of the answers."""

    part: str
    first: CompiledState
    last: CompiledState
    states: tuple[Address, ...]
    names: tuple[str, ...]
    """The states' own names, without the part."""
    questions: tuple[Address, ...]
    offered: tuple[Address, ...]
    leaves: frozenset[Address]
    """The targets of the last state that are not in this part."""


class CompiledPart(NamedTuple):
    """What the machine says about one part."""

    admits: Guard | None
    """Its guard; None if the part is always there."""
    topics: Address | None
    """The question that names its topics, or `AGREEMENTS`; None for an unrepeated part."""
    past: Address
    """Where the conversation goes on when it is skipped."""


def _guard_of(way: Transition) -> Guard | None:
    if not way.conditions:
        return None
    guard = way.conditions[0].func
    assert callable(guard), "no string reaches the machine"
    return cast("Guard", guard)


def _target_of(way: Transition) -> Address:
    assert way.dest is not None, "every transition has a target"
    return way.dest


class DialogueMachine:
    """The transitions of a dialogue as a state machine."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue.as_asked  # removes facilitator notes, so that none can reach a user's page
        self.start: Address = next(iter(dialogue.states))
        self._machine = Machine(
            model=None,
            states=[*dialogue.states, ROUND_OFF],
            initial=self.start,
            auto_transitions=False,  # otherwise `transitions` adds a trigger to every state from anywhere
        )
        for address in dialogue.states:
            self._add_ways_from(address)

        self.parts: Mapping[str, CompiledPart] = {
            part.id: CompiledPart(
                guard_for(part.when, dialogue, part.id) if part.when else None,
                dialogue.names_topics(part),
                dialogue.after_part(part.id) or ROUND_OFF,
            )
            for part in dialogue.parts
        }
        self.steps = tuple(
            part.id
            for part in dialogue.parts
            if part.when is None
            and part.for_each is None
            and any(not isinstance(state, Say) and not state.offered for state in part.states)
        )
        """The parts that everybody is led through: answers do not change their number."""
        self.name_topics = frozenset(part.topics for part in self.parts.values())
        """The questions that name the topics of a part, and `AGREEMENTS`."""
        self.compiled: Mapping[Address, CompiledState] = {
            address: self._compile(address) for address in dialogue.states
        }
        self.runs: Mapping[Address, Run] = {address: self._run_from(address) for address in dialogue.states}

    def asks(self, address: Address) -> bool:
        """Return whether the state expects a reply."""
        return self.compiled[written_at(address)].asks

    def after(self, address: Address, answers: Answers) -> Address:
        """Return the state, as written, that follows this one, given the answers so far."""
        return self.compiled[written_at(address)].after(answers)

    def expected_after(self, address: Address) -> Address:
        """Return the state that follows if no guard holds: the last, unguarded transition."""
        return self.compiled[written_at(address)].expected

    def admits(self, part: str, answers: Answers) -> bool:
        """Return True if a part's guard allows it, given the answers before it."""
        guard = self.parts[part].admits
        return guard is None or guard(answers)

    def has(self, address: Address, answers: Answers) -> bool:
        """Return True if the state's `when` guard allows it, given the answers before it."""
        guard = self.compiled[written_at(address)].has
        return guard is None or guard(answers)

    def past(self, part: str) -> Address:
        """Return where the conversation goes on when a part is skipped."""
        return self.parts[part].past

    def topics_from(self, part: str) -> Address | None:
        """Return the question that names a part's topics, or `AGREEMENTS`; None for an unrepeated part."""
        return self.parts[part].topics

    def triggered(self, trigger: str, address: Address, answers: Answers) -> Address:
        """Move a cursor from this state with `transitions` itself. `compiled` must say the same."""
        cursor = _Cursor(address)
        moved = self._machine.events[trigger].trigger(cursor, answers)
        assert moved, "the check refuses a state that has only conditional transitions"
        return cursor.state

    def _compile(self, address: Address) -> CompiledState:
        """Read the transitions out of a state off the machine."""
        part, state = part_id_of(address), self.dialogue.states[address]
        ways = self._machine.events["reply"].transitions[address]
        passing = self._machine.events["pass"].transitions[address]
        return CompiledState(
            asks=not isinstance(state, Say),
            offered=not isinstance(state, Say) and state.offered,
            has=guard_for(state.when, self.dialogue, part) if state.when else None,
            ways=tuple((_guard_of(way), _target_of(way)) for way in ways),
            expected=_target_of(passing[0]),
        )

    def _run_from(self, address: Address) -> Run:
        """Follow the transitions from a state as long as no answer decides."""
        part, states, last = part_id_of(address), [address], self.compiled[address]
        begins = f"{part}/"
        while len(last.ways) == 1 and last.expected.startswith(begins) and last.expected not in states:
            following = self.compiled[last.expected]
            if following.has is not None:
                break
            states.append(last.expected)
            last = following
        return Run(
            part=part,
            first=self.compiled[address],
            last=last,
            states=tuple(states),
            names=tuple(state.removeprefix(begins) for state in states),
            questions=tuple(state for state in states if self.compiled[state].asks),
            offered=tuple(state for state in states if self.compiled[state].offered),
            leaves=frozenset(to for _, to in last.ways if not to.startswith(begins)),
        )

    def _add_ways_from(self, address: Address) -> None:
        part = part_id_of(address)
        ways = self.dialogue.transitions_from(address)
        for when, to in ways:
            guard = None if when is None else guard_for(when, self.dialogue, part)
            self._machine.add_transition("reply", address, to or ROUND_OFF, conditions=guard)
        self._machine.add_transition("pass", address, ways[-1][1] or ROUND_OFF)


_IN_USE: WeakValueDictionary[str, DialogueMachine] = WeakValueDictionary()


def machine_for(dialogue: Dialogue) -> DialogueMachine:
    """Return the machine of this text, the same one for all who use it: nothing changes a machine."""
    machine = _IN_USE.get(dialogue.digest)
    if machine is None:
        machine = _IN_USE[dialogue.digest] = DialogueMachine(dialogue)
    return machine
