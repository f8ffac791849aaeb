"""Passkeys of staff who sign in at an identity provider: open the lasting key with one, add one, remove one.

The script of the page, `passkey.js`, asks the browser for the passkey's answer and sends it in the form. The
answer is a secret like a typed password: it is used once, and neither shown again nor stored.
"""

from aiohttp import web

from assistant.errors import ProofRefused, Refusal
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passkeys import NewPasskey
from assistant.web.http.context import services
from assistant.web.http.forms import Form
from assistant.web.http.private_form import private_form
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.responses import see_other
from assistant.web.staff.authentication import StaffWhoMay
from assistant.web.staff.fresh_proof import StaffProved
from assistant.web.staff.key_page import KEY, check_provider, passkey_refused, removal_refused
from assistant.web.staff.sign_in import first_page_of

_TROUBLES = (ProofRefused, Refusal, TooOften)


@private_form(StaffWhoMay("use_own_account"), passkey_refused, on=_TROUBLES)
async def open_key(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Open the lasting key with a passkey. Its answers are random, so tries are not counted one by one."""
    check_provider(who)
    staff = services(request).staff
    private_key = await staff.passkeys.open(who, form.one("credential"), form.one("secret"))
    who = await staff.sign_ins.take_up(who, private_key, keeps_first=not form.one("first"))
    await staff.sign_ins.prove(who)
    return see_other(first_page_of(who))


@private_form(StaffProved("use_own_account"), passkey_refused, on=_TROUBLES)
async def add(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Add a passkey; without a lasting key, this makes it."""
    check_provider(who)
    staff = services(request).staff
    new = NewPasskey(form.one("called"), form.one("credential"), form.one("salt"), form.one("secret"))
    private_key = await staff.passkeys.add(who, new)
    if private_key != who.private_key:
        who = await staff.sign_ins.take_up(who, private_key, keeps_first=True)
    await staff.sign_ins.prove(who)
    return see_other(KEY)


@private_form(StaffProved("use_own_account"), removal_refused, on=_TROUBLES)
async def remove(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Remove a passkey; if it is the last way to open the lasting key, the key goes with it."""
    check_provider(who)
    staff = services(request).staff
    if await staff.passkeys.remove(who, form.one("passkey"), with_key=bool(form.one("last"))):
        await staff.sign_ins.give_up(who)
    return see_other(KEY)


def routes() -> list[web.RouteDef]:
    """Routes for passkeys."""
    return [
        web.post(f"{KEY}/passkey", open_key),
        web.post(f"{KEY}/passkey/add", add),
        web.post(f"{KEY}/passkey/remove", remove),
    ]
