"""Open a guided session, and what a peer worker reads and prints around it."""

from collections.abc import Mapping

from aiohttp import web

from assistant.engine.reply import without_hidden
from assistant.errors import NotFound, Refusal, Trouble
from assistant.languages import TAGS, as_language
from assistant.meetings.guided.room import MOST_ARRIVALS, WELCOME_LIMIT
from assistant.meetings.guided.room import Form as SessionForm
from assistant.meetings.invitation import read_words
from assistant.service.dialogues import BEFORE_MEETING, PEER_SESSION
from assistant.service.guided.sessions import MINUTES
from assistant.service.guided.views import OpeningWish
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import (
    LANGUAGE,
    context,
    public_address,
    reader_catalogue,
    reader_language,
    services,
)
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.pages import FormError, LiveUpdates
from assistant.web.http.private_form import GIVEN_BACK, private_form
from assistant.web.http.responses import render, see_other
from assistant.web.peer.lead import ONE, door_of
from assistant.web.peer.led_session import said_before
from assistant.web.peer.pages import (
    GuidedSlipsPage,
    NoteRow,
    NotesPage,
    OpenPage,
    OverPage,
    PartNotes,
    PlanPage,
    ScreenPage,
)
from assistant.web.staff.authentication import StaffWhoMay, staff_who_may
from assistant.web.staff.desk_sections import GUIDED, help_shown
from assistant.web.staff.pages import bar, staff_error_shown
from assistant.zone import local

_DIALOGUES = (PEER_SESSION, BEFORE_MEETING)
_FORMS: Mapping[str, SessionForm] = {"one": "one", "group": "group"}
_FIELDS = ("kind", "dialogue", "language", "minutes", "welcome")
_PLAN = {
    "in": "0–5",
    "frame": "5–12",
    "today": "12–18",
    "matters": "18–30",
    "break": "30–35",
    "ways": "35–45",
    "step": "45–50",
    "save": "50–57",
    "out": "57–60",
}
"""The minutes of the plan for an hour."""


async def new(request: web.Request) -> web.Response:
    """Show the form that opens a session."""
    who = await staff_who_may(request, "open_guided_session")
    given = {"kind": "one", "dialogue": PEER_SESSION, "minutes": "60", "language": reader_language(request)}
    return render(request, _open_page(request, who, given))


async def _not_opened(request: web.Request, form: Form, who: SignedInStaff, trouble: Trouble) -> web.Response:
    assert isinstance(trouble, Refusal)
    given = {name: without_hidden(form.one(name)) for name in _FIELDS}
    error = staff_error_shown(request, trouble, "lead.not_opened", family="lead")
    return render(request, _open_page(request, who, given, error), 422)


