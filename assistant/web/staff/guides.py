"""Guides for staff who meet a user: a minute to read, and a sheet to print."""

from collections.abc import Mapping
from typing import NamedTuple

from aiohttp import web

from assistant.meetings.permissions import Role
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, path_language, reader_catalogue, reader_language
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import Page
from assistant.web.http.responses import render

_PATHS: Mapping[Role, str] = {"professional": "/for-professionals", "peer_worker": "/for-peer-workers"}
_SECTIONS: Mapping[Role, tuple[str, ...]] = {
    "professional": ("before", "first", "answer", "both", "end", "say", "know"),
    "peer_worker": ("before", "during", "leave", "group", "hard", "out", "say"),
}


class GuideSection(NamedTuple):
    """One point of a guide: what to do, and what to say aloud."""

    heading: str
    lines: list[str]
    aloud: list[str]


@page_data
class OneMinutePage(Page):
    """A guide for the minute before meeting a user, for one role."""

    template = "staff/guide.html"
    lead: str
    sections: list[GuideSection]


def to_read(who: SignedInStaff) -> list[Role]:
    """Whose pages are for this member of staff."""
    return [role for role in _PATHS if role in who.member.roles]


async def for_professionals(request: web.Request) -> web.Response:
    """Show the guide for professionals, who open and read a share."""
    return _answer(request, "professional")


async def for_peer_workers(request: web.Request) -> web.Response:
    """Show the guide for peer workers, who sit beside a person who writes."""
    return _answer(request, "peer_worker")


def _answer(request: web.Request, role: Role) -> web.Response:
    path_language(request)
    say, its_title = (
        reader_catalogue(request).say,
        context(request).pages.peer_worker(reader_language(request)),
    )
    page = OneMinutePage(
        title=say(f"minute.{role}_title", title=its_title),
        public_path=_PATHS[role],
        lead=say(f"minute.{role}_lead"),
        sections=[_section(request, f"minute.{role}_{name}") for name in _SECTIONS[role]],
    )
    return render(request, page)


def _section(request: web.Request, name: str) -> GuideSection:
    catalogue = reader_catalogue(request)
    lines, aloud = (
        catalogue.say(key).split("\n") if key in catalogue.sentences else []
        for key in (name, f"{name}_aloud")
    )
    return GuideSection(catalogue.say(f"{name}_heading"), lines, aloud)


def routes() -> list[web.RouteDef]:
    """Routes for the guides."""
    return [
        web.get(f"/{{language}}{_PATHS['professional']}", for_professionals),
        web.get(f"/{{language}}{_PATHS['peer_worker']}", for_peer_workers),
    ]
