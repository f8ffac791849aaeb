"""The page of a guided session, for a participant: see where it is, show and take back, hold up, leave."""

from collections.abc import Mapping

from aiohttp import web

from assistant.dialogue.model import Address
from assistant.engine.conversation import Answer
from assistant.engine.entries import entries_of
from assistant.engine.reply import without_hidden
from assistant.engine.turn import Reply
from assistant.errors import GuidedSessionOver, NoFreeField, NotFound, NothingSaid, Trouble
from assistant.meetings.guided.participation import MESSAGE_LIMIT, Message, Scope, pieces_of
from assistant.meetings.guided.room import LINE_LIMIT
from assistant.meetings.invitation import read_words
from assistant.meetings.summary import marked
from assistant.service.guided.seats import OwnSeat
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import MEETING, conversation_path, reader_catalogue, services
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.pages import FormError, LiveUpdates
from assistant.web.http.private_form import GIVEN_BACK, private_form
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.form_handling import USERS, error_shown, status_of
from assistant.web.user.guided_pages import (
    GuidedPage,
    HoldUpPage,
    LateWordsPage,
    MessageShown,
    OwnAnswerShown,
    PieceShown,
)
from assistant.web.user.guided_strip import stop, with_strip
from assistant.web.views.said import said_shown
from assistant.web.views.transcript import all_said
from assistant.zone import local

_GUIDED = f"{MEETING}/guided"
_HOLD_UP = f"{_GUIDED}/hold-up"
_SCOPES: Mapping[str, Scope] = {
    "nothing": "nothing",
    "shown": "shown",
    "question": "question",
    "answers": "answers",
}


async def show(request: web.Request) -> web.Response:
    """Show the session; without one, the conversation."""
    who = await signed_in_user(request)
    page = await _page(request, who)
    return see_other(conversation_path(request)) if page is None else render(request, page)


async def _refused(request: web.Request, form: Form, who: SignedInUser, trouble: Trouble) -> web.Response:
    typed = without_hidden(form.one("text"))
    if isinstance(trouble, GuidedSessionOver):
        return render(request, _over(request, trouble, typed), 410)
    page = await _page(request, who, error_shown(request, trouble), typed)
    if page is None:
        return render(request, _over(request, trouble, typed), status_of(trouble))
    return render(request, page, status_of(trouble))


def _over(request: web.Request, trouble: Trouble, typed: str) -> LateWordsPage:
    """Return the page with what was typed for a session that ended meanwhile. Nothing typed is lost."""
    return LateWordsPage(
        title=reader_catalogue(request).say("guided.heading"),
        here=f"{conversation_path(request)}/guided",
        here_conversation=conversation_path(request),
        typed=typed,
        trouble=error_shown(request, trouble),
    )


