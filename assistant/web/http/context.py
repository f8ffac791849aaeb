"""What a handler has at hand: the services, the reader's language, the visitor, and the way to answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import web

from assistant.config import Settings
from assistant.errors import NotFound, NothingToTry, SecretUnknown, SessionEnded, Trouble
from assistant.languages import Catalogue, Language, as_language, negotiate
from assistant.service.dialogues import Dialogues
from assistant.service.notebook.access import NotebookAccess
from assistant.service.notebook.notebooks import Notebooks
from assistant.service.notebook.sessions import Sessions, SignedInUser, Use
from assistant.service.preparation.preparations import Preparations
from assistant.service.staff.services import StaffServices
from assistant.web.http.client_address import client_address
from assistant.web.http.cookies import cookie_name
from assistant.web.http.pages import Locks, Page, Pages
from assistant.web.http.rate_limits import (
    ACTS,
    CODENAMES,
    NEW_CODENAMES,
    SIGN_IN_NAMES,
    SIGN_INS,
    STARTS,
    Failures,
    RateLimit,
    places,
)
from assistant.zone import local

_OWN_PATH = re.compile(r"(/[a-z0-9-]+)+/?(\?[a-z&]{1,20})?")
MEETING = "/meetings/{meeting:[0-9a-f]{32}}"
"""URL prefix for the preparation of one meeting."""
AFTER = f"{MEETING}/{{after:after}}"
"""URL prefix for the look back; it has the same sub-routes as the meeting."""
FRAGMENT = "X-Fragment"
"""A request header of our own script: only the part that changes, please."""


class TooOften(Trouble):
    """Asked more often than a person would."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = max(1, round(seconds))


@dataclass(frozen=True)
class Services:
    """Everything the handlers share."""

    settings: Settings
    pages: Pages
    visits: Sessions
    preparations: Preparations
    look_backs: Preparations
    scripts: Dialogues
    starts: RateLimit
    acts: RateLimit
    notebooks: Notebooks
    ways_in: NotebookAccess
    codenames: Failures
    new_codenames: RateLimit
    clock: Callable[[], datetime]
    staff: StaffServices
    sign_in_names: RateLimit
    sign_ins: Failures

    @classmethod
    def laid(
        cls,
        settings: Settings,
        pages: Pages,
        visits: Sessions,
        preparations: Preparations,
        look_backs: Preparations,
        scripts: Dialogues,
        notebooks: Notebooks,
        ways_in: NotebookAccess,
        clock: Callable[[], datetime],
        staff: StaffServices,
    ) -> "Services":
        """A desk with every limit at its full measure."""
        return cls(
            settings=settings,
            pages=pages,
            visits=visits,
            preparations=preparations,
            look_backs=look_backs,
            scripts=scripts,
            starts=RateLimit(STARTS),
            acts=RateLimit(ACTS),
            notebooks=notebooks,
            ways_in=ways_in,
            codenames=Failures(CODENAMES),
            new_codenames=RateLimit(NEW_CODENAMES),
            clock=clock,
            staff=staff,
            sign_in_names=RateLimit(SIGN_IN_NAMES),
            sign_ins=Failures(SIGN_INS),
        )


DESK = web.AppKey("desk", Services)
LANGUAGE = web.RequestKey[Language | None]("language")
"""The language to answer this request in, where the form or the session has settled it."""

VISITOR = web.RequestKey[SignedInUser]("visitor")
"""The visitor behind this request, once they are known."""


def is_after(request: web.Request) -> bool:
    """Whether it is about the look back on a meeting, and not about the preparation for it."""
    return "after" in request.match_info


def preparations(request: web.Request) -> Preparations:
    """The service for the conversation this request is about."""
    desk = request.app[DESK]
    return desk.look_backs if is_after(request) else desk.preparations


def path_language(request: web.Request) -> Language:
    """The language a public page's path names. Raises `NotFound` for any other word."""
    language = as_language(request.match_info["language"])
    if language is None:
        raise NotFound
    return language


