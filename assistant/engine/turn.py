"""One turn: a reply goes in, a new conversation comes out.

Nothing here waits, reads a clock or touches a database. The same conversation and the same reply always give
the same turn, so a stored conversation can be replayed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import Literal

from assistant.dialogue.model import Address, Choices, Rank, topic_of
from assistant.engine.conversation import (
    ROUND_OFF,
    Answer,
    ChosenOptions,
    Conversation,
    RankedStatements,
    Skipped,
    Statement,
)
from assistant.engine.entries import rankable_in
from assistant.engine.journey import Journey, standing, walk, walk_on
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given, read_answer
from assistant.errors import NoSuchOption, NotOnTheWay, StaleTurn
from assistant.value_class import value_class

Move = Literal["answer", "stay", "skip", "back", "go", "forget", "tap"]


@value_class
class Reply:
    """A person's action at a question: answer, skip, go back, or go to another question. `stay` answers and
    asks the same question further. `forget` deletes an answer that was set aside. `tap` puts an entry first,
    after those that were put first before it, or takes it away again.
    """

    turn: int
    """The turn the person saw when replying."""
    state: Address
    move: Move
    given: Given = field(default_factory=dict)
    to: Address | None = None
    """The target question of `go`, the answer to `forget`, or the id of the entry to `tap`."""


def take_turn(
    machine: DialogueMachine, now: Conversation, reply: Reply, seed: str, today: date | None = None
) -> Conversation:
    """Take one reply, as `take_turn_on` does; return the conversation alone."""
    return take_turn_on(machine, now, reply, seed, today)[0]


def take_turn_on(
    machine: DialogueMachine, now: Conversation, reply: Reply, seed: str, today: date | None = None
) -> tuple[Conversation, Journey]:
    """Take one reply and go to the next open question. Return the conversation and its journey.

    `seed` is new for each turn; ids of new statements are made from it. Dates are compared with `today`.
    Raises `StaleTurn` when the
    conversation has moved on since the person saw it, `NotOnTheWay` for a question that is not on it, and
    the other refusals of `read_answer`; the conversation given is never changed.
    """
    if reply.turn != now.turn:
        raise StaleTurn
    journey = walk(machine, now.answers, now.carried)
    if reply.state not in journey.questions and reply.state != ROUND_OFF:
        raise NotOnTheWay
    if reply.move == "back":
        return stand(now, now.answers, journey.before(reply.state)), journey
    if reply.move == "go":
        return stand(now, now.answers, _destination(journey, reply.to)), journey
    if reply.move == "forget":
        without = _without(now, journey, reply.to)
        return stand(now, without, now.at), walk(machine, without, now.carried)
    if reply.state == ROUND_OFF:
        raise NotOnTheWay
    if reply.move == "tap":
        tapped = _tapped(machine, now, journey, reply)
        return stand(now, tapped, now.at), walk(machine, tapped, now.carried)
    answer = (
        Skipped()
        if reply.move == "skip" or _is_passed_by(now, reply)
        else answer_given(machine, now, journey, reply.state, reply.given, seed, today)
    )
    answers = {**now.answers, reply.state: answer}
    after = walk_on(machine, journey, answers, reply.state)
    at = reply.state if reply.move == "stay" else after.open_after(reply.state)
    return stand(now, answers, at), after


def _is_passed_by(now: Conversation, reply: Reply) -> bool:
    """Return whether nothing is given to a question without an answer: that skips it.

    An answer that was given is not removed by an empty form. The page asks for the button that says so.
    """
    before = now.answers.get(reply.state)
    is_empty = not any(text.strip() for texts in reply.given.values() for text in texts)
    return is_empty and not (before is not None and before.given)


def _tapped(
    machine: DialogueMachine, now: Conversation, journey: Journey, reply: Reply
) -> dict[Address, Answer]:
    """Return the answers after one tap. The order of the taps is that of the entries; when the last one is
    taken away, the question is open again.
    """
    question, before = machine.dialogue.question(reply.state), now.answers.get(reply.state)
    if not isinstance(question, Rank):
        raise NotOnTheWay
    rankable = rankable_in(machine, journey, question.among)
    if not reply.to:
        raise NoSuchOption().in_field("first")
    put = before.first if isinstance(before, RankedStatements) else ()
    first = [id_ for id_ in put if id_ in rankable and id_ != reply.to]
    if reply.to not in put:
        first.append(reply.to)
    if not first:
        return {a: answer for a, answer in now.answers.items() if a != reply.state}
    return {**now.answers, reply.state: read_answer(question, {"first": tuple(first)}, None, "", rankable)}


def where(machine: DialogueMachine, now: Conversation) -> tuple[Address, Journey]:
    """Return the current question and the journey."""
    journey = walk(machine, now.answers, now.carried)
    return standing(journey, now.at), journey


def answer_given(
    machine: DialogueMachine,
    now: Conversation,
    journey: Journey,
    state: Address,
    given: Given,
    seed: str,
    today: date | None = None,
) -> Answer:
    """Read what was given at a question as an answer. Raises the refusals of `read_answer`."""
    question, before = machine.dialogue.question(state), now.answers.get(state)
    if isinstance(question, Choices):
        # naming a removed topic again, where it is listed, restores the same topic
        own = before.own if isinstance(before, ChosenOptions) else ()
        before = ChosenOptions(options=(), own=(*own, *now.topics_aside))
    rankable = rankable_in(machine, journey, question.among) if isinstance(question, Rank) else ()
    return read_answer(question, given, before, seed, rankable, today)


def stand(now: Conversation, answers: Mapping[Address, Answer], at: Address) -> Conversation:
    """Return the conversation one turn later, with these answers and this current question."""
    return now.model_copy(
        update={
            "answers": dict(answers),
            "at": at,
            "turn": now.turn + 1,
            "topics_aside": _topics_aside(now, answers),
        }
    )


def _topics_aside(now: Conversation, answers: Mapping[Address, Answer]) -> tuple[Statement, ...]:
    """User-named topics that were removed but still have answers."""
    known = {own.id: own for own in (*now.topics_aside, *_named(now.answers))}
    if not known:
        return ()
    spoken_of = {topic_of(address) for address, answer in answers.items() if answer.given}
    named = {own.id for own in _named(answers)}
    return tuple(own for id_, own in known.items() if id_ in spoken_of and id_ not in named)


def _named(answers: Mapping[Address, Answer]) -> Iterator[Statement]:
    return (own for answer in answers.values() if isinstance(answer, ChosenOptions) for own in answer.own)


def _without(now: Conversation, journey: Journey, address: Address | None) -> dict[Address, Answer]:
    if address not in journey.set_aside:
        raise NotOnTheWay
    return {a: answer for a, answer in now.answers.items() if a != address}


def _destination(journey: Journey, to: Address | None) -> Address:
    if to in journey.questions:
        return to
    if to == ROUND_OFF and not journey.open_questions:
        return to
    raise NotOnTheWay
