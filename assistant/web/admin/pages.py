"""Page types for administrators."""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError
from assistant.web.staff.pages import StaffPage


class AccountRow(NamedTuple):
    """An account in the list."""

    path: str
    name: str
    """Empty for the first administrator until they have chosen a name."""
    roles: Sequence[str]
    state: str
    """The account's state, in the reader's language."""
    signed_in: str
    """The day they last signed in, as a text; empty if unknown."""


class LinkToHandOn(NamedTuple):
    """A one-time link, to be handed to its recipient."""

    address: str
    door: str
    code: str


@page_data
class AccountsPage(StaffPage):
    """The list of accounts, with a form to add one."""

    template = "admin/accounts.html"
    own_changes: Sequence[str] = ()
    """Changes that others made to this administrator's own account."""
    accounts: Sequence[AccountRow]
    unreachable_readers: Sequence[str]
    """Readers named in the service file who have no account that can read."""
    provider: str
    """The name of the identity provider at which staff sign in; empty without one."""
    roles: Sequence[str]
    request_id: str
    name: str = ""
    chosen: Sequence[str] = ()
    is_removed: bool = False
    """Whether an account was removed just now."""
    is_proved: bool = False
    has_figures: bool
    """Whether the service has figures."""
    trouble: FormError | None = None


@page_data
class AdminAccountPage(StaffPage):
    """One account and the possible changes."""

    template = "admin/account.html"
    row: AccountRow
    roles: Sequence[str]
    chosen: Sequence[str]
    is_own: bool
    is_disabled: bool
    link: LinkToHandOn | None
    link_until: str | None
    name: str
    """The name in the field: the present one, or what was typed and refused."""
    is_renamed: bool = False
    """Whether the account was given its name just now."""
    has_link: bool = False
    """Whether this session has the link, which is shown after a fresh proof only."""
    is_proved: bool = False
    """Shown right after a proof."""
    trouble: FormError | None = None


@page_data
class AskResetPage(StaffPage):
    """The explanation of a reset, before it is done."""

    template = "admin/reset.html"
    row: AccountRow
    is_proved: bool = False


@page_data
class AskRemovePage(StaffPage):
    """The explanation of a removal, before it is done."""

    template = "admin/remove.html"
    row: AccountRow
    is_proved: bool = False


class QuarterRow(NamedTuple):
    """The figures of one quarter, in the reader's language."""

    name: str
    shared: str
    answered: str


@page_data
class InsightPage(StaffPage):
    """The figures of the quarters that are over, newest first."""

    template = "admin/insight.html"
    quarters: Sequence[QuarterRow]
    least: int
    """The fewest people that a figure is made from."""
