"""Sign-in at an identity provider: to the provider, and back from it.

A form leads to a page that sends the browser on, because `form-action 'self'` would stop a redirect. The
provider leads back to one address, by a link on its own site. What was kept for the visit is sealed under a
cookie (`provider_cookie`) and used once. Then the browser loads the next page from here, with the session's
`Strict` cookie.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import (
    LinkedElsewhere,
    NotFound,
    NotLinked,
    ProviderRefused,
    ProviderUnreachable,
    SecretUnknown,
    StaffSessionEnded,
    Trouble,
)
from assistant.events import Event, note
from assistant.languages import Language
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.provided_sign_in import ProvidedIdentity
from assistant.web.http.context import (
    LANGUAGE,
    context,
    limit_key,
    own_path,
    path_language,
    public_address,
    reader_catalogue,
    reader_language,
    services,
)
from assistant.web.http.forms import Form
from assistant.web.http.link_cookies import forget_link
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import MessagePage, Page
from assistant.web.http.public_form import public_form
from assistant.web.http.rate_limits import TooOften, check_rate
from assistant.web.http.responses import render, see_other
from assistant.web.staff.authentication import forget_staff, provider_of, remember_staff
from assistant.web.staff.first_link import remove_used_link
from assistant.web.staff.provider_cookie import forget_visit, keep_visit, kept_visit
from assistant.web.staff.sign_in import DOOR, first_page_of

if TYPE_CHECKING:
    from assistant.openid.authorization_code import OpenIdClient
    from assistant.openid.tokens import Person

PROVIDER = "/{language}/staff/provider"
CALLBACK = "/staff/provider/callback"
_LINKED = "/staff/account?linked"
_TOLD: Mapping[type[Trouble], tuple[int, str]] = {
    ProviderRefused: (422, "refused"),
    ProviderUnreachable: (503, "unreachable"),
    NotLinked: (403, "not_linked"),
    LinkedElsewhere: (409, "linked_elsewhere"),
    SecretUnknown: (422, "too_late"),
    StaffSessionEnded: (422, "too_late"),
}
"""The page on return from the provider, by the reason: its status, and the name of its text."""


class Visit(BaseModel):
    """A visit to the provider: why, and the secrets by which its answer is recognised."""

    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")

    language: Language
    begun: Mapping[str, object] = Field(repr=False)
    address: str = Field(repr=False)
    """The page of the provider to go to."""
    link: str = Field(default="", repr=False)
    """The one-time link of the account to be linked."""
    name: str = Field(default="", repr=False)
    """The name that the first administrator chose."""
    staff_id: str = ""
    """The account to be linked, of a person who is signed in."""
    starts_over: str = ""
    """The account whose lasting key is deleted once its owner has authenticated anew."""
    proves: str = ""
    """The account whose owner proves who they are by authenticating anew."""
    session: str = ""
    """The session in which a signed-in person began the visit: it does nothing for another."""
    back: str = ""


@page_data
class ToProviderPage(Page):
    """The page that sends the browser on."""

    template = "staff/to_provider.html"
    address: str


def _read_visit(kept: str) -> Visit:
    """Return a visit as it was kept. Raises `SecretUnknown` for one that another version of the program kept,
    without the cause: pydantic's messages quote the secrets.
    """
    try:
        return Visit.model_validate_json(kept)
    except ValidationError:
        raise SecretUnknown from None


async def begin_visit(
    request: web.Request, visit: Mapping[str, str], who: SignedInStaff | None = None
) -> web.Response:
    """Begin a sign-in at the provider, and lead to the page that sends the browser there. A visit of a person
    who is signed in counts for the session that they have now.

    Raises `NotFound` without a provider, `TooOften`, `ProviderUnreachable` and `ProviderRefused`.
    """
    client, language = provider_client(request), reader_language(request)
    check_rate(context(request).limits.provider, limit_key(request))
    session = services(request).staff.provided.bound_to(who) if who else ""
    try:
        begun, address = await client.begin(
            f"{public_address(request)}{CALLBACK}", is_proof="starts_over" in visit or "proves" in visit
        )
    except ProviderRefused as refused:
        note(Event.PROVIDER_REFUSED, check=refused.check)
        raise
    kept = Visit(language=language, begun=begun.model_dump(), address=address, session=session, **visit)
    secret = await services(request).staff.provided.keep(kept.model_dump_json())
    response = see_other(PROVIDER.replace("{language}", language))
    keep_visit(request, response, secret)
    return response


async def _not_begun(request: web.Request, _form: Form, trouble: Trouble) -> web.Response:
    if isinstance(trouble, TooOften):
        return see_other(f"{_door(request)}?refused=often")
    return see_other(f"{_door(request)}?refused=provider")


@public_form(_not_begun, on=(ProviderUnreachable, ProviderRefused, TooOften))
async def begin(request: web.Request, form: Form) -> web.Response:
    """Sign in at the provider, perhaps to link the account of a one-time link."""
    request[LANGUAGE] = path_language(request)
    link, back = form.one("link")[:200], form.one("back")
    visit = {"link": link, "name": form.one("name")[:200] if link else ""}
    response = await begin_visit(request, visit | {"back": back if own_path(back) == back else ""})
    await forget_staff(request)
    return response


async def go(request: web.Request) -> web.Response:
    """Send the browser on to the provider. A `Refresh` header needs no JavaScript."""
    request[LANGUAGE] = path_language(request)
    provider, say = provider_of(request), reader_catalogue(request).say
    try:
        visit = _read_visit(await services(request).staff.provided.look(kept_visit(request)))
    except SecretUnknown:  # Back from the provider, or from a sign-in that is done
        return see_other(_door(request))
    name = provider.name if provider else ""
    page = ToProviderPage(
        title=say("provider.going", provider=name), public_path="/staff/provider", address=visit.address
    )
    response = render(request, page)
    response.headers["Refresh"] = f"0; url={visit.address}"
    return response


async def come_back(request: web.Request) -> web.Response:
    """Take the provider's answer, once, in the browser that asked."""
    client, staff = provider_client(request), services(request).staff
    provided, revocations = staff.provided, staff.revocations
    try:
        visit = _read_visit(await provided.look(kept_visit(request)))
        request[LANGUAGE] = visit.language
        begun = client.kept(visit.begun)
        if not client.is_answer_to(begun, request.query):  # such as another tab's: this visit goes on
            note(Event.PROVIDER_REFUSED, check="state")
            return _told(request, ProviderRefused("state"))
        await provided.take(kept_visit(request))
        person, grant = await client.finish(begun, request.query, revocations.begin)
        try:
            response = await _arrived(request, visit, person, grant)
        except Exception:  # no session keeps the token
            revocations.begin(grant)
            raise
    except tuple(_TOLD) as trouble:
        if isinstance(trouble, ProviderRefused):
            note(Event.PROVIDER_REFUSED, check=trouble.check)
        response = _told(request, trouble)
    forget_visit(request, response)
    return response


