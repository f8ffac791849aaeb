"""Arrivals by a link on another site, where the browser withholds `SameSite=Strict` cookies.

The first request of such a visit does not show whether there is a session. The response reloads itself at
once; the second request comes from our own site and carries the cookies.
"""

from aiohttp import web

from assistant.web.http.context import reader_catalogue
from assistant.web.http.pages import MessagePage
from assistant.web.http.responses import render

_AGAIN = "again"
"""Marks the second request, so that a page reloads itself only once."""


def is_without_cookies(request: web.Request, cookie: str) -> bool:
    """Return whether a link on another site led here, so that a missing cookie means nothing."""
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Site") == "cross-site"
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        and cookie not in request.cookies
        and _AGAIN not in request.query
    )


def load_again(request: web.Request, response: web.Response) -> web.Response:
    """Reload the same page from our own site; a `Refresh` header needs no JavaScript."""
    response.headers["Refresh"] = f"0; url={_address(request)}"
    return response


def loading_again(request: web.Request) -> web.Response:
    """Respond with a placeholder page that reloads, until the request carries cookies."""
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
