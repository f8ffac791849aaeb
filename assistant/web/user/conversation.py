"""The conversation: one question at a time, the way back, and the round-off."""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from aiohttp import web

from assistant.dialogue.model import Address
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
    client,
    not_too_often,
    reader_language,
    remember,
    see_other,
    visitor,
    wait,
)
from assistant.web.forms import Form, read_form
from assistant.web.held import in_another_language, locked, typed_words, unanswered
from assistant.web.pages import MessagePage
from assistant.web.pages import Trouble as TroubleShown
from assistant.web.user.pages import HelpHerePage, PausePage
from assistant.web.user.start import too_many_links, unknown_link
from assistant.web.user.steps import conversation_path, link_shown, question_page, request_id, step_page

_OURS = ("request", "turn", "state", "language", "speak", "move", "link")
"""The fields that are the form's own; all others hold what the person gave."""
_ADDRESS = re.compile(r"[a-z0-9_]+(/[a-z0-9_.]+){1,2}")
_MOVES: Mapping[str, Move] = {
    "answer": "answer",
    "skip": "skip",
    "back": "back",
    "go": "go",
    "forget": "forget",
}

Act = Callable[[web.Request, Form, Visitor], Awaitable[web.Response]]
Refuse = Callable[[web.Request, Form, Visitor, Trouble], Awaitable[web.Response]]


async def show(request: web.Request) -> web.Response:
    """Where the person stands."""
    who = await visitor(request)
    standing = await request.app[DESK].preparations.standing(who, request.match_info["meeting"])
    if who.view == "form":
        return see_other(f"{conversation_path(request)}/form{anchor(standing.at)}")
    return answer(request, step_page(request, standing, more="more" in request.query))


async def reply(request: web.Request) -> web.Response:
    """Take what the form gives: an answer, or another move that keeps what is typed."""
    return await receive(request, await read_form(request), _act, _refused)


async def receive(request: web.Request, form: Form, act: Act, refuse: Refuse) -> web.Response:
    """Let somebody in with what they typed, and do what the form asks; nothing typed is lost on the way."""
    speak = as_language(form.one("speak"))
    request[LANGUAGE] = speak or as_language(form.one("language"))
    if speak is not None:
        return in_another_language(request, form)
    try:
        who = await _let_in(request, form)
    except SessionEnded:
        return locked(request, form)
    except SecretUnknown:
        return locked(request, form, unknown_link(request))
    except TooOften as often:
        return wait(locked(request, form, too_many_links(request), 429), often)
    except NotSaved:
        return unanswered(request, form)
    try:
        not_too_often(request.app[DESK].acts, who.owner.notebook_id)
        response = await act(request, form, who)
    except (Refusal, NotSaved, RevisionConflict, TooOften) as trouble:
        # whoever asks for help is shown it; what could not be kept stays on the page
        refuses = unanswered_form if asks_for_help(form) else refuse
        response = await refuses(request, form, who, trouble)
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


async def help_here(request: web.Request) -> web.Response:
    """Whom to call, and the way back. It is shown to anyone: nobody unlocks anything first to see it."""
    view, here = "chat", conversation_path(request)
    with suppress(SessionEnded, NotSaved):
        view = (await visitor(request)).view
    back = f"{here}/form{anchor(request.query.get('at', ''))}" if view == "form" else here
    page = HelpHerePage(
        title=catalogue(request).say("help.title"), here=f"{here}/help", here_conversation=back
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
        back = Reply(turn_of(form), ROUND_OFF, "back")
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
        turn = Reply(turn_of(form), state, _MOVES.get(move, "answer"), given, to or None)
        await desk.preparations.take_turn(who, meeting, turn, request_id(form))
        return see_other(here)
    seen = turn_of(form) if move == "keep" else None
    if state != ROUND_OFF:
        await desk.preparations.keep_draft(who, meeting, state, given, seen)
    if move == "keep":
        return web.Response(status=204)
    return await elsewhere(request, form, who, {"more": f"{here}?more=1"}.get(move, here))


async def elsewhere(request: web.Request, form: Form, who: Visitor, here: str) -> web.Response:
    """Where a move leads that is no answer, with what was typed already kept as drafts."""
    visits, conversation = request.app[DESK].visits, conversation_path(request)
    move, _, to = form.one("move").partition(":")
    if move == "language" and (language := as_language(to)):
        await visits.speak(who, language)
    if move == "view":
        await visits.prefer(who, "form" if to == "form" else "chat")
        return see_other(f"{conversation}/form{anchor(form.one('state'))}" if to == "form" else conversation)
    return see_other(
        {
            "pause": f"{conversation}/pause",
            "delete": "/delete",
            "summary": f"{conversation}/summary",
            "help": f"{conversation}/help",
        }.get(move, here)
    )


def anchor(address: Address) -> str:
    """The place of a question on the page with all of them; nowhere in it at the round-off."""
    return f"#{address}" if _ADDRESS.fullmatch(address) else ""


async def unanswered_form(request: web.Request, form: Form, who: Visitor, trouble: Trouble) -> web.Response:
    """The words on a page of their own, with whom to call first."""
    return unanswered(request, form)


def asks_for_help(form: Form) -> bool:
    """Whether it was sent by the button that asks for help."""
    return form.one("move").partition(":")[0] == "help"


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
    not_too_often(desk.links, client(request))
    who, notebook = await desk.visits.come_back(form.one("link"), reader_language(request))
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
    page = question_page(request, standing, given, trouble=spoken(request, trouble), request_id=again)
    response = answer(request, page, status_of(trouble))
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


def status_of(trouble: Trouble) -> int:
    """The status a page with this trouble is sent with."""
    if isinstance(trouble, TooOften):
        return 429
    if isinstance(trouble, NotSaved | RevisionConflict):
        return 503
    return 409 if isinstance(trouble, StaleTurn | RequestReused | NotOnTheWay) else 422


def spoken(request: web.Request, trouble: Trouble, *, whole: bool = False) -> TroubleShown:
    """A refusal as a sentence in the reader's language; its facts are numbers only.

    The page with the `whole` form has sentences of its own where they tell which button to press.
    """
    book, name = catalogue(request), type(trouble).__name__
    facts = {name: book.number(value) for name, value in vars(trouble).items() if isinstance(value, int)}
    field = trouble.field if isinstance(trouble, Refusal) else None
    key = f"whole.{name}" if whole and f"whole.{name}" in book.sentences else f"refusal.{name}"
    return TroubleShown(book.say("refusal.heading"), book.say(key, **facts), field)


def turn_of(form: Form) -> int:
    """The turn the form was made for; a form without one was never ours, so it is stale."""
    text = form.one("turn")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def routes() -> list[web.RouteDef]:
    """The conversation for one meeting."""
    return [
        web.get(MEETING, show),
        web.post(MEETING, reply),
        web.get(f"{MEETING}/pause", pause),
        web.get(f"{MEETING}/help", help_here),
        web.post(f"{MEETING}/continue", go_on),
    ]
