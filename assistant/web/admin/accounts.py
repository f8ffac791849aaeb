"""Accounts: list, add, rename, change roles, disable, enable, reset, remove."""

from datetime import datetime
from typing import cast

from aiohttp import web

from assistant.errors import NotFound, NotOnOneself, Refusal, Trouble
from assistant.meetings.permissions import ROLES, Role
from assistant.service.staff.accounts import Account
from assistant.service.staff.members import SignedInStaff
from assistant.web.admin.pages import (
    AccountRow,
    AccountsPage,
    AdminAccountPage,
    AskRemovePage,
    AskResetPage,
    LinkToHandOn,
)
from assistant.web.http.context import public_address, reader_catalogue, reader_language, services
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.pages import FormError
from assistant.web.http.private_form import private_form
from assistant.web.http.responses import render, see_other
from assistant.web.staff.authentication import StaffWhoMay, provider_of, staff_who_may
from assistant.web.staff.fresh_proof import ProvedForOthers, is_proved_for_others
from assistant.web.staff.pages import bar, staff_error_shown
from assistant.web.views.account_changes import own_changes
from assistant.web.views.recipients import unreachable_readers
from assistant.zone import local

ACCOUNTS = "/admin/staff"
REMOVED = f"{ACCOUNTS}/removed"
ONE = f"{ACCOUNTS}/{{staff:[0-9a-f]{{32}}}}"


def _path(request: web.Request) -> str:
    return f"{ACCOUNTS}/{request.match_info['staff']}"


async def show_all(request: web.Request) -> web.Response:
    """Show every account."""
    who = await staff_who_may(request, "see_staff")
    return render(request, await _accounts(request, who))


async def _not_added(request: web.Request, form: Form, who: SignedInStaff, trouble: Trouble) -> web.Response:
    return render(request, await _accounts(request, who, form, _error_shown(request, trouble)), 422)


