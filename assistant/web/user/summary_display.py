"""The summary for other people: large on this screen, one entry alone, or printed.

These pages never contain private entries, and nothing can be changed on them.
"""

from aiohttp import web

from assistant.errors import NotFound
from assistant.web.http.context import MEETING, conversation_path, reader_catalogue, services
from assistant.web.http.responses import render
from assistant.web.http.sessions import signed_in_user
from assistant.web.views.links import live_at
from assistant.web.views.summary import entry_name, entry_shown, name_shown, on_a_sheet
from assistant.web.views.summary_pages import HoldPage, PrintPage, ShowPage

_SHORT, _MIDDLING = 60, 220
"""Characters that fit a phone held at arm's length, in very large and in large letters."""


async def show(request: web.Request) -> web.Response:
    """Show the summary alone, large, for the other person in the room."""
    who = await signed_in_user(request)
    standing, said = await services(request).preparations.summary(who, request.match_info["meeting"])
    page = ShowPage(
        title=reader_catalogue(request).say("summary.heading"),
        here=f"{conversation_path(request)}/show",
        live=live_at(request, standing),
        **on_a_sheet(request, standing, said),
    )
    return render(request, page)


async def hold(request: web.Request) -> web.Response:
    """Show one entry alone. Raises `NotFound` for entries not in the summary."""
    who = await signed_in_user(request)
    _, said = await services(request).preparations.summary(who, request.match_info["meeting"])
    wanted = request.match_info["entry"]
    inside = [(chapter.section, entry) for chapter in said.chapters for entry in chapter.entries]
    found = [pair for pair in (*said.first, *inside) if entry_name(request, pair[1]) == wanted]
    if not found:
        raise NotFound
    section, entry = found[0]
    held = entry_shown(request, entry)
    length = len(held.text)
    page = HoldPage(
        title=reader_catalogue(request).say("summary.heading"),
        here=f"{conversation_path(request)}/show/{wanted}",
        section=section.id,
        heading=section.heading,
        topic=name_shown(request, entry.topic),
        entry=held,
        size="short" if length <= _SHORT else "middling" if length <= _MIDDLING else "long",
        back=f"{conversation_path(request)}/show",
    )
    return render(request, page)


async def on_paper(request: web.Request) -> web.Response:
    """Show the sheet as it will be printed; `?large` for large print, `?nomap` to leave the map out."""
    who = await signed_in_user(request)
    standing, said = await services(request).preparations.summary(who, request.match_info["meeting"])
    large, with_map = "large" in request.query, "nomap" not in request.query
    page = PrintPage(
        title=reader_catalogue(request).say("summary.heading"),
        here=_printed(request, large, with_map),
        large=large,
        with_map=with_map,
        other_size=_printed(request, not large, with_map),
        other_map=_printed(request, large, not with_map),
        **on_a_sheet(request, standing, said),
    )
    return render(request, page)


def _printed(request: web.Request, large: bool, with_map: bool) -> str:
    """Return the address of a sheet with these choices."""
    chosen = "&".join(name for name, wanted in (("large", large), ("nomap", not with_map)) if wanted)
    here = f"{conversation_path(request)}/print"
    return f"{here}?{chosen}" if chosen else here


def routes() -> list[web.RouteDef]:
    """Routes for showing the summary to others."""
    return [
        web.get(f"{MEETING}/show", show),
        web.get(f"{MEETING}/show/{{entry:[0-9a-f]+}}", hold),
        web.get(f"{MEETING}/print", on_paper),
    ]
