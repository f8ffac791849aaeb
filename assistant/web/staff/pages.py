"""Page types for staff: the bar at the top of every page, and pages for all roles."""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, NamedTuple

from aiohttp import web

from assistant.errors import Refusal
from assistant.meetings.permissions import Act, may
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, reader_catalogue
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError, Page, form_error
from assistant.web.http.qr import QrCode
from assistant.web.views.shared_summary import time_ahead

_SOON = timedelta(minutes=15)
_WARNED = timedelta(minutes=5)
_WAYS: tuple[tuple[Act, str, str], ...] = (
    ("use_desk", "/desk", "desk.heading"),
    ("see_staff", "/admin/staff", "admin.heading"),
    ("use_own_account", "/staff/account", "account.heading"),
)


class StaffBar(NamedTuple):
    """The bar on staff pages: the signed-in person, links, and the end of the session."""

    name: str
    ways: Sequence[tuple[str, str, bool]]
    """Each path, the key of its label, and whether it is this page."""
    until: str
    ends: str
    is_ending: bool
    """Whether the session ends soon, regardless of activity."""
    warn_in: int
    """Seconds until an idle page warns that the session is about to end."""


@page_data
class StaffPage(Page):
    """A page for a signed-in member of staff."""

    template: ClassVar[str]
    bar: StaffBar


def bar(request: web.Request, who: SignedInStaff) -> StaffBar:
    """The bar for this person on this page."""
    catalogue, now = reader_catalogue(request), context(request).clock()
    return StaffBar(
        name=who.member.name,
        ways=[(path, key, request.path.startswith(path)) for act, path, key in _WAYS if may(who.actor, act)],
        until=time_ahead(catalogue, who.until, now),
        ends=time_ahead(catalogue, who.ends_at, now),
        is_ending=who.ends_at - now <= _SOON,
        warn_in=max(1, int((who.until - now - _WARNED).total_seconds())),
    )


def staff_error_shown(
    request: web.Request, refusal: Refusal, heading: str, *, family: str = "staff"
) -> FormError:
    """Build a form error under this heading, in the reader's language; `family` names the pages whose own
    sentence comes first, if they have one.
    """
    catalogue, name = reader_catalogue(request), type(refusal).__name__
    own = f"lead.{name}" if family == "lead" else f"staff.{name}"
    return form_error(catalogue, refusal, heading=heading, key=own if own in catalogue.sentences else "")


@page_data
class SignInPage(Page):
    """Name, password and code; with text typed when the session had ended, to be sent after sign-in."""

    template = "staff/sign_in.html"
    heading: str
    why: str
    name: str = ""
    back: str = ""
    carried: Sequence[tuple[str, str]] = ()
    words: Sequence[str] = ()
    provider: str = ""
    """The name of the identity provider at which staff sign in; empty without one."""
    asks_password: bool = True
    trouble: FormError | None = None


@page_data
class LinkPage(Page):
    """One field for a one-time link."""

    template = "staff/link.html"
    typed: str = ""
    trouble: FormError | None = None


@page_data
class AccountSetupPage(Page):
    """The form to choose a password and connect an app."""

    template = "staff/account_setup.html"
    name: str
    asks_name: bool
    link: str
    handed: str
    secret: str
    qr: QrCode
    least: int
    provider: str = ""
    asks_password: bool = True
    trouble: FormError | None = None


@page_data
class CodesPage(StaffPage):
    """New recovery codes, shown only this once."""

    template = "staff/recovery_codes.html"
    codes: Sequence[str]


@page_data
class OwnAccountPage(StaffPage):
    """The page about the signed-in person's own account."""

    template = "staff/account.html"
    roles: Sequence[str]
    codes_left: int
    least: int
    changed: bool = False
    provider: str = ""
    is_linked: bool = False
    """They sign in at the provider."""
    has_password: bool = True
    """They have a password, or the key password that came after it."""
    can_open_key: bool = False
    """Their session began at the provider, so the lasting key has a page of its own."""
    just_linked: bool = False
    is_proved: bool = False
    """Shown right after a proof of who they are."""
    own_changes: Sequence[str] = ()
    """Changes that others made to this account."""
    all_changes: Sequence[str] = ()
    """Changes of all accounts."""
    trouble: FormError | None = None
