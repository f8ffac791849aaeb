"""The first page and the door for the private link."""

from aiohttp import web

from assistant.errors import SecretUnknown, SessionEnded
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
)
from assistant.web.forms import read_form
from assistant.web.pages import Trouble
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
    """Unlock by the private link."""
    language = path_language(request)
    form = await read_form(request)
    desk = request.app[DESK]
    not_too_often(desk.links, client(request))
    try:
        who, notebook = await desk.visits.come_back(form.one("link"), language)
    except SecretUnknown:
        return answer(request, _unknown(request, form.one("link")), 422)
    response = see_other(f"/meetings/{notebook.meetings[-1].id}")
    remember(request, response, who)
    return response


def unknown_link(request: web.Request) -> Trouble:
    """What is said of a link that opens nothing."""
    say = catalogue(request).say
    return Trouble(say("open.unknown_heading"), say("open.unknown"), "link")


def too_many_links(request: web.Request) -> Trouble:
    """What is said when links are tried faster than a person would."""
    say = catalogue(request).say
    return Trouble(say("trouble.too_often_heading"), say("trouble.too_often"), "link")


def _unknown(request: web.Request, typed: str) -> OpenPage:
    title = catalogue(request).say("open.heading")
    return OpenPage(title=title, public_path="/r", typed=typed[:500], trouble=unknown_link(request))


async def _unfinished(request: web.Request) -> str | None:
    """The preparation this browser has open, if it has one."""
    try:
        who = await visitor(request)
        notebook = await request.app[DESK].visits.notebook(who)
    except SessionEnded:
        return None
    return f"/meetings/{notebook.meetings[-1].id}"


def routes() -> list[web.RouteDef]:
    """The first page and the door."""
    return [
        web.get("/{language}/", first_page),
        web.post("/{language}/start", begin),
        web.get("/{language}/r", door),
        web.post("/{language}/r", open_door),
    ]
