"""An agreement: who does what by when, and when it is looked at again. And how it went, in its user's words.

How it went is said, not judged: not done is as good an answer as done.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, StringConstraints

from assistant.dialogue.model import topic_of
from assistant.engine.conversation import ChosenOptions, Conversation, Statement, StoredModel

Went = Literal["done", "partly", "not", "no_longer"]
"""How it went, by the ids of the options of the question about it."""
_HOW: dict[str, Went] = {"done": "done", "partly": "partly", "not": "not", "no_longer": "no_longer"}
_SETTLED: tuple[Went, ...] = ("done", "no_longer")


class OtherPerson(StoredModel):
    """Another person, by name."""

    name: str


Who = Literal["user", "professional"] | OtherPerson
"""The person who does it."""


_ID = r"^[a-z0-9]{1,40}$"
AgreementId = Annotated[str, StringConstraints(pattern=_ID)]
"""A step in the address of the question about it."""


class Agreement(StoredModel):
    """An agreement that was made at a meeting."""

    id: AgreementId
    what: str
    who: Who
    by_on: date | None = None
    look_again_on: date | None = None
    agreed_at: AwareDatetime


class Outcome(StoredModel):
    """How it went with an agreement, as its user says it."""

    went: Went | None = None
    """None if the outcome is given in own words only."""
    words: str | None = None


def is_agreement_id(id_: str) -> bool:
    """Whether an agreement can have this id."""
    return re.fullmatch(_ID, id_) is not None


def outcomes_in(conversation: Conversation) -> dict[str, Outcome]:
    """How it went with the agreements a conversation carries, by their ids; none for what was skipped."""
    return dict(_outcomes(conversation))


def _outcomes(conversation: Conversation) -> Iterator[tuple[str, Outcome]]:
    carried = {agreement.id for agreement in conversation.carried}
    for address, answer in conversation.answers.items():
        about = topic_of(address)
        if about in carried and isinstance(answer, ChosenOptions):
            went = next((_HOW[option] for option in answer.options if option in _HOW), None)
            yield about, Outcome(went=went, words=answer.own[0].text if answer.own else None)


def to_be_carried(
    agreements: Iterable[Agreement], conversations: Iterable[Conversation]
) -> tuple[Statement, ...]:
    """The agreements a new conversation opens with: all but those told to be done or no longer relevant.

    The conversations come in their order, and the last word about an agreement is what counts.
    """
    # an id comes from a form, so two reviews may hold the same one: a conversation would never get past it
    agreed = {agreement.id: agreement for agreement in agreements}.values()
    said: dict[str, Outcome] = {}
    for conversation in conversations:
        said |= outcomes_in(conversation)
    return tuple(
        Statement(id=agreement.id, text=agreement.what)
        for agreement in agreed
        if agreement.id not in said or said[agreement.id].went not in _SETTLED
    )
