"""Choose what to share: the explanation, one choice for all, exceptions entry by entry."""

from aiohttp import web

from assistant.errors import NotFound
from assistant.meetings.share import CHOICES, Choice, entries_in
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.sharing.audit_trail import AuditTrail
from assistant.service.sharing.state import SharingState
from assistant.web.http.context import MEETING, context, conversation_path, reader_catalogue, services
from assistant.web.http.forms import Form
from assistant.web.http.private_form import private_form
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.form_handling import USERS
from assistant.web.user.share_pages import (
    ActShown,
    ChoiceShown,
    EntryToChoose,
    ShareAllPage,
    ShareEachPage,
    TrailShown,
)
from assistant.web.views.account_changes import new_keys_of
from assistant.web.views.shared_summary import SpokenTimes, staff_names
from assistant.web.views.summary import name_shown
from assistant.web.views.transcript import shown

_FIELD = "choice:"


@private_form(USERS)
async def explained(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Record that the explanation was shown; go on to choosing, or to the preview of everything."""
    choosing, meeting_id = services(request).choices, meeting_id_of(request)
    await choosing.explained(who, meeting_id)
    if form.one("choice") == "share":
        await choosing.choose_for_all(who, meeting_id, "share")
        return on_to(request, "/preview")
    return on_to(request, "/all")


async def for_all(request: web.Request) -> web.Response:
    """Show the choice for everything."""
    found = await sharing_now(request)
    if not found.sharing.explained:
        return see_other(share_path(request))
    names = await staff_names(request)
    page = ShareAllPage(
        title=reader_catalogue(request).say("share.heading"),
        here=f"{share_path(request)}/all",
        share=share_path(request),
        chosen=found.sharing.for_all,
        choices=_choices(request),
        has_exceptions=bool(found.sharing.exceptions),
        waiting=found.waiting,
        ended=[await trail_shown(request, ended.trail, names) for ended in found.ended],
    )
    return render(request, page)


@private_form(USERS)
async def choose_for_all(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Save the choice for everything; without one, show the page again."""
    choice = _choice(form.one("choice"))
    if choice is None:
        return on_to(request, "/all")
    await services(request).choices.choose_for_all(who, meeting_id_of(request), choice)
    return on_to(request, "/each")


async def each(request: web.Request) -> web.Response:
    """Show every entry with its choice."""
    found = await sharing_now(request)
    if found.sharing.for_all is None:
        return see_other(share_path(request))
    page = ShareEachPage(
        title=reader_catalogue(request).say("share.each_heading"),
        here=f"{share_path(request)}/each",
        share=share_path(request),
        choices=_choices(request),
        waiting=found.waiting,
        entries=[
            EntryToChoose(
                entry.id,
                section.heading,
                entry.under,
                name_shown(request, entry.topic),
                shown(request, entry),
                found.sharing.choice(entry),
            )
            for section, entry in entries_in(found.summary)
        ],
    )
    return render(request, page)


@private_form(USERS)
async def choose_each(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Save the choice for each entry in the summary."""
    site, meeting_id = context(request), meeting_id_of(request)
    found = await site.services.shares.now(who, meeting_id)
    chosen = {
        entry.id: choice
        for _, entry in entries_in(found.summary)
        if (choice := _choice(form.one(f"{_FIELD}{entry.id}"))) is not None
    }
    await site.services.choices.choose_each(who, meeting_id, chosen)
    return on_to(request, "/preview")


async def sharing_now(request: web.Request) -> SharingState:
    """Return the user's sharing state for this summary. Raises `NotFound`, also for a conversation that no
    treatment meeting follows.
    """
    found = await services(request).shares.now(await signed_in_user(request), meeting_id_of(request))
    if not found.standing.meeting.is_for_treatment:
        raise NotFound
    return found


async def trail_shown(request: web.Request, trail: AuditTrail, names: dict[str, str]) -> TrailShown:
    """Return the audit trail for display, with the names of those who opened the share."""
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
    new_keys = await new_keys_of(request, [act.staff_id for act in trail.acts])
    return TrailShown(acts, trail.is_whole, was_opened, new_keys)


def _choices(request: web.Request) -> list[ChoiceShown]:
    say = reader_catalogue(request).say
    return [ChoiceShown(choice, say(f"share.choice_{choice}")) for choice in CHOICES]


def _choice(text: str) -> Choice | None:
    return next((choice for choice in CHOICES if choice == text), None)


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
        web.post(f"{here}/explained", explained),
        web.get(f"{here}/all", for_all),
        web.post(f"{here}/all", choose_for_all),
        web.get(f"{here}/each", each),
        web.post(f"{here}/each", choose_each),
    ]
