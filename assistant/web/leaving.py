"""Leaving: end both sessions and go somewhere neutral."""

from typing import get_args

from aiohttp import web

from assistant.errors import NotSaved
from assistant.languages import as_language
from assistant.web.http.context import LANGUAGE, context, cookie_of, reader_catalogue
from assistant.web.http.cookies import cookie_name, forget
from assistant.web.http.forms import Form
from assistant.web.http.link_cookies import LinkCookie, forget_link
from assistant.web.http.loan_cookie import is_loan_tablet
from assistant.web.http.pages import AWAY, GoodbyePage
from assistant.web.http.public_form import public_form
from assistant.web.http.responses import render
from assistant.web.staff.authentication import forget_staff, take_cookie_back
from assistant.web.staff.provider_cookie import forget_visit
from assistant.web.user.loan_tablet import start_over

_TO_BE_READ = 6
"""Seconds the page stays if it has something to say."""


@public_form()
async def leave(request: web.Request, form: Form) -> web.Response:
    """End the session and go somewhere neutral.

    Not a redirect: `form-action 'self'` would stop it. The page says nothing and is replaced at once; but if
    the end could not be written, it says so, without revealing what was left, and stays a few seconds.
    """
    site = context(request)
    secret = cookie_of(request, cookie_name(site.settings))
    request[LANGUAGE] = as_language(form.one("language"))
    if is_loan_tablet(request):
        await forget_staff(request)
        response = await start_over(request)
        take_cookie_back(request, response)
        return response
    is_written = True
    if secret is not None:
        try:
            await site.services.sessions.leave(secret)
        except NotSaved:  # rejected from now on, and deleted later
            is_written = False
    is_written = await forget_staff(request) and is_written
    response = render(
        request, GoodbyePage(title=reader_catalogue(request).say("left.title"), is_written=is_written)
    )
    response.headers["Refresh"] = f"{0 if is_written else _TO_BE_READ}; url={AWAY}"
    forget(request, response)
    take_cookie_back(request, response)
    forget_visit(request, response)
    for cookie in get_args(LinkCookie):
        forget_link(request, response, cookie)
    return response


def routes() -> list[web.RouteDef]:
    """The route for leaving."""
    return [web.post("/leave", leave)]
