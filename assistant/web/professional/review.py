"""Going through it together, as the professional does it, and the text for their record."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from assistant.errors import NotMetYet, Refusal, ShareOver
from assistant.service.staff import SignedIn
from assistant.web.desk import DESK, answer, catalogue, see_other
from assistant.web.forms import Form
from assistant.web.pages import Trouble
from assistant.web.professional.shared import OPENED, share_over, shared_page, to_be_read
from assistant.web.review_forms import read_act
from assistant.web.review_shown import sheet_of
from assistant.web.review_told import anchor, status_of, told, words_typed
from assistant.web.sharing import SHARING
from assistant.web.staff.door import take_from_staff
from assistant.web.user.steps import request_id


async def act(request: web.Request) -> web.Response:
    """Do one thing in the review."""
    form, who = await take_from_staff(request, "enter_code")
    return await _done(request, form, who, _prepare if form.one("act") == "prepare" else _act)


async def _act(request: web.Request, form: Form, who: SignedIn) -> None:
    reviews, opening = request.app[SHARING].reviews, request.match_info["opening"]
    now = await reviews.of_reader(who, opening)
    hand = now.hand if now else None
    if hand is not None:
        await reviews.act_as_reader(who, opening, read_act(form, hand, opening))


async def _prepare(request: web.Request, form: Form, who: SignedIn) -> None:
    operator = request.app[DESK].settings.operator
    records, opening = request.app[SHARING].records, request.match_info["opening"]
    await records.prepare(who, opening, request_id(form), catalogue(request), operator)


async def take_record(request: web.Request) -> web.Response:
    """The text that the user has seen, as a file; that is on the trail first."""
    _, who = await take_from_staff(request, "enter_code")
    pages, operator = request.app[DESK].pages, request.app[DESK].settings.operator
    records, opening = request.app[SHARING].records, request.match_info["opening"]
    name = catalogue(request).say("review.record_file")
    try:
        if request.match_info["form"] == "pdf":
            made = await records.pdf(who, opening, pages.catalogues, operator)
            return _file(made, "application/pdf", f"{name}.pdf")
        data = await records.fhir(who, opening, pages.catalogues, operator)
        return _file(data.encode(), "application/fhir+json", f"{name}.json")
    except ShareOver as over:
        return share_over(request, who, over.ended)


def _file(body: bytes, kind: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=kind, headers=headers)


async def _done(
    request: web.Request,
    form: Form,
    who: SignedIn,
    do: Callable[[web.Request, Form, SignedIn], Awaitable[None]],
) -> web.Response:
    """Do it, and say what could not be done; nothing typed is lost on the way."""
    try:
        await do(request, form, who)
    except ShareOver as over:
        return share_over(request, who, over.ended, words_typed(form))
    except (Refusal, NotMetYet) as trouble:
        now = await request.app[SHARING].reviews.of_reader(who, request.match_info["opening"])
        assert now is not None, "an act was refused in it"
        if not now.has_met:
            say = catalogue(request).say
            why = Trouble(say("review.not_kept"), say("review.NotMetYet"))
            return answer(request, await to_be_read(request, who, now, why), 409)
        sheet = told(request, sheet_of(request, now, request.path), form, trouble)
        return answer(request, shared_page(request, who, now, sheet), status_of(trouble))
    return see_other(f"{request.path}#{anchor(form)}")


def routes() -> list[web.RouteDef]:
    """Acts in what was opened, and its text for the record as files."""
    return [web.post(OPENED, act), web.post(f"{OPENED}/record/{{form:pdf|fhir}}", take_record)]
