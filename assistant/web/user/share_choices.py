"""Choose what to share: one list with a switch for each entry, all on until the user says otherwise."""

from collections.abc import Sequence

from aiohttp import web

from assistant.errors import NotFound
from assistant.meetings.reading_order import place_of
from assistant.meetings.share import Choice, entries_in
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.services import Services
from assistant.service.sharing.audit_trail import AuditTrail
from assistant.service.sharing.state import EndedShare, SharingState
from assistant.web.http.context import MEETING, UNIT, conversation_path, reader_catalogue, services
from assistant.web.http.forms import Form
from assistant.web.http.private_form import private_form
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.form_handling import USERS
from assistant.web.user.share_pages import (
    ActShown,
    EntryToChoose,
    SectionToChoose,
    ShareChoicesPage,
    TrailShown,
)
from assistant.web.views.account_changes import new_keys_of
from assistant.web.views.shared_summary import SpokenTimes, staff_names
from assistant.web.views.summary import name_shown
from assistant.web.views.transcript import shown

_MEETING = "meeting"
"""The section with the meeting's kind and time, which are shared or kept, not said in the meeting."""


async def choices(request: web.Request) -> web.Response:
    """Show every entry with its switch."""
    found = await sharing_now(request)
    sections = _sections(request, found)
    entries = [entry for section in sections for entry in section.entries]
    latest = next(iter(found.ended), None)
    page = ShareChoicesPage(
        title=reader_catalogue(request).say("share.change" if found.open else "share.heading"),
        here=f"{share_path(request)}/each",
        share=share_path(request),
        sections=sections,
        listed=" ".join(entry.id for entry in entries if not entry.entry.is_unread),
        on=sum(entry.is_on and not entry.says and not entry.entry.is_unread for entry in entries),
        of=len(entries),
        waiting=found.waiting,
        is_change=found.open is not None,
        is_withdrawn=found.open is None and latest is not None and latest.stored.ended == "withdrawn",
        ended=await ended_trails_shown(request, found.ended),
    )
    return render(request, page)


def _sections(request: web.Request, found: SharingState) -> list[SectionToChoose]:
    """Return all entries by their section, also those put first, in the order of the page to be shared."""
    offered = found.sharing.answered()
    sections: dict[str, SectionToChoose] = {}
    for section, entry in entries_in(found.summary):
        choice = offered.choice(entry)
        earlier = sections.setdefault(section.id, SectionToChoose(section.heading, [])).entries
        topic = name_shown(request, entry.topic)
        about = earlier and (earlier[-1].topic, earlier[-1].under)
        to_choose = EntryToChoose(
            entry.id,
            entry.under,
            topic,
            is_new=about != (topic, entry.under),
            entry=shown(request, entry),
            is_on=choice == "share",
            says=choice == "say",
            may_say=section.id != _MEETING or choice == "say",
        )
        earlier.append(to_choose)
    return [sections[id_] for id_ in sorted(sections, key=place_of)]


@private_form(USERS, whole=True)
async def choose(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Save the choice for each entry that was on the page; a page from before the list chooses nothing."""
    meeting_id = meeting_id_of(request)
    found = await services(request).shares.now(who, meeting_id)
    if "listed" not in form.fields:
        return on_to(request, "/each")
    listed = set(form.one("listed").split())
    on, says = form.fields.get("share", ()), form.fields.get("say", ())
    chosen: dict[str, Choice] = {
        entry.id: "say" if entry.id in says else "share" if entry.id in on else "keep"
        for _, entry in entries_in(found.summary)
        if entry.id in listed
    }
    await services(request).choices.choose(who, meeting_id, chosen)
    return on_to(request, "/preview")


async def sharing_now(request: web.Request) -> SharingState:
    """Return the user's sharing state for this summary. Raises `NotFound`, also for a conversation that no
    treatment meeting follows.
    """
    found = await sharing_of(services(request), await signed_in_user(request), meeting_id_of(request))
    request[UNIT] = found.standing.meeting.unit
    return found


async def sharing_of(here: Services, who: SignedInUser, meeting_id: str) -> SharingState:
    """Return what `sharing_now` does, for a stream, which keeps no request."""
    found = await here.shares.now(who, meeting_id)
    if not found.standing.meeting.is_for_treatment:
        raise NotFound
    return found


async def trails_shown(request: web.Request, trails: Sequence[AuditTrail]) -> list[TrailShown]:
    """Return audit trails for display, with the names of those who opened the shares."""
    opened = any(act.staff_id for trail in trails for act in trail.acts)
    names = await staff_names(request) if opened else {}
    return [await _trail_shown(request, trail, names) for trail in trails]


async def ended_trails_shown(request: web.Request, ended: Sequence[EndedShare]) -> list[TrailShown]:
    """Return the audit trails of ended shares for display."""
    who, shares = await signed_in_user(request), services(request).shares
    return await trails_shown(request, [await shares.trail(who, share) for share in ended])


async def _trail_shown(request: web.Request, trail: AuditTrail, names: dict[str, str]) -> TrailShown:
    catalogue = reader_catalogue(request)
    acts = [
        ActShown(
            *SpokenTimes.of(catalogue, act.at),
            catalogue.say(f"share.act_{act.act}"),
            names.get(act.staff_id, catalogue.say("share.somebody")) if act.staff_id else "",
        )
        for act in trail.acts
    ]
    was_opened = any(act.act == "opened" for act in trail.acts)
    new_keys = await new_keys_of(request, [act.staff_id for act in trail.acts if act.staff_id])
    return TrailShown(acts, trail.is_whole, was_opened, new_keys)


def share_path(request: web.Request) -> str:
    """Return the path where sharing this summary begins."""
    return f"{conversation_path(request)}/share"


def meeting_id_of(request: web.Request) -> str:
    """Return the meeting's id."""
    return request.match_info["meeting"]


def on_to(request: web.Request, where: str) -> web.Response:
    """Redirect after an act."""
    return see_other(f"{share_path(request)}{where}")


def routes() -> list[web.RouteDef]:
    """Routes for choosing what to share."""
    here = f"{MEETING}/share"
    return [
        web.get(f"{here}/each", choices),
        web.post(f"{here}/each", choose),
    ]
