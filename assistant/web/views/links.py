"""Addresses that pages link to."""

from aiohttp import web

from assistant.service.preparation.standing import Standing
from assistant.web.http.context import UNIT, conversation_path, public_address, reader_language
from assistant.web.http.pages import LiveUpdates
from assistant.web.views.shown import LinkShown


def live_at(request: web.Request, standing: Standing) -> LiveUpdates:
    """Return the live updates for a page rendered from these revisions; its foot names the unit."""
    request[UNIT] = standing.meeting.unit
    return LiveUpdates(f"{conversation_path(request)}/events", standing.seen.text)


def link_shown(request: web.Request, link: str | None) -> LinkShown | None:
    """Return the private link in two forms: the whole address, and the code with the page to type it on."""
    if link is None:
        return None
    door = f"{public_address(request)}/{reader_language(request)}/r"
    return LinkShown(f"{door}#{link}", link, door.split("://", 1)[1])
