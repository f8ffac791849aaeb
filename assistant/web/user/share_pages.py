"""The pages on which a user shares, each as a typed object."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.dialogue.model import Text
from assistant.meetings.share import Choice
from assistant.web.http.pages import FormError, Page
from assistant.web.http.qr import QrCode
from assistant.web.views.shared_summary import SharedSheet
from assistant.web.views.shown import Shown


class ChoiceShown(NamedTuple):
    """One of the choices, and how its user would say it."""

    choice: Choice
    sentence: str


class ActShown(NamedTuple):
    """One row of the trail: when, what, and who of the staff did it."""

    day: str
    clock: str
    what: str
    who: str


class TrailShown(NamedTuple):
    """Who did what with a share, and whether the list is as it was written."""

    acts: Sequence[ActShown]
    is_whole: bool
    was_opened: bool
    new_keys: Sequence[str] = ()
    """Who of those who opened got new keys, and when."""


@dataclass(frozen=True, kw_only=True)
class BeforeSharingPage(Page):
    """What it means that a professional reads it, before the first share."""

    template = "user/share_before.html"
    share: str
    is_invited: bool
    """The inviting professional may see everything at once, and it can be sent back to them."""


@dataclass(frozen=True, kw_only=True)
class ShareAllPage(Page):
    """One choice for everything."""

    template = "user/share_all.html"
    share: str
    chosen: Choice | None
    choices: Sequence[ChoiceShown]
    has_exceptions: bool
    ended: Sequence[TrailShown]


class EntryToChoose(NamedTuple):
    """An entry and what holds for it."""

    id: str
    heading: Text
    under: Text | None
    topic: Shown | None
    entry: Shown
    chosen: Choice


@dataclass(frozen=True, kw_only=True)
class ShareEachPage(Page):
    """Every entry with its choice."""

    template = "user/share_each.html"
    share: str
    entries: Sequence[EntryToChoose]
    choices: Sequence[ChoiceShown]


class Promise(NamedTuple):
    """Who reads what is sent ahead, in the service's own words, and until when it may be opened."""

    who: str
    by_when: str
    absence: str
    until: str


@dataclass(frozen=True, kw_only=True)
class SharePreviewPage(SharedSheet, Page):
    """Exactly what the other will see, before it is shared."""

    template = "user/share_preview.html"
    share: str
    looked_at: str
    is_empty: bool
    is_change: bool
    promise: Promise | None
    invited_by: str | None
    """Who it can be sent to with one tap: the one who invited."""
    also_to: Sequence[str]
    """Who else can open it then."""
    new_keys: Sequence[str] = ()
    """Who of those it would be sent to got new keys, and when."""
    to: str
    """The print of all of them."""
    trouble: FormError | None = None


@dataclass(frozen=True, kw_only=True)
class SharedAsShownPage(SharedSheet, Page):
    """Exactly what the other sees now."""

    template = "user/share_shown.html"
    share: str


@dataclass(frozen=True, kw_only=True)
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
    """Where it is gone through together; None for what was shared before there were reviews."""
    until: str
    is_changed: bool
    trail: TrailShown
    request_id: str


@dataclass(frozen=True, kw_only=True)
class WithdrawPage(Page):
    """What withdrawing does, and what it cannot do."""

    template = "user/share_withdraw.html"
    share: str


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Page):
    """The receipt after withdrawing: nobody can open it any more, and who did before."""

    template = "user/share_withdrawn.html"
    share: str
    trail: TrailShown
