"""Loan tablets: a service's tablet in a waiting room, which locks and wipes itself."""

from contextlib import suppress
from datetime import timedelta
from typing import get_args

from aiohttp import web

from assistant.errors import NotSaved
from assistant.service.notebook.devices import LOAN_LASTS
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import (
    LANGUAGE,
    context,
    cookie_of,
    path_language,
    reader_catalogue,
    reader_language,
    services,
)
from assistant.web.http.cookies import cookie_name, forget
from assistant.web.http.forms import Form
from assistant.web.http.link_cookies import LinkCookie, forget_link
from assistant.web.http.loan_cookie import is_loan_tablet, make_loan_tablet, no_loan_tablet
from assistant.web.http.private_form import private_form
from assistant.web.http.public_form import public_form
from assistant.web.http.qr import draw
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user, use_of
from assistant.web.user.form_handling import USERS
from assistant.web.user.loan_tablet_pages import FinishPage, SetUpTabletPage, TabletPage
from assistant.web.user.open_notebook import open_notebook
from assistant.web.user.unlock import where_to_go_on
from assistant.web.views.links import link_shown
from assistant.zone import local_day

TABLET = "/tablet"
SET_UP = "/tablet/set-up"
FINISH = "/finish"
_MINUTES = LOAN_LASTS // timedelta(minutes=1)
_RELOAD = '<!doctype html><title></title><main data-lang=""><p></p></main><footer></footer>'
"""A fragment in no language: the script then loads the whole page, also during typing."""


async def tablet(request: web.Request) -> web.Response:
    """Show the first page of a loan tablet; a browser that is none is sent to set it up."""
    language = path_language(request)
    if not is_loan_tablet(request):
        return see_other(f"/{language}{SET_UP}")
    found, site = await open_notebook(request), context(request)
    if found is None:
        await _wipe(request)  # what the previous user left until it locked
    page = TabletPage(
        title=reader_catalogue(request).say("tablet.heading"),
        public_path=TABLET,
        minutes=_MINUTES,
        operator=site.settings.operator,
        unfinished=found.way_on if found else None,
        instead_of=found.mark if found else "",
        is_wiped="wiped" in request.query,
    )
    request[LANGUAGE] = language
    response = render(request, page)
    if found is None:
        _empty(request, response)
    make_loan_tablet(request, response)
    return response


async def set_up_page(request: web.Request) -> web.Response:
    """Explain what a loan tablet is, to staff who set one out."""
    path_language(request)
    page = SetUpTabletPage(
        title=reader_catalogue(request).say("tablet.set_up_heading"),
        public_path=SET_UP,
        minutes=_MINUTES,
        is_on=is_loan_tablet(request),
    )
    return render(request, page)


@public_form()
async def set_up(request: web.Request, form: Form) -> web.Response:
    """Make this browser a loan tablet, or an ordinary browser again. A session that is open in it ends."""
    language, is_on = path_language(request), form.one("tablet") == "on"
    if is_loan_tablet(request):
        await _wipe(request)
    else:
        await _leave(request)
    response = see_other(f"/{language}{TABLET if is_on else SET_UP}")
    _empty(request, response)
    (make_loan_tablet if is_on else no_loan_tablet)(request, response)
    return response


async def finish_page(request: web.Request) -> web.Response:
    """Ask what to take along before the tablet is wiped."""
    who = await signed_in_user(request)
    notebook, catalogue = await services(request).sessions.notebook(who), reader_catalogue(request)
    link = link_shown(request, notebook.link)
    page = FinishPage(
        title=catalogue.say("finish.heading"),
        here=FINISH,
        is_on_loan=notebook.is_on_loan,
        link=link,
        qr=draw(link.address) if link and notebook.is_on_loan else None,
        back=where_to_go_on(notebook),
        kept_until=catalogue.day(local_day(notebook.kept_until)),
    )
    return render(request, page)


@private_form(USERS)
async def finish(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """End the session and wipe the tablet. What the user has not taken along is deleted."""
    if not form.one("take"):
        return see_other(FINISH)  # the button above every page: ask first
    if form.one("take") == "along":
        await services(request).loan_tablets.take_along(who)
    await services(request).guided.joining.take_lines_down(who)
    await services(request).loan_tablets.finish(who.secret)
    response = see_other(f"/{who.language}{TABLET}?wiped")
    _empty(request, response)
    return response


async def start_over(request: web.Request) -> web.Response:
    """Respond to a page of a session that has locked: wipe what is left, and show the first page."""
    if use_of(request) == "none":
        return web.Response(text=_RELOAD, content_type="text/html", status=401)
    await _wipe(request)
    response = see_other(f"/{reader_language(request)}{TABLET}")
    _empty(request, response)
    return response


async def _wipe(request: web.Request) -> None:
    secret = cookie_of(request, cookie_name(context(request).settings))
    if secret is not None:
        with suppress(NotSaved):  # the sweep deletes it within the hour
            await services(request).loan_tablets.finish(secret)


def _empty(request: web.Request, response: web.Response) -> None:
    """Delete what the browser has of the previous user."""
    forget(request, response)
    for cookie in get_args(LinkCookie):
        forget_link(request, response, cookie)


async def _leave(request: web.Request) -> None:
    secret = cookie_of(request, cookie_name(context(request).settings))
    if secret is not None:
        await services(request).sessions.leave(secret)


def routes() -> list[web.RouteDef]:
    """Routes of a loan tablet."""
    return [
        web.get(f"/{{language}}{TABLET}", tablet),
        web.get(f"/{{language}}{SET_UP}", set_up_page),
        web.post(f"/{{language}}{SET_UP}", set_up),
        web.get(FINISH, finish_page),
        web.post(FINISH, finish),
    ]
