"""The sections of the dashboard that several roles fill, and the one with guided sessions."""

from collections.abc import Sequence
from typing import NamedTuple

from aiohttp import web

from assistant.dialogue.model import Text
from assistant.meetings.permissions import may
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, reader_catalogue, services
from assistant.zone import local

GUIDED = "/desk/guided"
"""The path of guided sessions."""


class DeskRow(NamedTuple):
    """A row on the dashboard, with its link."""

    path: str
    label: str
    """In the professional's own words, or a time; never a user's words."""
    note: str = ""
    mark: str = ""
    """Whether it is read or not."""
    is_new: bool = False


class DeskSection(NamedTuple):
    """A section of the dashboard."""

    id: str
    heading: str
    empty: str
    """The sentence for an empty section."""
    rows: Sequence[DeskRow] = ()
    act: tuple[str, str] | None = None
    """What can be begun here: the path, and the key of its label."""


class HelpShown(NamedTuple):
    """Whom peer workers call when a guided session needs help."""

    number: str
    name: Text
    what: Text


def help_shown(request: web.Request) -> HelpShown | None:
    """Return whom peer workers call, if the service file says so."""
    guided = context(request).pages.service.guided
    return None if guided is None else HelpShown(guided.call.number, guided.call.name, guided.call.what)


async def guided_sections(request: web.Request, who: SignedInStaff) -> list[DeskSection]:
    """Return the section with the guided sessions that a peer worker leads; none for anyone else."""
    if not may(who.actor, "open_guided_session"):
        return []
    catalogue = reader_catalogue(request)
    rows = []
    for one in await services(request).guided.sessions.running(who):
        until = catalogue.say("guided.until", at=catalogue.clock(local(one.ends_at).time()))
        label = catalogue.say(f"lead.form_{one.form}")
        note = catalogue.say("lead.lost") if one.is_lost else catalogue.say("lead.joined", count=one.joined)
        rows.append(DeskRow(f"{GUIDED}/{one.id}", f"{label}, {until}", note))
    say = catalogue.say
    return [
        DeskSection(
            "sessions", say("desk.guided"), say("desk.guided_empty"), rows, (GUIDED, "desk.guided_open")
        )
    ]
