"""Cross-site requests: the Host and origin checks of every request."""

from aiohttp import web

from assistant.errors import (
    Trouble,
)
from assistant.events import Event, note
from assistant.web.http.client_address import network_for_log, shape
from assistant.web.http.context import context, public_address

_SAFE = ("GET", "HEAD", "OPTIONS")


HEALTH_PATHS = frozenset({"/healthz", "/readyz"})
"""Answered under any Host: they reveal nothing, and load balancers use the IP address as Host."""


class CrossSiteRequest(Trouble):
    """A state-changing request from another site, or with a Host that is not ours."""


def _check_origin(request: web.Request) -> None:
    settings = context(request).settings
    if "X-Forwarded-For" in request.headers and not settings.trusts(request.remote or ""):
        note(Event.PROXY_UNKNOWN, network=network_for_log(request.remote or ""))
    if request.path in HEALTH_PATHS and request.method in _SAFE:
        return  # operators' health checks use the IP address
    if not settings.serves(request.host):
        note(Event.HOST_REFUSED, shape=shape(request.host))
        raise CrossSiteRequest
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        raise CrossSiteRequest
    if origin is not None and origin != public_address(request):
        raise CrossSiteRequest
