"""Sharing the summary: what it means, what to share, the preview, the code, who opened it, withdrawing."""

from aiohttp import web

from assistant.errors import NotFound, ShareMoved, TooBusy
from assistant.meetings.share import CHOICES, Choice, entries_in, opens_until
from assistant.meetings.told import told_of
from assistant.service.broadcast import Listener
from assistant.service.share_trail import Trail
from assistant.service.shares import OpenShare, SharingNow
from assistant.service.visits import Visitor
from assistant.web.desk import (
    DESK,
    MEETING,
    TooOften,
    answer,
    catalogue,
    not_too_often,
    public_address,
    reader_language,
    remember,
    see_other,
    visitor,
)
from assistant.web.live import stream
from assistant.web.pages import Live, Page, Trouble
from assistant.web.qr import draw
from assistant.web.sharing import (
    SHARING,
    Moments,
    on_a_shared_sheet,
    readers,
    said_until,
    staff_names,
)
from assistant.web.user.entries import name_shown
from assistant.web.user.notebook import take
from assistant.web.user.share_pages import (
    ActShown,
    AskWithdraw,
    BeforeSharing,
    ChooseEach,
    ChooseForAll,
    EntryToChoose,
    Preview,
    Promise,
    SharedAsShown,
    SharedNow,
    TrailShown,
)
from assistant.web.user.steps import conversation_path, new_request_id, request_id
from assistant.web.user.talk import shown

_FIELD = "choice:"
_SOON = 3


async def share(request: web.Request) -> web.Response:
    """Where one stands: what it means, what is shared now, or what to share."""
    found = await _now(request)
    if found.open is not None:
        return answer(request, await _shared_now(request, found, found.open))
    if not found.sharing.explained:
        title = catalogue(request).say("share.before_heading")
        return answer(request, BeforeSharing(title=title, here=_path(request), share=_path(request)))
    return see_other(f"{_path(request)}/all")


async def explained(request: web.Request) -> web.Response:
    """It has been shown; on to choosing."""
    _, who = await take(request)
    await request.app[SHARING].choosing.explained(who, _meeting(request))
    return _on(request, who, "/all")


async def for_all(request: web.Request) -> web.Response:
    """One choice for everything."""
    found = await _now(request)
    if not found.sharing.explained:
        return see_other(_path(request))
    names = await staff_names(request)
    page = ChooseForAll(
        title=catalogue(request).say("share.heading"),
        here=f"{_path(request)}/all",
        share=_path(request),
        chosen=found.sharing.for_all,
        has_exceptions=bool(found.sharing.exceptions),
        ended=[_trail(request, ended.trail, names) for ended in found.ended],
    )
    return answer(request, page)


async def choose_for_all(request: web.Request) -> web.Response:
    """Take that choice; without one the page comes again."""
    form, who = await take(request)
    choice = _choice(form.one("choice"))
    if choice is None:
        return _on(request, who, "/all")
    await request.app[SHARING].choosing.choose_for_all(who, _meeting(request), choice)
    return _on(request, who, "/each")


async def each(request: web.Request) -> web.Response:
    """Every entry with what holds for it."""
    found = await _now(request)
    if found.sharing.for_all is None:
        return see_other(_path(request))
    page = ChooseEach(
        title=catalogue(request).say("share.each_heading"),
        here=f"{_path(request)}/each",
        share=_path(request),
        entries=[
            EntryToChoose(
                entry.id,
                section.heading,
                entry.under,
                name_shown(request, entry.topic),
                shown(request, entry),
                found.sharing.choice(entry),
            )
            for section, entry in entries_in(found.summary)
        ],
    )
    return answer(request, page)


async def choose_each(request: web.Request) -> web.Response:
    """Take the choice for each entry that is in the summary."""
    form, who = await take(request)
    sharing, meeting_id = request.app[SHARING], _meeting(request)
    found = await sharing.shares.now(who, meeting_id)
    chosen = {
        entry.id: choice
        for _, entry in entries_in(found.summary)
        if (choice := _choice(form.one(f"{_FIELD}{entry.id}"))) is not None
    }
    await sharing.choosing.choose_each(who, meeting_id, chosen)
    return _on(request, who, "/preview")


async def preview(request: web.Request) -> web.Response:
    """Exactly what the other will see."""
    found = await _now(request)
    if found.sharing.for_all is None:
        return see_other(_path(request))
    return answer(request, await _preview(request, found))


async def do_share(request: web.Request) -> web.Response:
    """Share what was looked at, or put it in place of what is shared."""
    form, who = await take(request)
    sharing, meeting_id = request.app[SHARING], _meeting(request)
    try:
        if form.one("act") == "change":
            await sharing.shares.change(who, meeting_id, form.one("looked_at"))
        elif form.one("way") == "ahead":
            to = await readers(request)
            await sharing.shares.share(who, meeting_id, "ahead", form.one("looked_at"), to)
        else:
            await sharing.shares.share(who, meeting_id, "together", form.one("looked_at"))
    except ShareMoved:
        say = catalogue(request).say
        trouble = Trouble(say("share.moved_heading"), say("share.moved"))
        found = await sharing.shares.now(who, meeting_id)
        return answer(request, await _preview(request, found, trouble), 409)
    except TooBusy:
        raise TooOften(_SOON) from None
    return _on(request, who, "")


async def new_code(request: web.Request) -> web.Response:
    """Another code and link."""
    form, who = await take(request)
    try:
        await request.app[SHARING].shares.renew_code(who, _meeting(request), request_id(form))
    except TooBusy:
        raise TooOften(_SOON) from None
    return _on(request, who, "")


