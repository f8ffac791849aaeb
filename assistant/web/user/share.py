"""Sharing the summary: what it means, what to share, the preview, the code, who opened it, withdrawing."""

from functools import partial

from aiohttp import web

from assistant.errors import NotFound, ShareMoved, TooBusy, Trouble
from assistant.meetings.meeting_details import meeting_details
from assistant.meetings.share import Way
from assistant.meetings.share_ends import opens_until
from assistant.service.broadcast import Listener
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.services import Services
from assistant.service.sharing.state import OpenShare, SharingState
from assistant.service.staff.members import StaffMember
from assistant.web.http.context import (
    MEETING,
    context,
    conversation_path,
    public_address,
    reader_catalogue,
    services,
)
from assistant.web.http.event_stream import stream
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.pages import FormError, LiveUpdates, Page
from assistant.web.http.private_form import private_form
from assistant.web.http.qr import draw
from assistant.web.http.rate_limits import SOON, TooOften, check_rate
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.form_handling import USERS
from assistant.web.user.share_choices import (
    ended_trails_shown,
    meeting_id_of,
    on_to,
    share_path,
    sharing_now,
    sharing_of,
    trails_shown,
)
from assistant.web.user.share_pages import (
    Promise,
    ShareChangedPage,
    SharedAsShownPage,
    SharedPageForUser,
    SharePreviewPage,
    Withdrawn,
    WithdrawPage,
)
from assistant.web.views.account_changes import new_keys_of
from assistant.web.views.recipients import Readers, digest_of, host_of_reply, recipients
from assistant.web.views.shared_summary import on_a_shared_sheet, said_until, time_ahead


async def share(request: web.Request) -> web.Response:
    """Show the open share, or else the list to choose from."""
    found = await sharing_now(request)
    if found.open is not None:
        return render(request, await _shared_now(request, found, found.open))
    return see_other(f"{share_path(request)}/each")


async def preview(request: web.Request) -> web.Response:
    """Show exactly what the other person will see."""
    found = await sharing_now(request)
    if found.sharing.for_all is None:
        return see_other(share_path(request))
    return render(request, await _preview(request, found))


async def _moved(request: web.Request, form: Form, who: SignedInUser, _trouble: Trouble) -> web.Response:
    say = reader_catalogue(request).say
    trouble = FormError(say("share.moved_heading"), say("share.moved"))
    found = await services(request).shares.now(who, meeting_id_of(request))
    return render(request, await _preview(request, found, trouble, counts=_counts(form)), 409)


