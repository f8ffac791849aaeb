"""Reviews, for professionals, and the text for their record."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from assistant.errors import NotFound, NotMetYet, NotSaved, Refusal, RevisionConflict, ShareOver
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, reader_catalogue, services
from assistant.web.http.forms import Form, request_id
from assistant.web.http.pages import FormError
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.responses import as_file, render, see_other, with_retry_after
from assistant.web.http.unsaved_text import unanswered
from assistant.web.professional.share import OPENED, share_over, shared_page, to_be_read
from assistant.web.staff.authentication import TAKEN, take_from_staff
from assistant.web.views.review import sheet_of
from assistant.web.views.review_errors import anchor, error_told, gone, status_of, words_typed
from assistant.web.views.review_forms import read_act


async def act(request: web.Request) -> web.Response:
    """Perform one act in the review."""
    try:
        form, who = await take_from_staff(request, "enter_code")
        return await _done(request, form, who, _prepare if form.one("act") == "prepare" else _act)
    except (NotSaved, RevisionConflict):  # her words on a page that sends them again
        return unanswered(request, request[TAKEN], "/staff")
    except TooOften as often:
        return with_retry_after(unanswered(request, request[TAKEN], "/staff"), often)


async def _act(request: web.Request, form: Form, who: SignedInStaff) -> None:
    reviews, opening = services(request).reviews, request.match_info["opening"]
    await reviews.act_as_reader(who, opening, read_act(form, "professional", opening))


async def _prepare(request: web.Request, form: Form, who: SignedInStaff) -> None:
    operator = context(request).settings.operator
    records, opening = services(request).medical_records, request.match_info["opening"]
    await records.prepare(who, opening, request_id(form), reader_catalogue(request), operator)


async def take_record(request: web.Request) -> web.Response:
    """Download the text that the user has seen; the audit trail records it first."""
    _, who = await take_from_staff(request, "enter_code")
    opening = request.match_info["opening"]
    try:
        try:
            return await _record(request, who)
        except (NotFound, NotMetYet):
            if await services(request).reviews.of_reader(who, opening) is None:
                raise NotFound from None
            # something changed since: the page says so
            return see_other(f"{request.path.partition('/record/')[0]}#record")
    except ShareOver as over:
        return share_over(request, who, over.ended)


async def _record(request: web.Request, who: SignedInStaff) -> web.Response:
    pages, operator = context(request).pages, context(request).settings.operator
    records, opening = services(request).medical_records, request.match_info["opening"]
    name = reader_catalogue(request).say("review.record_file")
    if request.match_info["form"] == "pdf":
        made = await records.pdf(who, opening, pages.catalogues, operator)
        return as_file(made, "application/pdf", f"{name}.pdf")
    data = await records.fhir(who, opening, pages.catalogues, operator)
    return as_file(data.encode(), "application/fhir+json", f"{name}.json")


async def _done(
    request: web.Request,
    form: Form,
    who: SignedInStaff,
    do: Callable[[web.Request, Form, SignedInStaff], Awaitable[None]],
) -> web.Response:
    """Perform an act, or show why it failed with the typed text."""
    try:
        try:
            await do(request, form, who)
        except (Refusal, NotMetYet, NotFound) as trouble:
            return await _refused(request, form, who, trouble)
    except ShareOver as over:
        return share_over(request, who, over.ended, words_typed(form))
    return see_other(f"{request.path}#{anchor(form)}")


async def _refused(
    request: web.Request, form: Form, who: SignedInStaff, trouble: Refusal | NotMetYet | NotFound
) -> web.Response:
    """Show the current review with the error. Raises as `Openings.read` does."""
    opening = request.match_info["opening"]
    now = await services(request).reviews.of_reader(who, opening)
    if now is None:
        raise NotFound
    if not now.has_met:
        say = reader_catalogue(request).say
        why = FormError(say("review.not_kept"), say("review.NotMetYet"))
        return render(request, await to_be_read(request, who, now, why), 409)
    sheet = sheet_of(request, now, request.path)
    if isinstance(trouble, NotFound):
        return render(request, await shared_page(request, who, now, gone(request, sheet, form)), 409)
    sheet = error_told(request, sheet, form, trouble)
    return render(request, await shared_page(request, who, now, sheet), status_of(trouble))


def routes() -> list[web.RouteDef]:
    """Routes for acts in an opened review, and for its record text as files."""
    return [web.post(OPENED, act), web.post(f"{OPENED}/record/{{form:pdf|fhir}}", take_record)]
