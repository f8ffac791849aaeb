"""The conversation as a plain form: all questions of the journey on one page, saved part by part.

It is one form, so that saving one part, changing the language or pausing also submits the text in all other
fields, as drafts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aiohttp import web

from assistant.dialogue.model import Address
from assistant.engine.conversation import ROUND_OFF
from assistant.engine.lines import set_apart
from assistant.engine.replies import RepliesAtOnce
from assistant.engine.reply import Given, without_hidden
from assistant.engine.turn import Reply
from assistant.engine.way import part_visits
from assistant.errors import HiddenCharacter, Refusal, SeveralRefused, StaleTurn, Trouble
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.drafts import SeenRevisions
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import AFTER, MEETING, conversation_path, preparations, reader_catalogue
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.pages import FormError as TroubleShown
from assistant.web.http.private_form import GIVEN_BACK, private_form
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.http.unsaved_text import is_own_words
from assistant.web.user.conversation import elsewhere, kept_as, taken_along
from assistant.web.user.form_handling import USERS, anchor, error_shown, status_of, turn_of
from assistant.web.user.guided_strip import stop, with_strip
from assistant.web.user.pages import FormPage, FormPart
from assistant.web.user.question_pages import LINES, way_back_page
from assistant.web.user.several_lines import lines_to_ask_about_at
from assistant.web.user.written_for import as_typed
from assistant.web.views.links import live_at
from assistant.web.views.question import asked_at, question_digest, said_before
from assistant.web.views.rank import tap_name
from assistant.web.views.shown import LeftShown, QuestionShown, StripShown
from assistant.web.views.transcript import journey_shown, part_shown

_SHOWN = "shown"
"""The field with a digest of a question's fields when the page was rendered."""
_ASKED = "asked"
"""The field of a question whose lines were asked about: saved as they are, they are one answer."""


async def show(request: web.Request) -> web.Response:
    """Show all questions, filled with answers and drafts."""
    who = await signed_in_user(request)
    standing = await preparations(request).standing(who, request.match_info["meeting"])
    standing, strip = await with_strip(request, who, standing)
    if not standing.way_back_shown:
        return render(request, way_back_page(request, standing, strip))
    along = await taken_along(request, who, standing)
    return render(request, _page(request, standing, along=along, strip=strip))


async def _refused(request: web.Request, form: Form, who: SignedInUser, trouble: Trouble) -> web.Response:
    """The page again, with everything that was typed and each sentence at its own question."""
    standing = await preparations(request).standing(who, request.match_info["meeting"])
    along = await taken_along(request, who, standing)
    standing, strip = await with_strip(request, who, standing)
    # untouched fields show the current text: it may have changed elsewhere
    given = _given(form) if isinstance(trouble, SeveralRefused) else _touched(form)
    wrong: Mapping[str, Refusal] = trouble.by_question if isinstance(trouble, SeveralRefused) else {}
    if any(isinstance(refusal, HiddenCharacter) for refusal in wrong.values()):
        given = {
            a: {name: tuple(map(without_hidden, texts)) for name, texts in fields.items()}
            for a, fields in given.items()
        }
    # a reply that was not saved keeps its id, so that sending it again is the same turn
    again = None if isinstance(trouble, Refusal) else request_id(form)
    # who has been told of something newer has seen it; else the page is as old as it was
    seen = None if isinstance(trouble, StaleTurn) else form.one("seen")
    error = error_shown(request, trouble, whole=True)
    page = _page(request, standing, given, wrong, error, again, seen, along=along, strip=strip)
    return render(request, page, status_of(trouble))


