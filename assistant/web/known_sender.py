"""Check the sender of a large body before reading it."""

from contextlib import suppress

from aiohttp import web

from assistant.errors import NotSaved, SessionEnded, StaffSessionEnded
from assistant.web.http.context import CONTEXT, limit_key
from assistant.web.http.forms import BODY_READING, BodyReading
from assistant.web.http.rate_limits import LARGE_BODIES, RateLimit, check_rate
from assistant.web.http.sessions import signed_in_user
from assistant.web.staff.authentication import recognised_member


async def is_known(request: web.Request) -> bool:
    """Return whether a cookie of this request belongs to a valid session, of a user or of staff."""
    with suppress(SessionEnded, NotSaved):
        await signed_in_user(request)
        return True
    with suppress(StaffSessionEnded, NotSaved):
        # without asking the provider: a session that this would end must keep what is in the body
        await recognised_member(request, prolong=False)
        return True
    return False


def look_before_reading(app: web.Application) -> None:
    """Let form reading check sessions and rate limits before it reads a large body."""
    bodies = RateLimit(LARGE_BODIES)

    def come(request: web.Request) -> str:
        address = limit_key(request)
        check_rate(bodies, address)
        return address

    assert CONTEXT in app, "the sessions are looked up in it"
    app[BODY_READING] = BodyReading(is_known, come)