async def as_shown(request: web.Request) -> web.Response:
    """What the other sees now."""
    found = await _now(request)
    if found.open is None:
        return see_other(_path(request))
    page = SharedAsShown(
        title=catalogue(request).say("summary.heading"),
        here=f"{_path(request)}/shown",
        share=_path(request),
        **on_a_shared_sheet(request, found.open.snapshot),
    )
    return answer(request, page)


async def ask_withdraw(request: web.Request) -> web.Response:
    """What withdrawing does, before it is done."""
    if (await _now(request)).open is None:
        return see_other(_path(request))
    title = catalogue(request).say("share.withdraw_heading")
    return answer(request, AskWithdraw(title=title, here=f"{_path(request)}/withdraw", share=_path(request)))


async def withdraw(request: web.Request) -> web.Response:
    """Withdraw; what is withdrawn already is as good as withdrawn."""
    _, who = await take(request)
    await request.app[SHARING].shares.withdraw(who, _meeting(request))
    return _on(request, who, "")


async def events(request: web.Request) -> web.StreamResponse:
    """Tell the owner's screen when somebody opens what is shared."""
    who = await visitor(request)
    not_too_often(request.app[DESK].acts, who.owner.notebook_id)
    found = await _now(request)
    if found.open is None:
        raise NotFound

    async def look(_: Listener) -> str:
        now = await _now(request)
        if now.open is None:
            raise NotFound
        return _revision(now.open)

    secret, share_id = who.secret, found.open.stored.id
    del who, found  # no key is held for as long as a stream is open
    return await stream(request, secret, share_id, (), look)


async def _now(request: web.Request) -> SharingNow:
    return await request.app[SHARING].shares.now(await visitor(request), _meeting(request))


async def _preview(request: web.Request, found: SharingNow, trouble: Trouble | None = None) -> Page:
    return Preview(
        title=catalogue(request).say("summary.heading"),
        here=f"{_path(request)}/preview",
        share=_path(request),
        looked_at=found.snapshot.print,
        is_empty=found.snapshot.is_empty,
        is_change=found.open is not None,
        promise=await _promise(request, found),
        trouble=trouble,
        **on_a_shared_sheet(request, found.snapshot),
    )


async def _promise(request: web.Request, found: SharingNow) -> Promise | None:
    """What the service promises, where there is somebody to send it to."""
    promise, language = request.app[SHARING].promise, reader_language(request)
    if promise is None or not await readers(request):
        return None
    on = told_of(found.standing.dialogue, found.standing.journey).on
    until = opens_until("ahead", request.app[DESK].clock(), on.on if on else None)
    return Promise(
        promise.who.in_(language),
        promise.by_when.in_(language),
        promise.absence.in_(language),
        said_until(catalogue(request), "ahead", until),
    )


async def _shared_now(request: web.Request, found: SharingNow, share: OpenShare) -> Page:
    book, now = catalogue(request), request.app[DESK].clock()
    door = f"{public_address(request)}/d"
    link = f"{door}#{share.link}"
    is_ahead = share.stored.way == "ahead"
    return SharedNow(
        title=book.say("share.sent_heading" if is_ahead else "share.code_heading"),
        here=_path(request),
        live=Live(f"{_path(request)}/events", _revision(share)),
        share=_path(request),
        is_ahead=is_ahead,
        code=share.code,
        code_works=now < share.code_until and not share.code_is_locked,
        code_is_locked=share.code_is_locked,
        code_until=Moments.of(book, share.code_until).clock,
        qr=draw(link),
        link=link,
        door=door.split("://", 1)[1],
        until=said_until(book, share.stored.way, share.stored.opens_until),
        is_changed=share.snapshot.print != found.snapshot.print,
        trail=_trail(request, share.trail, await staff_names(request)),
        request_id=new_request_id(),
    )


def _trail(request: web.Request, trail: Trail, names: dict[str, str]) -> TrailShown:
    book = catalogue(request)
    acts = [
        ActShown(
            *Moments.of(book, act.at),
            book.say(f"share.act_{act.act}"),
            names.get(act.staff_id, book.say("share.somebody")) if act.staff_id else "",
        )
        for act in trail.acts
    ]
    return TrailShown(acts, trail.is_whole, any(act.act == "opened" for act in trail.acts))


def _revision(share: OpenShare) -> str:
    return f"{share.stored.version}.{len(share.trail.acts)}"


def _choice(text: str) -> Choice | None:
    return next((choice for choice in CHOICES if choice == text), None)


def _path(request: web.Request) -> str:
    return f"{conversation_path(request)}/share"


def _meeting(request: web.Request) -> str:
    return request.match_info["meeting"]


def _on(request: web.Request, who: Visitor, where: str) -> web.Response:
    response = see_other(f"{_path(request)}{where}")
    remember(request, response, who)
    return response


def routes() -> list[web.RouteDef]:
    """Everything about sharing one summary."""
    here = f"{MEETING}/share"
    return [
        web.get(here, share),
        web.post(here, do_share),
        web.post(f"{here}/explained", explained),
        web.get(f"{here}/all", for_all),
        web.post(f"{here}/all", choose_for_all),
        web.get(f"{here}/each", each),
        web.post(f"{here}/each", choose_each),
        web.get(f"{here}/preview", preview),
        web.post(f"{here}/code", new_code),
        web.get(f"{here}/shown", as_shown),
        web.get(f"{here}/withdraw", ask_withdraw),
        web.post(f"{here}/withdraw", withdraw),
        web.get(f"{here}/events", events, allow_head=False),
    ]
