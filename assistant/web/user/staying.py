"""Saying that somebody is still here, so that a borrowed browser does not lock under them."""

from aiohttp import web

from assistant.web.http.cookies import remember
from assistant.web.user.notebook import take


async def stay(request: web.Request) -> web.Response:
    """Prolong the session in full; nothing else changes, and the page stays as it is."""
    _, who = await take(request)
    response = web.Response(status=204)
    remember(request, response, who)
    return response


def routes() -> list[web.RouteDef]:
    """The button of the warning."""
    return [web.post("/stay", stay)]
