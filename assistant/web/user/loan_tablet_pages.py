"""Pages of a loan tablet."""

from assistant.web.http.page_data import page_data
from assistant.web.http.pages import Page
from assistant.web.http.qr import QrCode
from assistant.web.views.shown import LinkShown


@page_data
class SetUpTabletPage(Page):
    """Says what a loan tablet is, with the button that makes this browser one."""

    template = "user/tablet_set_up.html"
    minutes: int
    is_on: bool
    """This browser is a loan tablet already, and the button makes it an ordinary browser."""


@page_data
class TabletPage(Page):
    """The first page of a loan tablet, in large type."""

    template = "user/tablet.html"
    minutes: int
    operator: str | None
    unfinished: str | None
    """The path on, while a session is open."""
    instead_of: str = ""
    is_wiped: bool = False
    """A user has just finished."""


@page_data
class FinishPage(Page):
    """Finish on a loan tablet: take the way back along, or leave nothing."""

    template = "user/finish.html"
    is_on_loan: bool
    """The user has no way back to the notebook, so finishing deletes it."""
    link: LinkShown | None
    qr: QrCode | None
    back: str
    kept_until: str
