"""Reviews, for users: on their own screen, and later in their notebook."""

from functools import partial

from aiohttp import web

from assistant.errors import NotFound, NotSaved, Trouble
from assistant.service.broadcast import Listener
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.review.reviews import ReviewView
from assistant.service.services import Services
from assistant.service.sharing.openings import standing_at
from assistant.web.http.context import (
    FRAGMENT,
    MEETING,
    context,
    conversation_path,
    reader_catalogue,
    services,
)
from assistant.web.http.event_stream import stream
from assistant.web.http.forms import Form
from assistant.web.http.pages import LiveUpdates, Page
from assistant.web.http.private_form import GIVEN_BACK, private_form
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.responses import as_file, render, render_next, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.http.unsaved_text import unanswered
from assistant.web.user.form_handling import USERS
from assistant.web.user.share_choices import meeting_id_of, share_path
from assistant.web.views.review import RECORD, record_to_copy, sheet_of
from assistant.web.views.review_errors import REFUSED, anchor, error_told, gone, status_of
from assistant.web.views.review_forms import read_act
from assistant.web.views.review_pages import RecordCopyPage, ReviewPage, ReviewShown

_ID = "{review:[0-9a-f]{32}}"


async def newest(request: web.Request) -> web.Response:
    """Redirect to the newest review of this meeting. Raises `NotFound` if nothing was shared."""
    had = await services(request).reviews.had(await signed_in_user(request), meeting_id_of(request))
    if not had:
        raise NotFound
    return see_other(_path(request, had[-1].id))


async def show(request: web.Request) -> web.Response:
    """Show the current review."""
    now = await _now(request, await signed_in_user(request))
    return render(request, _page(request, now, _sheet(request, now)))


async def _refused(request: web.Request, form: Form, who: SignedInUser, trouble: Trouble) -> web.Response:
    """The review as it is now, with what was typed and what is to be done."""
    if isinstance(trouble, NotSaved) or not isinstance(trouble, REFUSED):
        return unanswered(request, form)
    now = await _now(request, who)
    sheet = error_told(request, _sheet(request, now), form, trouble)
    return render(request, _page(request, now, sheet), status_of(trouble))


@private_form(USERS, _refused, on=GIVEN_BACK)
async def act(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Do one thing in it."""
    reviews, review_id = services(request).reviews, request.match_info["review"]
    try:
        now = await reviews.act_as_owner(who, meeting_id_of(request), review_id, read_act(form, "user"))
    except NotFound:
        now = await _now(request, who)  # the target entry or agreement is gone, or the review
        return render(request, _page(request, now, gone(request, _sheet(request, now), form)), 409)
    if FRAGMENT in request.headers:
        return render_next(request, _page(request, now, _sheet(request, now)))
    return see_other(f"{request.path}#{anchor(form)}")


async def events(request: web.Request) -> web.StreamResponse:
    """Notify the user's screen when something is done on another."""
    who = await signed_in_user(request)
    check_rate(context(request).limits.acts, who.owner.notebook_id)
    now = await _now(request, who)
    ids = meeting_id_of(request), request.match_info["review"]
    look = partial(_look, services(request), who.secret, *ids)
    return await stream(request, who.secret, now.share.id, (), look)


async def _look(here: Services, secret: str, meeting_id: str, review_id: str, _: Listener) -> str:
    who = await here.sessions.recognise(secret)
    return _revision(await here.reviews.of_owner(who, meeting_id, review_id))


async def calendar(request: web.Request) -> web.Response:
    """Download the calendar entry of an agreement's next check. It does not say what was agreed."""
    catalogue, reviews = reader_catalogue(request), services(request).reviews
    who, review_id = await signed_in_user(request), request.match_info["review"]
    title, agreement = catalogue.say("review.calendar_title"), request.match_info["agreement"]
    made = await reviews.calendar(who, meeting_id_of(request), review_id, agreement, title)
    return as_file(made, "text/calendar", f"{catalogue.say('review.calendar_file')}.ics")


async def copy_record(request: web.Request) -> web.Response:
    """Show the plain text for the record, to be copied."""
    now = await _now(request, await signed_in_user(request))
    back = request.path.partition("/record/")[0]
    page = RecordCopyPage(
        title=reader_catalogue(request).say("review.record_text"),
        here=request.path,
        record=record_to_copy(request, sheet_of(request, now, back)),
        back=back,
    )
    return render(request, page)


async def _now(request: web.Request, who: SignedInUser) -> ReviewView:
    reviews = services(request).reviews
    return await reviews.of_owner(who, meeting_id_of(request), request.match_info["review"])


def _sheet(request: web.Request, now: ReviewView) -> ReviewShown:
    return sheet_of(request, now, request.path)


def _page(request: web.Request, now: ReviewView, sheet: ReviewShown) -> Page:
    return ReviewPage(
        title=reader_catalogue(request).say("review.heading" if sheet.is_open else "review.title_staff"),
        here=request.path,
        live=LiveUpdates(f"{request.path}/events", _revision(now)) if sheet.is_open else None,
        sheet=sheet,
        share=share_path(request),
    )


def _revision(now: ReviewView) -> str:
    return f"{standing_at(now.share, now.revision)}.{int(now.snapshot is None)}"


def _path(request: web.Request, review_id: str) -> str:
    return f"{conversation_path(request)}/review/{review_id}"


def routes() -> list[web.RouteDef]:
    """Routes for the reviews of a meeting."""
    here = f"{MEETING}/review"
    return [
        web.get(here, newest),
        web.get(f"{here}/{_ID}", show),
        web.post(f"{here}/{_ID}", act),
        web.get(f"{here}/{_ID}/events", events, allow_head=False),
        web.get(f"{here}/{_ID}/record/{RECORD}", copy_record),
        web.get(f"{here}/{_ID}/calendar/{{agreement:[0-9a-z]{{1,40}}}}", calendar),
    ]
