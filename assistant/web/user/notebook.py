"""The notebook: list, add and delete meetings, and choose how long it is kept."""

from aiohttp import web

from assistant.dialogue.model import Text
from assistant.errors import DocumentFull
from assistant.languages import Catalogue
from assistant.meetings.meeting_details import MeetingDetails
from assistant.meetings.notebook import KEPT_FOR, Meeting, Notebook
from assistant.meetings.retention import MONTHS, months_from
from assistant.service.notebook.notebooks import MOST_MEETINGS
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import MEETING, context, reader_catalogue, services
from assistant.web.http.cookies import remember
from assistant.web.http.forms import DRAFT, Form, new_request_id, read_form, request_id
from assistant.web.http.pages import FormError, MessagePage
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.form_handling import USERS
from assistant.web.user.notebook_pages import AskPage, KeepChoice, MeetingShown, NotebookPage
from assistant.web.views.invitation import facts_shown
from assistant.web.views.links import conversation_path, link_shown
from assistant.web.views.shown import Shown
from assistant.web.views.transcript import carried_over
from assistant.zone import local_day

NOTEBOOK = "/notebook"
_DELETED = f"{NOTEBOOK}/deleted"
_BY_USE = "use"


async def show(request: web.Request) -> web.Response:
    """Show the notebook."""
    return render(request, await _page(request, await signed_in_user(request)))


async def begin_another(request: web.Request) -> web.Response:
    """Add a meeting and redirect to its first question."""
    form, who = await take(request)
    try:
        meeting = await services(request).notebooks.begin_another(who, request_id(form))
    except DocumentFull:
        catalogue = reader_catalogue(request)
        full = FormError(
            catalogue.say("notebook.full_heading"), catalogue.say("notebook.full", limit=MOST_MEETINGS)
        )
        return render(request, await _page(request, who, full), 422)
    return _on(request, who, f"/meetings/{meeting.id}")


async def keep(request: web.Request) -> web.Response:
    """Set how long the notebook is kept; an invalid choice changes nothing."""
    form, who = await take(request)
    chosen = form.one("months")
    if chosen in (_BY_USE, *map(str, MONTHS)):
        await services(request).notebooks.keep(who, None if chosen == _BY_USE else int(chosen))
    return _on(request, who, NOTEBOOK)


async def ask_delete_meeting(request: web.Request) -> web.Response:
    """Explain the deletion of a meeting before it is done."""
    who = await signed_in_user(request)
    told = await services(request).notebooks.told(who, request.match_info["meeting"])
    catalogue = reader_catalogue(request)
    shown = _shown(catalogue, "", told)
    page = AskPage(
        title=catalogue.say("notebook.delete_heading"),
        here=f"{conversation_path(request)}/delete",
        heading=catalogue.say("notebook.delete_heading"),
        named=Shown(_in_a_line(catalogue, shown), own=shown.kind is not None and shown.kind.own),
        sentences=catalogue.say("notebook.delete_what").split("\n"),
        yes=catalogue.say("notebook.delete_yes"),
        no=catalogue.say("notebook.delete_no"),
        request_id=new_request_id(),
    )
    return render(request, page)


async def delete_meeting(request: web.Request) -> web.Response:
    """Delete one meeting; if it is gone already, that counts as success."""
    _, who = await take(request)
    await services(request).notebooks.delete_meeting(who, request.match_info["meeting"])
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


async def take(request: web.Request) -> tuple[Form, SignedInUser]:
    """Return the form and its sender, within the rate limits."""
    form = await read_form(request)
    if form.one(DRAFT):  # something was typed in it, so it may have been held until its notebook was unlocked
        who = await USERS.find(request, form)
        await USERS.check_meeting(request, form, who)
    else:
        who = await signed_in_user(request)
    check_rate(context(request).limits.acts, USERS.rate_key(who))
    return form, who


async def _page(request: web.Request, who: SignedInUser, trouble: FormError | None = None) -> NotebookPage:
    opened = await services(request).notebooks.open(who)
    catalogue, notebook = reader_catalogue(request), opened.notebook
    return NotebookPage(
        title=catalogue.say("notebook.heading"),
        here=NOTEBOOK,
        meetings=[_meeting(request, meeting, told, opened.reviewed) for meeting, told in opened.told],
        along=await carried_over(request, who),
        request_id=new_request_id(),
        kept_until=catalogue.day(local_day(notebook.kept_until)),
        kept_until_chosen=notebook.chosen_until is not None,
        choices=_choices(request, catalogue, notebook),
        link=link_shown(request, notebook.link),
        has_codename=notebook.codename is not None,
        trouble=trouble,
    )


def _choices(request: web.Request, catalogue: Catalogue, notebook: Notebook) -> list[KeepChoice]:
    now = context(request).clock()
    moving = catalogue.say("notebook.keep_use", day=catalogue.day(local_day(now + KEPT_FOR)))
    by_use = KeepChoice(_BY_USE, moving, notebook.chosen_until is None)
    return [by_use] + [
        KeepChoice(
            str(months),
            catalogue.say(f"notebook.keep_{months}", day=catalogue.day(local_day(until))),
            notebook.chosen_until is not None and local_day(notebook.chosen_until) == local_day(until),
        )
        for months in MONTHS
        for until in [months_from(now, months)]
    ]


def _meeting(
    request: web.Request, meeting: Meeting, told: MeetingDetails, reviewed: frozenset[str]
) -> MeetingShown:
    catalogue = reader_catalogue(request)
    shown = _shown(catalogue, f"/meetings/{meeting.id}", told)._replace(has_review=meeting.id in reviewed)
    if meeting.invited is None:
        return shown
    return shown._replace(invited=facts_shown(request, meeting.invited.said, catalogue))


def _shown(catalogue: Catalogue, path: str, told: MeetingDetails) -> MeetingShown:
    kind, on = None, None
    if isinstance(told.kind, Text):
        # an option has its explanation after a colon; the name is enough here
        kind = Shown(told.kind.in_(catalogue.language).partition(":")[0], own=False)
    elif told.kind is not None:
        kind = Shown(told.kind, own=True)
    if told.on is not None:
        on = catalogue.day(told.on.on)
        if told.on.at is not None:
            on = catalogue.say("day.both", on=on, at=catalogue.clock(told.on.at))
    return MeetingShown(path, kind, on)


def _in_a_line(catalogue: Catalogue, shown: MeetingShown) -> str:
    if shown.kind is None and shown.when is None:
        return catalogue.say("notebook.unnamed")
    kind = shown.kind.text if shown.kind else catalogue.say("notebook.a_meeting")
    return f"{kind}, {shown.when or catalogue.say('notebook.no_date')}"


def _on(request: web.Request, who: SignedInUser, path: str) -> web.Response:
    response = see_other(path)
    remember(request, response, who)
    return response


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
