"""Pages that refuse a form or show it once more, kept for a few hours under an address of their own.

Without one, Back to the answer of such a form shows the browser's question whether to send the form
again. So the page is kept sealed, like a draft, and the answer is a redirect to it (Post/Redirect/Get). The
page keeps the status of the refusal. Only what asks for a page as a browser does (RFC 9110, `Accept`) is led
there: our own script, and any other, gets the refusal at once.

Not kept: pages for a person without a session, because no key seals them; pages that give back a typed
secret; pages on which staff lead a guided session, because they show what a user may take back at any moment;
and 429 and 503, because a flood of requests or a failing database must not cause writes.
"""

import json
import re
import zlib
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from html import escape, unescape
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from assistant.errors import NotFound, Trouble
from assistant.meetings.permissions import Act, may
from assistant.service.form_drafts import DraftWriter, Fields
from assistant.service.staff.members import SignedInStaff
from assistant.web.form_drafts import NEVER_STORED, REFUSED, is_for_staff, is_led, subject_of, writer_of
from assistant.web.http.context import SIGNED_IN, own_path, reader_catalogue, reader_language, services
from assistant.web.http.forms import DRAFT, READ, SECRETS, Form
from assistant.web.http.responses import IS_PUT_OFF, locks_at, see_other, wants_address
from assistant.web.http.security_headers import ASKS_PASSKEYS
from assistant.web.http.sessions import signed_in_user
from assistant.web.staff.authentication import staff_member
from assistant.web.staff.fresh_proof import PROOF
from assistant.web.staff.key_page import KEY
from assistant.web.staff.sign_in import first_page_of
from assistant.zone import local

KEPT_FOR = timedelta(hours=3)
"""As long as a borrowed browser can stay open without a further act."""
_KEPT = (200, 400, 403, 404, 409, 410, 422)
_SECRETS = ("link", "typed", *SECRETS)
_PAGE = "page"
_WHO_MAY: tuple[tuple[str, Act], ...] = (
    ("/admin", "see_staff"),
    ("/desk/invitations", "invite"),
    ("/desk/guided", "open_guided_session"),
    ("/desk/", "enter_code"),
    ("/desk", "use_desk"),
    ("/", "use_own_account"),
)
"""What staff must be allowed to see a refused page; the first matching path of its form counts."""
_NUMBER = "{number:[0-9a-f]{32}}"
_ADDRESS = re.compile(r"(?:/staff)?/refused/([0-9a-f]{32})")
_POSTED = re.compile(r' data-posted="([^"]*)"')
_ONE_TIME_LINK = "/staff/welcome#"
_ASKING = "/passkey.js"
"""The script of the pages on which the browser may be asked for a passkey."""
_LOCKS = re.compile(r"(<p [^>]*data-locks>).*?</p>")


