"""The notebook: list, add and delete meetings, and choose how long it is kept."""

from datetime import datetime

from aiohttp import web

from assistant.dialogue.model import Text
from assistant.errors import DocumentFull, NotFound, Trouble
from assistant.languages import Catalogue
from assistant.meetings.chosen_months import months_from
from assistant.meetings.meeting_details import MeetingDetails
from assistant.meetings.notebook import Meeting, Notebook, end_of_hour
from assistant.service.dialogues import BEFORE_MEETING
from assistant.service.notebook.notebooks import MOST_MEETINGS
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import MEETING, context, conversation_path, reader_catalogue, services
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.pages import FormError, MessagePage
from assistant.web.http.private_form import private_form
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.form_handling import USERS
from assistant.web.user.notebook_pages import AskPage, KeepChoice, MeetingShown, NotebookPage
from assistant.web.views.invitation import facts_shown
from assistant.web.views.links import link_shown
from assistant.web.views.shown import Shown
from assistant.web.views.transcript import carried_over
from assistant.zone import local_day

NOTEBOOK = "/notebook"
_DELETED = f"{NOTEBOOK}/deleted"
_BY_USE = "use"


async def show(request: web.Request) -> web.Response:
    """Show the notebook."""
    return render(request, await _page(request, await signed_in_user(request)))


async def _full(request: web.Request, _form: Form, who: SignedInUser, _trouble: Trouble) -> web.Response:
    catalogue = reader_catalogue(request)
    full = FormError(
        catalogue.say("notebook.full_heading"), catalogue.say("notebook.full", limit=MOST_MEETINGS)
    )
    return render(request, await _page(request, who, full), 422)


