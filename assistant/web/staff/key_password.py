"""The key password of staff who sign in at an identity provider: open, choose and forget the lasting key."""

from dataclasses import dataclass

from aiohttp import web

from assistant.errors import NotFound, ProofRefused, Refusal, TooBusy, Trouble
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passwords import PASSWORD_LEAST
from assistant.web.http.context import context, reader_catalogue, services
from assistant.web.http.forms import Form
from assistant.web.http.pages import FormError
from assistant.web.http.private_form import private_form
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.responses import render, see_other
from assistant.web.staff.authentication import StaffWhoMay, staff_who_may
from assistant.web.staff.pages import StaffPage, bar, staff_error_shown
from assistant.web.staff.sign_in import first_page_of

KEY = "/staff/key"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class KeyPage(StaffPage):
    """The page about the lasting key: open it, or choose a password for one."""

    template = "staff/key_password.html"
    is_chosen: bool
    is_open: bool
    onward: str
    least: int
    can_be_sent_to: bool
    """Whether this person is among those to whom things are sent ahead."""
    is_first: bool = False
    """Shown right after sign-in, when nothing is sealed to the session's own key yet."""
    trouble: FormError | None = None


async def show(request: web.Request) -> web.Response:
    """Show the page; staff with a password of their own have no use for it."""
    who = await staff_who_may(request, "use_own_account")
    if who.provider is None:
        return see_other("/staff/account")
    return render(request, await _page(request, who))


async def _refused(request: web.Request, _form: Form, who: SignedInStaff, trouble: Trouble) -> web.Response:
    say = reader_catalogue(request).say
    if isinstance(trouble, TooBusy | TooOften):
        error = FormError(say("trouble.too_often_heading"), say("trouble.too_often"))
        return render(request, await _page(request, who, error), 429)
    if isinstance(trouble, Refusal):
        refusal = trouble.in_field(trouble.field or "password")
        error = staff_error_shown(request, refusal, "key.refused_heading")
    else:
        error = FormError(say("key.refused_heading"), say("key.refused"), "password")
    return render(request, await _page(request, who, error), 422)


_TROUBLES = (ProofRefused, Refusal, TooBusy, TooOften)


@private_form(StaffWhoMay("use_own_account"), _refused, on=_TROUBLES)
async def open_key(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Open the lasting key with its password."""
    _see_that_it_is_theirs(who)
    staff, tries = services(request).staff, context(request).limits.sign_in_names
    await tries.check(who.member.id)
    try:
        private_key = await staff.key_passwords.open(who, form.one("password"))
    except TooBusy:
        await tries.give_back(who.member.id)
        raise
    await tries.give_back(who.member.id)
    who = await staff.sign_ins.take_up(who, private_key, keeps_first=not form.one("first"))
    return see_other(first_page_of(who))


@private_form(StaffWhoMay("use_own_account"), _refused, on=_TROUBLES)
async def choose(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Choose the key password, and make the lasting key."""
    _see_that_it_is_theirs(who)
    staff = services(request).staff
    private_key = await staff.key_passwords.choose(who, form.one("password"), form.one("again"))
    await staff.sign_ins.take_up(who, private_key, keeps_first=True)
    return see_other(KEY)


@private_form(StaffWhoMay("use_own_account"))
async def forget(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Delete the lasting key, because its password is lost."""
    _see_that_it_is_theirs(who)
    staff = services(request).staff
    await staff.key_passwords.forget(who)
    await staff.sign_ins.give_up(who)
    return see_other(KEY)


def _see_that_it_is_theirs(who: SignedInStaff) -> None:
    if who.provider is None:
        raise NotFound


async def _page(request: web.Request, who: SignedInStaff, trouble: FormError | None = None) -> KeyPage:
    return KeyPage(
        title=reader_catalogue(request).say("key.heading"),
        here=KEY,
        bar=bar(request, who),
        is_chosen=await services(request).staff.key_passwords.is_chosen(who.member.id),
        is_open=who.has_lasting_key,
        onward=first_page_of(who),
        least=PASSWORD_LEAST,
        can_be_sent_to="professional" in who.member.roles,
        is_first="first" in request.query,
        trouble=trouble,
    )


def routes() -> list[web.RouteDef]:
    """Routes for the key password."""
    return [
        web.get(KEY, show),
        web.post(KEY, open_key),
        web.post(f"{KEY}/choose", choose),
        web.post(f"{KEY}/forget", forget),
    ]
