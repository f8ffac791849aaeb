"""The HTTP session of a user."""

from aiohttp import web

from assistant.errors import SessionEnded
from assistant.languages import as_language
from assistant.service.notebook.sessions import SignedInUser, Use
from assistant.web.http.context import FRAGMENT, LANGUAGE, VISITOR, context, services
from assistant.web.http.cookies import cookie_name


async def signed_in_user(request: web.Request) -> SignedInUser:
    """Return the user of this request. Raises `SessionEnded`."""
    secret = request.cookies.get(cookie_name(context(request).settings))
    if secret is None:
        raise SessionEnded
    found = await services(request).sessions.recognise(secret, use=use_of(request))
    request[VISITOR] = found
    request[LANGUAGE] = as_language(found.language)  # the session's language may no longer be offered
    return found


def use_of(request: web.Request) -> Use:
    """Return what this request says about the person; streams and automatic fetches say nothing."""
    if request.method == "POST":
        return "act"
    is_automatic = FRAGMENT in request.headers or request.path.endswith("/events")
    return "none" if is_automatic or "Sec-Purpose" in request.headers else "look"
