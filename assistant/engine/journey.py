"""The way through a conversation, worked out from its answers every time.

Nobody stores a current page or a history: the same answers always give the same way. An answer that is
no longer on the way is *set aside*: kept, shown as such, out of every guard, and back if the way returns.
"""

from dataclasses import dataclass

from assistant.dialogue.model import Address
from assistant.engine.conversation import ROUND_OFF, Answer, Conversation
from assistant.engine.machine import DialogueMachine


@dataclass(frozen=True)
class Journey:
    """The states on the way from the start to the round-off, in order."""

    states: tuple[Address, ...]
    questions: tuple[Address, ...]
    answers: dict[Address, Answer]
    """The answers on the way; skipped ones too."""
    set_aside: dict[Address, Answer]

    @property
    def open_questions(self) -> tuple[Address, ...]:
        """Questions on the way that are neither answered nor skipped."""
        return tuple(address for address in self.questions if address not in self.answers)

    def before(self, address: Address) -> Address:
        """The question before this one; the first has none before it and stays."""
        if not self.questions:
            return ROUND_OFF
        place = len(self.questions) if address == ROUND_OFF else self.questions.index(address)
        return self.questions[max(place - 1, 0)]

    def open_after(self, address: Address) -> Address:
        """The first open question after this one, else the first open at all, else the round-off."""
        later = self.questions[self.questions.index(address) + 1 :] if address in self.questions else ()
        waiting = self.open_questions
        return next((a for a in later if a in waiting), next(iter(waiting), ROUND_OFF))

    def said_before(self, address: Address) -> tuple[Address, ...]:
        """What the guide says between the question before this one and this one."""
        place = len(self.states) if address == ROUND_OFF else self.states.index(address)
        said: list[Address] = []
        for earlier in reversed(self.states[:place]):
            if earlier in self.questions:
                break
            said.insert(0, earlier)
        return tuple(said)


def walk(machine: DialogueMachine, answers: dict[Address, Answer]) -> Journey:
    """Walk the dialogue from its start, led by the answers.

    A guard sees only the answers met so far, so an answer that was set aside never steers. An unanswered
    question is passed by its last, unguarded way, so that the whole way can be shown before it is gone.
    """
    states: list[Address] = []
    on_the_way: dict[Address, Answer] = {}
    at = machine.start
    while at != ROUND_OFF:
        assert at not in states, "the check refuses a dialogue with a way that never ends"
        states.append(at)
        if at in answers:
            on_the_way[at] = answers[at]
        if at in answers or not machine.asks(at):
            at = machine.after(at, on_the_way)
        else:
            at = machine.expected_after(at)
    aside = {address: answer for address, answer in answers.items() if address not in on_the_way}
    questions = tuple(address for address in states if machine.asks(address))
    return Journey(tuple(states), questions, on_the_way, aside)


def standing(journey: Journey, at: Address) -> Address:
    """Where the person stands: `at` while it is on the way, else the first open question."""
    if at == ROUND_OFF and not journey.open_questions:
        return at
    return at if at in journey.questions else next(iter(journey.open_questions), ROUND_OFF)


def begin(machine: DialogueMachine) -> Conversation:
    """A new conversation, standing at its first question."""
    first = walk(machine, {})
    return Conversation(dialogue=machine.dialogue.digest, at=next(iter(first.questions), ROUND_OFF))