@private_form(USERS, _refused, on=(*GIVEN_BACK, GuidedSessionOver))
async def act(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Show or take back answers, send a message, say that one is ready, take a line down, or leave."""
    meeting, guided = request.match_info["meeting"], services(request).guided
    act, _, of = form.one("act").partition(":")
    here = f"{conversation_path(request)}/guided"
    match act:
        case "show":
            await guided.seats.show(who, meeting, [of])
        case "back":
            await guided.seats.take_back(who, meeting, [of])
        case "scope" if form.one("scope") in _SCOPES:
            await guided.seats.set_scope(who, meeting, _SCOPES[form.one("scope")])
        case "say":
            await guided.seats.of(who, meeting)  # a group has no messages, nor a field to lead back to
            text = read_words({"text": form.one("text")}, "text", MESSAGE_LIMIT)
            if not text:
                raise NothingSaid().in_field("text")
            await guided.seats.say(who, meeting, text, request_id(form))
        case "take":
            return await _take_in(request, form, who, of)
        case "ready":
            await guided.board.ready(who, meeting)
        case "down":
            await guided.board.take_down(who, meeting, of)
        case "leave":
            await stop(request, who)
            return see_other(conversation_path(request))
        case "over":
            await guided.joining.forget_if_over(who, meeting)
            return see_other(conversation_path(request))
        case _:
            raise NotFound
    return see_other(here)


async def _take_in(request: web.Request, form: Form, who: SignedInUser, message_id: str) -> web.Response:
    """Make offered words a draft at their question, and go there. Text that is typed there already stays.

    They are the user's own only once the user answers with them.
    """
    meeting = request.match_info["meeting"]
    seat = await services(request).guided.seats.of(who, meeting)
    message = next((one for one in seat.messages if one.id == message_id and one.at is not None), None)
    if message is None or message.at is None:
        raise NotFound
    preparations = services(request).preparations
    standing = await preparations.standing(who, meeting, message.at)
    field = _free_field(standing, message.at)
    if standing.at != message.at:
        raise NotFound
    if field is None:
        raise NoFreeField
    given = {**standing.filled_at(message.at), field: (message.text,)}
    await preparations.keep_draft(who, meeting, message.at, given, request_id(form), seen=standing.seen)
    here = await preparations.standing(who, meeting)
    if here.at != message.at:
        go = Reply(here.conversation.turn, here.at, "go", here.filled, message.at)
        await preparations.take_turn(who, meeting, go, request_id(form), here.seen)
    return see_other(conversation_path(request))


def _free_field(standing: Standing, address: Address) -> str | None:
    """Return the name of an empty field for own words at a question; None if there is none."""
    question, filled = standing.dialogue.question(address), standing.filled_at(address)
    if question.asks == "statements":
        taken = [name for name in filled if name.startswith("statement.")]
        if len(taken) >= question.at_most:
            return None
        number = next(n for n in range(1, len(taken) + 2) if f"statement.new{n}" not in filled)
        return f"statement.new{number}"
    if question.asks == "text":
        return None if any(text.strip() for texts in filled.values() for text in texts) else "statement.new1"
    return None


async def hold_up_page(request: web.Request) -> web.Response:
    """Show the warning, and a field for one line."""
    who = await signed_in_user(request)
    found = await services(request).guided.joining.room_for(who, request.match_info["meeting"])
    if not found.may_hold_up:
        return see_other(f"{conversation_path(request)}/guided")
    return render(request, await _hold_up(request, who))


async def _not_held_up(request: web.Request, form: Form, who: SignedInUser, trouble: Trouble) -> web.Response:
    typed = without_hidden(form.one("line"))
    found = await services(request).guided.joining.room_for(who, request.match_info["meeting"])
    if found.room is None:
        return render(request, _over(request, trouble, typed), 410)
    page = await _hold_up(request, who, typed, error_shown(request, trouble))
    return render(request, page, status_of(trouble))


@private_form(USERS, _not_held_up, on=(*GIVEN_BACK, GuidedSessionOver))
async def hold_up(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Show one line as the group will see it; with a yes, hold it up without a name. Then it waits until a
    facilitator has read three or more.
    """
    if form.one("act") == "edit":
        return render(request, await _hold_up(request, who, without_hidden(form.one("line"))))
    line = read_words({"line": form.one("line")}, "line", LINE_LIMIT)
    if not line:
        raise NothingSaid().in_field("line")
    found = await services(request).guided.joining.room_for(who, request.match_info["meeting"])
    if found.room is None:
        raise GuidedSessionOver
    if form.one("act") != "yes":
        return render(request, await _hold_up(request, who, line, is_preview=True))
    meeting = request.match_info["meeting"]
    await services(request).guided.board.hold_up(who, meeting, line, request_id(form))
    return see_other(f"{conversation_path(request)}/guided")


async def _hold_up(
    request: web.Request,
    who: SignedInUser,
    typed: str = "",
    trouble: FormError | None = None,
    *,
    is_preview: bool = False,
) -> HoldUpPage:
    catalogue = reader_catalogue(request)
    return HoldUpPage(
        title=catalogue.say("hold_up.heading"),
        here=f"{conversation_path(request)}/guided/hold-up",
        request_id=new_request_id(),
        back=f"{conversation_path(request)}/guided",
        limit=LINE_LIMIT,
        typed=typed,
        is_preview=is_preview,
        trouble=trouble,
    )


async def _page(
    request: web.Request, who: SignedInUser, trouble: FormError | None = None, typed: str = ""
) -> GuidedPage | None:
    meeting, guided = request.match_info["meeting"], services(request).guided
    standing = await services(request).preparations.standing(who, meeting)
    standing, strip = await with_strip(request, who, standing)
    if strip is None:
        return None
    found = await guided.joining.room_for(who, meeting)
    catalogue = reader_catalogue(request)
    seat = await guided.seats.of(who, meeting) if found.room and found.room.form == "one" else None
    own = [exchange for exchange in all_said(request, standing) if exchange.state == strip.at]
    return GuidedPage(
        title=catalogue.say("guided.heading"),
        here=f"{conversation_path(request)}/guided",
        here_conversation=conversation_path(request),
        live=LiveUpdates(f"{conversation_path(request)}/events", standing.seen.text),
        request_id=new_request_id(),
        names=catalogue.listed(strip.names),
        strip=strip,
        form=found.participation.form,
        own=own[0] if own else None,
        ends_at=catalogue.clock(local(found.ends_at).time()),
        answers=[] if seat is None else _answers(request, standing, seat),
        scope=found.participation.scope,
        words=None if seat is None else seat.words,
        messages=[] if seat is None else [_message(standing, one) for one in seat.messages],
        board=found.room.board if found.room else (),
        mine=found.participation.lines,
        can_hold_up=found.may_hold_up and strip.at is not None,
        has_line_waiting=found.has_line_waiting,
        is_ready=found.is_ready,
        has_left="left" in request.query,
        typed=typed,
        trouble=trouble,
    )


def _answers(request: web.Request, standing: Standing, seat: OwnSeat) -> list[OwnAnswerShown]:
    """Return every answer that has something to show, newest question last."""
    shown = [
        (address, _pieces(request, standing, seat, address, answer))
        for address, answer in standing.journey.answers.items()
    ]
    return [
        OwnAnswerShown(standing.dialogue.question(address).prompt, pieces)
        for address, pieces in shown
        if pieces
    ]


def _pieces(
    request: web.Request, standing: Standing, seat: OwnSeat, address: Address, answer: Answer
) -> list[PieceShown]:
    question = standing.dialogue.question(address)
    entries = list(marked(entries_of(address, question, answer), standing.unread))
    pieces = []
    for piece in pieces_of(address, answer):
        of_piece = [entry for entry in entries if entry.id == piece.id] or entries
        texts = [said_shown(request, entry.said) for entry in of_piece]
        is_own = all(text.own for text in texts)
        is_unread = any(entry.is_unread for entry in of_piece)
        pieces.append(
            PieceShown(piece.id, [text.text for text in texts], is_own, seat.state_of(piece), is_unread)
        )
    return pieces


def _message(standing: Standing, message: Message) -> MessageShown:
    prompt = None
    if message.at is not None and message.at in standing.journey.questions:
        prompt = standing.dialogue.question(message.at).prompt
    at = None if prompt is None else message.at
    return MessageShown(message.id, message.by == "user", message.text, at, prompt)


def routes() -> list[web.RouteDef]:
    """Routes for a participant's page of a guided session."""
    return [
        web.get(_GUIDED, show),
        web.post(_GUIDED, act),
        web.get(_HOLD_UP, hold_up_page),
        web.post(_HOLD_UP, hold_up),
    ]
