"""Page types for opening and reading shares, for staff."""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError, Page
from assistant.web.staff.pages import StaffPage
from assistant.web.views.review_pages import RecordShown, ReviewShown
from assistant.web.views.shared_summary import SharedSheet


@page_data
class EnvelopePage(Page):
    """One field for a link or a code, before sign-in."""

    template = "professional/envelope.html"
    request_id: str
    typed: str = ""
    trouble: FormError | None = None
    is_signed_in: bool = False


@page_data
class StaffEnvelopePage(StaffPage):
    """The same field, after sign-in."""

    template = "professional/envelope_staff.html"
    request_id: str
    typed: str = ""
    trouble: FormError | None = None
    is_signed_in: bool = True


@page_data
class ArrivedPage(StaffPage):
    """A share sent ahead, not yet opened: its arrival and expiry, and none of its content."""

    template = "professional/arrived.html"
    day: str
    clock: str
    until: str
    request_id: str


class CheckWords(NamedTuple):
    """The words that both screens show, so that the professional does not answer the wrong person."""

    when: str
    words: tuple[str, str]


@page_data
class SharedPage(SharedSheet, StaffPage):
    """The shared summary, to be read in a minute."""

    template = "professional/share.html"
    until: str
    is_together: bool
    check: CheckWords | None = None
    """The words to compare on both screens; None for shares from before there were reviews."""
    trouble: FormError | None = None


@page_data
class StaffReviewPage(StaffPage):
    """The shared summary, to be gone through together with the person."""

    template = "professional/review.html"
    until: str
    is_together: bool
    sheet: ReviewShown
    lacking: str
    """Letters that would be empty boxes in the PDF."""

    @property
    def refusal(self) -> FormError | None:
        """The title of the error, if an act failed."""
        return self.sheet.trouble


@page_data
class StaffRecordCopyPage(StaffPage):
    """The plain text for the record, for the professional."""

    template = "professional/record_copy.html"
    record: RecordShown
    back: str


@page_data
class ShareOverPage(StaffPage):
    """The share has ended."""

    template = "professional/share_over.html"
    heading: str
    sentences: Sequence[str]
    typed: Sequence[str] = ()
