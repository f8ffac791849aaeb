"""Parts of pages that several roles are shown."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from assistant.dialogue.model import Address, Question, Text
from assistant.engine.reply import Given
from assistant.meetings.review.carry_over import Why
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError


class Shown(NamedTuple):
    """A statement for display: own words, or the wording of a chosen option."""

    text: str
    own: bool
    is_unread: bool = False
    """Another person wrote it for the user, who has not approved it yet."""


class StateNamed(NamedTuple):
    """A question that can be opened."""

    address: Address
    prompt: Text


class TopicAside(NamedTuple):
    """A user-named topic that was removed, with its id."""

    id: str
    text: str


class EntryToTap(NamedTuple):
    """An entry that can be put first, with its number if it is."""

    id: str
    said: Shown
    under: Text | None
    topic: Shown | None
    number: int | None
    is_tapped: bool = False
    """Whether it is the one that was tapped last: there the focus stays."""


class SectionToTap(NamedTuple):
    """The entries of one section that can be put first."""

    id: str
    heading: Text
    entries: Sequence[EntryToTap]


class SaidAtQuestion(NamedTuple):
    """The answers to one question, by side if it has sides."""

    under: Text | None
    shown: Sequence[Shown]


class Exchange(NamedTuple):
    """A question with its answers; none if it was skipped."""

    state: Address
    topic: Shown | None
    said: Sequence[Text]
    """The guide's statements before it."""
    prompt: Text
    answer: Sequence[SaidAtQuestion]


class Talk(NamedTuple):
    """What the page of a question shows of the conversation."""

    last: Exchange | None
    """The exchange before the question, if it is short."""
    has_answers: bool
    """There is something to see on the page of the whole conversation."""


class Transcript(NamedTuple):
    """The whole conversation, to the current question and after it."""

    earlier: Sequence[Exchange]
    later: Sequence[Exchange]


class PartShown(NamedTuple):
    """One part on the journey, with its state."""

    key: str
    first: Address
    name: Text
    topic: Shown | None
    state: str


class SetAside(NamedTuple):
    """Answers that are set aside together, and the question whose answer skips them."""

    name: Text
    topic: Shown | None
    cause: StateNamed | None
    answers: Sequence[Exchange]


class JourneyShown(NamedTuple):
    """The journey by parts and topics."""

    parts: Sequence[PartShown]
    aside: Sequence[SetAside]


@page_data
class QuestionShown:
    """One question as shown on a page."""

    prefix: str
    """The prefix of its field names, if there are several questions on the page."""
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
    rankable: Sequence[SectionToTap]
    """The entries that a rank may put first."""
    topics_aside: Sequence[TopicAside]
    """User-named topics that were removed and can be restored with their answers."""
    has_answer: bool
    is_unread: bool
    """Another person wrote some of the answer, and the user has not approved it yet."""
    is_draft: bool
    trouble: FormError | None
    half: Literal["", "levels", "ways"] = ""
    """Which page of a balance: how much, or in which way. A form with all questions has both at once."""
    lines: int = 0
    """Asks whether these lines are one statement or several, in place of the question."""


class LinkShown(NamedTuple):
    """The private link: the whole address, and the same secret with the page to type it on."""

    address: str
    code: str
    door: str


class PromiseShown(NamedTuple):
    """What a professional promised about an entry: who asks, by which day, and in which words."""

    line: str
    words: str
    tag: str


class LeftShown(NamedTuple):
    """What an earlier meeting left for this one, for one reason."""

    why: Why
    said: Sequence[tuple[Shown, PromiseShown | None]]


class StripShown(NamedTuple):
    """What a page of a meeting in a guided session says about it."""

    path: str
    """The path of the session's own page."""
    names: Sequence[str]
    is_over: bool
    is_resting: bool = False
    at: Address | None = None
    """The question the room is at."""
    prompt: Text | None = None
    can_go: bool = False
    """Whether that question is on the user's way, and they are at another."""
    note: str = ""
    until: str = ""
    seen: int | None = None
    """How many of the user's answers the facilitator sees; None in a group, where it is always none."""
    sees_question: bool = False
    """Whether the facilitator sees which question the user is at."""
    sees_answers: bool = False
    """Whether the facilitator sees every answer that is given from now on."""
    is_borrowed: bool = False
    revision: int = 0
    form: str = ""
    """The id of the form on the page that the strip's buttons belong to; empty without one."""
    asked: Address = ""
    """The question on the page, where it has one."""
