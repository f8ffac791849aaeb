"""Several replies at once, from the form without scripts: each is read as it would be alone.

The result is the same conversation as answering them one after the other.
"""

from collections.abc import Mapping
from datetime import date

from assistant.dialogue.model import Address
from assistant.engine.conversation import Answer, Conversation, Skipped
from assistant.engine.journey import walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given
from assistant.engine.turn import answer_given, stand
from assistant.errors import NotOnTheWay, Refusal, SeveralRefused, StaleTurn
from assistant.value_class import value_class


@value_class
class RepliesAtOnce:
    """The fields of several questions, each under its own address."""

    turn: int
    """The turn the person saw when replying."""
    given: Mapping[Address, Given]


def take_replies(
    machine: DialogueMachine, now: Conversation, replies: RepliesAtOnce, seed: str, today: date | None = None
) -> Conversation:
    """Take all the replies, or none: `SeveralRefused` names what is wrong with each question.

    A question with empty fields stays open, or loses its answer if it had one. An answer whose question is
    skipped because of another of these replies is kept and set aside. The current question stays the same
    while it is still open. Raises `StaleTurn` and `NotOnTheWay` as a turn does.
    """
    if replies.turn != now.turn:
        raise StaleTurn
    journey = walk(machine, now.answers, now.carried)
    if not replies.given.keys() <= set(journey.questions):
        raise NotOnTheWay
    answers: dict[Address, Answer] = dict(now.answers)
    refused: dict[Address, Refusal] = {}
    last = now.at
    for number, address in enumerate(a for a in journey.questions if a in replies.given):
        given = filled_in(replies.given[address])
        before = now.answers.get(address)
        if not given and (before is None or not before.given):
            continue
        last = address
        try:
            answers[address] = (
                answer_given(machine, now, journey, address, given, f"{seed}{number:02d}.", today)
                if given
                else Skipped()
            )
        except Refusal as refusal:
            refused[address] = refusal
    if refused:
        raise SeveralRefused(refused)
    if answers == now.answers:
        return now  # nothing was given, so the conversation does not move for another tab either
    after = walk(machine, answers, now.carried)
    return stand(now, answers, now.at if now.at in after.open_questions else after.open_after(last))


def filled_in(given: Given) -> dict[str, tuple[str, ...]]:
    """Return the non-empty fields."""
    filled = {name: tuple(text for text in texts if text.strip()) for name, texts in given.items()}
    return {name: texts for name, texts in filled.items() if texts}
