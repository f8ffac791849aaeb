"""The conversation: one question at a time, the way back, and the round-off."""

from collections.abc import Mapping
from contextlib import suppress

from aiohttp import web

from assistant.engine.conversation import ROUND_OFF
from assistant.engine.reply import without_hidden
from assistant.engine.turn import Move, Reply
from assistant.errors import (
    HiddenCharacter,
    NotFound,
    NotOnTheWay,
    NotSaved,
    Refusal,
    RequestReused,
    RevisionConflict,
    SecretUnknown,
    SessionEnded,
    StaleTurn,
    Trouble,
)
from assistant.languages import as_language
from assistant.service.visits import Visitor
from assistant.web.desk import (
    DESK,
    LANGUAGE,
    MEETING,
    TooOften,
    answer,
    catalogue,
    not_too_often,
    reader_language,
    remember,
    see_other,
    visitor,
    wait,
)
from assistant.web.forms import Form, read_form
from assistant.web.held import in_another_language, locked, typed_words, unanswered
from assistant.web.live import REVISION, read_seen, written
from assistant.web.pages import MessagePage
from assistant.web.pages import Trouble as TroubleShown
from assistant.web.user.door import (
    TooManyCodenames,
    too_many_codenames,
    too_many_links,
    unknown_secret,
    unlock,
)
from assistant.web.user.pages import PausePage
from assistant.web.user.steps import conversation_path, link_shown, question_page, request_id, step_page

_OURS = ("request", "turn", "state", "seen", "language", "speak", "move", "link")
"""The fields that are the form's own; all others hold what the person gave."""
_MOVES: Mapping[str, Move] = {"answer": "answer", "skip": "skip", "back": "back", "go": "go"}


async def show(request: web.Request) -> web.Response:
    """Where the person stands."""
    who = await visitor(request)
    standing = await request.app[DESK].preparations.standing(who, request.match_info["meeting"])
    return answer(request, step_page(request, standing, more="more" in request.query))


async def reply(request: web.Request) -> web.Response:
    """Take what the form gives: an answer, or another move that keeps what is typed."""
    form = await read_form(request)
    speak = as_language(form.one("speak"))
    request[LANGUAGE] = speak or as_language(form.one("language"))
    if speak is not None:
        return in_another_language(request, form)
    try:
        who = await _let_in(request, form)
    except SessionEnded:
        return locked(request, form)
    except SecretUnknown:
        return locked(request, form, unknown_secret(request, form.one("link")))
    except TooManyCodenames as often:
        return wait(locked(request, form, too_many_codenames(request), 429), often)
    except TooOften as often:
        return wait(locked(request, form, too_many_links(request), 429), often)
    except NotSaved:
        return unanswered(request, form)
    try:
        not_too_often(request.app[DESK].acts, who.owner.notebook_id)
        response = await _act(request, form, who)
    except SessionEnded:  # everything was deleted on another device in the meantime
        return locked(request, form)
    except (Refusal, NotSaved, RevisionConflict, TooOften) as trouble:
        response = await _refused(request, form, who, trouble)
    remember(request, response, who)
    return response


async def pause(request: web.Request) -> web.Response:
    """Everything is kept, and how to come back to it."""
    who = await visitor(request)
    standing = await request.app[DESK].preparations.standing(who, request.match_info["meeting"])
    here = conversation_path(request)
    page = PausePage(
        title=catalogue(request).say("pause.heading"),
        here=f"{here}/pause",
        here_conversation=here,
        link=link_shown(request, standing.link),
        device=who.device,
    )
    return answer(request, page)


async def go_on(request: web.Request) -> web.Response:
    """The single steps on the way: the way back, and the round-off."""
    form = await read_form(request)
    who = await visitor(request)
    desk, here = request.app[DESK], conversation_path(request)
    to = here
    if form.one("step") == "way_back":
        await desk.preparations.way_back_shown(who)
        who = await desk.visits.remember(who, "own" if form.one("device") == "own" else "borrowed")
    elif form.one("move") == "back":
        back = Reply(_turn(form), ROUND_OFF, "back")
        with suppress(StaleTurn, NotOnTheWay):  # another tab has moved on: show where that stands
            await desk.preparations.take_turn(who, request.match_info["meeting"], back, request_id(form))
    else:
        to = f"{here}/summary"
    response = see_other(to)
    remember(request, response, who)
    return response


async def _act(request: web.Request, form: Form, who: Visitor) -> web.Response:
    desk, meeting = request.app[DESK], request.match_info["meeting"]
    here = conversation_path(request)
    move, _, to = form.one("move").partition(":")
    given, state = form.without(*_OURS), form.one("state")
    if move in _MOVES or not move:
        turn = Reply(_turn(form), state, _MOVES.get(move, "answer"), given, to or None)
        await desk.preparations.take_turn(who, meeting, turn, request_id(form), read_seen(form.one("seen")))
        return see_other(here)
    if move == "keep":
        return await _keep(request, form, who, aside=to == "aside")
    page, seen = request_id(form), read_seen(form.one("seen"))
    kept = await desk.preparations.keep_draft(who, meeting, state, given, page, seen=seen)
    if kept is None and typed_words(form):
        raise StaleTurn
    if move == "language" and (language := as_language(to)):
        await desk.visits.speak(who, language)
    return see_other(
        {
            "more": f"{here}?more=1",
            "pause": f"{here}/pause",
            "delete": "/delete",
            "notebook": "/notebook",
        }.get(move, here)
    )


