"""Drafts of forms other than questions: stored, filled in again, and deleted on submission.

One mechanism for all such forms. JavaScript sends a form here while a person types; without it, buttons of
the form do, which can change the language as well. `filled_forms` fills the pages again.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from html import escape
from typing import NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler

from assistant.errors import DocumentFull, NotFound, NotSaved, ShareOver, Trouble
from assistant.languages import as_language
from assistant.meetings.guided.room import LONGEST
from assistant.service.form_drafts import DraftWriter, Fields, Subject
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import FRAGMENT, SIGNED_IN, VISITOR, context, reader_catalogue, services
from assistant.web.http.filled_forms import filled, forms_on, has_forms, page_of
from assistant.web.http.forms import DRAFT, READ, SECRETS, Form, read_form
from assistant.web.http.page_parts import HTML
from assistant.web.http.private_form import private_form
from assistant.web.http.responses import IS_ANSWERED, IS_PUT_OFF, locks_at, see_other
from assistant.web.http.unsaved_text import NotLetIn, locked, typed_words
from assistant.web.staff.authentication import StaffWhoMay
from assistant.web.user.form_handling import USERS

FORM_DRAFT = "/form-draft"
LOCKS_IN = "X-Locks-In"
"""A response header for borrowed browsers: seconds until the browser locks without a further act."""
_PATIENCE = 1
"""Seconds a page waits for a draft that is being received."""
_PLACE = re.compile(r"(/(?:meetings|notebook|desk|admin)(?:/[0-9A-Za-z-]+)*)#([0-9A-Za-z_.:-]{1,120})")
_MEETING = re.compile(r"/meetings/([0-9a-f]{32})(?:/|$)")
_OPENING = re.compile(r"/desk/shared/([0-9a-zA-Z]{32})(?:/|$)")
_LED = re.compile(r"/desk/guided/[0-9a-f]{32}(?:/|$)")
NEVER_STORED = (DRAFT, "keep", "language", "speak", "link", "move", *SECRETS)
"""The form's own control fields, and secrets: neither is stored."""
_OWN_WORDS = ("words", "what", "name", "greeting", "label", "place", "people", "text", "note")


class Arriving:
    """Drafts being received: a browser sends the last one just before it reloads the page."""

    def __init__(self) -> None:
        self._by_browser: dict[str, set[asyncio.Future[None]]] = {}

    @contextmanager
    def from_browser(self, cookies: str) -> Iterator[None]:
        """Register a draft while its request is handled."""
        done, drafts = asyncio.get_running_loop().create_future(), self._by_browser.setdefault(cookies, set())
        drafts.add(done)
        try:
            yield
        finally:
            done.set_result(None)
            drafts.discard(done)
            if not drafts:
                self._by_browser.pop(cookies, None)

    async def wait(self, cookies: str) -> None:
        """Wait for drafts from this browser, but not for long."""
        if drafts := self._by_browser.get(cookies):
            await asyncio.wait(list(drafts), timeout=_PATIENCE)


ARRIVING = web.AppKey("arriving", Arriving)
REFUSED = web.RequestKey[Form]("refused")
"""The form, as it was sent, that a page opened again by its own address refuses."""


def is_for_staff(path: str) -> bool:
    """Return whether the forms of this path are those of staff."""
    return path.startswith(("/staff", "/desk", "/admin"))


class Place(NamedTuple):
    """The position of a form: the path of its page, and its id there."""

    page: str
    form: str
    is_staff: bool

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Parse the form's own field; None for anything else."""
        found = _PLACE.fullmatch(text)
        return cls(found[1], found[2], is_for_staff(found[1])) if found else None


async def keep(request: web.Request) -> web.Response:
    """Store a form's content and return to it, in another language if requested; or delete the draft."""
    place = Place.read((await read_form(request, gives_back=True)).one(DRAFT))
    if place is None:
        raise NotFound
    return await (_keep_of_staff if place.is_staff else _keep_of_user)(request)


