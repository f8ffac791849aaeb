"""Join a guided session: what is said before, which notebook and which screen, and the button.

The door is the invitations' own: a slip has one address, and what is typed there opens either.
"""

from aiohttp import web

from assistant.errors import (
    DocumentFull,
    GuidedSessionFull,
    GuidedSessionOver,
    NotFound,
    SeatTaken,
    SecretUnknown,
    Trouble,
)
from assistant.languages import Language, as_language
from assistant.service.guided.views import JoinableSession
from assistant.service.notebook.notebooks import MOST_MEETINGS
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import (
    LANGUAGE,
    context,
    limit_key,
    path_language,
    reader_catalogue,
    reader_language,
    services,
)
from assistant.web.http.cookies import remember
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.link_cookies import forget_link, keep_link, kept_link
from assistant.web.http.loan_cookie import is_loan_tablet
from assistant.web.http.pages import FormError
from assistant.web.http.public_form import public_form
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.responses import render, see_other
from assistant.web.user.guided_strip import LOCKED_AFTER
from assistant.web.user.joining_pages import JoinPage
from assistant.web.user.notebook import meetings_named
from assistant.web.user.open_notebook import OpenNotebook, end_replaced, is_shown, open_notebook
from assistant.web.views.invitation import INVITED
from assistant.zone import local

_OPENED = f"{INVITED}/guided"
_MEETING = "meeting:"


async def to_joining(request: web.Request, typed: str) -> web.Response:
    """Open a guided session by its link or code, and lead to the page about joining it.

    Raises `SecretUnknown`.
    """
    found = await services(request).guided.joining.look(typed)
    response = see_other(f"/{reader_language(request)}{_OPENED}")
    keep_link(request, response, "guided", found.by)
    return response


async def opened(request: web.Request) -> web.Response:
    """Show what joining means, and the choices."""
    language, kept = path_language(request), kept_link(request, "guided")
    if not kept:
        return see_other(f"/{language}{INVITED}")
    try:
        found = await services(request).guided.joining.look(kept[0])
    except SecretUnknown:
        return _gone(request, language)
    response = render(request, await _page(request, found))
    keep_link(request, response, "guided", kept[0])
    return response


def _gone(request: web.Request, language: Language) -> web.Response:
    """Lead back to the door: the session has ended, or its door was closed."""
    response = see_other(f"/{language}{INVITED}")
    forget_link(request, response, "guided")
    return response


async def _not_joined(request: web.Request, form: Form, trouble: Trouble) -> web.Response:
    request[LANGUAGE] = as_language(form.one("language"))
    if isinstance(trouble, SecretUnknown | GuidedSessionOver):
        return _gone(request, reader_language(request))
    say = reader_catalogue(request).say
    if isinstance(trouble, DocumentFull):
        error = FormError(say("notebook.full_heading"), say("notebook.full", limit=MOST_MEETINGS))
    else:
        key = "taken" if isinstance(trouble, SeatTaken) else "full"
        error = FormError(say("joining.not_joined"), say(f"joining.{key}"))
    try:
        found = await services(request).guided.joining.look(form.one("link"))
    except SecretUnknown:  # its door was closed in this moment
        return _gone(request, reader_language(request))
    return render(request, await _page(request, found, error), 422)


@public_form(_not_joined, on=(SecretUnknown, GuidedSessionOver, GuidedSessionFull, DocumentFull))
async def join(request: web.Request, form: Form) -> web.Response:
    """Join with a new notebook, with a new meeting in the open one, or with a meeting that has begun."""
    request[LANGUAGE] = as_language(form.one("language"))
    site, language = context(request), reader_language(request)
    session = await site.services.guided.joining.look(form.one("link"))
    found, into = await open_notebook(request), form.one("into")
    if not is_shown(form, found) or (found is None and into not in ("", "new")):
        response = see_other(f"/{language}{_OPENED}")  # another notebook is open than the page showed
        keep_link(request, response, "guided", session.by)
        return response
    who, meeting_id = await _place(request, form, session, found)
    left = await site.services.guided.joining.join(who, meeting_id, session, request_id(form))
    if found is not None and who.owner.notebook_id != found.who.owner.notebook_id:
        await end_replaced(request, found)
    who = await site.services.sessions.remember(who, "own" if form.one("device") == "own" else "borrowed")
    who = await site.services.sessions.hold(who, session.ends_at + LOCKED_AFTER)
    response = see_other(f"/meetings/{meeting_id}/guided?left" if left else f"/meetings/{meeting_id}")
    forget_link(request, response, "guided")
    remember(request, response, who)
    return response


async def _place(
    request: web.Request, form: Form, session: JoinableSession, found: OpenNotebook | None
) -> tuple[SignedInUser, str]:
    """Return the user and the meeting to join with."""
    site, into = context(request), form.one("into")
    dialogue = session.room.dialogue
    arrived = _joined_with(session, found) or not session.is_full
    if not arrived and not await site.services.guided.joining.has_arrived(session, request_id(form)):
        raise SeatTaken if session.room.form == "one" else GuidedSessionFull  # before a notebook is made
    if found is None or into in ("", "new"):
        check_rate(site.limits.starts, limit_key(request))
        who, meeting = await site.services.sessions.begin(
            reader_language(request), dialogue=dialogue, is_on_loan=is_loan_tablet(request)
        )
        return who, meeting.id
    if into.startswith(_MEETING):
        meeting_id = into.removeprefix(_MEETING)
        if not found.notebook.has(meeting_id):
            raise NotFound
        return found.who, meeting_id
    another = site.services.notebooks.begin_another
    return found.who, (await another(found.who, request_id(form), dialogue=dialogue)).id


def _joined_with(session: JoinableSession, found: OpenNotebook | None) -> str:
    """Return the meeting in the open notebook that takes part already; empty if there is none."""
    meetings = () if found is None else found.notebook.meetings
    running = ((one.id, one.guided) for one in meetings if one.guided is not None and one.guided.key)
    return next((id_ for id_, guided in running if guided.session == session.id), "")


async def _page(request: web.Request, session: JoinableSession, trouble: FormError | None = None) -> JoinPage:
    site, room, catalogue = context(request), session.room, reader_catalogue(request)
    found = await open_notebook(request)
    language = catalogue.language
    guided = site.pages.service.guided
    names = catalogue.listed([one.name for one in room.facilitators])
    machine = await site.services.dialogues.of(room.digest)
    return JoinPage(
        title=catalogue.say("joining.heading"),
        public_path=_OPENED,
        link=session.by,
        request_id=new_request_id(),
        names=names,
        title_here=site.pages.peer_worker(language),
        form=room.form,
        welcome=room.welcome,
        dialogue=machine.dialogue.frame.title,
        record="" if guided is None else guided.record.in_(language),
        until=catalogue.clock(local(session.ends_at).time()),
        opening=[say.prompt for say in machine.dialogue.opening()],
        has_notebook=found is not None,
        meetings=[] if found is None else await meetings_named(request, found.who, room.dialogue),
        joined_with=_joined_with(session, found),
        is_own_device=found is not None and found.who.device == "own",
        is_on_loan=is_loan_tablet(request),
        instead_of=found.mark if found else "",
        trouble=trouble,
    )


def routes() -> list[web.RouteDef]:
    """Routes for joining a guided session."""
    return [web.get(f"/{{language}}{_OPENED}", opened), web.post(f"{INVITED}/join", join)]
