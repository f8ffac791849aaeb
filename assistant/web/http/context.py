"""The context of handlers: services, language, user, and addresses."""

import re
from collections.abc import Callable
from dataclasses import field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from assistant.config import Settings
from assistant.errors import NotFound
from assistant.languages import Catalogue, Language, as_language, negotiate
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.preparations import Preparations
from assistant.service.services import Services
from assistant.service.staff.members import SignedInStaff
from assistant.value_class import value_class
from assistant.web.http.client_address import client_address
from assistant.web.http.pages import Pages
from assistant.web.http.rate_limits import RateLimits, places
from assistant.web.http.service_file import UnitGroup

if TYPE_CHECKING:
    from assistant.openid.authorization_code import OpenIdClient

_PLAIN_COOKIE = re.compile(r"[\w.-]+", re.ASCII)
_OWN_PATH = re.compile(r"(/[a-z0-9-]+)+/?(\?[a-z&]{1,20})?")
MEETING = "/meetings/{meeting:[0-9a-f]{32}}"
"""URL prefix for the preparation of one meeting."""
AFTER = f"{MEETING}/{{after:after}}"
"""URL prefix for the look back; it has the same sub-routes as the meeting."""
FRAGMENT = "X-Fragment"
"""A request header of our own JavaScript: send only the fragment that changes."""


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


@value_class
class Context:
    """The context every handler needs."""

    settings: Settings
    pages: Pages
    services: Services
    clock: Callable[[], datetime]
    limits: RateLimits = field(default_factory=RateLimits)
    openid: "OpenIdClient | None" = None
    """The client of the identity provider, if there is one."""


CONTEXT = web.AppKey("context", Context)
LANGUAGE = web.RequestKey[Language | None]("language")
"""The response's language, once the form or the session has determined it."""

UNIT = web.RequestKey[str]("unit")
"""The id of the unit that the page is about, once known."""

VISITOR = web.RequestKey[SignedInUser]("visitor")
"""The user of this request, once known."""
SIGNED_IN = web.RequestKey[SignedInStaff]("signed in")
"""The member of staff of this request, once known."""
_LIMIT_KEY = web.RequestKey[str]("limit key")


def forget_who(request: web.Request) -> None:
    """Drop the keys of the person who sent this request, and what was unsealed with them."""
    request.pop(VISITOR, None)
    request.pop(SIGNED_IN, None)


def is_after(request: web.Request) -> bool:
    """Return whether the request is about the look back on a meeting, not about the preparation."""
    return "after" in request.match_info


def conversation_path(request: web.Request) -> str:
    """Return the path of the conversation for this meeting, or of the look back on it."""
    meeting = f"/meetings/{request.match_info['meeting']}"
    return f"{meeting}/after" if is_after(request) else meeting


def context(request: web.Request) -> Context:
    """Return the context of the application that serves this request."""
    return request.app[CONTEXT]


def services(request: web.Request) -> Services:
    """Return the services of the application that serves this request."""
    return context(request).services


def preparations(request: web.Request) -> Preparations:
    """Return the service for the conversation of this request: the preparation or the look back."""
    here = services(request)
    return here.look_backs if is_after(request) else here.preparations


def cookie_of(request: web.Request, name: str) -> str | None:
    """Return the value of one cookie; None without it. The others are not parsed: a header full of them would
    take 25 ms.
    """
    pairs = request.headers.get("Cookie", "").split(";")
    ours = [pair for pair in pairs if pair.lstrip().startswith(f"{name}=")]
    if not ours:
        return None
    value = ours[-1].strip()[len(name) + 1 :]
    if _PLAIN_COOKIE.fullmatch(value):  # as we make them
        return value
    found = SimpleCookie(ours[-1].strip()).get(name)
    return None if found is None else found.value


def path_language(request: web.Request) -> Language:
    """Return the language in a public page's path. Raises `NotFound` for any other word."""
    language = as_language(request.match_info["language"])
    if language is None:
        raise NotFound
    return language


def unit_of_path(request: web.Request) -> UnitGroup | None:
    """Return the unit in a public page's path; None in a path without one. Raises `NotFound`."""
    named = request.match_info.get("unit")
    if named is None:
        return None
    unit = context(request).pages.service.unit(named)
    if unit is None:
        raise NotFound
    request[UNIT] = unit.id
    return unit


def reader_language(request: web.Request) -> Language:
    """Return the language if no page has determined it: the path's, else what the browser asks for."""
    known: Language | None = request.get(LANGUAGE)
    if known:
        return known
    named = as_language(request.path.strip("/").split("/")[0])
    return named or negotiate(request.headers.get("Accept-Language", ""))


def reader_catalogue(request: web.Request) -> Catalogue:
    """Return the catalogue in the reader's language."""
    return context(request).pages.catalogues[reader_language(request)]


def address_of(request: web.Request) -> str:
    """Return the client's address; X-Forwarded-For is used only from trusted proxies."""
    # some proxies add their own header line after the visitor's
    forwarded = request.headers.getall("X-Forwarded-For", [])
    return client_address(context(request).settings, request.remote or "", forwarded)


def limit_key(request: web.Request) -> str:
    """Return the key that the client's address counts as in limits and queues; it is worked out once for each
    request.
    """
    known: str | None = request.get(_LIMIT_KEY)
    if known is None:
        known = request[_LIMIT_KEY] = places(address_of(request))[0]
    return known


def public_address(request: web.Request) -> str:
    """Return the server's public URL: the configured one, else the one of this request."""
    settings = context(request).settings
    return (settings.public_url or f"http://{request.host}").rstrip("/")


def server_name(request: web.Request) -> str:
    """Return the server's name, as in the address bar."""
    return urlsplit(public_address(request)).netloc


def own_path(path: str) -> str:
    """Return a local path to go back to; anything else becomes the first page."""
    return path if _OWN_PATH.fullmatch(path) else "/"
