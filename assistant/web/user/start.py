"""The first page and the door for the private link and the codename."""

from collections.abc import Sequence

from aiohttp import web

from assistant.errors import SecretUnknown, SessionEnded
from assistant.service.ways_in import LONGEST
from assistant.web.desk import (
    DESK,
    LANGUAGE,
    answer,
    catalogue,
    client,
    not_too_often,
    path_language,
    remember,
    see_other,
    server_name,
    visitor,
    wait,
)
from assistant.web.forms import read_form
from assistant.web.pages import Trouble
from assistant.web.user.door import TooManyCodenames, too_many_codenames, unknown_secret, unlock, way_on
from assistant.web.user.pages import OpenPage, Start


async def first_page(request: web.Request) -> web.Response:
    """What this is and who sees it, and the button that begins."""
    language = path_language(request)
    desk = request.app[DESK]
    page = Start(
        title=catalogue(request).say("start.heading"),
        public_path="/",
        opening=[say.prompt for say in desk.scripts.before_meeting.dialogue.opening()],
        server=server_name(request),
        operator=desk.settings.operator,
        unencrypted=not (desk.settings.is_https or desk.settings.is_loopback),
        unfinished=await _unfinished(request),
    )
    request[LANGUAGE] = language  # the path decides, also for somebody whose session speaks another
    return answer(request, page)


async def begin(request: web.Request) -> web.Response:
    """A new notebook and its first meeting."""
    language = path_language(request)
    await read_form(request)
    desk = request.app[DESK]
    not_too_often(desk.starts, client(request))
    who, meeting = await desk.visits.begin(language)
    response = see_other(f"/meetings/{meeting.id}")
    remember(request, response, who)
    return response


async def door(request: web.Request) -> web.Response:
    """Where a private link leads. What follows `#` stays in the browser, so a field asks for it."""
    path_language(request)
    return answer(request, OpenPage(title=catalogue(request).say("open.heading"), public_path="/r"))


async def open_door(request: web.Request) -> web.Response:
    """Unlock by the private link or the codename."""
    language = path_language(request)
    form = await read_form(request)
    typed = form.one("instead") or form.one("link")
    try:
        who, notebook = await unlock(request, typed, language)
    except SecretUnknown:
        return answer(request, _unknown(request, typed), 422)
    except TooManyCodenames as often:
        page = open_page(request, typed, too_many_codenames(request))
        return wait(answer(request, page, 429), often)
    response = see_other(way_on(notebook))
    remember(request, response, who)
    return response


def _unknown(request: web.Request, typed: str) -> OpenPage:
    misread = request.app[DESK].ways_in.misread(typed)
    return open_page(request, typed, unknown_secret(request, typed), misread.instead if misread else ())


def open_page(request: web.Request, typed: str, trouble: Trouble, instead: Sequence[str] = ()) -> OpenPage:
    """The door with what was typed still in its field."""
    title = catalogue(request).say("open.heading")
    return OpenPage(title=title, public_path="/r", typed=typed[:LONGEST], trouble=trouble, instead=instead)


async def _unfinished(request: web.Request) -> str | None:
    """The preparation this browser has open, if it has one."""
    try:
        who = await visitor(request)
        notebook = await request.app[DESK].visits.notebook(who)
    except SessionEnded:
        return None
    return way_on(notebook)


def routes() -> list[web.RouteDef]:
    """The first page and the door."""
    return [
        web.get("/{language}/", first_page),
        web.post("/{language}/start", begin),
        web.get("/{language}/r", door),
        web.post("/{language}/r", open_door),
    ]
