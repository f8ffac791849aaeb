"""The dashboard: a professional's own invitations, and what users have shared with them."""

from collections.abc import Callable, Sequence

from aiohttp import web

from assistant.meetings.permissions import may
from assistant.service.staff.lasting_keys import is_opened
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import reader_catalogue
from assistant.web.http.responses import render
from assistant.web.professional.invitations import INVITATIONS, invitations_on_desk
from assistant.web.professional.pages import DeskPage
from assistant.web.professional.share import ENVELOPE
from assistant.web.professional.shares_on_desk import on_desk
from assistant.web.staff.authentication import staff_who_may
from assistant.web.staff.desk_sections import DeskRow, DeskSection, guided_sections, help_shown
from assistant.web.staff.guides import to_read
from assistant.web.staff.key_page import KEY
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
        DeskSection("arrived", say("desk.arrived"), *_arrived(say, who, new)),
        DeskSection(
            "invitations",
            say("desk.invitations"),
            say("desk.invitations_empty"),
            await invitations_on_desk(request, who),
            (INVITATIONS, "desk.invite"),
        ),
    ]


def _arrived(
    say: Callable[..., str], who: SignedInStaff, rows: Sequence[DeskRow]
) -> tuple[str, Sequence[DeskRow], tuple[str, str] | None]:
    """Return what is said if nothing has arrived, the rows, and what to do about a key that is not open."""
    if who.provider is None or is_opened(who, who.member.public_key):
        return say("desk.arrived_empty"), rows, None
    if who.member.public_key is None:
        return say("desk.arrived_no_key"), rows, (KEY, "desk.make_key")
    return say("desk.arrived_closed"), rows, (KEY, "desk.open_key")


def routes() -> list[web.RouteDef]:
    """Routes for the dashboard."""
    return [web.get(DESK_PATH, show)]
