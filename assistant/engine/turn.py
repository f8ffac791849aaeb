"""One turn: a reply goes in, a new conversation comes out.

Nothing here waits, reads a clock or touches a database. The same conversation and the same reply always
give the same turn, so a stored conversation can be walked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.dialogue.model import Address, Rank
from assistant.engine.conversation import ROUND_OFF, Answer, Conversation, Skipped
from assistant.engine.journey import Journey, standing, statements_in, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given, read_answer
from assistant.errors import NotOnTheWay, StaleTurn

Move = Literal["answer", "skip", "back", "go"]


@dataclass(frozen=True)
class Reply:
    """What a person did at a question: answered it, skipped it, went back, or went somewhere else."""

    turn: int
    """The turn the person saw when replying."""
    state: Address
    move: Move
    given: Given = field(default_factory=dict)
    to: Address | None = None
    """Where to, for `go`."""


def take_turn(machine: DialogueMachine, now: Conversation, reply: Reply, seed: str) -> Conversation:
    """Take one reply and stand at the next open question.

    `seed` is new for each turn; ids of new statements are made from it. Raises `StaleTurn` when the
    conversation has moved on since the person saw it, `NotOnTheWay` for a question that is not on it, and
    the other refusals of `read_answer`; the conversation given is never changed.
    """
    if reply.turn != now.turn:
        raise StaleTurn
    journey = walk(machine, now.answers)
    if reply.state not in journey.questions and reply.state != ROUND_OFF:
        raise NotOnTheWay
    if reply.move == "back":
        return _stand(now, now.answers, journey.before(reply.state))
    if reply.move == "go":
        return _stand(now, now.answers, _destination(journey, reply.to))
    if reply.state == ROUND_OFF:
        raise NotOnTheWay
    answers = {**now.answers, reply.state: _answer(machine, now, journey, reply, seed)}
    return _stand(now, answers, walk(machine, answers).open_after(reply.state))


def where(machine: DialogueMachine, now: Conversation) -> tuple[Address, Journey]:
    """Where the person stands, and the way they stand on."""
    journey = walk(machine, now.answers)
    return standing(journey, now.at), journey


def _answer(machine: DialogueMachine, now: Conversation, journey: Journey, reply: Reply, seed: str) -> Answer:
    if reply.move == "skip":
        return Skipped()
    question = machine.dialogue.question(reply.state)
    rankable = statements_in(machine, journey, question.among) if isinstance(question, Rank) else ()
    return read_answer(question, reply.given, now.answers.get(reply.state), seed, rankable)


def _destination(journey: Journey, to: Address | None) -> Address:
    if to in journey.questions:
        return to
    if to == ROUND_OFF and not journey.open_questions:
        return to
    raise NotOnTheWay


def _stand(now: Conversation, answers: Mapping[Address, Answer], at: Address) -> Conversation:
    return now.model_copy(update={"answers": dict(answers), "at": at, "turn": now.turn + 1})
