"""Builds the page for the current question, the page about saving access, or the round-off."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from aiohttp import web

from assistant.dialogue.model import Address, Balance, Question, Rank
from assistant.engine.lines import lines_to_ask_about
from assistant.engine.reply import Given
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import conversation_path, reader_catalogue, reader_language
from assistant.web.http.forms import new_request_id
from assistant.web.http.pages import FormError, Page
from assistant.web.http.qr import draw
from assistant.web.http.responses import is_on_loan
from assistant.web.user.pages import QuestionPage, RoundOffPage, SaveAccessPage
from assistant.web.views.links import link_shown, live_at
from assistant.web.views.question import asked_at, said_before
from assistant.web.views.shown import LeftShown, StateNamed, StripShown
from assistant.web.views.transcript import is_worth_offering, journey_shown, talk_shown

_MATTERS = "matters"
"""The section of what matters to the user now."""
WAYS = "ways"
"""Asks for the second page of a balance: in which way."""
LINES = "lines"
"""Asks whether several lines are one statement."""


def step_page(
    request: web.Request,
    standing: Standing,
    *,
    more: bool = False,
    along: Sequence[LeftShown] = (),
    strip: StripShown | None = None,
    tapped: str = "",
) -> Page:
    """Build the page for the current question; `tapped` names the entry that was put first or taken away."""
    if standing.question is None:
        say = reader_catalogue(request).say
        return RoundOffPage(
            title=say("round_off.heading"),
            here=conversation_path(request),
            live=live_at(request, standing),
            said=said_before(standing, standing.at),
            talk=talk_shown(request, standing),
            way=journey_shown(request, standing, offers=False),
            offers=offers(standing),
            along=along,
            here_conversation=conversation_path(request),
            turn=standing.conversation.turn,
            request_id=new_request_id(),
            is_by_another=standing.is_by_another,
            strip=strip,
        )
    if standing.way_back_due:
        return way_back_page(request, standing, strip)
    query, given = request.query, standing.filled
    before = standing.journey.answers.get(standing.at)
    lines = lines_to_ask_about(standing.question, given, before) if LINES in query else 0
    return question_page(
        request,
        standing,
        given,
        more=more,
        ways=WAYS in query,
        lines=lines,
        along=along,
        strip=strip,
        tapped=tapped,
    )


def question_page(
    request: web.Request,
    standing: Standing,
    given: Given,
    *,
    more: bool = False,
    ways: bool = False,
    lines: int = 0,
    trouble: FormError | None = None,
    request_id: str | None = None,
    seen: str | None = None,
    along: Sequence[LeftShown] = (),
    strip: StripShown | None = None,
    tapped: str = "",
) -> QuestionPage:
    """Build the page of one question, with its fields filled, at the end of the conversation so far.

    A balance has two pages: how much, and with `ways` in which way. With `lines`, the page asks whether so
    many lines are one statement or several.
    """
    journey, at = standing.journey, standing.at
    assert standing.question is not None, "there is a question where a reply was refused"
    half = _half(standing.question, trouble, ways=ways)
    say, title = reader_catalogue(request).say, standing.question.prompt.in_(reader_language(request))
    if lines:
        title = say("lines.ask", count=lines)
    asked = asked_at(request, standing, at, given, more=more, trouble=trouble, half=half, tapped=tapped)
    return QuestionPage(
        title=say("balance.ways") if half == "ways" else title,
        here=conversation_path(request),
        live=live_at(request, standing),
        request_id=request_id or new_request_id(),
        turn=standing.conversation.turn,
        seen=standing.seen.text if seen is None else seen,
        part=standing.dialogue.part_of(at).topic,
        is_first=at == journey.questions[0],
        step=_step(standing),
        steps=len(standing.machine.steps),
        asked=replace(asked, lines=lines) if lines else asked,
        talk=talk_shown(request, standing),
        way=journey_shown(request, standing),
        along=along if _is_for_what_matters(standing) else (),
        is_by_another=standing.is_by_another,
        strip=None if strip is None else strip._replace(form="reply", asked=at),
    )


def _half(question: Question, trouble: FormError | None, *, ways: bool) -> Literal["", "levels", "ways"]:
    if not isinstance(question, Balance):
        return ""
    if trouble is not None and trouble.field is not None:
        ways = not trouble.field.endswith(".level")  # the page that has the field
    return "ways" if ways else "levels"


def shows_carried_over(standing: Standing) -> bool:
    """Return whether the page of the current question shows what an earlier meeting left."""
    return standing.question is None or (not standing.way_back_due and _is_for_what_matters(standing))


def _step(standing: Standing) -> int:
    """Return the number of the step at the current question; 0 at what is only offered.

    A part that an answer has added belongs to the step before it.
    """
    if standing.at not in standing.journey.led:
        return 0
    here = next(place for place, visit in enumerate(standing.visits) if visit.state == "here")
    passed = {visit.part for visit in standing.visits[: here + 1] if visit.state != "offered"}
    return max(1, sum(part in passed for part in standing.machine.steps))


def _is_for_what_matters(standing: Standing) -> bool:
    """Return whether what an earlier meeting left is shown here: at the first question, and where it can be
    used.
    """
    assert standing.question is not None, "it is asked of a question"
    return standing.at == standing.journey.questions[0] or standing.question.section == _MATTERS


def way_back_page(
    request: web.Request, standing: Standing, strip: StripShown | None = None
) -> SaveAccessPage:
    """Build the page about the link and codename, shown before the first own words."""
    link = link_shown(request, standing.link)
    return SaveAccessPage(
        title=reader_catalogue(request).say("way_back.heading"),
        here=conversation_path(request),
        live=live_at(request, standing),
        link=link,
        qr=draw(link.address) if link and is_on_loan(request) else None,
        strip=None if strip is None else strip._replace(can_go=False),
    )


def offers(standing: Standing) -> list[StateNamed]:
    """Return the offered questions that can be opened from here; a rank only if there is something to
    rank.
    """
    journey = standing.journey
    open_ = [
        a for a in journey.questions if a != standing.at and (a in journey.offered or _is_empty(standing, a))
    ]
    return [
        StateNamed(address, standing.dialogue.question(address).prompt)
        for address in open_
        if is_worth_offering(standing, address)
    ]


def _is_empty(standing: Standing, address: Address) -> bool:
    """Return whether nothing was put first where it could have been: it still can."""
    answer = standing.journey.answers.get(address)
    is_rank = isinstance(standing.dialogue.question(address), Rank)
    return is_rank and answer is not None and not answer.given