@private_form(USERS)
async def _keep_of_user(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    try:
        return await _kept(request, form, DraftWriter.user(who))
    except NotFound:  # the meeting was deleted, or belongs to another notebook
        if typed_words(form):
            raise NotLetIn(locked(request, form)) from None
        raise


@private_form(StaffWhoMay("use_own_account"))
async def _keep_of_staff(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    return await _kept(request, form, DraftWriter.staff(who))


async def _kept(request: web.Request, form: Form, writer: DraftWriter) -> web.Response:
    place, asked = Place.read(form.one(DRAFT)), form.one("keep")
    assert place is not None, "otherwise the form has no sender"
    try:
        if asked == "forget":
            await services(request).form_drafts.drop(writer, place.page, place.form)
        else:
            await _keep(request, writer, place, form)
    except ShareOver:
        raise NotFound from None
    response = web.Response(status=204)
    if FRAGMENT not in request.headers:
        await _speak(request, asked.partition("language:")[2], is_staff=place.is_staff)
        response = see_other(f"{place.page}#{place.form}")
    return response


@web.middleware
async def keep_and_fill(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Middleware: delete a draft once its form is accepted, keep it if refused, and fill outgoing pages."""
    cookies = request.headers.get("Cookie", "")
    is_draft = request.path == FORM_DRAFT and request.method == "POST"
    try:
        with request.app[ARRIVING].from_browser(cookies) if is_draft else nullcontext():
            response = await handler(request)
    except Trouble:
        await _settle(request, is_taken=False)
        raise
    is_next = response.status == 303 and IS_PUT_OFF not in request
    await _settle(request, is_taken=is_next or IS_ANSWERED in request)
    if isinstance(response, web.Response) and HTML in response:
        response[HTML] = await _filled(request, response[HTML])
    elif (
        isinstance(response, web.Response)
        and response.content_type == "text/html"
        and isinstance(response.body, bytes)
        and has_forms(response.body)
    ):
        html = response.text or ""
        filled_in = await _filled(request, html)
        if filled_in is not html:  # encoding it again takes as long as a look-up
            response.text = filled_in
    until = locks_at(request)
    if until is not None and not response.prepared:
        left = until - context(request).clock()
        response.headers[LOCKS_IN] = str(max(0, int(left.total_seconds())))
    return response


async def _settle(request: web.Request, *, is_taken: bool) -> None:
    """Delete or keep the draft of the submitted form."""
    form = request.get(READ)
    place = Place.read(form.one(DRAFT)) if form is not None else None
    if form is None or place is None or request.path == FORM_DRAFT:
        return
    writer = writer_of(request, is_staff=place.is_staff)
    if writer is None:
        return
    with suppress(NotSaved, DocumentFull, NotFound, ShareOver):  # the response itself shows the error
        if is_taken:
            await services(request).form_drafts.drop(writer, place.page, place.form)
        else:
            await _keep(request, writer, place, form)


async def _filled(request: web.Request, html: str) -> str:
    """The page filled with its drafts, except in the form that this response answers."""
    page = page_of(html)
    if page is None:
        return html
    writer = writer_of(request, is_staff=is_for_staff(page))
    if writer is None:
        return html
    await request.app[ARRIVING].wait(request.headers.get("Cookie", ""))
    drafts: dict[str, Fields] = {}
    with suppress(NotSaved):
        drafts = await services(request).form_drafts.on_page(writer, page)
    _leave_out_answered(request, drafts)
    if not drafts:
        return html
    here = forms_on(html)
    html = filled(html, drafts, reader_catalogue(request).say("form_draft.not_sent"))
    left = {name: fields for name, fields in drafts.items() if name not in here}
    return html.replace("</main>", f"{_left_over(request, page, left)}</main>", 1)


def _leave_out_answered(request: web.Request, drafts: dict[str, Fields]) -> None:
    """Leave out the draft of the form that the page answers: the page gives it back, with what it has seen.

    On a refused page opened again, what was typed since then comes first.
    """
    sent, refused = request.get(READ), request.get(REFUSED)
    answered = sent or refused
    place = Place.read(answered.one(DRAFT)) if answered is not None else None
    if place is None or answered is None:
        return
    if answered is sent or drafts.get(place.form) == answered.without(*NEVER_STORED):
        drafts.pop(place.form, None)


def _left_over(request: web.Request, page: str, drafts: Mapping[str, Fields]) -> str:
    """Show drafts of forms that are no longer on the page, to be read, copied and deleted by the user."""
    say, parts = reader_catalogue(request).say, []
    for name, fields in drafts.items():
        texts = [text for field in _OWN_WORDS for text in fields.get(field, ()) if text.strip()]
        if not texts:
            continue
        label = escape(say("held.your_text"))
        written = "".join(
            f'<textarea class="own" rows="3" readonly dir="auto" translate="no" aria-label="{label}">'
            f"\n{escape(text)}</textarea>"
            for text in texts
        )
        parts.append(
            f'<section class="card aside no-print"><h2>{label}</h2>'
            f'<p class="hint">{escape(say("form_draft.left_over"))}</p>{written}'
            f'<form method="post" action="{FORM_DRAFT}">'
            f'<input type="hidden" name="{DRAFT}" value="{escape(page)}#{escape(name)}">'
            '<button class="quiet takes-away" name="keep" value="forget">'
            f"{escape(say('live.aside_remove'))}</button>"
            "</form></section>"
        )
    return "".join(parts)


async def _keep(request: web.Request, writer: DraftWriter, place: Place, form: Form) -> None:
    """Store a draft that is deleted together with what it belongs to. Raises `ShareOver` if that has
    ended.
    """
    about = await subject_of(request, place.page, is_staff=place.is_staff)
    drafts = services(request).form_drafts
    kept_for = LONGEST if is_led(place.page) else None
    fields = form.without(*NEVER_STORED)
    await drafts.keep(writer, place.page, place.form, fields, about=about, kept_for=kept_for)


def is_led(page: str) -> bool:
    """Return whether this is the page on which staff lead a guided session; of it, nothing outlives it."""
    return _LED.match(page) is not None


async def subject_of(request: web.Request, page: str, *, is_staff: bool) -> Subject:
    """Return what a page is about. Raises `ShareOver` or `NotFound` if that is not open to this person."""
    meeting, opening, share_id = _MEETING.match(page), _OPENING.match(page), None
    if is_staff and opening is not None:
        share_id, _ = await services(request).openings.revision(request[SIGNED_IN], opening[1])
    return Subject(meeting[1] if meeting and not is_staff else None, share_id)


def writer_of(request: web.Request, *, is_staff: bool) -> DraftWriter | None:
    """Return who writes in this request, once known."""
    if is_staff:
        member = request.get(SIGNED_IN)
        return DraftWriter.staff(member) if member is not None else None
    who = request.get(VISITOR)
    return DraftWriter.user(who) if who is not None else None


async def _speak(request: web.Request, named: str, *, is_staff: bool) -> None:
    language = as_language(named)
    if language is None:
        return
    if is_staff:
        await services(request).staff.sign_ins.speak(request[SIGNED_IN], language)
    else:
        request[VISITOR] = await services(request).sessions.speak(request[VISITOR], language)


def routes() -> list[web.RouteDef]:
    """Routes for drafts of forms."""
    return [web.post(FORM_DRAFT, keep)]