@web.middleware
async def give_address(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Middleware: keep a page that answers a form without accepting it, and redirect to it."""
    response = await handler(request)
    if request.method != "POST" or not wants_address(request) or not isinstance(response, web.Response):
        return response
    if response.status in _KEPT and response.content_type == "text/html":
        await _keep(request, response)
    elif response.status == 303 and IS_PUT_OFF not in request:
        await _forget(request)
    return response


async def _keep(request: web.Request, response: web.Response) -> None:
    """Keep the page and turn the response into a redirect; if it cannot be kept, the response stays."""
    writer, form, html = _writer(request), request.get(READ) or Form({}), response.text or ""
    if writer is None or _gives_back_secret(form, html) or is_led(request.path):
        return
    posted = _POSTED.search(html)
    if posted:  # the script must not give this page the address of the form's own page
        html = html.replace(posted[0], f' data-page="{posted[1]}"', 1)
    page = {
        "status": (str(response.status),),
        "html": (b64encode(zlib.compress(html.encode())).decode(),),
        "to": (_page_of_form(request, unescape(posted[1]) if posted else ""),),
        "form_path": (request.path,),
        "sent": (json.dumps({DRAFT: [form.one(DRAFT)], **form.without(*NEVER_STORED)}),),
    }
    with suppress(Trouble):
        await _store(request, writer, page)
        response.set_status(303)
        response.headers["Location"] = _address(request)
        response.body = None
        del response.headers["Content-Type"]
        request.pop(ASKS_PASSKEYS, None)  # the page itself asks, at its own address


async def _forget(request: web.Request) -> None:
    """The form is accepted, and came from its refused page: now that address leads to the form's page."""
    before = _sent_from(request)
    if not _ADDRESS.fullmatch(before) or before != _address(request):
        return
    writer = _writer(request)
    if writer is not None:
        with suppress(Trouble):
            page = (await services(request).form_drafts.on_page(writer, before)).get(_PAGE)
            if page is not None:
                await _store(request, writer, {"to": page["to"]})


async def show(request: web.Request) -> web.Response:
    """Show the page as it was, or lead to the page of the form once the form is accepted."""
    is_staff = is_for_staff(request.path)
    if is_staff:
        elsewhere = first_page_of(await staff_member(request))
    else:
        await signed_in_user(request)
        elsewhere = f"/{reader_language(request)}/"
    writer = _writer(request)
    assert writer is not None, "the session is known"
    page = (await services(request).form_drafts.on_page(writer, request.path)).get(_PAGE)
    if page is None:
        return see_other(elsewhere)
    # what a user shared is shown only as long as the share is open
    await subject_of(request, page["to"][0], is_staff=is_staff)
    if "html" not in page:
        return see_other(page["to"][0])
    form_path = ""
    if is_staff:
        form_path = page.get("form_path", page["to"])[0]
        _check_role(request[SIGNED_IN], form_path)
    request[REFUSED] = Form({name: tuple(texts) for name, texts in json.loads(page["sent"][0]).items()})
    html = _locking_now(request, zlib.decompress(b64decode(page["html"][0])).decode())
    if is_staff and form_path.startswith((KEY, PROOF)) and _ASKING in html:
        request[ASKS_PASSKEYS] = True
    return web.Response(text=html, content_type="text/html", status=int(page["status"][0]))


def _check_role(who: SignedInStaff, path: str) -> None:
    """Raise `NotFound` if the roles of this person no longer let them see the page of this form."""
    if not may(who.actor, act_to_see(path)):
        raise NotFound


def act_to_see(path: str) -> Act:
    """Return the act that staff must be permitted, to see the refused page of the form with this path."""
    return next(act for start, act in _WHO_MAY if path.startswith(start))


def _locking_now(request: web.Request, html: str) -> str:
    """Say when this browser locks as of now, not as of when the page was made."""
    until = locks_at(request)
    if until is None:
        return _LOCKS.sub("", html)
    catalogue = reader_catalogue(request)
    said = escape(catalogue.say("lock.until", clock=catalogue.clock(local(until).time())))
    return _LOCKS.sub(lambda found: f"{found[1]}{said}</p>", html)


def _writer(request: web.Request) -> DraftWriter | None:
    return writer_of(request, is_staff=is_for_staff(request.path))


def _address(request: web.Request) -> str:
    """Return the address of the refused page of this form: each form has one, the latest."""
    form = request.get(READ) or Form({})
    number = sha256(f"{request.path} {form.one(DRAFT)}".encode()).hexdigest()[:32]
    return f"{'/staff' if is_for_staff(request.path) else ''}/refused/{number}"


def _page_of_form(request: web.Request, posted: str) -> str:
    """Return the page that the form is on: as the answer says, or else the one it was sent from."""
    return posted or own_path(_sent_from(request))


def _sent_from(request: web.Request) -> str:
    """Return the path of the page the form was sent from, as the browser says; empty if it is no address."""
    try:
        return urlsplit(request.headers.get("Referer", "")).path
    except ValueError:
        return ""


def _gives_back_secret(form: Form, html: str) -> bool:
    secrets = (text.strip() for name in _SECRETS for text in form.fields.get(name, ()))
    return _ONE_TIME_LINK in html or any(secret and escape(secret) in html for secret in secrets)


async def _store(request: web.Request, writer: DraftWriter, page: Fields) -> None:
    """Store the page, to be deleted together with the meeting or the share it is about."""
    subject = await subject_of(request, page["to"][0], is_staff=is_for_staff(request.path))
    drafts = services(request).form_drafts
    await drafts.keep(writer, _address(request), _PAGE, page, about=subject, kept_for=KEPT_FOR)


def routes() -> list[web.RouteDef]:
    """The addresses of refused pages, of users and of staff."""
    return [web.get(f"/refused/{_NUMBER}", show), web.get(f"/staff/refused/{_NUMBER}", show)]