async def _arrived(request: web.Request, visit: Visit, person: "Person", grant: str) -> web.Response:
    """Sign the person in, or link their account, and lead on."""
    site, staff = context(request), services(request).staff
    identity = ProvidedIdentity(person.issuer, person.identity, person.subject, person.sid, grant)
    provider = provider_of(request)
    assert provider is not None, "there is a client, so there is a provider"
    lasts = timedelta(minutes=provider.session_minutes)
    if visit.starts_over or visit.proves:
        staff.revocations.begin(grant)  # no session begins that could keep it
        return await _proved(request, visit, identity)
    if not grant:
        note(Event.PROVIDER_UNCHECKED)
    if visit.staff_id:
        proved = await staff.provided.link_own(visit.staff_id, visit.session, identity, lasts)
    elif visit.link:
        proved = await staff.provided.link_by_invitation(visit.link, visit.name, identity, lasts)
        await remove_used_link(site.settings, staff)
    else:
        proved = await staff.provided.sign_in(identity, lasts)
    who = await staff.sign_ins.begin(proved, visit.language)
    next_page = visit.back or first_page_of(who)
    is_new = bool(visit.link) and "professional" in who.member.roles
    if visit.staff_id:
        next_page = _LINKED
    elif is_new or await staff.lasting_keys.is_made(who.member.id):
        next_page = "/staff/key?first"
    response = _onward(request, next_page)
    remember_staff(request, response, who)
    forget_link(request, response, "welcome")
    return response


async def _proved(request: web.Request, visit: Visit, identity: ProvidedIdentity) -> web.Response:
    """Take it that the person authenticated just now, for the session in which they were asked to."""
    staff = services(request).staff
    await staff.provided.prove(visit.proves or visit.starts_over, visit.session, identity)
    if visit.proves:
        return _onward(request, f"{visit.back}?proved")
    await staff.lasting_keys.start_over(visit.starts_over)
    return _onward(request, "/staff/key?over")


def _onward(request: web.Request, path: str) -> web.Response:
    """Load the next page from our own site, so that the browser sends the session's cookie."""
    say = reader_catalogue(request).say
    page = MessagePage(
        title=say("again.heading"),
        public_path="/",
        heading=say("again.heading"),
        sentences=[],
        ways=[(path, "again.go_on")],
    )
    response = render(request, page)
    response.headers["Refresh"] = f"0; url={path}"
    return response


def _told(request: web.Request, trouble: Trouble) -> web.Response:
    """Say why no one was signed in."""
    say, provider = reader_catalogue(request).say, provider_of(request)
    facts = {"provider": provider.name if provider else ""}
    status, name = _TOLD.get(type(trouble), (422, "too_late"))
    page = MessagePage(
        title=say(f"provider.{name}_heading", **facts),
        public_path="/staff",
        heading=say(f"provider.{name}_heading", **facts),
        sentences=[say(f"provider.{name}", **facts)],
        ways=[(_door(request), "provider.again")],
    )
    return render(request, page, status)


def provider_client(request: web.Request) -> "OpenIdClient":
    """Return the client of the identity provider. Raises `NotFound` without one."""
    client = context(request).openid
    if client is None:
        raise NotFound
    return client


def _door(request: web.Request) -> str:
    return DOOR.replace("{language}", reader_language(request))


def routes() -> list[web.RouteDef]:
    """Routes for the way to the provider and back."""
    return [
        web.post(PROVIDER, begin),
        web.get(PROVIDER, go),
        web.get(CALLBACK, come_back),
    ]
