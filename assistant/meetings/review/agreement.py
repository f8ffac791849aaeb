"""Agreements: who does what by when, when to look at it again, and how it went in the user's words.

The outcome is reported, not judged: «not done» is as good an answer as «done».
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, StringConstraints

from assistant.dialogue.model import topic_of
from assistant.engine.conversation import ChosenOptions, Conversation, Statement, StoredModel

Went = Literal["done", "partly", "not", "no_longer"]
"""The outcome, by the option ids of the question about it."""
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
    """An agreement made at a meeting."""

    id: AgreementId
    what: str
    who: Who
    by_on: date | None = None
    look_again_on: date | None = None
    agreed_at: AwareDatetime


class Outcome(StoredModel):
    """The outcome of an agreement, as the user reports it."""

    went: Went | None = None
    """None if the outcome is given in own words only."""
    words: str | None = None


def is_agreement_id(id_: str) -> bool:
    """Return whether this is a valid agreement id."""
    return re.fullmatch(_ID, id_) is not None


def outcomes_in(conversation: Conversation) -> dict[str, Outcome]:
    """Return the outcomes of the agreements a conversation carries, by id; skipped ones are omitted."""
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
    """Return the agreements a new conversation begins with: all except those reported as done or no longer
    relevant. `conversations` are in chronological order, and the latest report about an agreement counts.
    """
    # ids come from a form, so two reviews may contain the same one: a conversation would then never get past
    # it
    agreed = {agreement.id: agreement for agreement in agreements}.values()
    said: dict[str, Outcome] = {}
    for conversation in conversations:
        said |= outcomes_in(conversation)
    return tuple(
        Statement(id=agreement.id, text=agreement.what)
        for agreement in agreed
        if agreement.id not in said or said[agreement.id].went not in _SETTLED
    )
