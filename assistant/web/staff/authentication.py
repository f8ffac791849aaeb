"""Authentication and authorisation of staff requests."""

from aiohttp import web

from assistant.errors import NotFound, NotSaved, RevisionConflict, StaffSessionEnded, Trouble
from assistant.meetings.permissions import Act, may
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import LANGUAGE, context
from assistant.web.http.cookies import staff_cookie_name
from assistant.web.http.forms import Form, read_form
from assistant.web.http.private_form import Senders
from assistant.web.http.rate_limits import TooOften, check_rate
from assistant.web.http.sessions import use_of
from assistant.web.http.unsaved_text import unanswered

SIGNED_IN = web.RequestKey[SignedInStaff]("signed in")
"""The member of staff of this request, once known."""


async def staff_member(request: web.Request, *, prolong: bool = True) -> SignedInStaff:
    """Return the member of staff of this request. Raises `StaffSessionEnded`. Automatic requests, such as a
    stream and its fetches, do not `prolong` the session.
    """
    site = context(request)
    secret = request.cookies.get(staff_cookie_name(site.settings))
    if secret is None:
        raise StaffSessionEnded
    is_asked_for = use_of(request) != "none" or request.path.endswith("/events")
    who = await site.services.staff.sign_ins.recognise(secret, prolong=prolong and is_asked_for)
    request[SIGNED_IN] = who
    request[LANGUAGE] = who.language
    return who


async def staff_who_may(request: web.Request, act: Act) -> SignedInStaff:
    """Return the member of staff if their roles permit this act. Raises `NotFound` otherwise."""
    who = await staff_member(request)
    if not may(who.actor, act):
        raise NotFound
    return who


class StaffWhoMay(Senders[SignedInStaff]):
    """Staff send forms with their session, if their roles let them do this act."""

    public_path = "/staff"

    def __init__(self, act: Act) -> None:
        self._act = act

    async def find(self, request: web.Request, form: Form) -> SignedInStaff:
        """Find the member of staff. Raises `NotFound`.

        Raises `StaffSessionEnded`; the page to sign in on then takes the form along.
        """
        return await staff_who_may(request, self._act)

    def rate_key(self, who: SignedInStaff) -> str:
        """Count by account."""
        return who.member.id

    def urgent_page(self, request: web.Request, form: Form, trouble: Trouble) -> web.Response | None:
        """Return the text on a page that sends it again, where trying again later is all there is to do."""
        if isinstance(trouble, NotSaved | RevisionConflict | TooOften):
            return unanswered(request, form, self.public_path)
        return None


async def take_from_staff(request: web.Request, act: Act) -> tuple[Form, SignedInStaff]:
    """Return the form in a request and who sent it, if their roles let them do this."""
    form, senders = await read_form(request, gives_back=True), StaffWhoMay(act)
    who = await senders.find(request, form)
    check_rate(context(request).limits.acts, senders.rate_key(who))
    return form, who


def remember_staff(request: web.Request, response: web.Response, who: SignedInStaff) -> None:
    """Set the cookie until the browser is closed; the session ends earlier by itself."""
    settings = context(request).settings
    response.set_cookie(
        staff_cookie_name(settings),
        who.secret,
        path="/",
        httponly=True,
        secure=settings.is_https,
        samesite="Strict",
    )


async def forget_staff(request: web.Request) -> bool:
    """End the session of this browser, if any; return False if that could not be written."""
    site = context(request)
    secret = request.cookies.get(staff_cookie_name(site.settings))
    if secret is not None:
        try:
            await site.services.staff.sign_ins.sign_out(secret)
        except NotSaved:  # rejected from now on, and deleted later
            return False
    return True


def take_cookie_back(request: web.Request, response: web.Response) -> None:
    """Delete the staff cookie, if the browser has it."""
    settings = context(request).settings
    name = staff_cookie_name(settings)
    if name in request.cookies:
        response.del_cookie(name, path="/", secure=settings.is_https, samesite="Strict")
