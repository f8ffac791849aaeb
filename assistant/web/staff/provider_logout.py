"""The identity provider's word that a session has ended there (OpenID Connect Back-Channel Logout 1.0)."""

from aiohttp import web

from assistant.errors import ProviderRefused, ProviderUnreachable
from assistant.events import Event, note
from assistant.web.http.context import context, limit_key, services
from assistant.web.http.forms import read_form
from assistant.web.http.rate_limits import TooOften, check_rate
from assistant.web.http.responses import with_retry_after
from assistant.web.staff.provider import provider_client

LOGOUT = "/staff/provider/logout"


async def log_out(request: web.Request) -> web.Response:
    """Take a logout token from the provider and end the sessions that it names."""
    client = provider_client(request)
    try:
        check_rate(context(request).limits.provider, limit_key(request))
        token = (await read_form(request)).one("logout_token")
        ended = await client.logged_out(token)
        is_new = await services(request).staff.provided.end_sessions(
            ended.issuer, ended.subject, ended.sid, ended.id
        )
        status = 200 if is_new else 400
    except ProviderRefused as refused:
        note(Event.PROVIDER_REFUSED, check=refused.check)
        status = 400
    except ProviderUnreachable:
        status = 503
    except TooOften as often:
        return with_retry_after(web.Response(status=429), often)
    return web.Response(status=status)


def routes() -> list[web.RouteDef]:
    """The address to which the provider sends logout tokens."""
    return [web.post(LOGOUT, log_out)]
