"""Parts of pages that several roles are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.dialogue.model import Address, Question, Text
from assistant.engine.reply import Given
from assistant.meetings.review.carry_over import Why
from assistant.web.http.pages import FormError


class Shown(NamedTuple):
    """Something a person said, as it is shown: own words, or the wording of what they chose."""

    text: str
    own: bool


class StateNamed(NamedTuple):
    """A question one can go to."""

    address: Address
    prompt: Text


class Rankable(NamedTuple):
    """A statement that can be put first, under its id."""

    id: str
    text: str


class SaidAtQuestion(NamedTuple):
    """The answers to one question, by side if it has sides."""

    under: Text | None
    shown: Sequence[Shown]


class Exchange(NamedTuple):
    """A question with what was answered; nothing where it was skipped."""

    state: Address
    topic: Shown | None
    said: Sequence[Text]
    """What the guide said before it."""
    prompt: Text
    answer: Sequence[SaidAtQuestion]


class Transcript(NamedTuple):
    """The conversation so far: before the question, what of it to show while folded, and after it."""

    earlier: Sequence[Exchange]
    last: Exchange | None
    later: Sequence[Exchange]


class PartShown(NamedTuple):
    """One part on the journey, with its state."""

    key: str
    first: Address
    name: Text
    topic: Shown | None
    state: str


class SetAside(NamedTuple):
    """Answers that are set aside together, and the question whose answer leads past them."""

    name: Text
    topic: Shown | None
    cause: StateNamed | None
    answers: Sequence[Exchange]


class JourneyShown(NamedTuple):
    """The way through the topics."""

    legs: Sequence[PartShown]
    aside: Sequence[SetAside]


@dataclass(frozen=True, kw_only=True)
class QuestionShown:
    """One question as shown on a page."""

    prefix: str
    """What its fields' names begin with, where there are several questions on the page."""
    state: Address
    topic: Shown | None
    said: Sequence[Text]
    question: Question
    filled: Given
    shown: str
    """A digest of the fields when the page was made."""
    fields: Sequence[tuple[str, str]]
    """The texts of a question in own words, by field name."""
    can_add: bool
    rankable: Sequence[Rankable]
    topics_aside: Sequence[Rankable]
    """Own topics that were taken away and can come back with their answers."""
    has_answer: bool
    is_draft: bool
    trouble: FormError | None


class LinkShown(NamedTuple):
    """The private link: the whole address, the same secret to be typed, and the page to type it on."""

    address: str
    code: str
    door: str


class LeftShown(NamedTuple):
    """What an earlier meeting left, for one reason."""

    why: Why
    said: Sequence[Shown]
