"""The cookie of a sign-in under way at the identity provider.

The browser comes back by a link on the provider's site, where it withholds `SameSite=Strict` cookies. So this
one is `Lax`, lives for minutes, and opens nothing but the sign-in that this browser began.
"""

from datetime import timedelta

from aiohttp import web

from assistant.config import Settings
from assistant.service.staff.provided_sign_in import VISIT_FOR
from assistant.web.http.context import context, cookie_of


def provider_cookie_name(settings: Settings) -> str:
    """Return the cookie's name."""
    return "__Host-provider" if settings.is_https else "provider"


def keep_visit(request: web.Request, response: web.Response, secret: str) -> None:
    """Set the cookie."""
    settings = context(request).settings
    response.set_cookie(
        provider_cookie_name(settings),
        secret,
        max_age=int(VISIT_FOR / timedelta(seconds=1)),
        path="/",
        httponly=True,
        secure=settings.is_https,
        samesite="Lax",
    )


def kept_visit(request: web.Request) -> str:
    """Return the cookie's value; empty without it."""
    return cookie_of(request, provider_cookie_name(context(request).settings)) or ""


def forget_visit(request: web.Request, response: web.Response) -> None:
    """Delete the cookie, if the browser has it."""
    settings = context(request).settings
    name = provider_cookie_name(settings)
    if cookie_of(request, name) is not None:
        response.del_cookie(name, path="/", secure=settings.is_https, samesite="Lax")
