"""The service's figures, for administrators: only quarters that are over."""

from aiohttp import web

from assistant.errors import NotFound
from assistant.languages import Catalogue
from assistant.meetings.insight import LEAST, Figures
from assistant.web.admin.pages import InsightPage, QuarterRow
from assistant.web.http.context import reader_catalogue, services
from assistant.web.http.responses import render
from assistant.web.staff.authentication import staff_who_may
from assistant.web.staff.pages import bar


async def show(request: web.Request) -> web.Response:
    """Show the figures. Without them there is no such page."""
    who = await staff_who_may(request, "see_staff")
    insight, catalogue = services(request).insight, reader_catalogue(request)
    if not insight.is_on:
        raise NotFound
    page = InsightPage(
        title=catalogue.say("insight.admin"),
        here="/admin/insight",
        bar=bar(request, who),
        quarters=[_row(catalogue, figures) for figures in await insight.figures()],
        least=LEAST,
    )
    return render(request, page)


def _row(catalogue: Catalogue, figures: Figures) -> QuarterRow:
    def said(number: int) -> str:
        if number == 0:
            return catalogue.say("insight.too_few")
        return catalogue.say("insight.at_least", number=catalogue.number(number))

    name = catalogue.say("insight.quarter", number=figures.number, year=figures.year)
    return QuarterRow(name, said(figures.shared), said(figures.answered))


def routes() -> list[web.RouteDef]:
    """The page of figures."""
    return [web.get("/admin/insight", show)]
