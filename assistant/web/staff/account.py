"""The account page: recovery codes, a new password, signing out everywhere."""

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
from assistant.service.staff.account_setup import NewPassword
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passwords import PASSWORD_LEAST
from assistant.web.http.context import context, reader_catalogue, services
from assistant.web.http.forms import Form
from assistant.web.http.pages import FormError
from assistant.web.http.private_form import private_form
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.responses import render, see_other
from assistant.web.staff.authentication import StaffWhoMay, provider_of, remember_staff, staff_who_may
from assistant.web.staff.device import remember_device
from assistant.web.staff.fresh_proof import ACCOUNT, StaffProved
from assistant.web.staff.pages import CodesPage, OwnAccountPage, bar, staff_error_shown
from assistant.web.staff.provider import begin_visit
from assistant.web.staff.sign_in import first_page_of
from assistant.web.views.account_changes import all_changes, own_changes

CODES = "/staff/codes"


async def show(request: web.Request) -> web.Response:
    """Show the account page of the signed-in member of staff."""
    who = await staff_who_may(request, "use_own_account")
    return render(request, await _page(request, who, changed="changed" in request.query))


async def show_codes(request: web.Request) -> web.Response:
    """Show the new codes, until their owner confirms having them; Back to them leads on after that."""
    who = await staff_who_may(request, "use_own_account")
    if not who.recovery_codes:
        return see_other(first_page_of(who))
    title = reader_catalogue(request).say("codes.heading")
    page = CodesPage(title=title, here=CODES, bar=bar(request, who), codes=who.recovery_codes)
    return render(request, page)


@private_form(StaffWhoMay("use_own_account"))
async def have_codes(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Confirm having the codes; from then on they are not stored in readable form."""
    who = await services(request).staff.sign_ins.show_once(who, recovery_codes=())
    return see_other(first_page_of(who))


@private_form(StaffProved("use_own_account"))
async def renew_codes(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Create new recovery codes, of those who sign in with a password."""
    _check_password_session(who)
    staff = services(request).staff
    codes = await staff.welcomes.renew_recovery_codes(who.member.id)
    await staff.sign_ins.show_once(who, recovery_codes=codes)
    return see_other(CODES)


async def _password_refused(
    request: web.Request, _form: Form, who: SignedInStaff, trouble: Trouble
) -> web.Response:
    say = reader_catalogue(request).say
    if isinstance(trouble, TooBusy | TooOften):
        error = FormError(say("trouble.too_often_heading"), say("trouble.too_often"))
    elif isinstance(trouble, Refusal):
        refusal = trouble.in_field(trouble.field or "new")
        error = staff_error_shown(request, refusal, "account.refused_heading")
    elif isinstance(trouble, ProviderRefused | ProviderUnreachable):
        provider = provider_of(request)
        name = provider.name if provider else ""
        sentence = say("provider.unreachable", provider=name)
        error = FormError(say("provider.unreachable_heading", provider=name), sentence)
    else:
        error = FormError(say("account.refused_heading"), say("account.refused"), "password")
    status = 429 if isinstance(trouble, TooBusy | TooOften) else 422
    return render(request, await _page(request, who, trouble=error), status)


@private_form(
    StaffWhoMay("use_own_account"), _password_refused, on=(ProofRefused, Refusal, TooBusy, TooOften)
)
async def change_password(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Change the password; all other sessions end, and this one continues under a new cookie."""
    site = context(request)
    wish = NewPassword(form.one("password"), form.one("new"), form.one("again"))
    tries = site.limits.sign_in_names
    await tries.check(who.member.id)
    try:
        await site.services.staff.welcomes.change_password(who, wish)
    except (TooBusy, Refusal):  # no password was tried
        await tries.give_back(who.member.id)
        raise
    await tries.give_back(who.member.id)
    who = await site.services.staff.sign_ins.begin_anew(who)
    response = see_other(f"{ACCOUNT}?changed")
    remember_staff(request, response, who)
    await remember_device(request, response, who)
    return response


@private_form(
    StaffProved("use_own_account"),
    _password_refused,
    on=(TooOften, ProviderRefused, ProviderUnreachable),
)
async def link_account(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Link the account to the identity provider: with a fresh proof here, and by signing in there."""
    _check_password_session(who)
    return await begin_visit(request, {"staff_id": who.member.id}, who)


def _check_password_session(who: SignedInStaff) -> None:
    """Raise `NotFound` for staff whose session began at a provider."""
    if who.provider is not None:
        raise NotFound


async def _page(
    request: web.Request, who: SignedInStaff, *, changed: bool = False, trouble: FormError | None = None
) -> OwnAccountPage:
    provider, account = provider_of(request), await services(request).staff.accounts.one(who.member.id)
    return OwnAccountPage(
        title=reader_catalogue(request).say("account.heading"),
        here=ACCOUNT,
        bar=bar(request, who),
        roles=sorted(who.member.roles),
        codes_left=await services(request).staff.welcomes.recovery_codes_left(who.member.id),
        least=PASSWORD_LEAST,
        changed=changed,
        provider=provider.name if provider else "",
        is_linked=account.is_linked,
        has_password=await services(request).staff.key_passwords.is_chosen(who.member.id),
        can_open_key=who.provider is not None,
        just_linked="linked" in request.query,
        is_proved="proved" in request.query,
        own_changes=await own_changes(request, who),
        all_changes=await all_changes(request),
        trouble=trouble,
    )


def routes() -> list[web.RouteDef]:
    """Routes for the signed-in person's own account."""
    return [
        web.get(ACCOUNT, show),
        web.post(f"{ACCOUNT}/password", change_password),
        web.post(f"{ACCOUNT}/provider", link_account),
        web.post(f"{ACCOUNT}/codes", renew_codes),
        web.get(CODES, show_codes),
        web.post(CODES, have_codes),
    ]
