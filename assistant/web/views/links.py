"""Addresses that pages link to."""

from aiohttp import web

from assistant.service.preparation.preparations import Standing
from assistant.web.http.context import is_after, public_address, reader_language
from assistant.web.http.event_stream import written
from assistant.web.http.pages import LiveUpdates
from assistant.web.views.shown import LinkShown


def conversation_path(request: web.Request) -> str:
    """The path of the conversation for this meeting, or of the look back on it."""
    meeting = f"/meetings/{request.match_info['meeting']}"
    return f"{meeting}/after" if is_after(request) else meeting


def live_at(request: web.Request, standing: Standing) -> LiveUpdates:
    """Return the live updates for a page rendered from these revisions."""
    return LiveUpdates(f"{conversation_path(request)}/events", written(standing.seen))


def link_shown(request: web.Request, link: str | None) -> LinkShown | None:
    """Return the private link in two forms: the whole address, and the code with the page to type it on."""
    if link is None:
        return None
    door = f"{public_address(request)}/{reader_language(request)}/r"
    return LinkShown(f"{door}#{link}", link, door.split("://", 1)[1])
