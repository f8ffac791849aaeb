"""A dialogue as a finite-state machine: the only module that imports `transitions`.

One machine serves every conversation on the same dialogue text. It holds no conversation: a cursor is placed
on a state, one trigger moves it, and the cursor is discarded.
"""

from dataclasses import dataclass

from transitions import Machine

from assistant.dialogue.guards import Answers, guard_for
from assistant.dialogue.model import Address, Dialogue, Say, written_at
from assistant.engine.conversation import ROUND_OFF


def _always(answers: Answers) -> bool:
    return True


@dataclass
class _Cursor:
    state: Address


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

        self._admits = {
            part.id: guard_for(part.when, dialogue, part.id) if part.when else _always
            for part in dialogue.parts
        }
        self._has = {
            address: guard_for(state.when, dialogue, address.split("/")[0]) if state.when else _always
            for address, state in dialogue.states.items()
        }
        self._topics = {
            part.id: names for part in dialogue.parts if (names := dialogue.names_topics(part)) is not None
        }

    def asks(self, address: Address) -> bool:
        """Return whether the state expects a reply."""
        return not isinstance(self.dialogue.state(address), Say)

    def after(self, address: Address, answers: Answers) -> Address:
        """Return the state, as written, that follows this one, given the answers so far."""
        return self._follow("reply", written_at(address), answers)

    def expected_after(self, address: Address) -> Address:
        """Return the state that follows if no guard holds: the last, unguarded transition."""
        return self._follow("pass", written_at(address), {})

    def admits(self, part: str, answers: Answers) -> bool:
        """Return True if a part's guard allows it, given the answers before it."""
        return self._admits[part](answers)

    def has(self, address: Address, answers: Answers) -> bool:
        """Return True if the state's `when` guard allows it, given the answers before it."""
        return self._has[written_at(address)](answers)

    def past(self, part: str) -> Address:
        """Return where the conversation goes on when a part is skipped."""
        return self.dialogue.after_part(part) or ROUND_OFF

    def topics_from(self, part: str) -> Address | None:
        """Return the question that names a part's topics, or `AGREEMENTS`; None for an unrepeated part."""
        return self._topics.get(part)

    def _follow(self, trigger: str, address: Address, answers: Answers) -> Address:
        cursor = _Cursor(address)
        moved = self._machine.events[trigger].trigger(cursor, answers)
        assert moved, "the check refuses a state that has only conditional transitions"
        return cursor.state

    def _add_ways_from(self, address: Address) -> None:
        part = address.split("/")[0]
        ways = self.dialogue.transitions_from(address)
        for when, to in ways:
            guard = None if when is None else guard_for(when, self.dialogue, part)
            self._machine.add_transition("reply", address, to or ROUND_OFF, conditions=guard)
        self._machine.add_transition("pass", address, ways[-1][1] or ROUND_OFF)