@private_form(USERS, _moved, on=(ShareMoved,))
async def do_share(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Share what was shown, or replace what is shared with it."""
    site, meeting_id = context(request), meeting_id_of(request)
    if form.one("act") != "change":
        check_rate(site.limits.new_codes, who.owner.notebook_id)
    try:
        if form.one("act") == "change":
            await site.services.shares.change(who, meeting_id, form.one("looked_at"))
            return on_to(request, "/changed")
        way: Way = "together"
        to: tuple[StaffMember, ...] = ()
        if form.one("way").partition(":")[0] == "ahead":
            way = "ahead"
            meeting = (await services(request).sessions.notebook(who)).meeting(meeting_id)
            found = await recipients(request, meeting.invited, meeting.unit)
            to = next((one.members for one in found if one.way == form.one("way")), ())
            # the readers changed since they were named, or it was submitted twice and is shared already
            has_moved = form.one("to") != digest_of(found)
            if has_moved and (await site.services.shares.now(who, meeting_id)).open is None:
                raise ShareMoved
        await site.services.loan_tablets.take_along(who)
        looked_at = form.one("looked_at")
        await site.services.shares.share(who, meeting_id, way, looked_at, to, counts=_counts(form))
    except TooBusy:
        raise TooOften(SOON) from None
    return on_to(request, "")


@private_form(USERS)
async def new_code(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Replace the code and the link."""
    check_rate(context(request).limits.new_codes, who.owner.notebook_id)
    try:
        await services(request).shares.renew_code(who, meeting_id_of(request), request_id(form))
    except TooBusy:
        raise TooOften(SOON) from None
    return on_to(request, "")


async def as_shown(request: web.Request) -> web.Response:
    """Show what the other person sees now."""
    found = await sharing_now(request)
    if found.open is None:
        return see_other(share_path(request))
    page = SharedAsShownPage(
        title=reader_catalogue(request).say("summary.heading"),
        here=f"{share_path(request)}/shown",
        share=share_path(request),
        **on_a_shared_sheet(request, found.open.snapshot),
    )
    return render(request, page)


async def ask_withdraw(request: web.Request) -> web.Response:
    """Explain withdrawal before it is done. Once it is done, the way back leads to the receipt."""
    if (await sharing_now(request)).open is None:
        return see_other(f"{share_path(request)}/withdrawn")
    title = reader_catalogue(request).say("share.withdraw_heading")
    return render(
        request, WithdrawPage(title=title, here=f"{share_path(request)}/withdraw", share=share_path(request))
    )


@private_form(USERS)
async def withdraw(request: web.Request, _form: Form, who: SignedInUser) -> web.Response:
    """Withdraw; if it is withdrawn already, that counts as success."""
    await services(request).shares.withdraw(who, meeting_id_of(request))
    return on_to(request, "/withdrawn")


async def changed(request: web.Request) -> web.Response:
    """Confirm that the professional now sees what was chosen last."""
    found = await sharing_now(request)
    if found.open is None or all(act.act != "changed" for act in found.open.trail.acts):
        return see_other(share_path(request))
    page = ShareChangedPage(
        title=reader_catalogue(request).say("share.changed_heading"),
        here=f"{share_path(request)}/changed",
        share=share_path(request),
        trail=(await trails_shown(request, [found.open.trail]))[0],
    )
    return render(request, page)


async def withdrawn(request: web.Request) -> web.Response:
    """Confirm that nothing is shared any more."""
    found = await sharing_now(request)
    latest = next(iter(found.ended), None)
    if found.open is not None or latest is None or latest.stored.ended != "withdrawn":
        return see_other(share_path(request))
    page = Withdrawn(
        title=reader_catalogue(request).say("share.withdrawn_heading"),
        here=f"{share_path(request)}/withdrawn",
        share=share_path(request),
        trail=(await ended_trails_shown(request, [latest]))[0],
    )
    return render(request, page)


async def events(request: web.Request) -> web.StreamResponse:
    """Notify the owner's screen when the share is opened."""
    who = await signed_in_user(request)
    check_rate(context(request).limits.acts, who.owner.notebook_id)
    found = await sharing_now(request)
    if found.open is None:
        raise NotFound
    look = partial(_look, services(request), who.secret, meeting_id_of(request))
    return await stream(request, who.secret, found.open.stored.id, (), look)


async def _look(here: Services, secret: str, meeting_id: str, _: Listener) -> str:
    now = await sharing_of(here, await here.sessions.recognise(secret), meeting_id)
    if now.open is None:
        raise NotFound
    return _revision(now.open)


def _counts(form: Form) -> bool:
    """Return whether the user ticked the box to be counted in the service's figures."""
    return form.one("counted") == "yes"


async def _preview(
    request: web.Request, found: SharingState, trouble: FormError | None = None, *, counts: bool = False
) -> Page:
    meeting = found.standing.meeting
    to = await recipients(request, meeting.invited, meeting.unit)
    everyone = {member.id: member for one in to for member in one.members}
    # a reply has one button, so it goes to one group of readers; otherwise the user chooses the unit
    host = await host_of_reply(request, meeting.invited, meeting.unit) if len(to) == 1 else None
    promises, settings = [_promise(request, found, one) for one in to], context(request).settings
    return SharePreviewPage(
        title=reader_catalogue(request).say("summary.heading"),
        here=f"{share_path(request)}/preview",
        share=share_path(request),
        looked_at=found.snapshot.digest,
        is_empty=found.snapshot.is_empty,
        waiting=found.waiting,
        is_change=found.open is not None,
        promises=promises,
        lacks_reader=not promises and None not in (settings.reading, settings.sign_in),
        invited_by=host.name if host else None,
        also_to=[member.name for member in everyone.values() if member != host],
        to=digest_of(to),
        asks_to_count=context(request).services.insight.is_on,
        counts=counts,
        new_keys=await new_keys_of(request, list(everyone)),
        trouble=trouble,
        **on_a_shared_sheet(request, found.snapshot),
    )


def _promise(request: web.Request, found: SharingState, readers: Readers) -> Promise:
    """Return what is promised about these readers."""
    on = meeting_details(found.standing.dialogue, found.standing.journey).on
    now = context(request).clock()
    until = opens_until("ahead", now, on.on if on else None, context(request).settings.retention)
    said = said_until(reader_catalogue(request), "ahead", until, now)
    return Promise(readers.way, readers.name, *readers.promise, said)


async def _shared_now(request: web.Request, found: SharingState, share: OpenShare) -> Page:
    catalogue, now = reader_catalogue(request), context(request).clock()
    door = f"{public_address(request)}/d"
    link = f"{door}#{share.link}"
    is_ahead = share.stored.way == "ahead"
    (trail,) = await trails_shown(request, [share.trail])
    handed_on = "share.sent_heading" if is_ahead else "share.code_heading"
    return SharedPageForUser(
        # once a professional has opened it, the next step comes before the code
        title=catalogue.say("share.is_opened_heading" if trail.was_opened else handed_on),
        here=share_path(request),
        live=LiveUpdates(f"{share_path(request)}/events", _revision(share)),
        share=share_path(request),
        is_ahead=is_ahead,
        code=share.code,
        code_works=now < share.code_until and not share.code_is_locked,
        code_is_locked=share.code_is_locked,
        code_until=time_ahead(catalogue, share.code_until, now),
        qr=draw(link),
        link=link,
        door=door.split("://", 1)[1],
        until=said_until(catalogue, share.stored.way, share.stored.opens_until, now),
        is_changed=share.snapshot.digest != found.snapshot.digest,
        review=await _review(request),
        trail=trail,
        request_id=new_request_id(),
    )


async def _review(request: web.Request) -> str | None:
    had = await services(request).reviews.had(await signed_in_user(request), meeting_id_of(request))
    is_open = bool(had) and had[-1].snapshot is not None
    return f"{conversation_path(request)}/review/{had[-1].id}" if is_open else None


def _revision(share: OpenShare) -> str:
    return f"{share.stored.version}.{len(share.trail.acts)}"


def routes() -> list[web.RouteDef]:
    """Routes for sharing one summary."""
    here = f"{MEETING}/share"
    return [
        web.get(here, share),
        web.post(here, do_share),
        web.get(f"{here}/preview", preview),
        web.post(f"{here}/code", new_code),
        web.get(f"{here}/shown", as_shown),
        web.get(f"{here}/changed", changed),
        web.get(f"{here}/withdraw", ask_withdraw),
        web.post(f"{here}/withdraw", withdraw),
        web.get(f"{here}/withdrawn", withdrawn),
        web.get(f"{here}/events", events, allow_head=False),
    ]
