"""A fresh proof of who is at the screen, before an act that changes how an account or its key opens.

A session may be open on an unlocked screen. So these acts need a proof that is at most five minutes old
(`SignIns.prove`): the password and a code, or a way to the lasting key. Signing in with a password, and
opening the key, are proofs as well. `StaffProved` lets no one else in, and leads to the page of this module.

So does `ProvedForOthers` before an act on the accounts of others, for which signing in anew at the identity
provider is a proof too (`ProvidedSignIns.prove`). It is none for the person's own key: the provider alone
must not open what was sent ahead, and a session may have opened it already.
"""

import re
from collections.abc import Callable, Sequence

from aiohttp import web

from assistant.errors import (
    NotFound,
    ProofRefused,
    ProviderRefused,
    ProviderUnreachable,
    Refusal,
    TooBusy,
    Trouble,
)
from assistant.meetings.permissions import Act
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passwords import NAME_MOST, folded
from assistant.web.http.context import address_of, context, reader_catalogue, services
from assistant.web.http.forms import DRAFT, Form
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError
from assistant.web.http.private_form import private_form
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.responses import IS_PUT_OFF, render, see_other
from assistant.web.http.security_headers import ASKS_PASSKEYS
from assistant.web.http.unsaved_text import NotLetIn
from assistant.web.staff.authentication import StaffWhoMay, provider_of, staff_who_may
from assistant.web.staff.device import device_of
from assistant.web.staff.key_page import KEY, check_provider, key_page
from assistant.web.staff.pages import StaffPage, bar, staff_error_shown
from assistant.web.staff.provider import begin_visit

PROOF = "/staff/proof"
ACCOUNT = "/staff/account"
_BACK = "/admin/staff(?:/removed|/[0-9a-f]{32}(?:/reset|/remove|/renamed)?)?"
"""The pages that lead to a proof for an act on the accounts of others, and are gone back to."""
_REFUSED = (ProofRefused, Refusal, TooBusy, TooOften)


@page_data
class ProofPage(StaffPage):
    """The page that asks for a proof."""

    template = "staff/proof.html"
    has_key: bool
    """Whether they sign in at a provider, and prove themselves by what opens their lasting key."""
    has_password: bool
    asked: str
    """What a browser asks the passkeys with; empty without any."""
    called: str
    """The name of a passkey that was to be added."""
    sent_back: str
    """The page of an act on the accounts of others; empty for acts on the person's own account."""
    back: str
    provider: str
    trouble: FormError | None = None


class StaffProved(StaffWhoMay):
    """Staff who proved lately who they are send these forms."""

    async def find(self, request: web.Request, form: Form, *, comes_back: bool) -> SignedInStaff:
        """Find the member of staff.

        Raises `NotLetIn` with the page that asks for a proof, which keeps what was typed but for secrets.
        """
        who = await super().find(request, form, comes_back=comes_back)
        if await is_proof_needed(request, who):
            if form.one("called"):
                raise NotLetIn(await _show(request, who, form, status=422))
            raise NotLetIn(see_other(PROOF))
        return who


class ProvedForOthers(StaffWhoMay):
    """Staff who proved lately who they are send these forms about the accounts of others."""

    def __init__(self, act: Act, page_of: Callable[[web.Request], str]) -> None:
        super().__init__(act)
        self._page_of = page_of

    async def find(self, request: web.Request, form: Form, *, comes_back: bool) -> SignedInStaff:
        """Find the member of staff.

        Raises `NotLetIn`, which leads to the page that asks for a proof, and from there back to the page of
        the form, where its draft is.
        """
        who = await super().find(request, form, comes_back=comes_back)
        if not await is_proved_for_others(request, who):
            request[IS_PUT_OFF] = True
            page = form.one(DRAFT).partition("#")[0]  # where its draft is
            back = page if re.fullmatch(_BACK, page) else self._page_of(request)
            raise NotLetIn(see_other(f"{PROOF}{back}"))
        return who


async def is_proved_for_others(request: web.Request, who: SignedInStaff) -> bool:
    """Return whether this person proved lately who they are, also at the provider."""
    staff = services(request).staff
    return staff.sign_ins.is_proved(who) or (who.provider is not None and await staff.provided.is_proved(who))


async def is_proof_needed(request: web.Request, who: SignedInStaff) -> bool:
    """Return whether this person must prove again who they are. The first way to a lasting key needs no
    proof: there is nothing yet that it could open.
    """
    staff = services(request).staff
    if staff.sign_ins.is_proved(who):
        return False
    return who.provider is None or await staff.lasting_keys.is_made(who.member.id)


async def show(request: web.Request) -> web.Response:
    """Ask for a proof, or lead on a person who needs none."""
    who = await staff_who_may(request, "use_own_account")
    if not await is_proof_needed(request, who):
        return see_other(_page_after(who))
    return await _show(request, who)


async def show_for_others(request: web.Request) -> web.Response:
    """Ask for a proof before an act on the accounts of others, or lead on a person who needs none."""
    who, back = await staff_who_may(request, "see_staff"), request.match_info["back"]
    if await is_proved_for_others(request, who):
        return see_other(back)
    return await _show(request, who, Form({"back": (back,)}))


