"""Sign in and out, and the page for an ended session."""

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from assistant.errors import (
    EndedByProvider,
    NotConfirmed,
    ProofRefused,
    StaffSessionEnded,
    TooBusy,
    Trouble,
)
from assistant.languages import as_language
from assistant.meetings.permissions import may
from assistant.service.queueing import ask_as
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passwords import folded
from assistant.web.http.context import (
    LANGUAGE,
    address_of,
    context,
    limit_key,
    own_path,
    path_language,
    reader_catalogue,
    reader_language,
    services,
)
from assistant.web.http.cookies import staff_cookie_name
from assistant.web.http.cross_site import is_without_cookies, load_again
from assistant.web.http.forms import DRAFT, READ, SECRETS, Form
from assistant.web.http.link_cookies import forget_link, keep_link, kept_link
from assistant.web.http.pages import FormError, MessagePage
from assistant.web.http.private_form import private_form
from assistant.web.http.public_form import public_form
from assistant.web.http.rate_limits import SOON, TooOften
from assistant.web.http.responses import render, see_other, wants_address
from assistant.web.staff.authentication import (
    StaffWhoMay,
    forget_staff,
    provider_of,
    remember_staff,
    staff_member,
    take_cookie_back,
    takes_passwords,
)
from assistant.web.staff.device import device_of, forget_device, remember_device
from assistant.web.staff.held_text import HELD, give_back, held_fields, words_of
from assistant.web.staff.pages import SignInPage

DOOR = "/{language}/staff"
_REASONS: Mapping[str, tuple[int, str, str, str | None]] = {
    "often": (429, "trouble.too_often_heading", "trouble.too_often", None),
    "proof": (422, "sign_in.refused_heading", "sign_in.refused", "name"),
    "provider": (503, "provider.unreachable_heading", "provider.unreachable", None),
}
"""Why a sign-in was refused, by the word in its address: the status, the texts and the field."""


_ENDED: Mapping[type[StaffSessionEnded], str] = {
    EndedByProvider: "ended.by_provider",
    NotConfirmed: "ended.not_confirmed",
}
"""Why a session ended earlier than its page said, by the text about it."""


async def sign_in_page(request: web.Request) -> web.Response:
    """Show the sign-in page, or redirect a person who is signed in."""
    path_language(request)
    try:
        who = await staff_member(request)
    except StaffSessionEnded:
        page = _refused_page(request) or render(request, _page(request))
        name = staff_cookie_name(context(request).settings)
        return load_again(request, page) if is_without_cookies(request, name) else page
    return see_other(first_page_of(who))


async def _refused(request: web.Request, form: Form, trouble: Trouble) -> web.Response:
    """Lead to an address that says what was refused; words typed earlier are kept nowhere else, so their page
    is the answer itself.
    """
    reason = "often" if isinstance(trouble, TooOften) else "proof"
    if wants_address(request) and not held_fields(form):
        response = see_other(f"{request.path}?refused={reason}")
        keep_link(request, response, "sign-in", form.one("name")[:200].replace("\n", " "), _way_back(form))
    else:
        response = _saying(request, form, reason)
    return response


@public_form(_refused, on=(TooOften, ProofRefused), gives_back=True)
async def sign_in(request: web.Request, form: Form) -> web.Response:
    """Sign in with name, password and code."""
    if (speak := as_language(form.one("speak"))) is not None:
        request[LANGUAGE] = speak
        return render(request, _page(request, form))
    if form.one("signed_in"):  # at the provider, in another window
        if not await _is_signed_in(request):
            return _again(request, form)
        return give_back(request, _way_back(form), held_fields(form))
    if not takes_passwords(request):
        raise ProofRefused
    who = await _prove(request, form)
    request[LANGUAGE] = path_language(request)
    held, back = held_fields(form), _way_back(form)
    response = give_back(request, back, held) if held else see_other(back or first_page_of(who))
    remember_staff(request, response, who)
    await remember_device(request, response, who)
    forget_link(request, response, "sign-in")
    return response


async def _is_signed_in(request: web.Request) -> bool:
    try:
        await staff_member(request)
    except StaffSessionEnded:
        return False
    return True


def _again(request: web.Request, form: Form) -> web.Response:
    """Show the page again, with the text, to a person who has not signed in yet."""
    return render(request, _page(request, form, ended=True), 401)


def _refused_page(request: web.Request) -> web.Response | None:
    """Return the page of a refused sign-in, as long as the name is kept."""
    reason, kept = request.query.get("refused", ""), kept_link(request, "sign-in")
    if reason in ("provider", "often") and not kept and provider_of(request) is not None:
        return _saying(request, Form({}), reason)
    if reason not in _REASONS or len(kept) != 2:
        return None
    return _saying(request, Form({"name": (kept[0],), "back": (kept[1],)}), reason)


def _saying(request: web.Request, form: Form, reason: str) -> web.Response:
    """Show the form again, with the reason."""
    say, (status, heading, sentence, field) = reader_catalogue(request).say, _REASONS[reason]
    provider = provider_of(request)
    facts = {"provider": provider.name} if provider and reason == "provider" else {}
    trouble = FormError(say(heading, **facts), say(sentence, **facts), field)
    return render(request, _page(request, form, trouble), status)


