"""What an administrator's pages are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.web.http.pages import FormError
from assistant.web.staff.pages import StaffPage


class AccountRow(NamedTuple):
    """An account in the list."""

    path: str
    name: str
    """Empty while the first administrator has not said theirs."""
    roles: Sequence[str]
    state: str
    """What it is like, in the reader's words."""


class LinkToHandOn(NamedTuple):
    """A one-time link, to be given to the one it is for."""

    address: str
    door: str
    code: str


@dataclass(frozen=True, kw_only=True)
class AccountsPage(StaffPage):
    """Every account, and a form for one more."""

    template = "admin/accounts.html"
    own_changes: Sequence[str] = ()
    """What others changed about this administrator's own account."""
    accounts: Sequence[AccountRow]
    unreachable_readers: Sequence[str]
    """Named in the service file as readers of what is sent ahead, and without an account that can read."""
    roles: Sequence[str]
    request_id: str
    name: str = ""
    chosen: Sequence[str] = ()
    trouble: FormError | None = None


@dataclass(frozen=True, kw_only=True)
class AdminAccountPage(StaffPage):
    """One account, and what can be done with it."""

    template = "admin/account.html"
    row: AccountRow
    roles: Sequence[str]
    chosen: Sequence[str]
    is_own: bool
    is_disabled: bool
    link: LinkToHandOn | None
    link_until: str | None
    trouble: FormError | None = None


@dataclass(frozen=True, kw_only=True)
class AskResetPage(StaffPage):
    """What a reset means, before it is done."""

    template = "admin/reset.html"
    row: AccountRow
