"""Keep what a POST opened in a short-lived cookie, so that the resulting page has an address.

Otherwise the page would be the response to a POST, and Back and reload would show the browser's error page.
The cookie contains the same as the fields of the page: the link, or the name on a refused sign-in.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Literal

from aiohttp import web

from assistant.web.http.context import context, cookie_of

LinkCookie = Literal["invitation", "guided", "welcome", "sign-in"]
KEPT_FOR = 20 * 60
"""Seconds since the page was last opened: as long as a borrowed device stays unlocked."""
_MOST = 1500
"""Maximum number of characters in the cookie; a longer text is no valid link."""


def _name(request: web.Request, cookie: LinkCookie) -> str:
    return f"__Host-{cookie}" if context(request).settings.is_https else cookie


def keep_link(request: web.Request, response: web.Response, cookie: LinkCookie, *parts: str) -> None:
    """Store a link, and related fields, in this browser."""
    value = urlsafe_b64encode("\n".join(parts).encode()).decode().rstrip("=")
    response.set_cookie(
        _name(request, cookie),
        value[:_MOST],
        max_age=KEPT_FOR,
        path="/",
        httponly=True,
        secure=context(request).settings.is_https,
        samesite="Strict",
    )


def kept_link(request: web.Request, cookie: LinkCookie) -> Sequence[str]:
    """Return the stored link; None if it is too old or the cookie is invalid."""
    value = cookie_of(request, _name(request, cookie)) or ""
    try:
        text = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
    except ValueError:
        return ()
    return text.split("\n") if text else ()


def forget_link(request: web.Request, response: web.Response, cookie: LinkCookie) -> None:
    """Delete the cookie, if the browser has it."""
    name = _name(request, cookie)
    if cookie_of(request, name) is not None:
        secure = context(request).settings.is_https
        response.del_cookie(name, path="/", secure=secure, samesite="Strict")
