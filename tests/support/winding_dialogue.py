"""Short ways to have the dialogue in `winding/`."""

from assistant.dialogue.model import Address
from assistant.engine.conversation import Conversation
from assistant.engine.journey import Journey, walk
from assistant.engine.reply import Given
from support.small_dialogue import WINDING, had, reply


def topics(*options: str, own: Given | None = None) -> Given:
    """The form in which these topics are chosen."""
    return {"option": options, **(own or {})}


def answered(*answers: tuple[Address, Given | None], after: Conversation | None = None) -> Conversation:
    """A conversation on the winding dialogue in which these were answered; None is skipped."""
    return had(*answers, after=after, machine=WINDING)


def goes(now: Conversation, to: Address) -> Conversation:
    """The person goes somewhere else from where they stand."""
    return reply(now, now.at, "go", to=to, machine=WINDING)


def skipped(now: Conversation) -> Conversation:
    """Everything that is still owed is skipped, from where the person stands."""
    while now.at in walk(WINDING, now.answers).questions:
        now = reply(now, now.at, "skip", machine=WINDING)
    return now


def journey_of(now: Conversation) -> Journey:
    """The way as it now is."""
    return walk(WINDING, now.answers)
