"""The cookie that says: somebody signed in to this account in this browser before.

It opens nothing. A browser that has it keeps a count of its own of failed tries, so strangers who know a name
cannot lock its owner out of the browsers they use.
"""

from datetime import timedelta

from aiohttp import web

from assistant.config import Settings
from assistant.service.staff.known_devices import KEPT_FOR
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, services


def device_cookie_name(settings: Settings) -> str:
    """A third cookie, which lasts when the session and the browser are closed."""
    return "__Host-d" if settings.is_https else "d"


async def device_of(request: web.Request, name: str) -> str:
    """How this browser is counted under this name; empty where nobody signed in under it here."""
    site = context(request)
    secret = request.cookies.get(device_cookie_name(site.settings))
    return "" if secret is None else await site.services.staff.devices.known(secret, name)


async def remember_device(request: web.Request, response: web.Response, who: SignedInStaff) -> None:
    """Give the browser the cookie, in place of an older one."""
    settings, devices = context(request).settings, services(request).staff.devices
    name = device_cookie_name(settings)
    response.set_cookie(
        name,
        await devices.remember(who.member.id, request.cookies.get(name)),
        max_age=int(KEPT_FOR / timedelta(seconds=1)),
        path="/",
        httponly=True,
        secure=settings.is_https,
        samesite="Strict",
    )


def forget_device(request: web.Request, response: web.Response) -> None:
    """Take the cookie away."""
    settings = context(request).settings
    name = device_cookie_name(settings)
    response.del_cookie(name, path="/", secure=settings.is_https, samesite="Strict")