@private_form(USERS, _refused, on=GIVEN_BACK, whole=True)
async def save(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Submit one part of the form or all of it; keep the rest as drafts."""
    conversation, meeting = preparations(request), request.match_info["meeting"]
    here = f"{conversation_path(request)}/form"
    who = as_typed(who, form)
    move, _, to = form.one("move").partition(":")
    touched = _touched(form)
    page, seen = request_id(form), SeenRevisions.read(form.one("seen"))
    if move == "stop":  # before what is typed is looked at: nothing may stand in its way
        await stop(request, who)
    if move in ("", "save", "finish", "apart", "whole"):  # no button: Enter was pressed in a field
        return await _saved(request, form, who, move, to)
    turn = turn_of(form) if move == "keep" and to != "aside" else None
    kept = await conversation.keep_drafts(who, meeting, touched, page, turn, seen)
    if move == "keep":
        return kept_as(kept, seen)
    if kept is None:
        raise StaleTurn
    if move == "forget":
        forget = Reply(turn_of(form), ROUND_OFF, "forget", to=to)
        await conversation.take_turn(who, meeting, forget, page)
        return see_other(here)
    if move == "tap":
        state, _, entry = to.partition(":")
        await conversation.take_turn(who, meeting, Reply(turn_of(form), state, "tap", to=entry), page)
        return see_other(f"{here}?tapped={tap_name(request, entry)}#saved")
    if move == "more":
        return see_other(f"{here}?more={to}{anchor(to)}" if anchor(to) else here)
    if move == "go":
        return see_other(f"{here}{anchor(to)}")
    if move == "help":
        return see_other(f"{conversation_path(request)}/help" + (f"?at={to}" if anchor(to) else ""))
    return await elsewhere(request, form, who, here)


async def _saved(request: web.Request, form: Form, who: SignedInUser, move: str, to: str) -> web.Response:
    """Save a part, all of it, or one question whose lines are now said to be one answer or several."""
    conversation, meeting = preparations(request), request.match_info["meeting"]
    here, given = f"{conversation_path(request)}/form", _given(form)
    is_meant = move in ("apart", "whole")
    part: dict[Address, Given] = {
        a: fields for a, fields in given.items() if not to or to == (a if is_meant else _part_of(a))
    }
    before = await conversation.standing(who, meeting)
    to_ask = {} if is_meant else lines_to_ask_about_at(before, part)
    to_ask = {a: lines for a, lines in to_ask.items() if not form.one(f"{a}:{_ASKED}")}
    if move == "apart":
        part = {a: set_apart(fields, before.conversation.answers.get(a)) for a, fields in part.items()}
    part = {a: fields for a, fields in part.items() if a not in to_ask}
    typed = {a: fields for a, fields in _touched(form).items() if a not in part}
    replies, seen = RepliesAtOnce(turn_of(form), part), SeenRevisions.read(form.one("seen"))
    await conversation.take_replies(who, meeting, replies, typed, request_id(form), seen)
    if to_ask:
        return see_other(f"{here}?{LINES}=1#saved")
    if move == "finish":
        return see_other(f"{conversation_path(request)}/summary")
    if is_meant:
        return see_other(f"{here}?{LINES}=1&saved={_part_of(to)}#saved")
    after = await conversation.standing(who, meeting)
    new = (a for a in after.journey.open_questions if a not in before.journey.questions)
    opened = next((a for a in new if not to or _part_of(a) == to), None)
    return see_other(f"{here}?saved={to}{anchor(opened) if opened else '#saved'}")


def _page(
    request: web.Request,
    standing: Standing,
    given: Mapping[Address, Given] | None = None,
    wrong: Mapping[Address, Refusal] | None = None,
    trouble: TroubleShown | None = None,
    again: str | None = None,
    seen: str | None = None,
    *,
    along: Sequence[LeftShown],
    strip: StripShown | None = None,
) -> FormPage:
    given, wrong = given or {}, wrong or {}
    is_asked = LINES in request.query and not wrong
    drafts = {a: standing.filled_at(a) for a in standing.journey.questions} if is_asked else {}
    lines = lines_to_ask_about_at(standing, drafts)

    def question(address: Address) -> QuestionShown:
        refusal = wrong.get(address)
        asked = asked_at(
            request,
            standing,
            address,
            given.get(address, standing.filled_at(address)),
            more=request.query.get("more") == address,
            trouble=error_shown(request, refusal, whole=True) if refusal else None,
            prefix=f"{address}:",
            tapped=request.query.get("tapped", ""),
        )
        return replace(asked, lines=lines.get(address, 0))

    visits = part_visits(standing.journey, ROUND_OFF)
    parts = [FormPart(part_shown(request, standing, v), [question(a) for a in v.questions]) for v in visits]
    saved = request.query.get("saved")
    return FormPage(
        title=reader_catalogue(request).say("whole.heading"),
        here=f"{conversation_path(request)}/form",
        request_id=again or new_request_id(),
        live=live_at(request, standing),
        turn=standing.conversation.turn,
        seen=standing.seen.text if seen is None else seen,
        way=journey_shown(request, standing),
        parts=parts,
        said=said_before(standing, ROUND_OFF),
        saved=saved if not lines and saved in ("", *(part.shown.key for part in parts)) else None,
        first_lines=next(iter(lines), None),
        trouble=trouble,
        wrong=[asked for part in parts for asked in part.asked if asked.trouble],
        left_over=_left_over(standing, given),
        along=along,
        is_by_another=standing.is_by_another,
        strip=None if strip is None else strip._replace(form="whole"),
    )


def _given(form: Form) -> dict[Address, dict[str, tuple[str, ...]]]:
    """Return the fields of each question on the page."""
    given: dict[Address, dict[str, tuple[str, ...]]] = {}
    for name, texts in form.fields.items():
        address, colon, field = name.partition(":")
        if colon:
            fields = given.setdefault(address, {})
            if field not in (_SHOWN, _ASKED):
                fields[field] = texts
    return given


def _touched(form: Form) -> dict[Address, dict[str, tuple[str, ...]]]:
    """Return the questions whose fields changed since the page was rendered."""
    return {
        address: fields
        for address, fields in _given(form).items()
        if question_digest(fields) != form.one(f"{address}:{_SHOWN}")
    }


def _left_over(standing: Standing, given: Mapping[Address, Given]) -> list[str]:
    """Return own words at questions that are no longer on the journey, to be copied."""
    return [
        text
        for address, fields in given.items()
        if address not in standing.journey.questions
        for name, texts in fields.items()
        if is_own_words(name)
        for text in texts
        if text.strip()
    ]


def _part_of(address: Address) -> str:
    return address.rpartition("/")[0]


def routes() -> list[web.RouteDef]:
    """Routes for the plain form about one meeting, and for the look back."""
    return [
        route
        for at in (MEETING, AFTER)
        for route in (web.get(f"{at}/form", show), web.post(f"{at}/form", save))
    ]
