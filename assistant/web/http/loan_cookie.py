"""The cookie of a loan tablet: a browser that the service lends to one user after another.

It opens nothing and says nothing about anyone. Setting it by hand only makes a browser lock sooner.
"""

from datetime import timedelta

from aiohttp import web

from assistant.config import Settings
from assistant.web.http.context import context, cookie_of

LOAN_COOKIE_LASTS = timedelta(days=400)
"""The longest that browsers keep one. Set anew each time the tablet shows its first page."""
_YES = "1"


def loan_cookie_name(settings: Settings) -> str:
    """Return the cookie's name."""
    return "__Host-tablet" if settings.is_https else "tablet"


def is_loan_tablet(request: web.Request) -> bool:
    """Return whether this browser is a loan tablet."""
    return cookie_of(request, loan_cookie_name(context(request).settings)) == _YES


def make_loan_tablet(request: web.Request, response: web.Response) -> None:
    """Make this browser a loan tablet, or renew its cookie."""
    settings = context(request).settings
    response.set_cookie(
        loan_cookie_name(settings),
        _YES,
        max_age=int(LOAN_COOKIE_LASTS / timedelta(seconds=1)),
        path="/",
        httponly=True,
        secure=settings.is_https,
        samesite="Strict",
    )


def no_loan_tablet(request: web.Request, response: web.Response) -> None:
    """Make this browser an ordinary one."""
    settings = context(request).settings
    response.del_cookie(loan_cookie_name(settings), path="/", secure=settings.is_https, samesite="Strict")
