"""What a professional's pages are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.meetings.permissions import Role
from assistant.web.staff.pages import StaffPage


class DeskRow(NamedTuple):
    """One thing on the desk, and where it leads."""

    path: str
    label: str
    """In the professional's own words, or a time; never a user's words."""
    note: str = ""


class DeskSection(NamedTuple):
    """One kind of thing on the desk."""

    id: str
    heading: str
    empty: str
    """The sentence for an empty section."""
    rows: Sequence[DeskRow] = ()
    act: tuple[str, str] | None = None
    """What can be begun here: the path, and the key of what it is called."""


@dataclass(frozen=True, kw_only=True)
class DeskPage(StaffPage):
    """A professional's desk: invitations, what has arrived, what is open, and nothing more."""

    template = "professional/dashboard.html"
    sections: Sequence[DeskSection]
    own_changes: Sequence[str] = ()
    """What others changed about this account."""
    to_read: Sequence[Role]
    """Whose page on how to use this is read here, in a minute."""
