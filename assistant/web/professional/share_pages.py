"""The pages on which staff open and read what is shared, each as a typed object."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.web.http.pages import FormError, Page
from assistant.web.staff.pages import StaffPage
from assistant.web.views.review_pages import ReviewShown
from assistant.web.views.shared_summary import SharedSheet


@dataclass(frozen=True, kw_only=True)
class EnvelopePage(Page):
    """One field that takes a link or a code, for somebody who is not signed in yet."""

    template = "professional/envelope.html"
    request_id: str
    typed: str = ""
    trouble: FormError | None = None
    is_signed_in: bool = False


@dataclass(frozen=True, kw_only=True)
class StaffEnvelopePage(StaffPage):
    """The same field, for somebody who is."""

    template = "professional/envelope_staff.html"
    request_id: str
    typed: str = ""
    trouble: FormError | None = None
    is_signed_in: bool = True


@dataclass(frozen=True, kw_only=True)
class ArrivedPage(StaffPage):
    """What was sent ahead, unopened: when it came and until when, and nothing of what it says."""

    template = "professional/arrived.html"
    day: str
    clock: str
    until: str
    request_id: str


class CheckWords(NamedTuple):
    """What both screens show, so that nobody answers the wrong person."""

    when: str
    words: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class SharedPage(SharedSheet, StaffPage):
    """What is shared, to be read in a minute."""

    template = "professional/share.html"
    until: str
    is_together: bool
    check: CheckWords | None = None
    """What is to be seen on both screens first; None for what was shared before there were reviews."""
    trouble: FormError | None = None


@dataclass(frozen=True, kw_only=True)
class StaffReviewPage(StaffPage):
    """What is shared, gone through together with the person."""

    template = "professional/review.html"
    until: str
    is_together: bool
    sheet: ReviewShown
    lacking: str
    """Letters that would be empty boxes in the PDF."""

    @property
    def refusal(self) -> FormError | None:
        """What was not done."""
        return self.sheet.trouble


@dataclass(frozen=True, kw_only=True)
class ShareOverPage(StaffPage):
    """What was shared is there no more."""

    template = "professional/share_over.html"
    heading: str
    sentences: Sequence[str]
    typed: Sequence[str] = ()
