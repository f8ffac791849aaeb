"""The door for staff: who is behind a request, and whether they may do what they ask."""

from aiohttp import web

from assistant.config import Settings
from assistant.errors import NotFound, StaffSessionEnded
from assistant.meetings.may import Act, may
from assistant.service.staff import SignedIn
from assistant.web.desk import DESK, LANGUAGE


def staff_cookie_name(settings: Settings) -> str:
    """Another than the user's: both may be signed in, in one browser, without knowing of each other."""
    return "__Host-w" if settings.is_https else "w"


async def staff_member(request: web.Request, *, prolong: bool = True) -> SignedIn:
    """The member of staff behind this request. Raises `StaffSessionEnded`.

    What no person asked for, such as a stream or what a stream fetches, does not `prolong` the session.
    """
    desk = request.app[DESK]
    secret = request.cookies.get(staff_cookie_name(desk.settings))
    if secret is None:
        raise StaffSessionEnded
    who = await desk.sign_ins.recognise(secret, prolong=prolong)
    request[LANGUAGE] = who.language
    return who


async def staff_who_may(request: web.Request, act: Act) -> SignedIn:
    """The member of staff behind this request, if their roles let them do this; `NotFound` if not."""
    who = await staff_member(request)
    if not may(who.actor, act):
        raise NotFound
    return who
