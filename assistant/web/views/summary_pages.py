"""The page types that show the summary, and their parts."""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.dialogue.model import Address, Text
from assistant.meetings.map_drawing import MapDrawing
from assistant.meetings.paper_fit import PaperFit
from assistant.meetings.review.asking import ASKING
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import Page
from assistant.web.views.shown import LeftShown, LinkShown, Shown, StateNamed, StripShown


class EntryShown(NamedTuple):
    """One entry of the summary as shown on a page."""

    id: str
    text: str
    own: bool
    name: str
    """Its name in an address, because an id would reveal what was chosen."""
    is_unread: bool = False


class EntriesShown(NamedTuple):
    """Entries under one side of a balance, or all entries of a question."""

    under: Text | None
    entries: Sequence[EntryShown]


class EntryToRead(NamedTuple):
    """An entry that another person wrote for the user, to be approved, changed or taken away."""

    entry: EntryShown
    version: int
    under: Text | None
    state: Address
    prompt: Text
    topic: Shown | None


class AskedAgain(NamedTuple):
    """A question whose answer can be changed, with the topic it is about."""

    state: Address
    prompt: Text
    topic: Shown | None


class QuestionEntriesShown(NamedTuple):
    """The entries of one question, and where to change them."""

    state: Address
    prompt: Text | None
    groups: Sequence[EntriesShown]


class FirstShown(NamedTuple):
    """An entry that was put first, with its section and topic."""

    section: str
    heading: Text
    topic: Shown | None
    entry: EntryShown


class TopicShown(NamedTuple):
    """The entries of one topic under one heading, or those without a topic."""

    head: EntryShown | None
    topic: Shown | None
    parts: Sequence[QuestionEntriesShown]


class SectionShown(NamedTuple):
    """A section of the summary."""

    id: str
    heading: Text
    blocks: Sequence[TopicShown]
    asked: Sequence[AskedAgain] = ()
    """Where to change what it says."""

    @property
    def asks(self) -> bool:
        """Return whether its entries ask for an answer: on paper there is room for a pen beside them."""
        return self.id in ASKING

    @property
    def has_sides(self) -> bool:
        """Return whether support or challenge is placed in it: the map is beside that on paper."""
        groups = (group for block in self.blocks for part in block.parts for group in part.groups)
        return not self.asks and any(group.under for group in groups)


class PrivateShown(NamedTuple):
    """The private entries of one question."""

    topic: Shown | None
    part: QuestionEntriesShown


@page_data
class SummaryShown(Page):
    """A page with the summary, on screen and on paper."""

    first: Sequence[FirstShown]
    first_asked: Sequence[AskedAgain]
    """Where to change what was put first."""
    which_meeting: SectionShown | None
    """What kind of meeting it is and when: the line below the heading."""
    chapters: Sequence[SectionShown]
    map: MapDrawing | None
    """None if nothing is placed on both axes."""
    today: str
    here_conversation: str
    fit: PaperFit
    """The size of the type and of the room for a pen on paper."""
    with_map: bool = False
    """Whether the map is beside the words about support and challenge; otherwise it is after them all."""
    large: bool = False
    changes: bool = False
    """Whether each answer has a link to change it."""
    holds: bool = False
    """Whether each entry links to its own page."""
    is_by_another: bool = False
    """Whether another person writes for the user now."""
    to_read: Sequence[EntryToRead] = ()
    """What another person wrote, to be read through on the page where it can be changed."""


@page_data
class SummaryPage(SummaryShown):
    """The summary, and how to finish."""

    template = "user/summary.html"
    private: Sequence[PrivateShown]
    offers: Sequence[StateNamed]
    along: Sequence[LeftShown]
    """What the user wanted to bring up this time, from an earlier meeting."""
    request_id: str
    turn: int
    link: LinkShown | None
    kept_until: str
    kept_until_chosen: bool
    is_kept_as_told: bool
    """The date is later than the service would give now, so an answer does not move it."""
    device: str
    strip: StripShown | None = None
    is_for_treatment: bool = True
    """Whether a treatment meeting follows, to share for and to look back on."""
    changes: bool = True
    with_map: bool = True


@page_data
class ShowPage(SummaryShown):
    """The summary alone, to be shown on this screen."""

    template = "user/show.html"
    is_handed_over: bool = True
    large: bool = True
    holds: bool = True
    with_map: bool = True


@page_data
class PrintPage(SummaryShown):
    """The summary as a sheet, before it is printed."""

    template = "user/print.html"
    other_size: str
    """The same sheet in the other print size."""
    other_map: str
    """The same sheet with or without the map."""


@page_data
class HoldPage(Page):
    """One entry alone, very large."""

    template = "user/held_up.html"
    is_handed_over: bool = True
    section: str
    heading: Text
    topic: Shown | None
    entry: EntryShown
    size: str
    back: str


class CardOffered(NamedTuple):
    """An entry that can be downloaded as a card."""

    heading: Text
    entry: EntryShown
    path: str


@page_data
class TakePage(Page):
    """The downloads, and the content of each."""

    template = "user/downloads.html"
    here_conversation: str
    has_sheet: bool
    has_private: bool
    with_private: bool
    other_choice: str
    """This page with or without the private notes."""
    sheet: str
    large: str
    text: str
    calendar: str | None
    """None if no day was given."""
    everything: str
    is_for_treatment: bool
    """Whether a treatment meeting follows: else there is no invitation, share or review to take along."""
    cards: Sequence[CardOffered]
    outcome: str | None
    """Where answers and agreements can be taken along; None if there are none."""
    device: str
    lacking: str
    """Letters that would be empty boxes in a PDF."""
    on_paper: str
    """Where the browser prints it itself."""
