"""Opening, reading and closing a share. No page shows its content before it is opened."""

from collections.abc import Sequence

from aiohttp import web

from assistant.errors import (
    CodeLocked,
    CodeOver,
    NotFound,
    RequestReused,
    SecretUnknown,
    SeveralCodes,
    ShareOver,
    StaffSessionEnded,
    TooBusy,
    Trouble,
)
from assistant.meetings.permissions import may
from assistant.service.broadcast import Listener
from assistant.service.notebook.access import LONGEST
from assistant.service.queueing import ask_as
from assistant.service.review.reviews import ReviewView
from assistant.service.sharing.openings import standing_at
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import Context, context, path_language, reader_catalogue, services
from assistant.web.http.escaped_links import ESCAPED, secret_in_path
from assistant.web.http.event_stream import stream
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.open_streams import Look
from assistant.web.http.pages import FormError, LiveUpdates, Page
from assistant.web.http.private_form import private_form
from assistant.web.http.rate_limits import SOON, TooOften, check_rate, not_a_guess
from assistant.web.http.responses import render, see_other, with_retry_after
from assistant.web.professional.share_pages import (
    ArrivedPage,
    CheckWords,
    EnvelopePage,
    SharedPage,
    ShareOverPage,
    StaffEnvelopePage,
    StaffReviewPage,
)
from assistant.web.staff.authentication import StaffWhoMay, staff_member, staff_of_session, staff_who_may
from assistant.web.staff.pages import bar
from assistant.web.views.review import meeting_time, sheet_of
from assistant.web.views.review_pages import ReviewShown
from assistant.web.views.shared_summary import SpokenTimes, on_a_shared_sheet, said_until

ENVELOPE = "/d"
SHARED = "/desk/shared"
ARRIVED = "/desk/arrived"
_ID = "{share:[0-9a-f]{32}}"
_OPENING = "{opening:[0-9a-zA-Z]{32}}"
OPENED = f"{SHARED}/{_OPENING}"
"""The path of an opened share."""
_WHY = {CodeOver: "over", CodeLocked: "locked", SeveralCodes: "several"}


async def envelope(request: web.Request) -> web.Response:
    """Show a field for a link or a code. It redirects nowhere by itself: browsers would carry the link
    along.
    """
    try:
        who = await staff_member(request)
    except StaffSessionEnded:
        if "language" in request.match_info:
            path_language(request)
        title = reader_catalogue(request).say("d.heading")
        page = EnvelopePage(title=title, public_path=ENVELOPE, request_id=new_request_id())
        return render(request, page)
    if not may(who.actor, "enter_code"):
        raise NotFound
    return render(request, _envelope(request, who, secret_in_path(request)))


