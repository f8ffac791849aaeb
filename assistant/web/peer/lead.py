"""Lead a guided session: point, rest, read lines, and end."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

from aiohttp import web

from assistant.engine.journey import walk
from assistant.engine.reply import without_hidden
from assistant.errors import (
    ClockUnreadable,
    GuidedSessionOver,
    NotFound,
    NothingSaid,
    NotOnTheWay,
    Refusal,
    Trouble,
)
from assistant.meetings.guided.participation import MESSAGE_LIMIT
from assistant.meetings.guided.room import NOTE_LIMIT, GoTo, Rest, SetNote, SetUntil
from assistant.meetings.invitation import read_words
from assistant.service.broadcast import Listener
from assistant.service.form_drafts import DraftWriter
from assistant.service.guided.views import LedSession
from assistant.service.notebook.leaving_guided_sessions import room_subject, stand_subject
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import Context, context, public_address, reader_catalogue, services
from assistant.web.http.event_stream import stream
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.pages import FormError, LiveUpdates
from assistant.web.http.private_form import GIVEN_BACK, private_form
from assistant.web.http.qr import draw
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.responses import render, see_other
from assistant.web.peer.led_session import (
    answers_seen,
    messages_seen,
    note_at,
    questions_of,
    said_before,
    said_first,
    user_at,
    with_notes,
)
from assistant.web.peer.pages import Door, EndPage, LeadPage, OverPage
from assistant.web.staff.authentication import StaffWhoMay, staff_member, staff_of_session, staff_who_may
from assistant.web.staff.desk_sections import GUIDED, help_shown
from assistant.web.staff.pages import bar, staff_error_shown
from assistant.web.views.invitation import INVITED
from assistant.zone import local, service_zone

ONE = f"{GUIDED}/{{session:[0-9a-f]{{32}}}}"
_LIMITS = {"note": NOTE_LIMIT, "text": MESSAGE_LIMIT}


async def show(request: web.Request) -> web.Response:
    """Show the session to those who lead it; one that is over leads to what comes after."""
    who = await staff_who_may(request, "open_guided_session")
    try:
        return render(request, await _page(request, who))
    except NotFound:
        running = await services(request).guided.sessions.running(who)
        if any(one.is_lost and one.id == request.match_info["session"] for one in running):
            return render(request, _after(request, who, is_lost=True))
        return see_other(f"{GUIDED}/over")


async def ask_end(request: web.Request) -> web.Response:
    """Explain what ending the session does, before it is done."""
    who, session_id = await staff_who_may(request, "open_guided_session"), request.match_info["session"]
    title, back = reader_catalogue(request).say("lead.end_ask"), f"{GUIDED}/{session_id}"
    try:
        await services(request).guided.sessions.lead(who, session_id)
    except NotFound:
        return see_other(back)  # over already, or one that can only be ended
    return render(request, EndPage(title=title, here=request.path, bar=bar(request, who), back=back))


def _after(
    request: web.Request, who: SignedInStaff, *, is_lost: bool = False, is_over: bool = True, typed: str = ""
) -> OverPage:
    """Return the page for a session that is over, or that can only be ended."""
    say = reader_catalogue(request).say
    title = say("lead.lost_heading" if is_lost else "lead.over" if is_over else "lead.nobody_yet")
    return OverPage(
        title=title, here=request.path, bar=bar(request, who), is_lost=is_lost, is_over=is_over, typed=typed
    )


async def _refused(request: web.Request, form: Form, who: SignedInStaff, trouble: Trouble) -> web.Response:
    assert isinstance(trouble, Refusal)
    error = staff_error_shown(request, trouble, "lead.refused", family="lead")
    given = {name: without_hidden(form.one(name)) for name in ("note", "text", "until", "at")}
    return render(request, await _page(request, who, given, error), 422)


@private_form(StaffWhoMay("open_guided_session"), _refused, on=GIVEN_BACK)
async def act(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Do one thing in the session, and show it again. What was typed for one that is over comes back."""
    try:
        return await _act(request, form, who)
    except (NotFound, GuidedSessionOver):
        typed = without_hidden(form.one("text") or form.one("note"))
        if not typed:
            raise
        is_over = not await services(request).guided.sessions.is_led(who, request.match_info["session"])
        return render(request, _after(request, who, typed=typed, is_over=is_over), 410 if is_over else 409)


async def _act(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
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
            await services(request).form_drafts.drop_page(DraftWriter.staff(who), request.path)
            return see_other(f"{GUIDED}/over")
        case _:
            raise NotFound
    return see_other(request.path)


async def _say(request: web.Request, form: Form, who: SignedInStaff) -> None:
    """Send a message, or offer words for a question."""
    session_id, guided = request.match_info["session"], services(request).guided
    led = await guided.sessions.lead(who, session_id)
    if led.form != "one":
        raise NotFound  # a group has no messages
    text = read_words({"text": form.one("text")}, "text", MESSAGE_LIMIT)
    if not text:
        raise NothingSaid().in_field("text")
    at = form.one("at") or None
    if at is not None and at not in walk(led.machine, {}).questions:
        raise NotOnTheWay
    await guided.seats.say_to(who, session_id, text, at, request_id(form))


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
    look = partial(_look, site, who.secret, session_id)
    subjects = (stand_subject(session_id), who.member.id)
    return await stream(request, who.secret, room_subject(session_id), (), look, *subjects)


async def _look(site: Context, secret: str, session_id: str, _: Listener) -> str:
    who = await staff_of_session(site, secret)
    return _revision(await site.services.guided.sessions.stand(who, session_id))


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
    questions, following = questions_of(led)
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
        said=with_notes(
            request, led, said_first(led) if room.stage == "gathering" else said_before(led, room.at)
        ),
        facilitator_note=note_at(request, led, room.at),
        next=following,
        questions=questions,
        waiting=led.waiting,
        board=room.board,
        others=[(one.id, one.name) for one in await guided.facilitators.peer_workers(who, session_id)],
        names=catalogue.listed([one.name for one in room.facilitators]),
        call=help_shown(request),
        dialogue=room.dialogue,
        seen=[] if led.seat is None else answers_seen(request, led.seat),
        user_at=None if led.seat is None else user_at(led.seat),
        words=None if led.seat is None else led.seat.words,
        messages=[] if led.seat is None else messages_seen(led, led.seat),
        limits=_LIMITS,
        given={"note": room.note, "text": "", "until": "", "at": "", **(given or {})},
        trouble=trouble,
    )


def routes() -> list[web.RouteDef]:
    """Routes for leading a session. The stream is not for HEAD: it would wait for ever."""
    return [
        web.get(ONE, show),
        web.post(ONE, act),
        web.get(f"{ONE}/end", ask_end),
        web.get(f"{ONE}/events", events, allow_head=False),
    ]
