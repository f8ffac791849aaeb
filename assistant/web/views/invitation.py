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
"""Where an invitation leads."""


class FactsShown(NamedTuple):
    """The content of an invitation; fields that were left open are empty."""

    kind: str
    when: str
    place: str
    people: str
    greeting: str
    tag: str
    """The language the professional wrote in."""


class DoorShown(NamedTuple):
    """An invitation's link, and the code with where to type it."""

    link: str
    code: str
    door: str


def facts_shown(request: web.Request, said: Invitation, catalogue: Catalogue) -> FactsShown:
    """The facts in this language; the professional's own words as they are."""
    return FactsShown(
        kind=kind_named(request, said, catalogue),
        when=when_said(catalogue, said),
        place=said.place,
        people=said.people,
        greeting=said.greeting,
        tag=TAGS.get(said.language, said.language),
    )


def kind_named(request: web.Request, said: Invitation, catalogue: Catalogue) -> str:
    """The kind of meeting as it is called; an option says what it means after a colon."""
    kinds = kinds_in(services(request).dialogues.before_meeting.dialogue)
    named = [
        option.text.in_(catalogue.language).partition(":")[0] for option in kinds if option.id == said.kind
    ]
    return named[0] if named else ""


def when_said(catalogue: Catalogue, said: Invitation) -> str:
    """The day, and the time where there is one."""
    if said.on is None:
        return ""
    on = catalogue.day(said.on)
    return catalogue.say("day.both", on=on, at=catalogue.clock(said.at)) if said.at else on


def door_shown(request: web.Request, link: str, code: str, said: Invitation) -> DoorShown:
    """Where an invitation leads; by its link, straight to the page in its own language."""
    address = public_address(request)
    language = as_language(said.language) or reader_language(request)
    return DoorShown(f"{address}/{language}{INVITED}#{link}", code, f"{address}{INVITED}".split("://", 1)[1])


async def inviter(request: web.Request, invited: ReceivedInvitation) -> StaffMember | None:
    """Who invited, if they can be sent something."""
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
    """Tells whether those it is sent to are those who were named on the page."""
    return sha256(" ".join(sorted(member.id for member in recipients)).encode()).hexdigest()


async def host_of_reply(request: web.Request, invited: ReceivedInvitation | None) -> StaffMember | None:
    """Who invited, where a reply can be sent to them ahead of the meeting."""
    promise = context(request).settings.reading
    is_promised = promise is not None and promise.in_(reader_language(request)) is not None
    if invited is None or not is_promised or not await readers(request):
        return None
    return await inviter(request, invited)