@private_form(StaffWhoMay("enter_code"))
async def open_envelope(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Open the share of a link or code; the audit trail records it before anything is shown."""
    site, key, typed = context(request), who.member.id, form.one("link")
    if site.services.openings.is_link(typed):
        key = ""  # a link cannot be guessed, so it is not counted
    elif seconds := await site.limits.wrong_codes.wait_for(key):
        return with_retry_after(
            render(request, _envelope(request, who, typed, "too_many"), 429), TooOften(seconds)
        )
    # queued per member of staff, independent of other requests from this address
    ask_as(f"staff {who.member.id}")
    opening = request_id(form)
    try:
        await site.services.openings.open(who, typed, opening)
    except (SecretUnknown, CodeOver, CodeLocked) as trouble:
        if isinstance(trouble, SecretUnknown):
            await not_a_guess(trouble, site.limits.wrong_codes, key)
        why = _WHY.get(type(trouble), "unknown")
        return render(request, _envelope(request, who, typed, why), 422)
    except RequestReused:  # an outdated page, sent with another code: nothing is opened
        return render(request, _envelope(request, who, typed, "reused"), 409)
    except TooBusy:
        await site.limits.wrong_codes.give_back(key)
        raise TooOften(SOON) from None
    await site.limits.wrong_codes.give_back(key)
    return see_other(f"{SHARED}/{opening}")


async def arrived(request: web.Request) -> web.Response:
    """Show a share that was sent ahead, before it is opened."""
    who = await staff_who_may(request, "enter_code")
    catalogue = reader_catalogue(request)
    found = await services(request).openings.on_desk(who)
    share = next((row.share for row in found if row.share.id == request.match_info["share"]), None)
    if share is None:
        raise NotFound
    page = ArrivedPage(
        title=catalogue.say("arrived.heading"),
        here=request.path,
        bar=bar(request, who),
        **SpokenTimes.of(catalogue, share.made_at)._asdict(),
        until=said_until(catalogue, share.way, share.opens_until, context(request).clock()),
        request_id=new_request_id(),
    )
    return render(request, page)


async def _arrived_refused(
    request: web.Request, _form: Form, who: SignedInStaff, trouble: Trouble
) -> web.Response:
    assert isinstance(trouble, ShareOver)
    return share_over(request, who, trouble.ended)


@private_form(StaffWhoMay("enter_code"), _arrived_refused, on=(ShareOver,))
async def open_arrived(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Open a share sent ahead; the audit trail records it first."""
    opening = request_id(form)
    await services(request).openings.open_again(who, request.match_info["share"], opening)
    return see_other(f"{SHARED}/{opening}")


async def read(request: web.Request) -> web.Response:
    """Show the share as it is now, with its review."""
    who = await staff_who_may(request, "enter_code")
    try:
        now = await services(request).reviews.of_reader(who, request.match_info["opening"])
        if now is None or not now.has_met:
            return render(request, await to_be_read(request, who, now))
        return render(request, await shared_page(request, who, now, sheet_of(request, now, request.path)))
    except ShareOver as over:
        return share_over(request, who, over.ended)


async def to_be_read(
    request: web.Request, who: SignedInStaff, now: ReviewView | None, trouble: FormError | None = None
) -> Page:
    """Show exactly what the user saw before sharing, and what comes before going through it."""
    reading = await services(request).openings.read(who, request.match_info["opening"])
    catalogue, share = reader_catalogue(request), reading.share
    return SharedPage(
        title=catalogue.say("read.title"),
        here=request.path,
        bar=bar(request, who),
        live=LiveUpdates(f"{request.path}/events", standing_at(share, now.revision if now else 0)),
        until=said_until(catalogue, share.way, share.opens_until, context(request).clock()),
        is_together=share.way == "together",
        check=CheckWords(meeting_time(request, now), now.check) if now else None,
        trouble=trouble,
        **on_a_shared_sheet(request, reading.snapshot),
    )


@private_form(StaffWhoMay("enter_code"))
async def close(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Close a share that was opened together."""
    await services(request).openings.close(who, request.match_info["opening"])
    return see_other("/desk")


async def events(request: web.Request) -> web.StreamResponse:
    """Notify an open screen when the share is changed or withdrawn."""
    opening, site = request.match_info["opening"], context(request)
    who = await staff_member(request, prolong=False)
    check_rate(context(request).limits.acts, who.member.id)
    try:
        share_id, _ = await site.services.openings.revision(who, opening)
    except ShareOver:
        raise NotFound from None
    look = _look_at(site, who.secret, opening)
    return await stream(request, who.secret, share_id, (), look, who.member.id)


def _look_at(site: Context, secret: str, opening: str) -> Look:
    """Return the look of a stream. It must not refer to the request or to the private key, for it is kept for
    as long as the stream is open.
    """
    seen, has_met = "", False

    async def look(_: Listener) -> str:
        nonlocal seen, has_met
        # an ongoing review keeps the session alive, at most for the duration of one opening
        who = await staff_of_session(site, secret, prolong=has_met)
        revision = (await site.services.openings.revision(who, opening))[1]
        if revision != seen and not has_met:
            now = await site.services.reviews.of_reader(who, opening)
            has_met = now is not None and now.has_met
        seen = revision
        return revision

    return look


async def _letters_lacking(request: web.Request, sheet: ReviewShown) -> str:
    """Return some letters in the record text that no font has."""
    text = next((record.text for record in reversed(sheet.records) if record.is_current), None)
    return await services(request).medical_records.letters_lacking(text) if text else ""


async def shared_page(request: web.Request, who: SignedInStaff, now: ReviewView, sheet: ReviewShown) -> Page:
    """The review as staff see it."""
    catalogue, share = reader_catalogue(request), now.share
    return StaffReviewPage(
        title=catalogue.say("read.title"),
        here=request.path,
        bar=bar(request, who),
        live=LiveUpdates(f"{request.path}/events", standing_at(share, now.revision)),
        until=said_until(catalogue, share.way, share.opens_until, context(request).clock()),
        is_together=share.way == "together",
        sheet=sheet,
        lacking=" ".join(await _letters_lacking(request, sheet)),
    )


def _envelope(request: web.Request, who: SignedInStaff, typed: str = "", why: str = "") -> Page:
    say = reader_catalogue(request).say
    trouble = FormError(say("d.trouble_heading"), say(f"d.{why}"), "link") if why else None
    return StaffEnvelopePage(
        title=say("d.heading"),
        here=ENVELOPE,
        bar=bar(request, who),
        request_id=new_request_id(),
        typed=typed[:LONGEST],
        trouble=trouble,
    )


def share_over(
    request: web.Request, who: SignedInStaff, ended: str, typed: Sequence[str] = ()
) -> web.Response:
    """Show that the share has ended, with any text just typed into it."""
    say = reader_catalogue(request).say
    page = ShareOverPage(
        title=say(f"read.{ended}_heading"),
        here="/desk",
        bar=bar(request, who),
        heading=say(f"read.{ended}_heading"),
        sentences=[say(f"read.{ended}")],
        typed=typed,
    )
    return render(request, page, 410)


def routes() -> list[web.RouteDef]:
    """Routes for opening, reading and closing shares."""
    return [
        web.get(ENVELOPE, envelope),
        web.get(f"/{{language}}{ENVELOPE}", envelope),
        web.get(f"{ENVELOPE}{ESCAPED}", envelope),
        web.get(f"/{{language}}{ENVELOPE}{ESCAPED}", envelope),
        web.post(ENVELOPE, open_envelope),
        web.get(f"{ARRIVED}/{_ID}", arrived),
        web.post(f"{ARRIVED}/{_ID}", open_arrived),
        web.get(OPENED, read),
        web.post(f"{OPENED}/close", close),
        web.get(f"{OPENED}/events", events, allow_head=False),
    ]
