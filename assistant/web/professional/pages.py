"""Page types for professionals."""

from collections.abc import Sequence

from assistant.meetings.permissions import Role
from assistant.web.http.page_data import page_data
from assistant.web.staff.desk_sections import DeskSection, HelpShown
from assistant.web.staff.pages import StaffPage


@page_data
class DeskPage(StaffPage):
    """The dashboard: invitations, shares that arrived, open shares."""

    template = "professional/dashboard.html"
    sections: Sequence[DeskSection]
    own_changes: Sequence[str] = ()
    """Changes that others made to this account."""
    leads: bool = False
    """Whether this person can lead guided sessions."""
    call: HelpShown | None = None
    """Whom peer workers call; only for them."""
    to_read: Sequence[Role]
    """The role whose one-minute guide is linked here."""
