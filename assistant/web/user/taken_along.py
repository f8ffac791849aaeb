"""The outcome of a review, for the user to take along: a page to print, and a PDF."""

from aiohttp import web

from assistant.service.review.outcomes import OutcomeSheet
from assistant.web.http.context import MEETING, context, reader_catalogue, services
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import Page
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.responses import as_file, render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.share_choices import meeting_id_of


@page_data
class OutcomePage(Page):
    """Answers, agreements and standpoints on one sheet."""

    template = "user/outcome.html"
    review: str
    """Where the review is."""
    sheet: OutcomeSheet | None
    """None if there is nothing to take along yet."""


async def show(request: web.Request) -> web.Response:
    """Show the sheet as it will be printed, or say that there is nothing yet."""
    who = await signed_in_user(request)
    sheet = await services(request).outcomes.sheet(
        who, meeting_id_of(request), _review_id(request), reader_catalogue(request), _operator(request)
    )
    page = OutcomePage(
        title=reader_catalogue(request).say("outcome.title"),
        here=request.path,
        review=request.path.removesuffix("/take"),
        sheet=sheet,
    )
    return render(request, page)


async def pdf(request: web.Request) -> web.Response:
    """Download the sheet. Where nothing was said yet, the page says so."""
    who = await signed_in_user(request)
    check_rate(context(request).limits.acts, who.owner.notebook_id)
    asked = (who, meeting_id_of(request), _review_id(request), reader_catalogue(request), _operator(request))
    outcomes = services(request).outcomes
    if await outcomes.sheet(*asked) is None:
        return see_other(request.path.removesuffix(".pdf"))
    made = await outcomes.pdf(*asked)
    return as_file(made, "application/pdf", f"{reader_catalogue(request).say('outcome.file')}.pdf")


def _review_id(request: web.Request) -> str:
    return request.match_info["review"]


def _operator(request: web.Request) -> str | None:
    return context(request).settings.operator


def routes() -> list[web.RouteDef]:
    """Routes for the sheet."""
    here = f"{MEETING}/review/{{review:[0-9a-f]{{32}}}}/take"
    return [web.get(here, show), web.get(f"{here}.pdf", pdf)]