async def _keep(request: web.Request, form: Form, who: Visitor, *, aside: bool) -> web.Response:
    """Keep what our script sends while it is typed; aside, also where the conversation has moved on.

    The answer names the revisions after it, so that the page knows its own writing when it hears of it;
    where nothing was kept, because something newer stands there, it names none.
    """
    kept = await request.app[DESK].preparations.keep_draft(
        who,
        request.match_info["meeting"],
        form.one("state"),
        form.without(*_OURS),
        request_id(form),
        None if aside else _turn(form),
        read_seen(form.one("seen")),
    )
    return web.Response(status=204, headers={REVISION: written(kept)} if kept else {})


async def _let_in(request: web.Request, form: Form) -> Visitor:
    """The visitor. A form that carries the private link unlocks first and is then taken as usual."""
    desk = request.app[DESK]
    meeting = request.match_info["meeting"]
    if not form.one("link"):
        who = await visitor(request)
        notebook = await desk.visits.notebook(who)
        if not notebook.has(meeting):  # begun anew in another tab: the words are held until unlocked
            raise SessionEnded if typed_words(form) else NotFound
        return who
    who, notebook = await unlock(request, form.one("link"), reader_language(request))
    if not notebook.has(meeting):  # somebody else's link, or an older notebook's
        await desk.visits.leave(who.secret)
        raise SecretUnknown
    return who


async def _refused(request: web.Request, form: Form, who: Visitor, trouble: Trouble) -> web.Response:
    """The question again, with everything that was typed and a sentence about what to do."""
    preparations, state = request.app[DESK].preparations, form.one("state")
    if state == ROUND_OFF:  # from the summary, where nothing is typed
        if isinstance(trouble, Refusal):
            return see_other(f"{conversation_path(request)}/summary")
        raise trouble
    try:
        standing = await preparations.standing(who, request.match_info["meeting"], state)
    except NotSaved:
        return unanswered(request, form)
    if standing.at != state:
        return _off_the_way(request, form)
    given = form.without(*_OURS)
    if isinstance(trouble, HiddenCharacter):
        given = {name: tuple(map(without_hidden, texts)) for name, texts in given.items()}
    # a reply that was not saved keeps its id, so that sending it again is the same turn
    again = None if isinstance(trouble, Refusal) else request_id(form)
    # who has been told of something newer has seen it; else the page is as old as it was
    seen = None if isinstance(trouble, StaleTurn) else form.one("seen")
    page = question_page(
        request, standing, given, trouble=_spoken(request, trouble), request_id=again, seen=seen
    )
    response = answer(request, page, _status(trouble))
    return wait(response, trouble) if isinstance(trouble, TooOften) else response


def _off_the_way(request: web.Request, form: Form) -> web.Response:
    """The question is no longer asked: the text, to be copied, and the way on."""
    say = catalogue(request).say
    page = MessagePage(
        title=say("trouble.off_the_way_heading"),
        heading=say("trouble.off_the_way_heading"),
        sentences=[say("trouble.off_the_way")],
        typed=[text for _, text in typed_words(form)],
        ways=[(conversation_path(request), "trouble.go_on")],
        here=conversation_path(request),
    )
    return answer(request, page, 409)


def _status(trouble: Trouble) -> int:
    if isinstance(trouble, TooOften):
        return 429
    if isinstance(trouble, NotSaved | RevisionConflict):
        return 503
    return 409 if isinstance(trouble, StaleTurn | RequestReused | NotOnTheWay) else 422


def _spoken(request: web.Request, trouble: Trouble) -> TroubleShown:
    """A refusal as a sentence in the reader's language; its facts are numbers only."""
    book = catalogue(request)
    facts = {name: book.number(value) for name, value in vars(trouble).items() if isinstance(value, int)}
    field = trouble.field if isinstance(trouble, Refusal) else None
    return TroubleShown(
        book.say("refusal.heading"), book.say(f"refusal.{type(trouble).__name__}", **facts), field
    )


def _turn(form: Form) -> int:
    """The turn the form was made for; a form without one was never ours, so it is stale."""
    text = form.one("turn")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def routes() -> list[web.RouteDef]:
    """The conversation for one meeting."""
    return [
        web.get(MEETING, show),
        web.post(MEETING, reply),
        web.get(f"{MEETING}/pause", pause),
        web.post(f"{MEETING}/continue", go_on),
    ]
