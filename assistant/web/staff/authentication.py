"""Authentication and authorisation of staff requests."""

from datetime import timedelta

from aiohttp import web

from assistant.config import SignInProvider
from assistant.errors import NotFound, NotSaved, RevisionConflict, StaffSessionEnded, Trouble
from assistant.meetings.permissions import Act, may
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import LANGUAGE, SIGNED_IN, Context, context, cookie_of
from assistant.web.http.cookies import staff_cookie_name
from assistant.web.http.forms import Form
from assistant.web.http.private_form import Senders
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.sessions import use_of
from assistant.web.http.unsaved_text import unanswered


async def staff_member(request: web.Request, *, prolong: bool = True) -> SignedInStaff:
    """Return the member of staff of this request. Raises `StaffSessionEnded`, also if the identity provider
    no longer vouches for them. Automatic requests, such as a stream and its fetches, do not `prolong` the
    session.
    """
    site = context(request)
    is_asked_for = use_of(request) != "none" or request.path.endswith("/events")
    who = await recognised_member(request, prolong=prolong and is_asked_for)
    request[LANGUAGE] = who.language
    await _ask_provider(site, who)
    request[SIGNED_IN] = who
    return who


async def staff_of_session(site: Context, secret: str, *, prolong: bool = True) -> SignedInStaff:
    """Return what `staff_member` does, for a stream, which keeps no request."""
    who = await site.services.staff.sign_ins.recognise(secret, prolong=prolong)
    await _ask_provider(site, who)
    return who


async def _ask_provider(site: Context, who: SignedInStaff) -> None:
    if site.openid is not None and site.settings.sign_in is not None:
        agreed = site.settings.sign_in
        every = timedelta(minutes=agreed.check_minutes)
        await site.services.staff.provider_checks.check(who, agreed.issuer, site.openid, every)


async def recognised_member(request: web.Request, *, prolong: bool) -> SignedInStaff:
    """Return the member of staff of this request, without asking the provider about them.

    Raises `StaffSessionEnded`.
    """
    site = context(request)
    secret = cookie_of(request, staff_cookie_name(site.settings))
    if secret is None:
        raise StaffSessionEnded
    return await site.services.staff.sign_ins.recognise(secret, prolong=prolong)


async def staff_who_may(request: web.Request, act: Act) -> SignedInStaff:
    """Return the member of staff if their roles permit this act. Raises `NotFound` otherwise."""
    who = await staff_member(request)
    if not may(who.actor, act):
        raise NotFound
    return who


def provider_of(request: web.Request) -> SignInProvider | None:
    """Return the identity provider at which staff sign in, if there is one."""
    return context(request).settings.sign_in


def takes_passwords(request: web.Request) -> bool:
    """Return whether staff may sign in here, with a password and a code."""
    provider = provider_of(request)
    return provider is None or provider.password


class StaffWhoMay(Senders[SignedInStaff]):
    """Staff send forms with their session, if their roles let them do this act."""

    public_path = "/staff"

    def __init__(self, act: Act) -> None:
        self._act = act

    async def find(self, request: web.Request, form: Form, *, comes_back: bool) -> SignedInStaff:
        """Find the member of staff. Raises `NotFound` if their roles do not let them.

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
    secret = cookie_of(request, staff_cookie_name(site.settings))
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
    if cookie_of(request, name) is not None:
        response.del_cookie(name, path="/", secure=settings.is_https, samesite="Strict")
