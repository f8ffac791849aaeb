"""The first page, and unlocking by private link or codename."""

from collections.abc import Sequence

from aiohttp import web

from assistant.engine.way import longest_short_way
from assistant.errors import SecretUnknown, Trouble
from assistant.service.notebook.access import LONGEST
from assistant.web.http.context import (
    LANGUAGE,
    context,
    limit_key,
    path_language,
    reader_catalogue,
    server_name,
    services,
    unit_of_path,
)
from assistant.web.http.cookies import cookie_name, remember
from assistant.web.http.cross_site import is_without_cookies, load_again
from assistant.web.http.escaped_links import ESCAPED, secret_in_path
from assistant.web.http.forms import Form
from assistant.web.http.loan_cookie import is_loan_tablet
from assistant.web.http.pages import FormError
from assistant.web.http.public_form import public_form
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.responses import render, see_other
from assistant.web.user.loan_tablet import TABLET
from assistant.web.user.open_notebook import (
    already_open,
    already_open_page,
    end_replaced,
    is_shown,
    open_notebook,
)
from assistant.web.user.pages import StartPage, UnlockPage
from assistant.web.user.unlock import (
    TooManyCodenames,
    too_many_codenames,
    unknown_secret,
    unlock,
    where_to_go_on,
)


async def first_page(request: web.Request) -> web.Response:
    """Show what this is and who sees it, with the button to begin; at a unit's own address, for this unit."""
    language, unit = path_language(request), unit_of_path(request)
    if is_loan_tablet(request):
        return see_other(f"/{language}{TABLET}")
    site, found = context(request), await open_notebook(request)
    machine = site.services.dialogues.before_meeting
    page = StartPage(
        title=reader_catalogue(request).say("start.heading"),
        public_path=f"/at/{unit.id}" if unit else "/",
        unit_id=unit.id if unit else "",
        opening=[say.prompt for say in machine.dialogue.opening()],
        questions=longest_short_way(machine),
        server=server_name(request),
        operator=site.settings.operator,
        unencrypted=not (site.settings.is_https or site.settings.is_loopback),
        unfinished=found.way_on if found else None,
        instead_of=found.mark if found else "",
    )
    request[LANGUAGE] = language  # the path determines the language, also for a session in another language
    response = render(request, page)
    return (
        load_again(request, response) if is_without_cookies(request, cookie_name(site.settings)) else response
    )


@public_form()
async def begin(request: web.Request, form: Form) -> web.Response:
    """Create a notebook and its first meeting; an open notebook is replaced only if the page showed it."""
    language = path_language(request)
    site, found = context(request), await open_notebook(request)
    unit = site.pages.service.unit(form.one("unit"))
    if not is_shown(form, found):
        return see_other(f"/{language}/start{f'?at={unit.id}' if unit else ''}")
    check_rate(site.limits.starts, limit_key(request))
    who, meeting = await site.services.sessions.begin(
        language, unit=unit.id if unit else "", is_on_loan=is_loan_tablet(request)
    )
    await end_replaced(request, found)
    response = see_other(f"/meetings/{meeting.id}")
    remember(request, response, who)
    return response


async def ask_before_beginning(request: web.Request) -> web.Response:
    """Ask whether to continue in the open notebook or to begin a new one."""
    language, found = path_language(request), await open_notebook(request)
    if found is None:
        return see_other(f"/{language}/")
    unit = context(request).pages.service.unit(request.query.get("at", ""))
    page = already_open_page(request, found, "/start", "begin", unit=unit.id if unit else "")
    return render(request, page)


async def unlock_page(request: web.Request) -> web.Response:
    """Show the unlock field for a private link, because what follows `#` stays in the browser."""
    path_language(request)
    return render(request, open_page(request, secret_in_path(request)))


async def _not_unlocked(request: web.Request, form: Form, trouble: Trouble) -> web.Response:
    typed = _typed(form)
    if isinstance(trouble, TooManyCodenames):
        return render(request, open_page(request, typed, too_many_codenames(request)), 429)
    misread = services(request).access.misread(typed)
    error = unknown_secret(request, typed)
    return render(request, open_page(request, typed, error, misread.instead if misread else ()), 422)


@public_form(_not_unlocked, on=(SecretUnknown, TooManyCodenames))
async def unlock_by_link(request: web.Request, form: Form) -> web.Response:
    """Unlock by the private link or the codename."""
    typed, found = _typed(form), await open_notebook(request)
    who, notebook = await unlock(request, typed, path_language(request))
    if found is not None and found.who.owner.notebook_id == who.owner.notebook_id:
        # it is open here already, and stays remembered for as long as was chosen
        await services(request).sessions.leave(who.secret)
        return see_other(found.way_on)
    if found is not None and not is_shown(form, found):
        await services(request).sessions.leave(who.secret)
        return already_open(request, found, typed)
    await end_replaced(request, found)
    response = see_other(where_to_go_on(notebook))
    remember(request, response, who)
    return response


def _typed(form: Form) -> str:
    return form.one("instead") or form.one("link")


def open_page(
    request: web.Request, typed: str, trouble: FormError | None = None, instead: Sequence[str] = ()
) -> UnlockPage:
    """Show the unlock page with the typed text in its field."""
    title = reader_catalogue(request).say("open.heading")
    return UnlockPage(title=title, public_path="/r", typed=typed[:LONGEST], trouble=trouble, instead=instead)


def routes() -> list[web.RouteDef]:
    """Routes for the first page and for unlocking."""
    return [
        web.get("/{language}/", first_page),
        web.get("/{language}/at/{unit}", first_page),
        web.get("/{language}/start", ask_before_beginning),
        web.post("/{language}/start", begin),
        web.get("/{language}/r", unlock_page),
        web.get(f"/{{language}}/r{ESCAPED}", unlock_page),
        web.post("/{language}/r", unlock_by_link),
    ]
