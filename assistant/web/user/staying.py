"""«I am still here»: prevents a borrowed browser from locking while it is used."""

from aiohttp import web

from assistant.web.http.cookies import remember
from assistant.web.user.notebook import take


async def stay(request: web.Request) -> web.Response:
    """Prolong the session in full; the page does not change."""
    _, who = await take(request)
    response = web.Response(status=204)
    remember(request, response, who)
    return response


def routes() -> list[web.RouteDef]:
    """Routes for the button of the warning."""
    return [web.post("/stay", stay)]
