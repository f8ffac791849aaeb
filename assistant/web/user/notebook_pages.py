"""The pages of the notebook and of the ways into it, each as a typed object."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.web.http.pages import FormError, Page
from assistant.web.views.invitation import FactsShown
from assistant.web.views.shown import LeftShown, LinkShown, Shown


class MeetingShown(NamedTuple):
    """A meeting with its details and its address."""

    path: str
    kind: Shown | None
    when: str | None
    has_review: bool = False
    """The review has begun."""
    invited: FactsShown | None = None
    """The content of the invitation, if the meeting came from one."""


class KeepChoice(NamedTuple):
    """An end one may choose; `months` is `use` for a year after it was last used."""

    months: str
    sentence: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class NotebookPage(Page):
    """Everything in the notebook, how long it is kept, and the ways in."""

    template = "user/notebook.html"
    meetings: Sequence[MeetingShown]
    along: Sequence[LeftShown]
    """What one wanted to bring up the next time."""
    request_id: str
    kept_until: str
    kept_until_chosen: bool
    choices: Sequence[KeepChoice]
    link: LinkShown | None
    has_codename: bool
    trouble: FormError | None = None


@dataclass(frozen=True, kw_only=True)
class AskPage(Page):
    """What something means, before it is done."""

    template = "user/confirm.html"
    heading: str
    named: Shown | None = None
    sentences: Sequence[str]
    warning: str | None = None
    yes: str
    no: str
    request_id: str


@dataclass(frozen=True, kw_only=True)
class CodenamePage(Page):
    """The codename, large."""

    template = "user/codename.html"
    words: Sequence[str]
    door: str


@dataclass(frozen=True, kw_only=True)
class CardPage(Page):
    """The codename on a card to print and cut out; nothing on it says what it is for."""

    template = "user/codename_card.html"
    words: Sequence[str]
    door: str


@dataclass(frozen=True, kw_only=True)
class TryPage(Page):
    """A field to type the codename back into, and what differed the last time."""

    template = "user/codename_try.html"
    typed: str = ""
    is_right: bool = False
    differs: str | None = None
