"""Pages for users, each as a typed object with a template of the same name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.dialogue.model import Text
from assistant.web.http.pages import FormError, Page
from assistant.web.views.shown import (
    JourneyShown,
    LeftShown,
    LinkShown,
    PartShown,
    QuestionShown,
    StateNamed,
    Transcript,
)


@dataclass(frozen=True, kw_only=True)
class StartPage(Page):
    """The first page: what this is, who sees it, and the way in."""

    template = "user/start.html"
    opening: Sequence[Text]
    server: str
    operator: str | None
    unencrypted: bool
    """Text crosses a network where others can listen."""
    unfinished: str | None
    instead_of: str = ""
    """Which open notebook the page shows; beginning puts a new one in its place."""


@dataclass(frozen=True, kw_only=True)
class QuestionPage(Page):
    """One question at a time, at the end of the conversation so far."""

    template = "user/question.html"
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
    """Text typed at a question that is no longer asked, to be copied."""

    template = "user/off_the_way.html"
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

    template = "user/plain_form.html"
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
    """Text typed at questions that are no longer on the journey."""
    along: Sequence[LeftShown]
    """What an earlier meeting left for this time."""

    def full_title(self, say: Callable[..., str]) -> str:
        """The title, beginning with «Ikke lagret» where the reply was refused."""
        return say("title.not_saved", title=self.title) if self.refusal else self.title


@dataclass(frozen=True, kw_only=True)
class HelpHerePage(Page):
    """Whom to call, and the way back to where one was."""

    template = "user/help_here.html"
    here_conversation: str


@dataclass(frozen=True, kw_only=True)
class SaveAccessPage(Page):
    """The way back, before the first own words."""

    template = "user/save_access.html"
    link: LinkShown | None


@dataclass(frozen=True, kw_only=True)
class PausePage(Page):
    """Everything is kept; how to come back."""

    template = "user/pause.html"
    link: LinkShown | None
    device: str
    here_conversation: str


@dataclass(frozen=True, kw_only=True)
class RoundOffPage(Page):
    """Nothing left to ask."""

    template = "user/round_off.html"
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

    template = "user/delete.html"
    back: str


@dataclass(frozen=True, kw_only=True)
class UnlockPage(Page):
    """The door: one field that takes the private link, its code or the codename, in any form."""

    template = "user/unlock.html"
    typed: str = ""
    trouble: FormError | None = None
    instead: Sequence[str] = ()
    """Codenames that may have been meant."""