@public_form()
async def sign_out(request: web.Request, form: Form) -> web.Response:
    """End this browser's session; also works if it has ended already."""
    is_written = await forget_staff(request)
    language = as_language(form.one("language")) or reader_language(request)
    if is_written:
        response = see_other(DOOR.replace("{language}", language))
    else:
        request[LANGUAGE] = language
        response = render(request, _not_written(request, DOOR.replace("{language}", language)), 503)
    take_cookie_back(request, response)
    return response


def _not_written(request: web.Request, first_page: str) -> MessagePage:
    """Say that this device is signed out but the database does not show it yet."""
    say = reader_catalogue(request).say
    return MessagePage(
        title=say("trouble.not_signed_out_heading"),
        public_path="/staff",
        heading=say("trouble.not_signed_out_heading"),
        sentences=say("trouble.not_signed_out").split("\n"),
        ways=[(first_page, "trouble.go_on")],
    )


@private_form(StaffWhoMay("use_own_account"))
async def sign_out_everywhere(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """End every session of this person."""
    await services(request).staff.sign_ins.sign_out_everywhere(who)
    response = see_other(DOOR.replace("{language}", who.language))
    take_cookie_back(request, response)
    forget_device(request, response)
    return response


@private_form(StaffWhoMay("use_own_account"))
async def speak(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Show the same page in another language."""
    language = as_language(form.one("language"))
    if language is not None:
        await services(request).staff.sign_ins.speak(who, language)
    return see_other(own_path(form.one("back")))


def first_page_of(who: SignedInStaff) -> str:
    """The page a session starts on: new recovery codes, the dashboard, or the accounts."""
    if who.recovery_codes:
        return "/staff/codes"
    return "/desk" if may(who.actor, "use_desk") else "/admin/staff"


def signed_out(request: web.Request, ended: StaffSessionEnded) -> web.Response:
    """The session is over: why, what was typed, and the fields to sign in with."""
    form = request.get(READ) or Form({})
    is_change = request.method == "POST"
    fields: dict[str, tuple[str, ...]] = {"back": (request.path,)}
    if is_change and (words_of(form) or form.one(DRAFT)):
        fields |= {f"{HELD}{name}": texts for name, texts in form.without(*SECRETS).items()}
    elif is_change:
        fields = {}
    page = _page(request, Form(fields), ended=True)
    provider, name = provider_of(request), _ENDED.get(type(ended))
    if provider is not None and name is not None:
        page = replace(page, why=reader_catalogue(request).say(name, provider=provider.name))
    return render(request, page, 401)


async def _prove(request: web.Request, form: Form) -> SignedInStaff:
    """Authenticate the form. Only failures are counted.

    After many failures under a name, the next try under it waits for its turn, before the slow part, and is
    tried then. In a browser where its owner signed in before, only failures in that browser count, and too
    many are refused. Failures from an address put off no one.
    """
    site, address, key = context(request), address_of(request), folded(form.one("name"))[:200]
    device = await device_of(request, key)
    if device:
        key = f"{key} {device}"
        ask_as(device)
    elif await site.limits.sign_ins.are_many(address):
        ask_as(limit_key(request), after_failures=True)
    if device:
        await site.limits.sign_in_names.check(key)
    else:
        await site.limits.sign_in_line.take(site.limits.sign_in_names, key, address)
    proof = site.services.staff.passwords.typed(form.one("name"), form.one("password"), form.one("code"))
    try:
        proved = await proof.prove()
    except TooBusy:
        await site.limits.sign_in_names.give_back(key)
        raise TooOften(SOON) from None
    except ProofRefused:
        if seconds := await site.limits.sign_ins.failed(address):
            raise TooOften(seconds) from None
        raise
    await site.limits.sign_in_names.give_back(key)
    await forget_staff(request)
    return await site.services.staff.sign_ins.begin(proved, path_language(request))


def _page(
    request: web.Request, form: Form | None = None, trouble: FormError | None = None, *, ended: bool = False
) -> SignInPage:
    form = form or Form({})
    catalogue, held = reader_catalogue(request), held_fields(form)
    is_back = ended or held or _way_back(form)
    heading = catalogue.say("ended.heading" if is_back else "sign_in.heading")
    title = context(request).pages.peer_worker(reader_language(request))
    provider = provider_of(request)
    return SignInPage(
        title=heading,
        public_path=None if held else "/staff",
        heading=heading,
        why=catalogue.say("ended.what") if is_back else catalogue.say("sign_in.what", title=title),
        name=form.one("name")[:200],
        back=_way_back(form),
        carried=[(f"{HELD}{name}", text) for name, texts in held.items() for text in texts],
        words=[text for _, text in words_of(Form(held))],
        provider=provider.name if provider else "",
        asks_password=takes_passwords(request),
        trouble=trouble,
    )


def _way_back(form: Form) -> str:
    """Return the page of this site to go back to, if the form names one."""
    back = form.one("back")
    return back if back and own_path(back) == back else ""


def routes() -> list[web.RouteDef]:
    """Routes for signing in and out."""
    return [
        web.get(DOOR, sign_in_page),
        web.post(DOOR, sign_in),
        web.post("/staff/sign-out", sign_out),
        web.post("/staff/sign-out-everywhere", sign_out_everywhere),
        web.post("/staff/language", speak),
    ]
