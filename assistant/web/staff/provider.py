"""Sign-in at an identity provider: to the provider, back from it, and its word that a session has ended.

A form leads to a page that sends the browser on, because `form-action 'self'` would stop a redirect. The
provider leads back to one address, by a link on its own site. What was kept for the visit is sealed under a
cookie (`provider_cookie`) and used once. Then the browser loads the next page from here, with the session's
`Strict` cookie.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

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
from assistant.web.http.forms import Form, read_form
from assistant.web.http.link_cookies import forget_link
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import MessagePage, Page
from assistant.web.http.public_form import public_form
from assistant.web.http.rate_limits import TooOften, check_rate
from assistant.web.http.responses import render, see_other, with_retry_after
from assistant.web.staff.authentication import forget_staff, provider_of, remember_staff
from assistant.web.staff.first_link import remove_used_link
from assistant.web.staff.provider_cookie import forget_visit, keep_visit, kept_visit
from assistant.web.staff.sign_in import DOOR, first_page_of

if TYPE_CHECKING:
    from assistant.openid.authorization_code import OpenIdClient
    from assistant.openid.tokens import Person

PROVIDER = "/{language}/staff/provider"
CALLBACK = "/staff/provider/callback"
LOGOUT = "/staff/provider/logout"
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
    back: str = ""


@page_data
class ToProviderPage(Page):
    """The page that sends the browser on."""

    template = "staff/to_provider.html"
    address: str


async def begin_visit(request: web.Request, visit: Mapping[str, str]) -> web.Response:
    """Begin a sign-in at the provider, and lead to the page that sends the browser there.

    Raises `NotFound` without a provider, `TooOften`, `ProviderUnreachable` and `ProviderRefused`.
    """
    client, language = _client(request), reader_language(request)
    check_rate(context(request).limits.provider, limit_key(request))
    try:
        begun, address = await client.begin(
            f"{public_address(request)}{CALLBACK}", is_proof="starts_over" in visit
        )
    except ProviderRefused as refused:
        note(Event.PROVIDER_REFUSED, check=refused.check)
        raise
    kept = Visit(language=language, begun=begun.model_dump(), address=address, **visit)
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
        kept = await services(request).staff.provided.look(kept_visit(request))
    except SecretUnknown:  # Back from the provider, or from a sign-in that is done
        return see_other(_door(request))
    visit, name = Visit.model_validate_json(kept), provider.name if provider else ""
    page = ToProviderPage(
        title=say("provider.going", provider=name), public_path="/staff/provider", address=visit.address
    )
    response = render(request, page)
    response.headers["Refresh"] = f"0; url={visit.address}"
    return response


async def come_back(request: web.Request) -> web.Response:
    """Take the provider's answer, once, in the browser that asked."""
    client, provided = _client(request), services(request).staff.provided
    try:
        visit = Visit.model_validate_json(await provided.take(kept_visit(request)))
        request[LANGUAGE] = visit.language
        person, held = await client.finish(client.kept(visit.begun), request.query)
        response = await _arrived(request, visit, person, held.model_dump_json() if held else "")
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
    if not grant:
        note(Event.PROVIDER_UNCHECKED)
    provider = provider_of(request)
    assert provider is not None, "there is a client, so there is a provider"
    lasts = timedelta(minutes=provider.session_minutes)
    if visit.starts_over:
        if (await staff.provided.sign_in(identity, lasts)).staff_id != visit.starts_over:
            raise NotLinked
        await staff.lasting_keys.start_over(visit.starts_over)
        return _onward(request, "/staff/key?over")
    if visit.staff_id:
        proved = await staff.provided.link_own(visit.staff_id, identity, lasts)
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


async def log_out(request: web.Request) -> web.Response:
    """Take a logout token from the provider (Back-Channel Logout 1.0) and end the sessions it names."""
    client = _client(request)
    try:
        check_rate(context(request).limits.provider, limit_key(request))
        token = (await read_form(request)).one("logout_token")
        ended = await client.logged_out(token)
        is_new = await services(request).staff.provided.end_sessions(
            ended.issuer, ended.subject, ended.sid, ended.id
        )
        status = 200 if is_new else 400
    except ProviderRefused as refused:
        note(Event.PROVIDER_REFUSED, check=refused.check)
        status = 400
    except ProviderUnreachable:
        status = 503
    except TooOften as often:
        return with_retry_after(web.Response(status=429), often)
    return web.Response(status=status)


def _client(request: web.Request) -> "OpenIdClient":
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
        web.post(LOGOUT, log_out),
    ]
