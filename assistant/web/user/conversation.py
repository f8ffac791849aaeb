"""The conversation: one question at a time, the page about link and codename, and the round-off."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from aiohttp import web

from assistant.engine.conversation import ROUND_OFF
from assistant.engine.reply import Given, without_hidden
from assistant.engine.turn import Move, Reply
from assistant.errors import (
    HiddenCharacter,
    NotOnTheWay,
    Refusal,
    RequestReused,
    StaleTurn,
    Trouble,
)
from assistant.languages import as_language
from assistant.service.notebook.sessions import Device, SignedInUser
from assistant.service.preparation.drafts import SeenRevisions
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import (
    AFTER,
    FRAGMENT,
    MEETING,
    conversation_path,
    is_after,
    preparations,
    services,
)
from assistant.web.http.cookies import remember
from assistant.web.http.event_stream import REVISION
from assistant.web.http.forms import Form, request_id
from assistant.web.http.private_form import GIVEN_BACK, private_form
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.http.unsaved_text import NOT_KEPT, typed_words
from assistant.web.user.form_handling import USERS, anchor, error_shown, status_of, turn_of
from assistant.web.user.guided_strip import stop, with_strip
from assistant.web.user.off_the_way import off_the_way_page
from assistant.web.user.pauses import help_here, pause, whole_conversation
from assistant.web.user.question_pages import LINES, WAYS, question_page, shows_carried_over, step_page
from assistant.web.user.several_lines import given_as_meant
from assistant.web.user.written_for import WRITER, as_typed, set_writer
from assistant.web.views.rank import tap_name
from assistant.web.views.shown import LeftShown
from assistant.web.views.transcript import carried_over

_OURS = (
    "request",
    "turn",
    "state",
    "seen",
    "room_at",
    "language",
    "speak",
    "move",
    "link",
    "copy",
    NOT_KEPT,
    WRITER,
    "half",
)
"""The form's control fields; all others contain the person's answers."""
_MOVES: Mapping[str, Move] = {
    "answer": "answer",
    "skip": "skip",
    "back": "back",
    "go": "go",
    "forget": "forget",
    "tap": "tap",
}


async def show(request: web.Request) -> web.Response:
    """Show the current question."""
    who = await signed_in_user(request)
    return await _shown(
        request, who, await preparations(request).standing(who, request.match_info["meeting"])
    )


async def _shown(
    request: web.Request, who: SignedInUser, standing: Standing, tapped: str = ""
) -> web.Response:
    if who.view == "form":
        return see_other(f"{conversation_path(request)}/form{anchor(standing.at)}")
    left = await taken_along(request, who, standing) if shows_carried_over(standing) else ()
    standing, strip = await with_strip(request, who, standing)
    more, tapped = "more" in request.query, tapped or request.query.get("tapped", "")
    page = step_page(request, standing, more=more, along=left, strip=strip, tapped=tapped)
    return render(request, page)


async def taken_along(request: web.Request, who: SignedInUser, standing: Standing) -> Sequence[LeftShown]:
    """Return what the user wanted to bring up this time; a look back has no next time yet."""
    if is_after(request) or not standing.has_earlier_meetings:
        return ()
    return await carried_over(request, who, request.match_info["meeting"])


@private_form(USERS)
async def go_on(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Handle the steps without a question: the page about link and codename, and the round-off."""
    here = conversation_path(request)
    if form.one("step") == "way_back":
        await preparations(request).way_back_shown(who)
        if form.one("move") == "answer" and who.device == "loan":
            await services(request).loan_tablets.take_along(who)
        # not said here: it was said when they joined a guided session, or a borrowed screen is assumed
        device: Device = "own" if (form.one("device") or who.device) == "own" else "borrowed"
        who = await services(request).sessions.remember(who, device)
        response = see_other(here)
        remember(request, response, who)
        return response
    if form.one("move") == "back":
        back = Reply(turn_of(form), ROUND_OFF, "back")
        # another tab has moved on, or another button of the same page was pressed: show the current state
        with suppress(StaleTurn, NotOnTheWay, RequestReused):
            await preparations(request).take_turn(who, request.match_info["meeting"], back, request_id(form))
        return see_other(here)
    return see_other(f"{here}/summary")


async def elsewhere(request: web.Request, form: Form, who: SignedInUser, here: str) -> web.Response:
    """Return the target of a move that is no answer, with the typed text already saved as drafts."""
    sessions, conversation = services(request).sessions, conversation_path(request)
    move, _, to = form.one("move").partition(":")
    if move == "language" and (language := as_language(to)):
        await sessions.speak(who, language)
    if move == "writer":
        await set_writer(request, who, another=to == "another")
        return see_other(here)
    if move == "view":
        await sessions.prefer(who, "form" if to == "form" else "chat")
        return see_other(f"{conversation}/form{anchor(form.one('state'))}" if to == "form" else conversation)
    return see_other(
        {
            "pause": f"{conversation}/pause",
            "transcript": f"{conversation}/transcript",
            "delete": "/delete",
            "notebook": "/notebook",
            "summary": f"{conversation}/summary",
            "help": f"{conversation}/help",
            "guided": f"{conversation}/guided",
        }.get(move, here)
    )


