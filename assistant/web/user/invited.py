"""Where an invitation leads: one field, what it says, and the button that begins. Nobody is told of it."""

from aiohttp import web

from assistant.errors import DocumentFull, SecretUnknown, SessionEnded
from assistant.languages import as_language
from assistant.meetings.notebook import Notebook
from assistant.meetings.share import last_day
from assistant.service.invitations import Received
from assistant.service.notebooks import MOST_MEETINGS
from assistant.service.visits import Visitor
from assistant.service.ways_in import LONGEST
from assistant.web.desk import (
    DESK,
    LANGUAGE,
    TooOften,
    answer,
    catalogue,
    client,
    not_a_guess,
    not_too_often,
    path_language,
    reader_language,
    remember,
    see_other,
    server_name,
    visitor,
    wait,
)
from assistant.web.forms import Form, read_form
from assistant.web.inviting import INVITED, facts_shown, host_of_reply
from assistant.web.pages import Trouble
from assistant.web.sharing import SHARING, staff_names
from assistant.web.user.invited_pages import InvitedDoor, InvitedPage
from assistant.web.user.steps import new_request_id, request_id


async def door(request: web.Request) -> web.Response:
    """One field for the link or the code. What follows `#` stays in the browser, so the field asks for it."""
    if "language" in request.match_info:
        path_language(request)
    return answer(request, _door(request))


async def show(request: web.Request) -> web.Response:
    """What the invitation says, in its own language until another is asked for."""
    form = await read_form(request)
    request[LANGUAGE] = as_language(form.one("language"))
    try:
        received = await _open(request, form)
    except (SecretUnknown, TooOften) as trouble:
        return _unopened(request, form, trouble)
    request[LANGUAGE] = as_language(form.one("speak")) or as_language(received.invited.said.language)
    return answer(request, await _page(request, form, received))


async def begin(request: web.Request) -> web.Response:
    """Begin the preparation, in a new notebook or in the one that is open here."""
    form = await read_form(request)
    request[LANGUAGE] = as_language(form.one("language"))
    try:
        received = await _open(request, form)
    except (SecretUnknown, TooOften) as trouble:
        return _unopened(request, form, trouble)
    desk, language = request.app[DESK], reader_language(request)
    if form.one("into") != "notebook":
        not_too_often(desk.starts, client(request))
        who, meeting = await desk.visits.begin(language, received.invited)
    else:
        try:
            who = await visitor(request)
            meeting = await desk.notebooks.begin_another(who, request_id(form), received.invited)
        except SessionEnded:  # locked in the meantime: what can still be done stands on the page
            request[LANGUAGE] = language
            return answer(request, await _page(request, form, received), 401)
        except DocumentFull:
            book = catalogue(request)
            full = Trouble(book.say("notebook.full_heading"), book.say("notebook.full", limit=MOST_MEETINGS))
            return answer(request, await _page(request, form, received, full), 422)
    response = see_other(f"/meetings/{meeting.id}")
    remember(request, response, who)
    return response


async def _open(request: web.Request, form: Form) -> Received:
    """The invitation. One that opens is not counted: a whole waiting room may share one address."""
    links, key = request.app[DESK].links, client(request)
    not_too_often(links, key)
    try:
        received = await request.app[SHARING].invitations.open(form.one("link"))
    except SecretUnknown as unknown:
        not_a_guess(unknown, links, key)
        raise
    links.give_back(key)
    return received


def _unopened(request: web.Request, form: Form, why: SecretUnknown | TooOften) -> web.Response:
    say = catalogue(request).say
    if isinstance(why, TooOften):
        trouble = Trouble(say("trouble.too_often_heading"), say("trouble.too_often"), "link")
        return wait(answer(request, _door(request, form.one("link"), trouble), 429), why)
    trouble = Trouble(say("invited.unknown_heading"), say("invited.unknown"), "link")
    return answer(request, _door(request, form.one("link"), trouble), 422)


def _door(request: web.Request, typed: str = "", trouble: Trouble | None = None) -> InvitedDoor:
    title = catalogue(request).say("invited.door_heading")
    return InvitedDoor(title=title, public_path=INVITED, typed=typed[:LONGEST], trouble=trouble)


async def _page(
    request: web.Request, form: Form, received: Received, trouble: Trouble | None = None
) -> InvitedPage:
    desk, invited, language = request.app[DESK], received.invited, reader_language(request)
    notebook = await _notebook(request)
    request[LANGUAGE] = language  # whatever this browser's notebook speaks
    book = catalogue(request)
    begun = [m.id for m in notebook.meetings if m.invited and m.invited.id == invited.id] if notebook else []
    return InvitedPage(
        title=book.say("invited.heading"),
        here=INVITED,
        link=received.by,
        request_id=new_request_id(),
        inviter=(await staff_names(request)).get(invited.staff_id, ""),
        facts=facts_shown(request, invited.said, book),
        until=book.day(last_day(received.works_until)),
        opening=[say.prompt for say in desk.scripts.before_meeting.dialogue.opening()],
        reply_ahead=await host_of_reply(request, invited) is not None,
        has_notebook=notebook is not None,
        going_on=f"/meetings/{begun[-1]}" if begun else None,
        server=server_name(request),
        operator=desk.settings.operator,
        unencrypted=not (desk.settings.is_https or desk.settings.is_loopback),
        trouble=trouble,
    )


async def _notebook(request: web.Request) -> Notebook | None:
    """The notebook this browser has open, if it has one."""
    try:
        who: Visitor = await visitor(request)
        return await request.app[DESK].visits.notebook(who)
    except SessionEnded:
        return None


def routes() -> list[web.RouteDef]:
    """The field, what the invitation says, and beginning."""
    return [
        web.get(INVITED, door),
        web.get(f"/{{language}}{INVITED}", door),
        web.post(INVITED, show),
        web.post(f"{INVITED}/begin", begin),
    ]