@private_form(StaffWhoMay("open_guided_session"), _not_opened, on=GIVEN_BACK)
async def open_session(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Open a session and show it."""
    language = as_language(form.one("language")) or reader_language(request)
    if form.one("kind") not in _FORMS or form.one("dialogue") not in _DIALOGUES:
        raise NotFound
    minutes = [one for one in MINUTES if str(one) == form.one("minutes")]
    wish = OpeningWish(
        form=_FORMS[form.one("kind")],
        dialogue=form.one("dialogue"),
        language=language,
        minutes=minutes[0] if minutes else 60,
        welcome=read_words({"welcome": form.one("welcome")}, "welcome", WELCOME_LIMIT),
        title=context(request).pages.peer_worker(language),
    )
    opened = await services(request).guided.sessions.open(who, wish, request_id(form))
    return see_other(f"{GUIDED}/{opened}")


def _open_page(
    request: web.Request, who: SignedInStaff, given: Mapping[str, str], trouble: FormError | None = None
) -> OpenPage:
    dialogues = services(request).dialogues
    return OpenPage(
        title=reader_catalogue(request).say("lead.open_heading"),
        here=GUIDED,
        bar=bar(request, who),
        request_id=new_request_id(),
        dialogues=[(id_, dialogues.current(id_).dialogue.frame.title) for id_ in _DIALOGUES],
        minutes=MINUTES,
        given={name: given.get(name, "") for name in _FIELDS},
        limit=WELCOME_LIMIT,
        trouble=trouble,
    )


async def screen(request: web.Request) -> web.Response:
    """Show what everybody may see: nothing on it is about one person, not even a count."""
    who = await staff_who_may(request, "open_guided_session")
    session_id = request.match_info["session"]
    led = await services(request).guided.sessions.lead(who, session_id)
    stand = await services(request).guided.sessions.stand(who, session_id)
    room = led.room
    request[LANGUAGE] = room.language  # what everybody sees is in the session's language, not the reader's
    catalogue = reader_catalogue(request)
    dialogue = led.machine.dialogue
    page = ScreenPage(
        title=catalogue.say("guided.heading"),
        here=request.path,
        bar=bar(request, who),
        live=LiveUpdates(f"{GUIDED}/{session_id}/events", ".".join(map(str, stand))),
        door=door_of(request, led) if room.stage == "gathering" else None,
        is_resting=room.stage == "rest",
        said=[] if room.at is None else [dialogue.state(one).prompt for one in said_before(led, room.at)],
        prompt=None if room.at is None else dialogue.question(room.at).prompt,
        note=room.note,
        until="" if room.until is None else catalogue.clock(local(room.until).time()),
        board=room.board,
    )
    return render(request, page)


async def slips(request: web.Request) -> web.Response:
    """Show a sheet for the table, slips and blank cards, to print."""
    who = await staff_who_may(request, "open_guided_session")
    led = await services(request).guided.sessions.lead(who, request.match_info["session"])
    door, back = door_of(request, led), f"{GUIDED}/{led.id}"
    if door is None:
        return see_other(back)
    catalogue = context(request).pages.catalogues[led.room.language]
    operator = context(request).settings.operator or ""
    page = GuidedSlipsPage(
        title=reader_catalogue(request).say("slips.guided_heading"),
        here=request.path,
        bar=bar(request, who),
        back=back,
        own_tag=TAGS[led.room.language],
        own_say=catalogue.say,
        what="slips.guided_from" if operator else "slips.guided_what",
        service=operator,
        names=catalogue.listed([one.name for one in led.room.facilitators]),
        until=catalogue.clock(local(led.ends_at).time()),
        door=door,
        slips=MOST_ARRIVALS[led.form],
        way_back=f"{public_address(request)}/{led.room.language}/r".split("://", 1)[1],
    )
    return render(request, page)


async def over(request: web.Request) -> web.Response:
    """Show what is left to do when a session is over."""
    who = await staff_who_may(request, "open_guided_session")
    say = reader_catalogue(request).say
    return render(request, OverPage(title=say("lead.over"), here=f"{GUIDED}/over", bar=bar(request, who)))


async def plan(request: web.Request) -> web.Response:
    """Show the plan for an hour, with whom to call."""
    who = await staff_who_may(request, "open_guided_session")
    say = reader_catalogue(request).say
    page = PlanPage(
        title=say("plan.heading"),
        here=f"{GUIDED}/plan",
        bar=bar(request, who),
        rows=[(minutes, say(f"plan.{name}")) for name, minutes in _PLAN.items()],
        call=help_shown(request),
    )
    return render(request, page)


async def notes(request: web.Request) -> web.Response:
    """Show the notes of one dialogue, part by part."""
    who = await staff_who_may(request, "open_guided_session")
    name = request.match_info["dialogue"]
    if name not in _DIALOGUES:
        raise NotFound
    written = services(request).dialogues.with_notes(name)
    parts = [
        PartNotes(
            part.topic,
            part.facilitator,
            [NoteRow(state.prompt, state.facilitator) for state in part.states if state.facilitator],
        )
        for part in written.parts
    ]
    page = NotesPage(
        title=reader_catalogue(request).say("notes.heading"),
        here=request.path,
        bar=bar(request, who),
        dialogue=written.frame.title,
        parts=[part for part in parts if part.note or part.rows],
    )
    return render(request, page)


def routes() -> list[web.RouteDef]:
    """Routes for opening a session, and for what is read, shown and printed around it."""
    return [
        web.get(GUIDED, new),
        web.post(GUIDED, open_session),
        web.get(f"{GUIDED}/over", over),
        web.get(f"{GUIDED}/plan", plan),
        web.get(f"{GUIDED}/notes/{{dialogue:[a-z_]+}}", notes),
        web.get(f"{ONE}/screen", screen),
        web.get(f"{ONE}/slips", slips),
    ]
