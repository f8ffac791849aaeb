"""Lead a guided session: point, rest, read lines, and end."""

from datetime import UTC, datetime, time, timedelta

from aiohttp import web

from assistant.dialogue.model import Address, Text
from assistant.engine.journey import walk
from assistant.engine.reply import without_hidden
from assistant.errors import ClockUnreadable, NotFound, NothingSaid, Refusal, Trouble
from assistant.meetings.guided.participation import MESSAGE_LIMIT
from assistant.meetings.guided.room import NOTE_LIMIT, GoTo, Rest, SetNote, SetUntil
from assistant.meetings.invitation import read_words
from assistant.meetings.summary import entries_of
from assistant.service.broadcast import Listener
from assistant.service.guided.views import LedSeat, LedSession
from assistant.service.notebook.leaving_guided_sessions import room_subject, stand_subject
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, public_address, reader_catalogue, services
from assistant.web.http.event_stream import stream
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.pages import FormError, LiveUpdates
from assistant.web.http.private_form import GIVEN_BACK, private_form
from assistant.web.http.qr import draw
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.responses import render, see_other
from assistant.web.peer.pages import AnswerSeen, Door, LeadPage, MessageSeen, QuestionRow
from assistant.web.staff.authentication import StaffWhoMay, staff_member, staff_who_may
from assistant.web.staff.desk_sections import GUIDED
from assistant.web.staff.pages import bar, staff_error_shown
from assistant.web.views.invitation import INVITED
from assistant.web.views.transcript import said_shown
from assistant.zone import local, service_zone

ONE = f"{GUIDED}/{{session:[0-9a-f]{{32}}}}"
_LIMITS = {"note": NOTE_LIMIT, "text": MESSAGE_LIMIT}


async def show(request: web.Request) -> web.Response:
    """Show the session to those who lead it; one that is over leads to what comes after."""
    who = await staff_who_may(request, "open_guided_session")
    try:
        return render(request, await _page(request, who))
    except NotFound:
        return see_other(f"{GUIDED}/over")


async def _refused(request: web.Request, form: Form, who: SignedInStaff, trouble: Trouble) -> web.Response:
    assert isinstance(trouble, Refusal)
    error = staff_error_shown(request, trouble, "lead.refused")
    given = {name: without_hidden(form.one(name)) for name in ("note", "text", "until")}
    return render(request, await _page(request, who, given, error), 422)


