"""The page about the lasting key of staff who sign in at an identity provider, and the ways to open it."""

from collections.abc import Sequence
from typing import NamedTuple

from aiohttp import web

from assistant.errors import (
    NotFound,
    Refusal,
    TooBusy,
    Trouble,
)
from assistant.languages import Catalogue
from assistant.service.staff.lasting_keys import is_opened
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passkeys import Passkey
from assistant.service.staff.passwords import NAME_MOST, PASSWORD_LEAST
from assistant.web.http.context import reader_catalogue, services
from assistant.web.http.forms import Form
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.responses import render
from assistant.web.http.security_headers import ASKS_PASSKEYS
from assistant.web.staff.pages import StaffPage, bar, staff_error_shown
from assistant.web.staff.sign_in import first_page_of
from assistant.zone import local_day

KEY = "/staff/key"


class PasskeyRow(NamedTuple):
    """A passkey in the list of its owner."""

    id: str
    name: str
    added: str


@page_data
class KeyPage(StaffPage):
    """The page about the lasting key: open it, add a way to open it, or remove one."""

    template = "staff/key.html"
    has_password: bool
    passkeys: Sequence[PasskeyRow]
    has_any: bool
    """Whether there is any way to open the key."""
    is_last: bool
    """Whether there is only one: with it, the key would go."""
    asked: str
    """What a browser asks the passkeys with: the id and the salt of each."""
    person: str
    """The id under which an authenticator keeps the passkey of this account."""
    is_open: bool
    onward: str
    least: int
    name_most: int
    can_be_sent_to: bool
    """Whether this person is among those to whom things are sent ahead."""
    may_change: bool = False
    """Whether they proved lately who they are, or have no key yet."""
    called: str = ""
    """The name of a passkey that is to be added."""
    is_proved: bool = False
    """Shown right after a proof."""
    is_over: bool = False
    """Shown right after the key was deleted."""
    is_first: bool = False
    """Shown right after sign-in, when nothing is sealed to the session's own key yet."""
    trouble: FormError | None = None


def check_provider(who: SignedInStaff) -> None:
    """Raise `NotFound` for staff with a password of their own: they have no use for this page."""
    if who.provider is None:
        raise NotFound


async def key_page(
    request: web.Request,
    who: SignedInStaff,
    trouble: FormError | None = None,
    status: int = 200,
    *,
    called: str = "",
) -> web.Response:
    """Show the page, perhaps with what was refused on it."""
    staff, catalogue = services(request).staff, reader_catalogue(request)
    passkeys = await staff.passkeys.all(who.member.id)
    request[ASKS_PASSKEYS] = True
    has_password = await staff.key_passwords.is_chosen(who.member.id)
    ways = len(passkeys) + has_password
    page = KeyPage(
        title=catalogue.say("key.heading"),
        here=KEY,
        bar=bar(request, who),
        has_password=has_password,
        has_any=ways > 0,
        is_last=ways == 1,
        passkeys=[_row(catalogue, one) for one in passkeys],
        asked=" ".join(f"{one.credential}:{one.salt}" for one in passkeys),
        person=who.member.id,
        is_open=is_opened(who, who.member.public_key),
        onward=first_page_of(who),
        least=PASSWORD_LEAST,
        name_most=NAME_MOST,
        can_be_sent_to="professional" in who.member.roles,
        may_change=ways == 0 or staff.sign_ins.is_proved(who),
        called=called,
        is_proved=bool(called) or "proved" in request.query,
        is_over="over" in request.query,
        is_first="first" in request.query,
        trouble=trouble,
    )
    return render(request, page, status)


def _row(catalogue: Catalogue, passkey: Passkey) -> PasskeyRow:
    name = passkey.name or catalogue.say("key.passkey")
    return PasskeyRow(passkey.id, name, catalogue.day(local_day(passkey.added_at)))


async def password_refused(
    request: web.Request, _form: Form, who: SignedInStaff, trouble: Trouble
) -> web.Response:
    """Show the page with what was wrong with the key password."""
    if isinstance(trouble, Refusal):
        trouble = trouble.in_field(trouble.field or "password")
    said = FormError("key.refused_heading", "key.refused", "password")
    return await _refused(request, who, trouble, said)


async def passkey_refused(
    request: web.Request, _form: Form, who: SignedInStaff, trouble: Trouble
) -> web.Response:
    """Show the page with what was wrong with the passkey."""
    said = FormError("key.passkey_refused_heading", "key.passkey_refused")
    return await _refused(request, who, trouble, said)


async def removal_refused(
    request: web.Request, _form: Form, who: SignedInStaff, trouble: Trouble
) -> web.Response:
    """Show the page with the reason why a way to the key was not removed."""
    return await _refused(request, who, trouble, FormError("key.not_removed_heading", "refusal.LastWay"))


async def _refused(
    request: web.Request, who: SignedInStaff, trouble: Trouble, said: FormError
) -> web.Response:
    """Show the page with a refusal's own sentence, or else with the texts of these keys."""
    say = reader_catalogue(request).say
    if isinstance(trouble, TooBusy | TooOften):
        error = FormError(say("trouble.too_often_heading"), say("trouble.too_often"))
        return await key_page(request, who, error, 429)
    if isinstance(trouble, Refusal):
        error = staff_error_shown(request, trouble, said.heading)
    else:
        error = said._replace(heading=say(said.heading), sentence=say(said.sentence))
    return await key_page(request, who, error, 422)
