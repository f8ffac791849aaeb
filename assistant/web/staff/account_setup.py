"""Set up an account by one-time link: choose a password and connect an authenticator app."""

from aiohttp import web

from assistant.errors import NothingSaid, Refusal, SecretUnknown, TooBusy
from assistant.languages import Language
from assistant.service.notebook.access import LONGEST
from assistant.service.staff.account_setup import AccountSetup, AccountSetupTyped
from assistant.service.staff.passwords import PASSWORD_LEAST
from assistant.web.http.context import context, path_language, reader_catalogue, services
from assistant.web.http.escaped_links import ESCAPED, secret_in_path
from assistant.web.http.forms import Form, read_form
from assistant.web.http.link_cookies import forget_link, keep_link, kept_link
from assistant.web.http.pages import FormError
from assistant.web.http.qr import draw
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.responses import render, see_other, with_retry_after
from assistant.web.staff.authentication import forget_staff, remember_staff
from assistant.web.staff.device import remember_device
from assistant.web.staff.first_link import remove_used_link
from assistant.web.staff.pages import AccountSetupPage, LinkPage, staff_error_shown
from assistant.web.staff.sign_in import first_page_of

WELCOME = "/{language}/staff/welcome"
_SOON = 3


async def setup_door(request: web.Request) -> web.Response:
    """Show a field for the link, because what follows `#` stays in the browser."""
    path_language(request)
    return render(request, _link_page(request, secret_in_path(request)))


async def open_link(request: web.Request) -> web.Response:
    """Open the link's page; this does not use it up."""
    path_language(request)
    form = await read_form(request)
    try:
        welcome = await services(request).staff.welcomes.welcome(form.one("link"))
    except SecretUnknown:
        return render(request, _no_such_link(request, form), 422)
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
    return render(request, _page(request, form, welcome))


async def settle(request: web.Request) -> web.Response:
    """Set up the account, sign its owner in, and show the recovery codes next."""
    language = path_language(request)
    form = await read_form(request)
    try:
        return await _settle(request, form, language)
    except SecretUnknown:
        return render(request, _no_such_link(request, form), 422)


async def _settle(request: web.Request, form: Form, language: Language) -> web.Response:
    site = context(request)
    welcomes, link, handed = site.services.staff.welcomes, form.one("link"), form.one("handed")
    chosen = AccountSetupTyped(form.one("name"), form.one("password"), form.one("again"), form.one("code"))
    try:
        proved, codes = await welcomes.settle(link, handed, chosen)
    except Refusal as refusal:
        welcome = await welcomes.welcome_again(link, handed)
        return render(request, _page(request, form, welcome, _told(request, refusal)), 422)
    except TooBusy:
        welcome = await welcomes.welcome_again(link, handed)
        say = reader_catalogue(request).say
        trouble = FormError(say("trouble.too_often_heading"), say("trouble.too_often"))
        return with_retry_after(render(request, _page(request, form, welcome, trouble), 429), TooOften(_SOON))
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
