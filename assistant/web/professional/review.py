"""Reviews, for professionals, and the text for their record."""

from aiohttp import web

from assistant.errors import NotFound, NotMetYet, ShareOver, Trouble
from assistant.meetings.review.review import Extent
from assistant.service.review.reviews import ReviewView
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import FRAGMENT, context, reader_catalogue, services
from assistant.web.http.forms import Form, request_id
from assistant.web.http.pages import FormError
from assistant.web.http.private_form import GIVEN_BACK, private_form
from assistant.web.http.responses import as_file, render, render_next, see_other
from assistant.web.professional.share import OPENED, share_over, shared_page, to_be_read
from assistant.web.professional.share_pages import StaffRecordCopyPage
from assistant.web.staff.authentication import StaffWhoMay, staff_who_may
from assistant.web.staff.pages import bar
from assistant.web.views.review import RECORD, record_to_copy, sheet_of
from assistant.web.views.review_errors import anchor, error_told, gone, status_of, words_typed
from assistant.web.views.review_forms import read_act


async def _refused(request: web.Request, form: Form, who: SignedInStaff, trouble: Trouble) -> web.Response:
    """The review as it is now, with what was typed and what is to be done; or that the share is over."""
    try:
        if isinstance(trouble, ShareOver):
            raise trouble
        return await _review_again(request, form, who, trouble)
    except ShareOver as over:
        return share_over(request, who, over.ended, words_typed(form))


async def _review_again(
    request: web.Request, form: Form, who: SignedInStaff, trouble: Trouble
) -> web.Response:
    """Return the review as it is now. Raises `ShareOver`, and `NotFound` if this reader may not see it."""
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


@private_form(StaffWhoMay("enter_code"), _refused, on=(*GIVEN_BACK, NotMetYet, NotFound, ShareOver))
async def act(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Do one thing in the review."""
    site, opening = context(request), request.match_info["opening"]
    reviews = site.services.reviews
    now: ReviewView | None = None
    if form.one("act") == "prepare":
        catalogue, operator = reader_catalogue(request), site.settings.operator
        extent: Extent = "all" if form.one("extent") == "all" else "short"
        await site.services.medical_records.prepare(
            who, opening, request_id(form), catalogue, operator, extent=extent
        )
    else:
        now = await reviews.act_as_reader(who, opening, read_act(form, "professional", opening))
    if FRAGMENT in request.headers and (now := now or await reviews.of_reader(who, opening)):
        sheet = sheet_of(request, now, request.path)
        return render_next(request, await shared_page(request, who, now, sheet))
    return see_other(f"{request.path}#{anchor(form)}")


async def _record_refused(
    request: web.Request, _form: Form, who: SignedInStaff, trouble: Trouble
) -> web.Response:
    """The share is over; or something changed since, and the page says so."""
    try:
        if isinstance(trouble, ShareOver):
            raise trouble
        if await services(request).reviews.of_reader(who, request.match_info["opening"]) is None:
            raise NotFound
    except ShareOver as over:
        return share_over(request, who, over.ended)
    return see_other(f"{request.path.partition('/record/')[0]}#record")


@private_form(StaffWhoMay("enter_code"), _record_refused, on=(NotFound, NotMetYet, ShareOver))
async def take_record(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Download the text that the user has seen; the audit trail records it first."""
    pages, operator = context(request).pages, context(request).settings.operator
    records, opening = services(request).medical_records, request.match_info["opening"]
    name = reader_catalogue(request).say("review.record_file")
    if request.match_info["form"] == "pdf":
        made = await records.pdf(who, opening, pages.catalogues, operator)
        return as_file(made, "application/pdf", f"{name}.pdf")
    data = await records.fhir(who, opening, pages.catalogues, operator)
    return as_file(data.encode(), "application/fhir+json", f"{name}.json")


async def copy_record(request: web.Request) -> web.Response:
    """Show the plain text for the record, to be copied."""
    who = await staff_who_may(request, "enter_code")
    try:
        now = await services(request).reviews.of_reader(who, request.match_info["opening"])
    except ShareOver as over:
        return share_over(request, who, over.ended)
    if now is None or not now.has_met:
        raise NotFound
    back = request.path.partition("/record/")[0]
    page = StaffRecordCopyPage(
        title=reader_catalogue(request).say("review.record_text"),
        here=request.path,
        bar=bar(request, who),
        record=record_to_copy(request, sheet_of(request, now, back)),
        back=back,
    )
    return render(request, page)


def routes() -> list[web.RouteDef]:
    """Routes for acts in an opened review, and for its record text: plain, and as files."""
    return [
        web.post(OPENED, act),
        web.get(f"{OPENED}/record/{RECORD}", copy_record),
        web.post(f"{OPENED}/record/{{form:pdf|fhir}}", take_record),
    ]