def reader_language(request: web.Request) -> Language:
    """The language to speak where no page has settled it: the path's, else what the browser asks for."""
    named = as_language(request.path.strip("/").split("/")[0])
    return request.get(LANGUAGE) or named or negotiate(request.headers.get("Accept-Language", ""))


def reader_catalogue(request: web.Request) -> Catalogue:
    """What we say, in the reader's language."""
    return request.app[DESK].pages.catalogues[reader_language(request)]


async def signed_in_user(request: web.Request) -> SignedInUser:
    """The visitor behind this request. Raises `SessionEnded`."""
    secret = request.cookies.get(cookie_name(request.app[DESK].settings))
    if secret is None:
        raise SessionEnded
    found = await request.app[DESK].visits.recognise(secret, use=use_of(request))
    request[VISITOR] = found
    request[LANGUAGE] = as_language(found.language)  # it may be offered no longer
    return found


def use_of(request: web.Request) -> Use:
    """What this request says about the person: streams, and what scripts fetch by themselves, say nothing."""
    if request.method == "POST":
        return "act"
    is_automatic = FRAGMENT in request.headers or request.path.endswith("/events")
    return "none" if is_automatic or "Sec-Purpose" in request.headers else "look"


def locks_at(request: web.Request) -> datetime | None:
    """When the visitor's browser locks, where that is soon enough to be told: not on their own device."""
    who = request.get(VISITOR)
    return who.until if who is not None and who.device == "borrowed" else None


def check_rate(buckets: RateLimit, key: str) -> None:
    """Raises `TooOften` when there has been too much from this key."""
    if seconds := buckets.wait_for(key):
        raise TooOften(seconds)


def not_a_guess(unknown: SecretUnknown, buckets: RateLimit, key: str) -> None:
    """Do not count what was typed as a try when it cannot have been one."""
    if isinstance(unknown, NothingToTry):
        buckets.give_back(key)


def address_of(request: web.Request) -> str:
    """The address a request comes from; a proxy's word for it is taken only from the proxies we know."""
    # some proxies add their own header line: the visitor's own part comes before it
    forwarded = request.headers.getall("X-Forwarded-For", [])
    return client_address(request.app[DESK].settings, request.remote or "", forwarded)


def place(request: web.Request) -> str:
    """What the address a request comes from counts as in limits and queues."""
    return places(address_of(request))[0]


def render(request: web.Request, page: Page, status: int = 200) -> web.Response:
    """The page as a response, in the reader's language."""
    until = locks_at(request)
    locks = None
    if until is not None:
        here, left = local(until), until - request.app[DESK].clock()
        locks = Locks(reader_catalogue(request).clock(here.time()), max(0, int(left.total_seconds())))
    html = request.app[DESK].pages.render(
        page,
        reader_language(request),
        fragment=FRAGMENT in request.headers,
        is_posted=request.method == "POST",
        locks=locks,
    )
    return web.Response(text=html, content_type="text/html", status=status)


def with_retry_after(response: web.Response, often: TooOften) -> web.Response:
    """Say on a response how long to wait."""
    response.headers["Retry-After"] = str(often.seconds)
    return response


def see_other(path: str) -> web.Response:
    """303: what was done is done; here is where to go on."""
    return web.Response(status=303, headers={"Location": path})


def as_file(content: bytes, kind: str, name: str) -> web.Response:
    """The file, to be saved and not shown: a shared screen keeps no tab open with it."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    # a PDF has no letters of its own, and FHIR is UTF-8 and nothing else
    charset = None if kind in ("application/pdf", "application/fhir+json") else "utf-8"
    return web.Response(body=content, content_type=kind, charset=charset, headers=disposition)


def public_address(request: web.Request) -> str:
    """How people reach this server: what the operator said, else what this request was addressed to."""
    settings = request.app[DESK].settings
    return (settings.public_url or f"http://{request.host}").rstrip("/")


def server_name(request: web.Request) -> str:
    """The server's name, as in the address bar."""
    return urlsplit(public_address(request)).netloc


def own_path(path: str) -> str:
    """A path of this site to go back to; anything else becomes the first page."""
    return path if _OWN_PATH.fullmatch(path) else "/"
