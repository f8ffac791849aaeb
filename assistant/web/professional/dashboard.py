"""The dashboard: a professional's own invitations, and what users have shared with them."""

from aiohttp import web

from assistant.meetings.permissions import may
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import reader_catalogue
from assistant.web.http.responses import render
from assistant.web.professional.invitations import INVITATIONS, invitations_on_desk
from assistant.web.professional.pages import DeskPage
from assistant.web.professional.share import ENVELOPE
from assistant.web.professional.shares_on_desk import on_desk
from assistant.web.staff.authentication import staff_who_may
from assistant.web.staff.desk_sections import DeskSection, guided_sections, help_shown
from assistant.web.staff.guides import to_read
from assistant.web.staff.pages import bar
from assistant.web.views.account_changes import own_changes

DESK_PATH = "/desk"


async def show(request: web.Request) -> web.Response:
    """Show the dashboard."""
    who = await staff_who_may(request, "use_desk")
    leads = may(who.actor, "open_guided_session")
    page = DeskPage(
        title=reader_catalogue(request).say("desk.heading"),
        here=DESK_PATH,
        bar=bar(request, who),
        sections=[*await guided_sections(request, who), *await _sections(request, who)],
        leads=leads,
        call=help_shown(request) if leads else None,
        own_changes=await own_changes(request, who),
        to_read=to_read(who),
    )
    return render(request, page)


async def _sections(request: web.Request, who: SignedInStaff) -> list[DeskSection]:
    if not may(who.actor, "enter_code"):
        return []
    say = reader_catalogue(request).say
    opened = await on_desk(request, who, is_opened=True)
    new = await on_desk(request, who, is_opened=False)
    return [
        DeskSection("open", say("desk.open"), say("desk.open_empty"), opened, (ENVELOPE, "desk.enter_code")),
        DeskSection("arrived", say("desk.arrived"), say("desk.arrived_empty"), new),
        DeskSection(
            "invitations",
            say("desk.invitations"),
            say("desk.invitations_empty"),
            await invitations_on_desk(request, who),
            (INVITATIONS, "desk.invite"),
        ),
    ]


def routes() -> list[web.RouteDef]:
    """Routes for the dashboard."""
    return [web.get(DESK_PATH, show)]
