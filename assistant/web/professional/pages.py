"""Page types for professionals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.meetings.permissions import Role
from assistant.web.staff.pages import StaffPage


class DeskRow(NamedTuple):
    """A row on the dashboard, with its link."""

    path: str
    label: str
    """In the professional's own words, or a time; never a user's words."""
    note: str = ""


class DeskSection(NamedTuple):
    """A section of the dashboard."""

    id: str
    heading: str
    empty: str
    """The sentence for an empty section."""
    rows: Sequence[DeskRow] = ()
    act: tuple[str, str] | None = None
    """What can be begun here: the path, and the key of its label."""


@dataclass(frozen=True, kw_only=True)
class DeskPage(StaffPage):
    """The dashboard: invitations, shares that arrived, open shares."""

    template = "professional/dashboard.html"
    sections: Sequence[DeskSection]
    own_changes: Sequence[str] = ()
    """Changes that others made to this account."""
    to_read: Sequence[Role]
    """The role whose one-minute guide is linked here."""
