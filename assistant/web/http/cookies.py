"""The session cookie."""

from datetime import timedelta

from aiohttp import web

from assistant.config import Settings
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import VISITOR, context


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this very host, and browsers take it over https only."""
    return "__Host-s" if settings.is_https else "s"


def remember(request: web.Request, response: web.Response, who: SignedInUser) -> None:
    """Give the browser its cookie: for weeks on the person's own device, else until it is closed."""
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
    """Take the cookie away, and what the browser has stored."""
    settings = context(request).settings
    response.del_cookie(cookie_name(settings), path="/", secure=settings.is_https, samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def staff_cookie_name(settings: Settings) -> str:
    """Another than the user's: both may be signed in, in one browser, without knowing of each other."""
    return "__Host-w" if settings.is_https else "w"