async def _keep(request: web.Request, form: Form, who: SignedInUser, *, aside: bool) -> web.Response:
    """Keep a draft that the script sends during typing; with `aside`, also after the conversation has moved
    on.

    The response names the new revisions, so that the page recognises its own write in the stream; it names
    none if the draft was not kept because a newer text is there.
    """
    seen = SeenRevisions.read(form.one("seen"))
    kept = await preparations(request).keep_draft(
        who,
        request.match_info["meeting"],
        form.one("state"),
        form.without(*_OURS),
        request_id(form),
        None if aside else turn_of(form),
        seen,
    )
    return kept_as(kept, seen)


def kept_as(kept: SeenRevisions | None, seen: SeenRevisions | None) -> web.Response:
    """Tell our JavaScript the revisions after the draft was saved, or that it was not.

    The revision of a guided session's room is the one that the page has seen: a draft tells nothing new.
    """
    if kept is None:
        return web.Response(status=204)
    return web.Response(status=204, headers={REVISION: kept._replace(room=seen.room if seen else 0).text})


async def _refused(request: web.Request, form: Form, who: SignedInUser, trouble: Trouble) -> web.Response:
    """Show the question again with the typed text and the error."""
    state = form.one("state")
    if state == ROUND_OFF:  # sent from the summary, where nothing is typed
        if isinstance(trouble, Refusal):
            return see_other(f"{conversation_path(request)}/summary")
        raise trouble
    standing = await preparations(request).standing(who, request.match_info["meeting"], state)
    if standing.at != state:
        return await off_the_way_page(request, form, who)
    standing, strip = await with_strip(request, who, standing)
    given = form.without(*_OURS)
    if isinstance(trouble, HiddenCharacter):
        given = {name: tuple(map(without_hidden, texts)) for name, texts in given.items()}
    # a reply that was not saved keeps its id, so that sending it again is the same turn
    again = None if isinstance(trouble, Refusal) else request_id(form)
    # after a StaleTurn error the user has seen the newer text; otherwise the page keeps its old revisions
    seen = None if isinstance(trouble, StaleTurn) else form.one("seen")
    page = question_page(
        request,
        standing,
        given,
        trouble=error_shown(request, trouble),
        request_id=again,
        ways=form.one("half") == WAYS,
        seen=seen,
        strip=strip,
    )
    return render(request, page, status_of(trouble))


async def _take(request: web.Request, form: Form, who: SignedInUser, given: Given) -> web.Response:
    """Take a turn, and lead to what comes next."""
    here, (move, _, to) = conversation_path(request), form.one("move").partition(":")
    taken: Move = _MOVES.get(move, "answer")
    if taken == "answer":
        meant, to = await given_as_meant(request, form, who, given), ""
        if meant is None:
            await _keep_for_later(request, form, who, given)
            return see_other(f"{here}?{LINES}=1")
        given = meant
        if form.one("half") == "levels" and any(text for texts in given.values() for text in texts):
            taken = "stay"  # how much is saved; in which way is asked next
    turn = Reply(turn_of(form), form.one("state"), taken, given, to or None)
    after = await preparations(request).take_turn(
        who, request.match_info["meeting"], turn, request_id(form), SeenRevisions.read(form.one("seen"))
    )
    if taken == "stay":
        return see_other(f"{here}?{WAYS}=1")
    tapped = tap_name(request, to) if taken == "tap" else ""
    if taken in ("answer", "skip") and form.one("room_at") == turn.state:
        return see_other(f"{here}/guided")  # the question the room is at: the pace is the user's own
    if after is not None and FRAGMENT in request.headers:
        # our script shows what comes back, so it need not ask twice; a browser alone would send it again
        return await _shown(request, who, await preparations(request).standing_in(who, after), tapped)
    return see_other(f"{here}?tapped={tapped}#saved" if tapped else here)


async def _keep_for_later(request: web.Request, form: Form, who: SignedInUser, given: Given) -> None:
    """Keep what is typed as a draft. Raises `StaleTurn` if newer text is there."""
    seen, meeting = SeenRevisions.read(form.one("seen")), request.match_info["meeting"]
    kept = await preparations(request).keep_draft(
        who, meeting, form.one("state"), given, request_id(form), seen=seen
    )
    if kept is None and typed_words(form):
        raise StaleTurn


@private_form(USERS, _refused, on=GIVEN_BACK)
async def reply(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Take what the form gives: an answer, or another move that keeps what is typed."""
    here, who = conversation_path(request), as_typed(who, form)
    move, _, to = form.one("move").partition(":")
    given, state = form.without(*_OURS), form.one("state")
    if move == "stop":  # before what is typed is looked at: nothing may stand in its way
        await stop(request, who)
    if move in _MOVES or not move:
        return await _take(request, form, who, given)
    if move == "keep":
        return await _keep(request, form, who, aside=to == "aside")
    if state != ROUND_OFF:
        await _keep_for_later(request, form, who, given)
    if move == "more":
        here = f"{here}?more=1"
    elif form.one("half") == WAYS and move != "levels":
        here = f"{here}?{WAYS}=1"
    return await elsewhere(request, form, who, here)


def routes() -> list[web.RouteDef]:
    """Routes for the conversation about one meeting, and for the look back."""
    return [
        web.get(MEETING, show),  # the look back's start page is in `look_back.py`: it may not have begun
        *(
            route
            for at in (MEETING, AFTER)
            for route in (
                web.post(at, reply),
                web.get(f"{at}/pause", pause),
                web.get(f"{at}/help", help_here),
                web.get(f"{at}/transcript", whole_conversation),
                web.post(f"{at}/continue", go_on),
            )
        ),
    ]