@private_form(StaffWhoMay("open_guided_session"), _refused, on=GIVEN_BACK)
async def act(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Do one thing in the session, and show it again."""
    session_id, guided = request.match_info["session"], services(request).guided
    move, _, of = form.one("act").partition(":")
    match move:
        case "go":
            await guided.sessions.act(who, session_id, GoTo(of))
        case "rest":
            await guided.sessions.act(who, session_id, Rest(_until(request, form)))
        case "until":
            await guided.sessions.act(who, session_id, SetUntil(_until(request, form)))
        case "note":
            note = read_words({"note": form.one("note")}, "note", NOTE_LIMIT)
            await guided.sessions.act(who, session_id, SetNote(note))
        case "close":
            await guided.sessions.close_door(who, session_id)
        case "door":
            await guided.sessions.open_door(who, session_id)
        case "more":
            await guided.sessions.more_time(who, session_id, _seen_end(of))
        case "forward":
            await guided.board.put_forward(who, session_id, form.fields.get("line", ()))
        case "out":
            await guided.board.leave_out(who, session_id, of)
        case "down":
            await guided.board.take_down_for(who, session_id, of)
        case "say":
            await _say(request, form, who)
        case "invite" if form.one("staff"):
            language = (await guided.sessions.lead(who, session_id)).room.language
            title = context(request).pages.peer_worker(language)
            await guided.facilitators.add(who, session_id, form.one("staff"), title)
        case "end":
            await guided.sessions.end(who, session_id)
            return see_other(f"{GUIDED}/over")
        case _:
            raise NotFound
    return see_other(request.path)


async def _say(request: web.Request, form: Form, who: SignedInStaff) -> None:
    """Send a message, or offer words for a question."""
    text = read_words({"text": form.one("text")}, "text", MESSAGE_LIMIT)
    if not text:
        raise NothingSaid().in_field("text")
    at = form.one("at") or None
    session_id = request.match_info["session"]
    await services(request).guided.seats.say_to(who, session_id, text, at, request_id(form))


def _until(request: web.Request, form: Form) -> datetime | None:
    """Return the next moment with the typed time of day; None without one. Raises `ClockUnreadable`."""
    typed = form.one("until").strip().replace(".", ":")
    if not typed:
        return None
    try:
        at = time.fromisoformat(typed.zfill(5) if ":" in typed else f"{typed.zfill(2)}:00")
    except ValueError:
        raise ClockUnreadable().in_field("until") from None
    now = local(context(request).clock())
    until = datetime.combine(now.date(), at, tzinfo=service_zone())
    return (until if until > now else until + timedelta(days=1)).astimezone(UTC)


def _seen_end(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise NotFound from None


async def events(request: web.Request) -> web.StreamResponse:
    """Tell an open page that there is something newer. A running session keeps its facilitator signed in."""
    session_id, site = request.match_info["session"], context(request)
    who = await staff_member(request)
    check_rate(site.limits.acts, who.member.id)
    await site.services.guided.sessions.stand(who, session_id)
    secret, staff_id = who.secret, who.member.id
    del who  # the private key is not held for as long as a stream is open

    async def look(_: Listener) -> str:
        who = await staff_member(request)
        return _revision(await site.services.guided.sessions.stand(who, session_id))

    subjects = (stand_subject(session_id), staff_id)
    return await stream(request, secret, room_subject(session_id), (), look, *subjects)


def _revision(stand: tuple[int, int]) -> str:
    return ".".join(map(str, stand))


def door_of(request: web.Request, led: LedSession) -> Door | None:
    """Return the ways in; None while the door is closed."""
    if led.link is None or led.code is None:
        return None
    address = public_address(request)
    link = f"{address}/{led.room.language}{INVITED}#{led.link}"
    return Door(link, led.code, f"{address}{INVITED}".split("://", 1)[1], draw(link))


async def _page(
    request: web.Request,
    who: SignedInStaff,
    given: dict[str, str] | None = None,
    trouble: FormError | None = None,
) -> LeadPage:
    session_id, guided = request.match_info["session"], services(request).guided
    led = await guided.sessions.lead(who, session_id)
    stand = await guided.sessions.stand(who, session_id)
    catalogue, room = reader_catalogue(request), led.room
    questions, following = _questions(led)
    service = context(request).pages.service
    call = None if service.guided is None else service.guided.call
    return LeadPage(
        title=catalogue.say(f"lead.form_{led.form}"),
        here=request.path,
        bar=bar(request, who),
        live=LiveUpdates(f"{request.path}/events", _revision(stand)),
        request_id=new_request_id(),
        form=led.form,
        until=catalogue.clock(local(led.ends_at).time()),
        ends_at=led.ends_at.isoformat(),
        can_last_longer=led.can_last_longer,
        joined=led.joined,
        ready=led.ready,
        door=door_of(request, led),
        is_resting=room.stage == "rest",
        note=room.note,
        room_until="" if room.until is None else catalogue.clock(local(room.until).time()),
        prompt=None if room.at is None else led.machine.dialogue.question(room.at).prompt,
        facilitator_note=_note(request, led, room.at),
        next=following,
        questions=questions,
        waiting=led.waiting,
        board=room.board,
        others=[(one.id, one.name) for one in await guided.facilitators.peer_workers(who, session_id)],
        names=catalogue.listed([one.name for one in room.facilitators]),
        call=None if call is None else (call.number, call.name, call.what),
        seen=[] if led.seat is None else _seen(request, led.seat),
        user_at=None if led.seat is None else _user_at(led.seat),
        words=None if led.seat is None else led.seat.words,
        messages=[] if led.seat is None else _messages(led, led.seat),
        limits=_LIMITS,
        given={"note": room.note, "text": "", "until": "", **(given or {})},
        trouble=trouble,
    )


def _questions(led: LedSession) -> tuple[list[QuestionRow], QuestionRow | None]:
    """Return the questions that can be pointed at, and the one that comes next."""
    rows = [
        QuestionRow(address, led.machine.dialogue.question(address).prompt, address == led.room.at)
        for address in walk(led.machine, {}).questions
    ]
    here = next((place for place, row in enumerate(rows) if row.is_here), -1)
    return rows, rows[here + 1] if here + 1 < len(rows) else None


def _note(request: web.Request, led: LedSession, address: Address | None) -> Text | None:
    """Return the note for the facilitator at a question, if the current text has one."""
    if address is None:
        return None
    written = services(request).dialogues.with_notes(led.room.dialogue)
    state = written.states.get(address)
    return None if state is None else state.facilitator


def _seen(request: web.Request, seat: LedSeat) -> list[AnswerSeen]:
    """Return what the user shows, question by question."""
    if seat.shown is None or seat.machine is None:
        return []
    dialogue, found = seat.machine.dialogue, []
    for address, answer in seat.shown.answers.items():
        question = dialogue.question(address)
        texts = [said_shown(request, entry.said) for entry in entries_of(address, question, answer)]
        found.append(AnswerSeen(question.prompt, [(text.text, text.own) for text in texts]))
    return found


def _user_at(seat: LedSeat) -> Text | None:
    """Return the question the user is at, under the scopes that show it."""
    if seat.shown is None or seat.machine is None or seat.shown.at is None:
        return None
    state = seat.machine.dialogue.state(seat.shown.at) if "/" in seat.shown.at else None
    return None if state is None else state.prompt


def _messages(led: LedSession, seat: LedSeat) -> list[MessageSeen]:
    states = (seat.machine or led.machine).dialogue.states
    return [
        MessageSeen(
            one.by == "facilitator", one.text, states[one.at].prompt if one.at and one.at in states else None
        )
        for one in seat.messages
    ]


def routes() -> list[web.RouteDef]:
    """Routes for leading a session. The stream is not for HEAD: it would wait for ever."""
    return [
        web.get(ONE, show),
        web.post(ONE, act),
        web.get(f"{ONE}/events", events, allow_head=False),
    ]
