"""The session cookie."""

from datetime import timedelta

from aiohttp import web

from assistant.config import Settings
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import VISITOR, context


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name. `__Host-` binds it to this host, and browsers accept it over https only."""
    return "__Host-s" if settings.is_https else "s"


def remember(request: web.Request, response: web.Response, who: SignedInUser) -> None:
    """Set the cookie: for weeks on the user's own device, else until the browser is closed."""
    request[VISITOR] = who
    settings = context(request).settings
    response.set_cookie(
        cookie_name(settings),
        who.secret,
        max_age=int(who.remembered_for / timedelta(seconds=1)) if who.device == "own" else None,
        path="/",
        httponly=True,
        secure=settings.is_https,
        samesite="Strict",
    )


def forget(request: web.Request, response: web.Response) -> None:
    """Delete the cookie, and what the browser has stored."""
    settings = context(request).settings
    response.del_cookie(cookie_name(settings), path="/", secure=settings.is_https, samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def staff_cookie_name(settings: Settings) -> str:
    """Return the staff cookie's name. It differs from the user's, so that both can be signed in in one
    browser independently.
    """
    return "__Host-w" if settings.is_https else "w"
