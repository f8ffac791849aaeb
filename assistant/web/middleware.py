"""Middleware: checks every request and protects every response.

A request must have a Host of ours and, if it changes anything, come from one of our own pages (Fetch
Metadata, W3C; else Origin, RFC 6454). No token in the forms is needed: the cookie is `SameSite=Strict`, and
a browser too old for these headers does not send it across sites either.

Every response gets security headers that keep a page's words on that page.
"""

from aiohttp import web
from aiohttp.typedefs import Handler

from assistant.errors import (
    CodeLocked,
    CodeOver,
    GrantEnded,
    GuidedSessionFull,
    GuidedSessionOver,
    LinkedElsewhere,
    NotFound,
    NotInThisLanguage,
    NotLinked,
    NotMetYet,
    NotOnOneself,
    NotOnTheWay,
    NotPrintable,
    NotPrinted,
    NotSaved,
    ProofRefused,
    ProviderRefused,
    ProviderUnreachable,
    Refusal,
    RequestReused,
    RevisionConflict,
    SealBroken,
    SecretUnknown,
    SessionEnded,
    ShareMoved,
    ShareOver,
    StaffSessionEnded,
    StaleTurn,
    TooBusy,
    Trouble,
    WrittenBetween,
)
from assistant.events import Event, note, place
from assistant.service.queueing import ask_as
from assistant.service.staff.accounts import LastAdministrator
from assistant.web.http.context import context, limit_key, reader_catalogue, reader_language
from assistant.web.http.cookies import cookie_name, staff_cookie_name
from assistant.web.http.cross_site import is_without_cookies, loading_again
from assistant.web.http.csrf import CrossSiteRequest, check_origin
from assistant.web.http.forms import DRAFT, READ, BodyTooLarge, BodyTooSlow, BodyUnreadable
from assistant.web.http.loan_cookie import is_loan_tablet
from assistant.web.http.pages import MessagePage
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.responses import render, with_retry_after
from assistant.web.http.unsaved_text import locked
from assistant.web.staff.sign_in import signed_out
from assistant.web.user.loan_tablet import start_over

SPOKEN: tuple[tuple[type[Trouble], int, str], ...] = (
    (NotFound, 404, "not_found"),
    (BodyTooLarge, 413, "too_large"),
    (BodyTooSlow, 408, "too_slow"),
    (BodyUnreadable, 400, "unreadable"),
    (CrossSiteRequest, 403, "foreign"),
    (TooOften, 429, "too_often"),
    (NotOnOneself, 409, "not_on_oneself"),
    (LastAdministrator, 409, "last_administrator"),
    (NotInThisLanguage, 406, "other_language"),
    (SealBroken, 503, "seal_broken"),
    (NotSaved, 503, "not_saved"),
    (NotPrintable, 422, "not_printable"),
    (NotPrinted, 503, "not_printed"),
    (RevisionConflict, 503, "not_saved"),
    (TooBusy, 429, "too_often"),
    (ShareOver, 410, "out_of_date"),
    (GuidedSessionOver, 410, "guided_over"),
    (GuidedSessionFull, 409, "guided_full"),
    # an older page was sent, or one page twice
    *((kind, 409, "out_of_date") for kind in (StaleTurn, RequestReused, NotOnTheWay)),
    *((kind, 409, "out_of_date") for kind in (WrittenBetween, ShareMoved, NotMetYet)),
    *((kind, 422, "refused") for kind in (Refusal, ProofRefused, SecretUnknown, CodeLocked, CodeOver)),
    # sign-in at a provider has pages of its own for these
    *((kind, 422, "refused") for kind in (ProviderRefused, ProviderUnreachable, GrantEnded)),
    *((kind, 422, "refused") for kind in (NotLinked, LinkedElsewhere)),
)
"""The messages for errors that no handler deals with; the first matching row counts."""


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Check the request, and turn every error into a page."""
    try:
        check_origin(request)
        ask_as(limit_key(request))
        response = await handler(request)
    except web.HTTPException as error:
        response = _of_http(request, error)
    except SessionEnded:
        response = await _without_session(request)
    except StaffSessionEnded as ended:
        is_unknown = is_without_cookies(request, staff_cookie_name(context(request).settings))
        response = loading_again(request) if is_unknown else signed_out(request, ended)
    except Trouble as trouble:
        response = _told(request, trouble)
    except Exception as error:  # last resort: the person sees a sentence, and no words of theirs are logged
        note(Event.UNFORESEEN, error=type(error).__name__, where=place(error))
        response = _message(request, "unforeseen", 503)
    return response


async def _without_session(request: web.Request) -> web.Response:
    """Respond to a private page without a session: reload if the cookie was withheld; the first page of a
    loan tablet; else the locked page.
    """
    if is_without_cookies(request, cookie_name(context(request).settings)):
        return loading_again(request)
    form = request.get(READ)
    if is_loan_tablet(request) and (form is None or not form.one(DRAFT)):
        return await start_over(request)
    return locked(request, form) if form is not None and form.one(DRAFT) else locked(request)


def _told(request: web.Request, trouble: Trouble) -> web.Response:
    if isinstance(trouble, SealBroken):
        note(Event.SEAL_BROKEN, where=place(trouble))
    for kind, status, name in SPOKEN:
        if isinstance(trouble, kind):
            here = request.path if kind is NotInThisLanguage else None
            return with_retry_after(_message(request, name, status, here), trouble)
    note(Event.UNFORESEEN, error=type(trouble).__name__, where=place(trouble))
    return _message(request, "unforeseen", 503)


def _of_http(request: web.Request, error: web.HTTPException) -> web.Response:
    """Convert aiohttp's own errors: no such page, no such method."""
    response = _message(request, "not_found", error.status)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _message(request: web.Request, name: str, status: int, here: str | None = None) -> web.Response:
    """Show one message; with `here`, on a page whose language can be changed."""
    say = reader_catalogue(request).say
    page = MessagePage(
        title=say(f"trouble.{name}_heading"),
        public_path="/" if here is None else None,
        here=here or "",
        heading=say(f"trouble.{name}_heading"),
        sentences=say(f"trouble.{name}").split("\n"),
        ways=[(f"/{reader_language(request)}/", "trouble.to_start")],
    )
    return render(request, page, status)
