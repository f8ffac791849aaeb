"""Links that were opened by a POST, in a cookie for a short while: so the page they lead to has an address.

Without it the page would be the answer to a POST, and Back and reload would end in the browser's error page.
The cookie holds what the hidden fields of such a page hold: the link itself.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Literal

from aiohttp import web

from assistant.web.http.context import context

LinkCookie = Literal["invitation", "welcome"]
_KEPT_FOR = 20 * 60
"""Seconds, from the last time the page was opened: as long as a borrowed device stays unlocked."""
_MOST = 1500
"""Characters a cookie takes; a longer text is no link of ours."""


def _name(request: web.Request, cookie: LinkCookie) -> str:
    return f"__Host-{cookie}" if context(request).settings.is_https else cookie


def keep_link(request: web.Request, response: web.Response, cookie: LinkCookie, *parts: str) -> None:
    """Keep a link, and what belongs to it, in this browser."""
    value = urlsafe_b64encode("\n".join(parts).encode()).decode().rstrip("=")
    response.set_cookie(
        _name(request, cookie),
        value[:_MOST],
        max_age=_KEPT_FOR,
        path="/",
        httponly=True,
        secure=context(request).settings.is_https,
        samesite="Strict",
    )


def kept_link(request: web.Request, cookie: LinkCookie) -> Sequence[str]:
    """What was kept; nothing when it is too long ago, or when the cookie is not ours."""
    value = request.cookies.get(_name(request, cookie), "")
    try:
        text = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
    except ValueError:
        return ()
    return text.split("\n") if text else ()


def forget_link(request: web.Request, response: web.Response, cookie: LinkCookie) -> None:
    """Take the cookie away, if the browser has it."""
    name = _name(request, cookie)
    if name in request.cookies:
        secure = context(request).settings.is_https
        response.del_cookie(name, path="/", secure=secure, samesite="Strict")
