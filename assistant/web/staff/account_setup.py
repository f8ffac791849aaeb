"""Set up an account by one-time link: choose a password and connect an authenticator app."""

from collections.abc import Callable, Mapping

from aiohttp import web

from assistant.errors import (
    CodeRefused,
    NotFound,
    NothingSaid,
    PasswordNotSame,
    PasswordTooShort,
    Refusal,
    SecretUnknown,
    TooBusy,
    Trouble,
)
from assistant.service.notebook.access import LONGEST
from assistant.service.staff.account_setup import AccountSetup, AccountSetupTyped
from assistant.service.staff.passwords import PASSWORD_LEAST
from assistant.web.http.context import context, path_language, reader_catalogue, services
from assistant.web.http.escaped_links import ESCAPED, secret_in_path
from assistant.web.http.forms import Form
from assistant.web.http.link_cookies import forget_link, keep_link, kept_link
from assistant.web.http.pages import FormError
from assistant.web.http.public_form import public_form
from assistant.web.http.qr import draw
from assistant.web.http.rate_limits import SOON, TooOften
from assistant.web.http.responses import render, see_other, wants_address
from assistant.web.staff.authentication import forget_staff, provider_of, remember_staff, takes_passwords
from assistant.web.staff.device import remember_device
from assistant.web.staff.first_link import remove_used_link
from assistant.web.staff.pages import AccountSetupPage, LinkPage, staff_error_shown
from assistant.web.staff.sign_in import first_page_of

WELCOME = "/{language}/staff/welcome"
_REFUSED: Mapping[str, Callable[[], Refusal]] = {
    "PasswordTooShort": lambda: PasswordTooShort(PASSWORD_LEAST),
    "PasswordNotSame": lambda: PasswordNotSame().in_field("again"),
    "CodeRefused": lambda: CodeRefused().in_field("code"),
}
"""Why choices were refused, by the word in the address of the page that says so."""


async def setup_door(request: web.Request) -> web.Response:
    """Show a field for the link, because what follows `#` stays in the browser."""
    path_language(request)
    return render(request, _link_page(request, secret_in_path(request)))


async def _unopened(request: web.Request, form: Form, _trouble: Trouble) -> web.Response:
    return render(request, _no_such_link(request, form), 422)


@public_form(_unopened, on=(SecretUnknown,))
async def open_link(request: web.Request, form: Form) -> web.Response:
    """Open the link's page; this does not use it up."""
    welcome = await services(request).staff.welcomes.welcome(form.one("link"))
    response = see_other(f"{request.path}/choose")
    keep_link(request, response, "welcome", welcome.link, welcome.handed)
    return response


async def ask_for_choices(request: web.Request) -> web.Response:
    """Show the form to choose a password, with the same app secret as before, also after Back or a reload."""
    language, kept = path_language(request), kept_link(request, "welcome")
    if len(kept) != 2:
        return see_other(WELCOME.replace("{language}", language))
    form = Form({"link": (kept[0],)})
    try:
        welcome = await services(request).staff.welcomes.welcome_again(*kept)
    except SecretUnknown:
        return render(request, _no_such_link(request, form), 422)
    refusal = _REFUSED.get(request.query.get("refused", ""))
    if refusal is not None:
        return render(request, _page(request, form, welcome, _told(request, refusal())), 422)
    return render(request, _page(request, form, welcome))


async def _not_settled(request: web.Request, form: Form, trouble: Trouble) -> web.Response:
    """Show the choices again; or lead to an address that says what was refused."""
    link, handed, say = form.one("link"), form.one("handed"), reader_catalogue(request).say
    try:
        if isinstance(trouble, SecretUnknown):
            raise trouble
        welcome = await services(request).staff.welcomes.welcome_again(link, handed)
    except SecretUnknown:
        return render(request, _no_such_link(request, form), 422)
    if not isinstance(trouble, Refusal):
        often = FormError(say("trouble.too_often_heading"), say("trouble.too_often"))
        return render(request, _page(request, form, welcome, often), 429)
    reason = type(trouble).__name__
    has_address = welcome.name and link in kept_link(request, "welcome")
    if reason in _REFUSED and has_address and wants_address(request):
        return see_other(f"{request.path}?refused={reason}")
    return render(request, _page(request, form, welcome, _told(request, trouble)), 422)


@public_form(_not_settled, on=(SecretUnknown, Refusal, TooOften))
async def settle(request: web.Request, form: Form) -> web.Response:
    """Set up the account, sign its owner in, and show the recovery codes next."""
    site, language = context(request), path_language(request)
    if not takes_passwords(request):
        raise NotFound
    link, handed = form.one("link"), form.one("handed")
    chosen = AccountSetupTyped(form.one("name"), form.one("password"), form.one("again"), form.one("code"))
    try:
        proved, codes = await site.services.staff.welcomes.settle(link, handed, chosen)
    except TooBusy:
        raise TooOften(SOON) from None
    await remove_used_link(site.settings, site.services.staff)
    await forget_staff(request)
    who = await site.services.staff.sign_ins.begin(proved, language, recovery_codes=codes)
    response = see_other(first_page_of(who))
    remember_staff(request, response, who)
    forget_link(request, response, "welcome")
    await remember_device(request, response, who)
    return response


def _told(request: web.Request, refusal: Refusal) -> FormError:
    if refusal.field is None:
        refusal = refusal.in_field("name" if isinstance(refusal, NothingSaid) else "password")
    return staff_error_shown(request, refusal, "welcome.refused_heading")


def _page(
    request: web.Request, form: Form, welcome: AccountSetup, trouble: FormError | None = None
) -> AccountSetupPage:
    provider = provider_of(request)
    return AccountSetupPage(
        title=reader_catalogue(request).say("welcome.heading"),
        public_path="/staff/welcome/choose",
        name=welcome.name or form.one("name")[:200],
        asks_name=not welcome.name,
        link=welcome.link,
        handed=welcome.handed,
        secret=welcome.secret,
        qr=draw(welcome.address),
        least=PASSWORD_LEAST,
        provider=provider.name if provider else "",
        asks_password=takes_passwords(request),
        trouble=trouble,
    )


def _link_page(request: web.Request, typed: str = "", trouble: FormError | None = None) -> LinkPage:
    title = reader_catalogue(request).say("welcome.link_heading")
    return LinkPage(title=title, public_path="/staff/welcome", typed=typed[:LONGEST], trouble=trouble)


def _no_such_link(request: web.Request, form: Form) -> LinkPage:
    say = reader_catalogue(request).say
    trouble = FormError(say("welcome.unknown_heading"), say("welcome.unknown"), "link")
    return _link_page(request, form.one("link"), trouble)


def routes() -> list[web.RouteDef]:
    """Routes for account setup."""
    return [
        web.get(WELCOME, setup_door),
        web.get(f"{WELCOME}{ESCAPED}", setup_door),
        web.post(WELCOME, open_link),
        web.get(f"{WELCOME}/choose", ask_for_choices),
        web.post(f"{WELCOME}/choose", settle),
    ]
