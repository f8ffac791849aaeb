"""Pages for users, each as a typed object with a template of the same name."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.dialogue.model import Address, Text
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError, Page
from assistant.web.http.qr import QrCode
from assistant.web.views.shown import (
    JourneyShown,
    LeftShown,
    LinkShown,
    PartShown,
    QuestionShown,
    StateNamed,
    StripShown,
    Talk,
    Transcript,
)


@page_data
class StartPage(Page):
    """The first page: what this is, who sees it, and how to begin."""

    template = "user/start.html"
    opening: Sequence[Text]
    questions: int
    """The most questions of the short way."""
    server: str
    operator: str | None
    unencrypted: bool
    """Warns that text crosses a network where others can read it."""
    unfinished: str | None
    unit_id: str = ""
    """The unit whose address this is; empty at the address of the whole service."""
    instead_of: str = ""
    """Identifies the open notebook that the page shows; beginning replaces it."""


@page_data
class QuestionPage(Page):
    """One question at a time, at the end of the conversation so far."""

    template = "user/question.html"
    request_id: str
    turn: int
    seen: str
    """The revisions its fields were filled from; newer text is not overwritten."""
    part: Text
    is_first: bool
    step: int
    steps: int
    """The number of steps, which no answer changes."""
    asked: QuestionShown
    talk: Talk
    way: JourneyShown
    along: Sequence[LeftShown]
    """What an earlier meeting left for this time."""
    is_by_another: bool
    """Another person writes for the user."""
    strip: StripShown | None = None

    @property
    def refusal(self) -> FormError | None:
        """The title of the refusal, if any."""
        return self.asked.trouble

    def full_title(self, say: Callable[..., str]) -> str:
        """The title, beginning with «Ikke lagret» if the reply was refused."""
        return say("title.not_saved", title=self.title) if self.refusal else self.title


@page_data
class OffTheWayPage(Page):
    """Text typed at a question that is no longer asked, to be copied."""

    template = "user/off_the_way.html"
    words: Sequence[tuple[str, str]]
    carried: Sequence[tuple[str, str]]
    """Further fields of the form, so that the page can be rendered in another language."""


class FormPart(NamedTuple):
    """A part of the plain form, with its questions."""

    shown: PartShown
    asked: Sequence[QuestionShown]


@page_data
class FormPage(Page):
    """All questions on the journey, on one page."""

    template = "user/plain_form.html"
    request_id: str
    turn: int
    seen: str
    way: JourneyShown
    parts: Sequence[FormPart]
    said: Sequence[Text]
    saved: str | None
    """The part that was saved just now."""
    first_lines: Address | None
    """The first question with lines that are asked about."""
    trouble: FormError | None
    wrong: Sequence[QuestionShown]
    """The questions that could not be saved."""
    left_over: Sequence[str]
    """Text typed at questions that are no longer on the journey."""
    along: Sequence[LeftShown]
    """What an earlier meeting left for this time."""
    is_by_another: bool
    """Another person writes for the user."""
    strip: StripShown | None = None

    def full_title(self, say: Callable[..., str]) -> str:
        """The title, beginning with «Ikke lagret» if the reply was refused."""
        return say("title.not_saved", title=self.title) if self.refusal else self.title


@page_data
class HelpHerePage(Page):
    """Emergency contacts, and a link back."""

    template = "user/help_here.html"
    here_conversation: str


@page_data
class SaveAccessPage(Page):
    """The page about link and codename, before the first own words."""

    template = "user/save_access.html"
    link: LinkShown | None
    qr: QrCode | None = None
    """For the user's own phone, from a loan tablet."""
    strip: StripShown | None = None


@page_data
class PausePage(Page):
    """Says that everything is saved, and how to come back."""

    template = "user/pause.html"
    link: LinkShown | None
    device: str
    here_conversation: str


@page_data
class TranscriptPage(Page):
    """Everything that was asked and answered, to read and to change."""

    template = "user/transcript.html"
    talk: Transcript
    here_conversation: str
    turn: int
    request_id: str


@page_data
class RoundOffPage(Page):
    """No questions left."""

    template = "user/round_off.html"
    talk: Talk
    way: JourneyShown
    said: Sequence[Text]
    offers: Sequence[StateNamed]
    along: Sequence[LeftShown]
    here_conversation: str
    turn: int
    request_id: str
    is_by_another: bool
    """Another person writes for the user."""
    strip: StripShown | None = None


@page_data
class DeletePage(Page):
    """The confirmation before everything is deleted."""

    template = "user/delete.html"
    back: str


@page_data
class UnlockPage(Page):
    """One field for the private link, its code or the codename, in any form."""

    template = "user/unlock.html"
    typed: str = ""
    trouble: FormError | None = None
    instead: Sequence[str] = ()
    """Codenames that may have been meant."""
