"""Arrivals by a link on another site, for which the browser keeps the `SameSite=Strict` cookies back.

The first request of such a visit says nothing about whether somebody is signed in here. The page that is
sent asks for itself again at once; that second request comes from our own site and carries the cookies.
"""

from aiohttp import web

from assistant.web.http.context import reader_catalogue
from assistant.web.http.pages import MessagePage
from assistant.web.http.responses import render

_AGAIN = "again"
"""Marks the second request, so that no page asks for itself more than once."""


def is_without_cookies(request: web.Request, cookie: str) -> bool:
    """Whether a link on another site led here, so that a missing cookie tells nothing."""
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Site") == "cross-site"
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        and cookie not in request.cookies
        and _AGAIN not in request.query
    )


def load_again(request: web.Request, response: web.Response) -> web.Response:
    """Let the browser load the same page again from our own site; a `Refresh` needs no JavaScript."""
    response.headers["Refresh"] = f"0; url={_address(request)}"
    return response


def loading_again(request: web.Request) -> web.Response:
    """A page in place of the one asked for, until the browser has asked again with its cookies."""
    say = reader_catalogue(request).say
    page = MessagePage(
        title=say("again.heading"),
        public_path="/",
        heading=say("again.heading"),
        sentences=[],
        ways=[(_address(request), "again.go_on")],
    )
    return load_again(request, render(request, page))


def _address(request: web.Request) -> str:
    query = request.rel_url.raw_query_string
    return f"{request.rel_url.raw_path}?{query + '&' if query else ''}{_AGAIN}"
