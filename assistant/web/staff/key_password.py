"""The key password of staff who sign in at an identity provider: open, choose and remove it."""

from aiohttp import web

from assistant.errors import ProofRefused, Refusal, TooBusy
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, services
from assistant.web.http.forms import Form
from assistant.web.http.private_form import private_form
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.responses import see_other
from assistant.web.staff.authentication import StaffWhoMay, staff_who_may
from assistant.web.staff.fresh_proof import StaffProved
from assistant.web.staff.key_page import KEY, check_provider, key_page, password_refused, removal_refused
from assistant.web.staff.sign_in import first_page_of

_TROUBLES = (ProofRefused, Refusal, TooBusy, TooOften)


async def show(request: web.Request) -> web.Response:
    """Show the page; staff with a password of their own have no use for it."""
    who = await staff_who_may(request, "use_own_account")
    if who.provider is None:
        return see_other("/staff/account")
    return await key_page(request, who)


@private_form(StaffWhoMay("use_own_account"), password_refused, on=_TROUBLES)
async def open_key(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Open the lasting key with its password."""
    check_provider(who)
    staff, tries = services(request).staff, context(request).limits.sign_in_names
    await tries.check(who.member.id)
    try:
        private_key = await staff.key_passwords.open(who, form.one("password"))
    except TooBusy:
        await tries.give_back(who.member.id)
        raise
    await tries.give_back(who.member.id)
    who = await staff.sign_ins.take_up(who, private_key, keeps_first=not form.one("first"))
    await staff.sign_ins.prove(who)
    return see_other(first_page_of(who))


@private_form(StaffProved("use_own_account"), password_refused, on=_TROUBLES)
async def choose(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Choose the key password; without a lasting key, this makes it."""
    check_provider(who)
    staff = services(request).staff
    private_key = await staff.key_passwords.choose(who, form.one("password"), form.one("again"))
    if private_key != who.private_key:
        who = await staff.sign_ins.take_up(who, private_key, keeps_first=True)
    await staff.sign_ins.prove(who)
    return see_other(KEY)


@private_form(StaffProved("use_own_account"), removal_refused, on=_TROUBLES)
async def forget(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Remove the key password; without a passkey, the lasting key goes with it."""
    check_provider(who)
    staff = services(request).staff
    if await staff.key_passwords.forget(who, with_key=bool(form.one("last"))):
        await staff.sign_ins.give_up(who)
    return see_other(KEY)


def routes() -> list[web.RouteDef]:
    """Routes for the key password."""
    return [
        web.get(KEY, show),
        web.post(KEY, open_key),
        web.post(f"{KEY}/choose", choose),
        web.post(f"{KEY}/forget", forget),
    ]
