"""The cookie of a known device: this account was signed in to in this browser before.

It grants no access. Failed tries in such a browser are counted separately, so strangers who know a name
cannot lock its owner out of the browsers they use.
"""

from datetime import timedelta

from aiohttp import web

from assistant.config import Settings
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, cookie_of, services


def device_cookie_name(settings: Settings) -> str:
    """Return the name of a third cookie, which outlasts the session and closing the browser."""
    return "__Host-d" if settings.is_https else "d"


async def device_of(request: web.Request, name: str) -> str:
    """Return the key under which this browser is counted for this name; empty if it is not a known device."""
    site = context(request)
    secret = cookie_of(request, device_cookie_name(site.settings))
    return "" if secret is None else await site.services.staff.devices.known(secret, name)


async def remember_device(request: web.Request, response: web.Response, who: SignedInStaff) -> None:
    """Set the cookie, replacing an older one."""
    settings, devices = context(request).settings, services(request).staff.devices
    name = device_cookie_name(settings)
    response.set_cookie(
        name,
        await devices.remember(who.member.id, cookie_of(request, name)),
        max_age=int(devices.known_for / timedelta(seconds=1)),
        path="/",
        httponly=True,
        secure=settings.is_https,
        samesite="Strict",
    )


def forget_device(request: web.Request, response: web.Response) -> None:
    """Delete the cookie."""
    settings = context(request).settings
    name = device_cookie_name(settings)
    response.del_cookie(name, path="/", secure=settings.is_https, samesite="Strict")