@private_form(ProvedForOthers("add_staff", lambda _: ACCOUNTS), _not_added, on=(Refusal,))
async def add(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Make an account and redirect to its page, which shows its link."""
    staff = services(request).staff
    staff_id, link = await staff.accounts.add(
        form.one("name"), _roles(form), request_id(form), by=who.member.id
    )
    if link is not None:
        await staff.sign_ins.show_once(who, links={**who.links, staff_id: link})
    return see_other(f"{ACCOUNTS}/{staff_id}")


async def show(request: web.Request) -> web.Response:
    """Show one account."""
    who = await staff_who_may(request, "see_staff")
    return render(request, await _account(request, who))


async def show_renamed(request: web.Request) -> web.Response:
    """Confirm that an account has another name now."""
    who = await staff_who_may(request, "rename_staff")
    return render(request, await _account(request, who, is_renamed=True))


async def _not_changed(
    request: web.Request, form: Form, who: SignedInStaff, trouble: Trouble
) -> web.Response:
    status = 409 if isinstance(trouble, NotOnOneself) else 422
    page = await _account(request, who, _error_shown(request, trouble), typed=form.one("name"))
    return render(request, page, status)


@private_form(ProvedForOthers("rename_staff", _path), _not_changed, on=(Refusal,))
async def rename(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Give the account another name and confirm it."""
    accounts, staff_id = services(request).staff.accounts, request.match_info["staff"]
    await accounts.rename(staff_id, form.one("name"), by=who.member.id)
    return see_other(f"{_path(request)}/renamed")


@private_form(ProvedForOthers("change_roles", _path), _not_changed, on=(Refusal, NotOnOneself))
async def change_roles(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Change the roles of an account."""
    accounts, staff_id = services(request).staff.accounts, request.match_info["staff"]
    await accounts.change_roles(staff_id, _roles(form), by=who.member.id)
    await services(request).guided.sessions.end_left_alone()
    return see_other(_path(request))


@private_form(StaffWhoMay("disable_staff"))
async def disable(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Disable the account immediately, without a fresh proof: when someone leaves, speed is safety."""
    await services(request).staff.accounts.disable(request.match_info["staff"], by=who.member.id)
    await services(request).guided.sessions.end_left_alone()
    return see_other(_path(request))


@private_form(ProvedForOthers("disable_staff", _path))
async def enable(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Enable the account again."""
    await services(request).staff.accounts.enable(request.match_info["staff"], by=who.member.id)
    return see_other(_path(request))


async def ask_reset(request: web.Request) -> web.Response:
    """Explain a reset before it is done."""
    who = await staff_who_may(request, "reset_staff")
    account = await services(request).staff.accounts.one(request.match_info["staff"])
    page = AskResetPage(
        title=reader_catalogue(request).say("admin.reset_heading"),
        here=f"{_path(request)}/reset",
        bar=bar(request, who),
        row=_row(request, account),
        is_proved="proved" in request.query,
    )
    return render(request, page)


@private_form(ProvedForOthers("reset_staff", lambda request: f"{_path(request)}/reset"))
async def reset(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Reset the account and redirect to its page, which shows its new link."""
    staff, staff_id = services(request).staff, request.match_info["staff"]
    link = await staff.accounts.reset(staff_id, by=who.member.id)
    await staff.sign_ins.show_once(who, links={**who.links, staff_id: link})
    return see_other(_path(request))


async def ask_remove(request: web.Request) -> web.Response:
    """Explain a removal before it is done; an account in use is disabled first, on its own page. Once it is
    removed, the way back leads to the receipt.
    """
    who = await staff_who_may(request, "remove_staff")
    try:
        account = await services(request).staff.accounts.one(request.match_info["staff"])
    except NotFound:
        return see_other(REMOVED)
    if account.disabled_at is None or account.member.id == who.member.id:
        return see_other(_path(request))
    page = AskRemovePage(
        title=reader_catalogue(request).say("admin.remove_heading"),
        here=f"{_path(request)}/remove",
        bar=bar(request, who),
        row=_row(request, account),
        is_proved="proved" in request.query,
    )
    return render(request, page)


@private_form(ProvedForOthers("remove_staff", lambda request: f"{_path(request)}/remove"))
async def remove(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Delete a disabled account with its name and keys. One that is gone already counts as removed."""
    accounts, staff_id = services(request).staff.accounts, request.match_info["staff"]
    if staff_id in {account.member.id for account in await accounts.all()}:
        await accounts.remove(staff_id, by=who.member.id)
    return see_other(REMOVED)


async def show_removed(request: web.Request) -> web.Response:
    """Confirm that an account was removed, above those that are left."""
    who = await staff_who_may(request, "remove_staff")
    return render(request, await _accounts(request, who, is_removed=True))


def _error_shown(request: web.Request, trouble: Trouble) -> FormError:
    if isinstance(trouble, Refusal):
        return staff_error_shown(request, trouble, "admin.refused_heading")
    say = reader_catalogue(request).say
    return FormError(say("trouble.not_on_oneself_heading"), say("trouble.not_on_oneself"), "role")


async def _accounts(
    request: web.Request,
    who: SignedInStaff,
    form: Form | None = None,
    trouble: FormError | None = None,
    *,
    is_removed: bool = False,
) -> AccountsPage:
    form, provider = form or Form({}), provider_of(request)
    return AccountsPage(
        title=reader_catalogue(request).say("admin.removed_heading" if is_removed else "admin.heading"),
        here=REMOVED if is_removed else ACCOUNTS,
        is_removed=is_removed,
        is_proved="proved" in request.query,
        has_figures=services(request).insight.is_on,
        bar=bar(request, who),
        own_changes=await own_changes(request, who),
        accounts=[_row(request, account) for account in await services(request).staff.accounts.all()],
        unreachable_readers=await unreachable_readers(request),
        provider=provider.name if provider else "",
        roles=ROLES,
        request_id=form.one("request") or new_request_id(),
        name=form.one("name")[:200],
        chosen=form.fields.get("role", ()),
        trouble=trouble,
    )


async def _account(
    request: web.Request,
    who: SignedInStaff,
    trouble: FormError | None = None,
    *,
    typed: str = "",
    is_renamed: bool = False,
) -> AdminAccountPage:
    account = await services(request).staff.accounts.one(request.match_info["staff"])
    row, until = _row(request, account), account.link_until
    link = who.links.get(account.member.id) if until else None
    may_see = link is not None and await is_proved_for_others(request, who)
    return AdminAccountPage(
        title=row.name or reader_catalogue(request).say("admin.no_name"),
        here=f"{_path(request)}/renamed" if is_renamed else _path(request),
        name=typed[:200] or row.name,
        is_renamed=is_renamed,
        bar=bar(request, who),
        row=row,
        roles=ROLES,
        chosen=row.roles,
        is_own=account.member.id == who.member.id,
        is_disabled=account.disabled_at is not None,
        link=_to_hand_on(request, link) if link and may_see else None,
        has_link=link is not None,
        is_proved="proved" in request.query,
        link_until=_when(request, until) if until else None,
        trouble=trouble,
    )


def _row(request: web.Request, account: Account) -> AccountRow:
    say = reader_catalogue(request).say
    if account.disabled_at is not None:
        state = say("admin.disabled")
    elif account.is_set_up:
        state = say("admin.in_use")
    else:
        state = say("admin.waiting") if account.link_until else say("admin.link_over")
    member, at = account.member, account.signed_in_at
    signed_in = say("admin.signed_in", day=reader_catalogue(request).day(local(at).date())) if at else ""
    return AccountRow(f"{ACCOUNTS}/{member.id}", member.name, sorted(member.roles), state, signed_in)


def _to_hand_on(request: web.Request, link: str) -> LinkToHandOn:
    door = f"{public_address(request)}/{reader_language(request)}/staff/welcome"
    return LinkToHandOn(f"{door}#{link}", door.split("://", 1)[1], link)


def _when(request: web.Request, at: datetime) -> str:
    catalogue, here = reader_catalogue(request), local(at)
    return catalogue.say("admin.when", day=catalogue.day(here.date()), clock=catalogue.clock(here.time()))


def _roles(form: Form) -> frozenset[Role]:
    return cast(frozenset[Role], frozenset(form.fields.get("role", ())))


def routes() -> list[web.RouteDef]:
    """Routes for accounts."""
    return [
        web.get(ACCOUNTS, show_all),
        web.post(ACCOUNTS, add),
        web.get(ONE, show),
        web.post(f"{ONE}/roles", change_roles),
        web.post(f"{ONE}/disable", disable),
        web.post(f"{ONE}/enable", enable),
        web.get(f"{ONE}/reset", ask_reset),
        web.post(f"{ONE}/reset", reset),
        web.post(f"{ONE}/rename", rename),
        web.get(f"{ONE}/renamed", show_renamed),
        web.get(f"{ONE}/remove", ask_remove),
        web.post(f"{ONE}/remove", remove),
        web.get(REMOVED, show_removed),
    ]