async def _refused(request: web.Request, form: Form, who: SignedInStaff, trouble: Trouble) -> web.Response:
    say = reader_catalogue(request).say
    if isinstance(trouble, TooBusy | TooOften):
        error = FormError(say("trouble.too_often_heading"), say("trouble.too_often"))
        return await _show(request, who, form, error, 429)
    if isinstance(trouble, ProviderRefused | ProviderUnreachable):
        name = _provider_name(request)
        sentence = say("provider.unreachable", provider=name)
        error = FormError(say("provider.unreachable_heading", provider=name), sentence)
    elif isinstance(trouble, Refusal):
        error = staff_error_shown(request, trouble, "key.passkey_refused_heading")
    elif form.one("credential"):
        error = FormError(say("key.passkey_refused_heading"), say("key.passkey_refused"))
    elif who.provider is not None:
        error = FormError(say("key.refused_heading"), say("key.refused"), "password")
    else:
        error = FormError(say("proof.refused_heading"), say("proof.refused"), "password")
    return await _show(request, who, form, error, 422)


@private_form(StaffWhoMay("use_own_account"), _refused, on=_REFUSED)
async def prove(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Take the password, and the code of those who sign in with one."""
    staff, tries = services(request).staff, context(request).limits.sign_in_names
    key = who.member.id if who.provider else await _key_of_tries(request, who)
    await tries.check(key)
    try:
        if who.provider is not None:
            who = await _opened(request, who, await staff.key_passwords.open(who, form.one("password")))
        else:
            await staff.passwords.typed_again(who, form.one("password"), form.one("code")).prove()
    except TooBusy:
        await tries.give_back(key)
        raise
    except ProofRefused:
        if seconds := await context(request).limits.sign_ins.failed(address_of(request)):
            raise TooOften(seconds) from None
        raise
    await tries.give_back(key)
    return await _proved(request, form, who)


@private_form(StaffWhoMay("use_own_account"), _refused, on=_REFUSED)
async def prove_by_passkey(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Take the answer of a passkey, which is random: tries are not counted one by one."""
    check_provider(who)
    private_key = await services(request).staff.passkeys.open(who, form.one("credential"), form.one("secret"))
    return await _proved(request, form, await _opened(request, who, private_key))


@private_form(StaffWhoMay("use_own_account"), _refused, on=(TooOften, ProviderRefused, ProviderUnreachable))
async def start_over(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Begin the way to a new lasting key, for a person who can no longer open theirs: the provider must ask
    them who they are now, and then the old key is deleted (`provider.come_back`).
    """
    check_provider(who)
    return await begin_visit(request, {"starts_over": who.member.id}, who)


@private_form(StaffWhoMay("use_own_account"), _refused, on=(TooOften, ProviderRefused, ProviderUnreachable))
async def prove_at_provider(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Begin a sign-in at the provider, which must ask the person who they are now, for an act on the accounts
    of others.
    """
    check_provider(who)
    back = _sent_back(form)
    if not back:
        raise NotFound
    return await begin_visit(request, {"proves": who.member.id, "back": back}, who)


async def _opened(request: web.Request, who: SignedInStaff, private_key: bytes) -> SignedInStaff:
    """Use the lasting key from now on, unless this session does already."""
    if private_key == who.private_key:
        return who
    return await services(request).staff.sign_ins.take_up(who, private_key, keeps_first=True)


async def _proved(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    who = await services(request).staff.sign_ins.prove(who)
    if back := _sent_back(form):
        return see_other(f"{back}?proved")
    if who.provider is not None and form.one("called"):
        return await key_page(request, who, called=form.one("called")[:NAME_MOST])
    return see_other(f"{_page_after(who)}?proved")


def _sent_back(form: Form) -> str:
    """Return the page of an act on the accounts of others, if the form names one."""
    back = form.one("back")
    return back if re.fullmatch(_BACK, back) else ""


def _page_after(who: SignedInStaff) -> str:
    return ACCOUNT if who.provider is None else KEY


async def _key_of_tries(request: web.Request, who: SignedInStaff) -> str:
    """Return the key under which wrong passwords of this person are counted at sign-in in this browser."""
    name = folded(who.member.name)[:200]
    device = await device_of(request, name)
    return f"{name} {device}" if device else name


def _provider_name(request: web.Request) -> str:
    provider = provider_of(request)
    return provider.name if provider else ""


async def _show(
    request: web.Request,
    who: SignedInStaff,
    form: Form | None = None,
    trouble: FormError | None = None,
    status: int = 200,
) -> web.Response:
    staff, has_key, form = services(request).staff, who.provider is not None, form or Form({})
    back = _sent_back(form)
    passkeys: Sequence[str] = ()
    if has_key:
        passkeys = [f"{one.credential}:{one.salt}" for one in await staff.passkeys.all(who.member.id)]
    if passkeys:
        request[ASKS_PASSKEYS] = True
    page = ProofPage(
        title=reader_catalogue(request).say("proof.heading"),
        here=f"{PROOF}{back}",
        bar=bar(request, who),
        has_key=has_key,
        has_password=not has_key or await staff.key_passwords.is_chosen(who.member.id),
        asked=" ".join(passkeys),
        called=form.one("called")[:NAME_MOST],
        sent_back=back,
        back=back or _page_after(who),
        provider=_provider_name(request),
        trouble=trouble,
    )
    return render(request, page, status)


def routes() -> list[web.RouteDef]:
    """Routes for a fresh proof."""
    return [
        web.get(PROOF, show),
        web.post(PROOF, prove),
        web.post(f"{PROOF}/passkey", prove_by_passkey),
        web.post(f"{PROOF}/start-over", start_over),
        web.post(f"{PROOF}/provider", prove_at_provider),
        web.get(f"{PROOF}{{back:{_BACK}}}", show_for_others),
    ]
