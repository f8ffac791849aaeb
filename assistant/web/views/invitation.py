"""The content of an invitation as pages of both sides show it."""

from typing import NamedTuple

from aiohttp import web

from assistant.languages import TAGS, Catalogue, as_language
from assistant.meetings.invitation import Invitation, kinds_in
from assistant.web.http.context import public_address, reader_language, services

INVITED = "/i"
"""The path of an invitation's page."""


class FactsShown(NamedTuple):
    """The content of an invitation; empty strings for open fields."""

    kind: str
    when: str
    place: str
    people: str
    greeting: str
    tag: str
    """The language the professional wrote in."""


class DoorShown(NamedTuple):
    """An invitation's link, its code, and the page for typing the code."""

    link: str
    code: str
    door: str


def facts_shown(request: web.Request, said: Invitation, catalogue: Catalogue) -> FactsShown:
    """Return the content in this language; the professional's own words are unchanged."""
    return FactsShown(
        kind=kind_named(request, said, catalogue),
        when=when_said(catalogue, said),
        place=said.place,
        people=said.people,
        greeting=said.greeting,
        tag=TAGS.get(said.language, said.language),
    )


def kind_named(request: web.Request, said: Invitation, catalogue: Catalogue) -> str:
    """Return the kind of meeting; an option has its explanation after a colon, which is omitted."""
    kinds = kinds_in(services(request).dialogues.before_meeting.dialogue)
    named = [
        option.text.in_(catalogue.language).partition(":")[0] for option in kinds if option.id == said.kind
    ]
    return named[0] if named else ""


def when_said(catalogue: Catalogue, said: Invitation) -> str:
    """Return the day, with the time if there is one."""
    if said.on is None:
        return ""
    on = catalogue.day(said.on)
    return catalogue.say("day.both", on=on, at=catalogue.clock(said.at)) if said.at else on


def door_shown(request: web.Request, link: str, code: str, said: Invitation) -> DoorShown:
    """Return the link and code; the link leads directly to the page in the invitation's language."""
    address = public_address(request)
    language = as_language(said.language) or reader_language(request)
    return DoorShown(f"{address}/{language}{INVITED}#{link}", code, f"{address}{INVITED}".split("://", 1)[1])
