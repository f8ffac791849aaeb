"""The pages a user meets, each as a typed object; a template of the same name makes HTML of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.dialogue.model import Address, Question, Text
from assistant.engine.reply import Given
from assistant.meetings.review.carry_over import Why
from assistant.web.http.pages import FormError, Page


class Shown(NamedTuple):
    """Something a person said, as it is shown: own words, or the wording of what they chose."""

    text: str
    own: bool


class LeftShown(NamedTuple):
    """What an earlier meeting left, for one reason."""

    why: Why
    said: Sequence[Shown]


@dataclass(frozen=True, kw_only=True)
class StartPage(Page):
    """The first page: what this is, who sees it, and the way in."""

    template = "start.html"
    opening: Sequence[Text]
    server: str
    operator: str | None
    unencrypted: bool
    """What is written crosses a network that others can listen to."""
    unfinished: str | None
    instead_of: str = ""
    """Which open notebook the page shows; beginning puts a new one in its place."""


class StateNamed(NamedTuple):
    """A question one can go to."""

    address: Address
    prompt: Text


class Rankable(NamedTuple):
    """A statement that can be put first, under its id."""

    id: str
    text: str


class SaidAtQuestion(NamedTuple):
    """What was said to one question, under one side of it where it has sides."""

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
    """One part on the way, and how it stands with it."""

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
    """One question as it stands on a page."""

    prefix: str
    """What its fields' names begin with, where there are several questions on the page."""
    state: Address
    topic: Shown | None
    said: Sequence[Text]
    question: Question
    filled: Given
    shown: str
    """A print of what stands in its fields when the page is made."""
    fields: Sequence[tuple[str, str]]
    """The texts of a question in own words, by the field each stands in."""
    can_add: bool
    rankable: Sequence[Rankable]
    topics_aside: Sequence[Rankable]
    """Own topics that were taken away and can come back with their answers."""
    has_answer: bool
    is_draft: bool
    trouble: FormError | None


@dataclass(frozen=True, kw_only=True)
class QuestionPage(Page):
    """One question at a time, at the end of the conversation so far."""

    template = "question.html"
    request_id: str
    turn: int
    seen: str
    """The revisions its fields were filled from; what was typed elsewhere since is not written over."""
    part: Text
    place: int
    all: int
    asked: QuestionShown
    talk: Transcript
    way: JourneyShown
    along: Sequence[LeftShown]
    """What an earlier meeting left for this time."""

    @property
    def refusal(self) -> FormError | None:
        """Why the reply was refused."""
        return self.asked.trouble

    def full_title(self, say: Callable[..., str]) -> str:
        """The title, beginning with «Ikke lagret» where the reply was refused."""
        return say("title.not_saved", title=self.title) if self.refusal else self.title


@dataclass(frozen=True, kw_only=True)
class OffTheWayPage(Page):
    """What was typed at a question that is no longer asked, to be copied."""

    template = "off_the_way.html"
    words: Sequence[tuple[str, str]]
    carried: Sequence[tuple[str, str]]
    """What else the form held, so that the page can be given again in another language."""


class FormPart(NamedTuple):
    """A part of the plain form, with its questions."""

    leg: PartShown
    asked: Sequence[QuestionShown]


@dataclass(frozen=True, kw_only=True)
class FormPage(Page):
    """All the questions on the way on one page."""

    template = "whole.html"
    request_id: str
    turn: int
    seen: str
    way: JourneyShown
    parts: Sequence[FormPart]
    said: Sequence[Text]
    saved: str | None
    """The part that was saved just now."""
    trouble: FormError | None
    wrong: Sequence[QuestionShown]
    """The questions that could not be saved as they stand."""
    left_over: Sequence[str]
    """What was typed at questions that are no longer on the way."""
    along: Sequence[LeftShown]
    """What an earlier meeting left for this time."""

    def full_title(self, say: Callable[..., str]) -> str:
        """The title, beginning with «Ikke lagret» where the reply was refused."""
        return say("title.not_saved", title=self.title) if self.refusal else self.title


@dataclass(frozen=True, kw_only=True)
class HelpHerePage(Page):
    """Whom to call, and the way back to where one was."""

    template = "help_here.html"
    here_conversation: str


class LinkShown(NamedTuple):
    """The private link: the whole address, the same secret to be typed, and the page to type it on."""

    address: str
    code: str
    door: str


@dataclass(frozen=True, kw_only=True)
class SaveAccessPage(Page):
    """The way back, before the first own words."""

    template = "way_back.html"
    link: LinkShown | None


@dataclass(frozen=True, kw_only=True)
class PausePage(Page):
    """Everything is kept; how to come back."""

    template = "pause.html"
    link: LinkShown | None
    device: str
    here_conversation: str


@dataclass(frozen=True, kw_only=True)
class RoundOffPage(Page):
    """Nothing left to ask."""

    template = "round_off.html"
    talk: Transcript
    way: JourneyShown
    said: Sequence[Text]
    offers: Sequence[StateNamed]
    along: Sequence[LeftShown]
    here_conversation: str
    turn: int
    request_id: str


@dataclass(frozen=True, kw_only=True)
class DeletePage(Page):
    """The last question before everything is deleted."""

    template = "delete.html"
    back: str


@dataclass(frozen=True, kw_only=True)
class UnlockPage(Page):
    """The door: one field that takes the private link, its code or the codename, in any form."""

    template = "open.html"
    typed: str = ""
    trouble: FormError | None = None
    instead: Sequence[str] = ()
    """Codenames that may have been meant."""