@private_form(USERS, _full, on=(DocumentFull,))
async def begin_another(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Add a meeting and redirect to its first question."""
    meeting = await services(request).notebooks.begin_another(who, request_id(form))
    return see_other(f"/meetings/{meeting.id}")


@private_form(USERS)
async def keep(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Set how long the notebook is kept; an invalid choice changes nothing."""
    chosen = form.one("months")
    if chosen in (_BY_USE, *map(str, who.retention.months)):
        await services(request).notebooks.keep(who, None if chosen == _BY_USE else int(chosen))
    return see_other(NOTEBOOK)


async def ask_delete_meeting(request: web.Request) -> web.Response:
    """Explain the deletion of a meeting before it is done; Back after it leads to those that are left."""
    who = await signed_in_user(request)
    meeting_id = request.match_info["meeting"]
    try:
        details = await services(request).notebooks.details(who, meeting_id)
        meeting = (await services(request).sessions.notebook(who)).meeting(meeting_id)
    except NotFound:
        return see_other(NOTEBOOK)
    catalogue = reader_catalogue(request)
    shown = _shown(catalogue, meeting, details)
    talk = "" if meeting.is_for_treatment else "_talk"
    page = AskPage(
        title=catalogue.say(f"notebook.delete{talk}_heading"),
        here=f"{conversation_path(request)}/delete",
        heading=catalogue.say(f"notebook.delete{talk}_heading"),
        named=Shown(_in_a_line(catalogue, shown), own=shown.kind is not None and shown.kind.own),
        sentences=catalogue.say(f"notebook.delete{talk}_what").split("\n"),
        yes=catalogue.say(f"notebook.delete{talk}_yes"),
        no=catalogue.say(f"notebook.delete{talk}_no"),
        request_id=new_request_id(),
    )
    return render(request, page)


@private_form(USERS)
async def delete_meeting(request: web.Request, _form: Form, who: SignedInUser) -> web.Response:
    """Delete one meeting; if it is gone already, that counts as success."""
    meeting = request.match_info["meeting"]
    await services(request).guided.joining.take_lines_down(who, meeting)
    await services(request).notebooks.delete_meeting(who, meeting)
    return see_other(_DELETED)


async def meeting_deleted(request: web.Request) -> web.Response:
    """Confirm that a meeting was deleted."""
    await signed_in_user(request)
    say = reader_catalogue(request).say
    page = MessagePage(
        title=say("notebook.deleted_heading"),
        here=_DELETED,
        heading=say("notebook.deleted_heading"),
        sentences=[say("notebook.deleted"), say("deleted.not_reached")],
        ways=[(NOTEBOOK, "notebook.back")],
    )
    return render(request, page)


async def _page(request: web.Request, who: SignedInUser, trouble: FormError | None = None) -> NotebookPage:
    opened = await services(request).notebooks.open(who)
    catalogue, notebook = reader_catalogue(request), opened.notebook
    return NotebookPage(
        title=catalogue.say("notebook.heading"),
        here=NOTEBOOK,
        meetings=[_meeting(request, *meeting, opened.reviewed) for meeting in opened.details],
        along=await carried_over(request, who),
        request_id=new_request_id(),
        kept_until=catalogue.day(local_day(notebook.kept_until)),
        kept_until_chosen=notebook.chosen_until is not None,
        is_kept_as_told=is_kept_as_told(request, notebook.kept_until),
        choices=_choices(request, catalogue, notebook),
        link=link_shown(request, notebook.link),
        has_codename=notebook.codename is not None,
        trouble=trouble,
    )


async def meetings_named(request: web.Request, who: SignedInUser, dialogue: str) -> list[tuple[str, str]]:
    """Return the ids and names of the meetings that a guided session on this dialogue can be joined with."""
    opened, catalogue = await services(request).notebooks.open(who), reader_catalogue(request)
    return [
        (meeting.id, _in_a_line(catalogue, _shown(catalogue, meeting, details)))
        for meeting, details in opened.details
        if meeting.dialogue in (dialogue, BEFORE_MEETING)
    ]


def _choices(request: web.Request, catalogue: Catalogue, notebook: Notebook) -> list[KeepChoice]:
    now, retention = context(request).clock(), context(request).settings.retention
    moving = catalogue.say("notebook.keep_use", day=catalogue.day(local_day(now + retention.notebook)))
    by_use = KeepChoice(_BY_USE, moving, notebook.chosen_until is None)
    return [by_use] + [
        KeepChoice(
            str(months),
            catalogue.say(
                "notebook.keep_months",
                lasts=_capitalised(catalogue.months(months)),
                day=catalogue.day(local_day(until)),
            ),
            notebook.chosen_until is not None and local_day(notebook.chosen_until) == local_day(until),
        )
        for months in retention.months
        for until in [months_from(now, months)]
    ]


def is_kept_as_told(request: web.Request, kept_until: datetime) -> bool:
    """Return whether the notebook is kept longer than the service would keep it after an answer now."""
    site = context(request)
    return kept_until > end_of_hour(site.clock() + site.settings.retention.notebook)


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _meeting(
    request: web.Request, meeting: Meeting, details: MeetingDetails, reviewed: frozenset[str]
) -> MeetingShown:
    catalogue = reader_catalogue(request)
    shown = _shown(catalogue, meeting, details)._replace(
        has_review=meeting.id in reviewed, guided=_guided(catalogue, meeting)
    )
    if meeting.invited is None:
        return shown
    return shown._replace(invited=facts_shown(request, meeting.invited.said, catalogue))


def _guided(catalogue: Catalogue, meeting: Meeting) -> str:
    """Return who led the guided session that a meeting was prepared in, and the day; empty without one."""
    if meeting.guided is None:
        return ""
    names = catalogue.listed([one.name for one in meeting.guided.facilitators])
    return catalogue.say("notebook.guided", names=names, day=catalogue.day(meeting.guided.joined_on))


def _shown(catalogue: Catalogue, meeting: Meeting, details: MeetingDetails) -> MeetingShown:
    kind, on = None, None
    if not meeting.is_for_treatment:
        kind = Shown(details.title.in_(catalogue.language), own=False)
    elif isinstance(details.kind, Text):
        # an option has its explanation after a colon; the name is enough here
        kind = Shown(details.kind.in_(catalogue.language).partition(":")[0], own=False)
    elif details.kind is not None:
        kind = Shown(details.kind, own=True)
    if details.on is not None:
        on = catalogue.day(details.on.on)
        if details.on.at is not None:
            on = catalogue.say("day.both", on=on, at=catalogue.clock(details.on.at))
    if on is None and meeting.guided is not None and not meeting.is_for_treatment:
        on = catalogue.day(meeting.guided.joined_on)
    return MeetingShown(f"/meetings/{meeting.id}", kind, on, is_for_treatment=meeting.is_for_treatment)


def _in_a_line(catalogue: Catalogue, shown: MeetingShown) -> str:
    if shown.kind is None and shown.when is None:
        return catalogue.say("notebook.unnamed")
    kind = shown.kind.text if shown.kind else catalogue.say("notebook.a_meeting")
    if shown.when is None and not shown.is_for_treatment:
        return kind
    return f"{kind}, {shown.when or catalogue.say('notebook.no_date')}"


def routes() -> list[web.RouteDef]:
    """Routes for the notebook and for deleting a meeting."""
    return [
        web.get(NOTEBOOK, show),
        web.get(_DELETED, meeting_deleted),
        web.post(f"{NOTEBOOK}/begin", begin_another),
        web.post(f"{NOTEBOOK}/keep", keep),
        web.get(f"{MEETING}/delete", ask_delete_meeting),
        web.post(f"{MEETING}/delete", delete_meeting),
    ]
