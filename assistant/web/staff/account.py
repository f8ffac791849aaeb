"""The account page: recovery codes, a new password, signing out everywhere."""

from aiohttp import web

from assistant.errors import NotFound, ProofRefused, Refusal, TooBusy
from assistant.service.staff.account_setup import NewPassword
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passwords import PASSWORD_LEAST
from assistant.web.http.context import context, reader_catalogue, services
from assistant.web.http.pages import FormError
from assistant.web.http.rate_limits import TooOften, check_rate
from assistant.web.http.responses import render, see_other
from assistant.web.staff.authentication import remember_staff, staff_who_may, take_from_staff
from assistant.web.staff.device import remember_device
from assistant.web.staff.pages import CodesPage, OwnAccountPage, bar, staff_error_shown
from assistant.web.staff.sign_in import first_page_of
from assistant.web.views.account_changes import all_changes, own_changes

ACCOUNT = "/staff/account"
CODES = "/staff/codes"
_SOON = 3


async def show(request: web.Request) -> web.Response:
    """Show the account page of the signed-in member of staff."""
    who = await staff_who_may(request, "use_own_account")
    return render(request, await _page(request, who, changed="changed" in request.query))


async def show_codes(request: web.Request) -> web.Response:
    """Show the new codes, until their owner confirms having them. Raises `NotFound` if there are none."""
    who = await staff_who_may(request, "use_own_account")
    if not who.recovery_codes:
        raise NotFound
    title = reader_catalogue(request).say("codes.heading")
    page = CodesPage(title=title, here=CODES, bar=bar(request, who), codes=who.recovery_codes)
    return render(request, page)


async def have_codes(request: web.Request) -> web.Response:
    """Confirm having the codes; from then on they are not stored in readable form."""
    _, who = await take_from_staff(request, "use_own_account")
    who = await services(request).staff.sign_ins.show_once(who, recovery_codes=())
    return see_other(first_page_of(who))


async def renew_codes(request: web.Request) -> web.Response:
    """Create new recovery codes."""
    _, who = await take_from_staff(request, "use_own_account")
    staff = services(request).staff
    codes = await staff.welcomes.renew_recovery_codes(who.member.id)
    await staff.sign_ins.show_once(who, recovery_codes=codes)
    return see_other(CODES)


async def change_password(request: web.Request) -> web.Response:
    """Change the password; all other sessions end, and this one continues under a new cookie."""
    form, who = await take_from_staff(request, "use_own_account")
    site = context(request)
    wish = NewPassword(form.one("password"), form.one("new"), form.one("again"))
    say = reader_catalogue(request).say
    try:
        check_rate(site.limits.sign_in_names, who.member.id)
        await site.services.staff.welcomes.change_password(who, wish)
    except (TooBusy, TooOften) as trouble_met:
        if isinstance(trouble_met, TooBusy):
            site.limits.sign_in_names.give_back(who.member.id)
        trouble = FormError(say("trouble.too_often_heading"), say("trouble.too_often"))
        return render(request, await _page(request, who, trouble=trouble), 429)
    except ProofRefused:
        trouble = FormError(say("account.refused_heading"), say("account.refused"), "password")
        return render(request, await _page(request, who, trouble=trouble), 422)
    except Refusal as refusal:
        site.limits.sign_in_names.give_back(who.member.id)
        trouble = staff_error_shown(
            request, refusal.in_field(refusal.field or "new"), "account.refused_heading"
        )
        return render(request, await _page(request, who, trouble=trouble), 422)
    site.limits.sign_in_names.give_back(who.member.id)
    who = await site.services.staff.sign_ins.begin_anew(who)
    response = see_other(f"{ACCOUNT}?changed")
    remember_staff(request, response, who)
    await remember_device(request, response, who)
    return response


async def _page(
    request: web.Request, who: SignedInStaff, *, changed: bool = False, trouble: FormError | None = None
) -> OwnAccountPage:
    return OwnAccountPage(
        title=reader_catalogue(request).say("account.heading"),
        here=ACCOUNT,
        bar=bar(request, who),
        roles=sorted(who.member.roles),
        codes_left=await services(request).staff.welcomes.recovery_codes_left(who.member.id),
        least=PASSWORD_LEAST,
        changed=changed,
        own_changes=await own_changes(request, who),
        all_changes=await all_changes(request),
        trouble=trouble,
    )


def routes() -> list[web.RouteDef]:
    """Routes for the signed-in person's own account."""
    return [
        web.get(ACCOUNT, show),
        web.post(f"{ACCOUNT}/password", change_password),
        web.post(f"{ACCOUNT}/codes", renew_codes),
        web.get(CODES, show_codes),
        web.post(CODES, have_codes),
    ]
