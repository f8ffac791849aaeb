"""The content of an invitation as pages of both sides show it, and the recipients of a reply."""

from hashlib import sha256
from typing import NamedTuple

from aiohttp import web

from assistant.languages import TAGS, Catalogue, as_language
from assistant.meetings.invitation import Invitation, ReceivedInvitation, kinds_in
from assistant.service.staff.members import StaffMember
from assistant.web.http.context import context, public_address, reader_language, services
from assistant.web.views.shared_summary import professionals, readers

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


async def inviter(request: web.Request, invited: ReceivedInvitation) -> StaffMember | None:
    """Return the inviting professional, if something can be sent to them."""
    found = [member for member in await professionals(request) if member.id == invited.staff_id]
    return found[0] if found else None


async def recipients(request: web.Request, invited: ReceivedInvitation | None) -> tuple[StaffMember, ...]:
    """Return the readers of a share sent ahead: those of the reading promise, and the inviting professional.

    None without a reading promise: the inviting professional may be away, and the promise says who reads
    then.
    """
    promised = await readers(request)
    if not promised or invited is None:
        return promised
    host = await inviter(request, invited)
    return promised if host is None or host in promised else (host, *promised)


def invitation_digest(recipients: tuple[StaffMember, ...]) -> str:
    """Return a digest of the recipients, to check that they are those the page named."""
    return sha256(" ".join(sorted(member.id for member in recipients)).encode()).hexdigest()


async def host_of_reply(request: web.Request, invited: ReceivedInvitation | None) -> StaffMember | None:
    """Return the inviting professional, if a reply can be sent to them ahead of the meeting."""
    promise = context(request).settings.reading
    is_promised = promise is not None and promise.in_(reader_language(request)) is not None
    if invited is None or not is_promised or not await readers(request):
        return None
    return await inviter(request, invited)
