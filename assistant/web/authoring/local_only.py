"""Pages that exist only for the machine the server runs on."""

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web

from assistant.config import LOOPBACK_NAMES
from assistant.errors import NotFound
from assistant.web.http.context import context

_HANDED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def only_from_this_machine(request: web.Request) -> None:
    """Raise `NotFound` unless the request comes from this machine.

    Behind a proxy every request would seem to, so a request with a proxy's headers is refused too.
    """
    settings = context(request).settings
    host = urlsplit(f"//{request.host}").hostname
    is_direct = settings.public_url is None and not any(name in request.headers for name in _HANDED_ON)
    try:
        is_here = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        is_here = False
    if not (is_direct and is_here and host in LOOPBACK_NAMES):
        raise NotFound
