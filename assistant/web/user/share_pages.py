"""Page types for sharing, for users."""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.dialogue.model import Text
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError, Page
from assistant.web.http.qr import QrCode
from assistant.web.views.shared_summary import SharedSheet
from assistant.web.views.shown import Shown


class ActShown(NamedTuple):
    """One row of the audit trail: when, what, and which member of staff."""

    day: str
    clock: str
    what: str
    who: str


class TrailShown(NamedTuple):
    """The audit trail of a share, and whether it is unaltered."""

    acts: Sequence[ActShown]
    is_whole: bool
    was_opened: bool
    new_keys: Sequence[str] = ()
    """Who among those who opened it got new keys, and when."""


class EntryToChoose(NamedTuple):
    """An entry with its choice."""

    id: str
    under: Text | None
    topic: Shown | None
    is_new: bool
    """Whether the entry before it is about something else; only then it is said again what it is about."""
    entry: Shown
    is_on: bool
    says: bool
    """The user would rather say it in the meeting."""
    may_say: bool


class SectionToChoose(NamedTuple):
    """The entries of one section."""

    heading: Text
    entries: list[EntryToChoose]


@page_data
class ShareChoicesPage(Page):
    """Every entry with a switch, and how many are shared."""

    template = "user/share_choices.html"
    share: str
    sections: Sequence[SectionToChoose]
    listed: str
    """The ids of the entries with a switch: only they are chosen for."""
    on: int
    of: int
    waiting: int
    """How many entries another person wrote and the user has not read: they are not shared."""
    is_change: bool
    is_withdrawn: bool
    ended: Sequence[TrailShown]


class Promise(NamedTuple):
    """Who reads what is sent ahead, in the service's own words, and when it expires."""

    way: str
    """The choice as the form names it."""
    unit: str
    """The name of the unit; empty where the service has no units."""
    who: str
    by_when: str
    absence: str
    until: str


@page_data
class SharePreviewPage(SharedSheet, Page):
    """Exactly what the other person will see, before it is shared."""

    template = "user/share_preview.html"
    share: str
    looked_at: str
    is_empty: bool
    waiting: int
    is_change: bool
    promises: Sequence[Promise]
    """One for each unit that it can be sent to; one in all where there are no units."""
    lacks_reader: bool
    """The service has said who reads, but none of them has a lasting key: they sign in at a provider."""
    invited_by: str | None
    """The inviting professional, to whom it can be sent with one button."""
    also_to: Sequence[str]
    """Who else can open it then."""
    new_keys: Sequence[str] = ()
    """Who among the recipients got new keys, and when."""
    to: str
    """The digest of all recipients."""
    asks_to_count: bool
    """Whether the service has figures, and so asks whether to count this share."""
    counts: bool = False
    """Whether the box was ticked, if the page is shown again."""
    trouble: FormError | None = None


@page_data
class SharedAsShownPage(SharedSheet, Page):
    """Exactly what the other person sees now."""

    template = "user/share_shown.html"
    share: str


@page_data
class SharedPageForUser(Page):
    """The open share: its code, who has opened it, and what can be done."""

    template = "user/share_now.html"
    share: str
    is_ahead: bool
    code: str
    code_works: bool
    code_is_locked: bool
    code_until: str
    qr: QrCode
    link: str
    door: str
    review: str | None
    """The path of the review; None for shares from before reviews existed."""
    until: str
    is_changed: bool
    trail: TrailShown
    request_id: str


@page_data
class WithdrawPage(Page):
    """What withdrawing does, and what it cannot do."""

    template = "user/share_withdraw.html"
    share: str


@page_data
class ShareChangedPage(Page):
    """The receipt after changing what is shared."""

    template = "user/share_changed.html"
    share: str
    trail: TrailShown


@page_data
class Withdrawn(Page):
    """The receipt after withdrawing: it cannot be opened any more, and who opened it before."""

    template = "user/share_withdrawn.html"
    share: str
    trail: TrailShown
