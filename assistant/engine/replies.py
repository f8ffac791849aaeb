"""Several replies at once, as the plain form gives them: each is read as it would be alone.

The conversation that comes of it is the one that would have come of answering them one after the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assistant.dialogue.model import Address
from assistant.engine.conversation import Answer, Conversation, Skipped
from assistant.engine.journey import walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given
from assistant.engine.turn import answer_given, stand
from assistant.errors import NotOnTheWay, Refusal, SeveralRefused, StaleTurn


@dataclass(frozen=True)
class RepliesAtOnce:
    """What stands in the fields of some questions, each under its own address."""

    turn: int
    """The turn the person saw when replying."""
    given: Mapping[Address, Given]


def take_replies(
    machine: DialogueMachine, now: Conversation, replies: RepliesAtOnce, seed: str, today: date | None = None
) -> Conversation:
    """Take them all, or none: `SeveralRefused` says of each question what could not be taken.

    A question with nothing in its fields stays as open as it was; one that had an answer is emptied of it. A
    question that another of these replies leads past is kept as answered, and set aside. The person stands
    where they stood while that is still open. Raises `StaleTurn` and `NotOnTheWay` as a turn does.
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
        return now  # nothing was given, so nothing has moved for another tab either
    after = walk(machine, answers, now.carried)
    return stand(now, answers, now.at if now.at in after.open_questions else after.open_after(last))


def filled_in(given: Given) -> dict[str, tuple[str, ...]]:
    """The fields with something in them, and what is in them."""
    filled = {name: tuple(text for text in texts if text.strip()) for name, texts in given.items()}
    return {name: texts for name, texts in filled.items() if texts}
