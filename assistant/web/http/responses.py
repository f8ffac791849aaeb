"""Responses: pages, redirects and files."""

from datetime import datetime

from aiohttp import web

from assistant.errors import Trouble
from assistant.web.http.context import FRAGMENT, UNIT, VISITOR, context, reader_catalogue, reader_language
from assistant.web.http.page_parts import HTML
from assistant.web.http.pages import Locks, Page
from assistant.web.http.rate_limits import TooOften
from assistant.zone import local

IS_ANSWERED = web.RequestKey[bool]("is_answered")
"""Set where the response to an accepted act is the next page itself."""
IS_PUT_OFF = web.RequestKey[bool]("is_put_off")
"""Set where a redirect leads to what must come first: the form is not accepted yet, and its draft is kept."""


def locks_at(request: web.Request) -> datetime | None:
    """Return when the user's browser locks, if that is soon; None on their own device."""
    who = request.get(VISITOR)
    return who.until if who is not None and who.device != "own" else None


def is_on_loan(request: web.Request) -> bool:
    """Return whether the user's browser is a loan tablet."""
    who = request.get(VISITOR)
    return who is not None and who.device == "loan"


def render(request: web.Request, page: Page, status: int = 200) -> web.Response:
    """Render the page as a response, in the reader's language."""
    until = locks_at(request)
    locks = None
    if until is not None:
        here, left = local(until), until - context(request).clock()
        clock = reader_catalogue(request).clock(here.time())
        locks = Locks(clock, max(0, int(left.total_seconds())), is_on_loan(request))
    html = context(request).pages.render(
        page,
        reader_language(request),
        fragment=FRAGMENT in request.headers,
        is_posted=request.method == "POST" and IS_ANSWERED not in request,
        locks=locks,
        unit=context(request).pages.service.unit(request.get(UNIT, "")),
    )
    if FRAGMENT not in request.headers:
        return web.Response(text=html, content_type="text/html", status=status)
    response = web.Response(content_type="text/html", charset="utf-8", status=status)
    response[HTML] = html
    return response


def render_next(request: web.Request, page: Page) -> web.Response:
    """Answer an accepted act of our script with the page after it, so that it need not ask twice."""
    request[IS_ANSWERED] = True
    return render(request, page)


def wants_address(request: web.Request) -> bool:
    """Return whether a browser shows the response as a page of its history, so that it needs an address.

    Only then does a refusal redirect to one; any script reads the refusal from the status of the response.
    """
    return "text/html" in request.headers.get("Accept", "") and FRAGMENT not in request.headers


def with_retry_after(response: web.Response, trouble: Trouble) -> web.Response:
    """Add a `Retry-After` header to the response to a trouble that passes."""
    if isinstance(trouble, TooOften):
        response.headers["Retry-After"] = str(trouble.seconds)
    return response


def see_other(path: str) -> web.Response:
    """Redirect with 303 after a successful act."""
    return web.Response(status=303, headers={"Location": path})


def as_file(content: bytes, kind: str, name: str) -> web.Response:
    """Respond with a file to be saved, not shown: a shared screen keeps no tab open with it."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    # a PDF has no charset, and FHIR is always UTF-8
    charset = None if kind in ("application/pdf", "application/fhir+json") else "utf-8"
    return web.Response(body=content, content_type=kind, charset=charset, headers=disposition)
