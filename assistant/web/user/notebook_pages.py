"""Page types for the notebook and for access to it."""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError, Page
from assistant.web.views.invitation import FactsShown
from assistant.web.views.shown import LeftShown, LinkShown, Shown


class MeetingShown(NamedTuple):
    """A meeting with its details and its address."""

    path: str
    kind: Shown | None
    when: str | None
    has_review: bool = False
    """Whether the review has begun."""
    invited: FactsShown | None = None
    """The content of the invitation, if the meeting came from one."""
    guided: str = ""
    """Who led the guided session it was prepared in, and when."""
    is_for_treatment: bool = True
    """Whether a treatment meeting follows, to share for and to look back on."""


class KeepChoice(NamedTuple):
    """An end date that can be chosen; `months` is `use` for a year after the last use."""

    months: str
    sentence: str
    chosen: bool


@page_data
class NotebookPage(Page):
    """The whole notebook, how long it is kept, and how to access it."""

    template = "user/notebook.html"
    meetings: Sequence[MeetingShown]
    along: Sequence[LeftShown]
    """What the user wanted to bring up next time."""
    request_id: str
    kept_until: str
    kept_until_chosen: bool
    is_kept_as_told: bool
    """The date is later than the service would give now, so an answer does not move it."""
    choices: Sequence[KeepChoice]
    link: LinkShown | None
    has_codename: bool
    trouble: FormError | None = None


@page_data
class AskPage(Page):
    """An explanation of an act before it is done."""

    template = "user/confirm.html"
    heading: str
    named: Shown | None = None
    sentences: Sequence[str]
    warning: str | None = None
    yes: str
    no: str
    request_id: str


@page_data
class CodenamePage(Page):
    """The codename in large print."""

    template = "user/codename.html"
    words: Sequence[str]
    door: str


@page_data
class CardPage(Page):
    """The codename on a card to print and cut out; the card does not say what it is for."""

    template = "user/codename_card.html"
    words: Sequence[str]
    door: str


@page_data
class TryPage(Page):
    """A field to type the codename into, and the differences of the last try."""

    template = "user/codename_try.html"
    typed: str = ""
    is_right: bool = False
    differs: str | None = None
