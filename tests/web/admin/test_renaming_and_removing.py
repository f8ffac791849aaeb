"""An administrator renames and removes accounts by forms, without JavaScript."""

from dataclasses import replace

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, a_colleague
from support.page import Page
from support.person import CATALOGUES, NewPerson

from assistant.service.staff.accounts import LastAdministrator
from assistant.service.staff.security_log import SecurityEvent
from assistant.web.http.context import CONTEXT
from web.admin.test_account_changes import account_of
from web.peer.test_guided_sessions import at_the_door, code_of, join, open_session

NB = CATALOGUES["nb"].say
KARI = "Kari Fagperson"


async def renamed(anne: Colleague, account: str, name: str) -> Page:
    return await anne.send((await anne.open(account)).form("rename").write("name", name).press())


async def disabled(anne: Colleague, account: str) -> Page:
    return await anne.send((await anne.open(account)).form("disable").press())


async def test_a_renamed_account_signs_in_with_its_new_name_and_old_password(
    anne: Colleague, new_person: NewPerson
) -> None:
    kari = await a_colleague(anne, new_person, KARI, "professional")
    account = await account_of(anne, KARI)
    receipt = await renamed(anne, account, "Kari Nyttnavn")
    assert (receipt.path, receipt.heading) == (f"{account}/renamed", "Kari Nyttnavn")
    assert receipt.root.one(id="renamed").text == NB("admin.renamed")
    assert KARI not in (await anne.open("/admin/staff")).main
    await kari.send((await kari.open("/staff/account")).form("sign-out").press())
    assert (await kari.sign_in()).root.has("form", id="sign-in"), "the old name is nobody's"
    kari.name = "Kari Nyttnavn"
    assert (await kari.sign_in()).path == "/desk"


@pytest.mark.parametrize(
    ("name", "refused"),
    [("", "NothingSaid"), ("  anne  administrator ", "NameTaken"), ("x" * 300, "TextTooLong")],
)
async def test_a_name_that_cannot_be_used_is_refused_in_its_field_and_kept_there(
    anne: Colleague, new_person: NewPerson, name: str, refused: str
) -> None:
    await a_colleague(anne, new_person, KARI, "professional")
    account = await account_of(anne, KARI)
    page = await renamed(anne, account, name)
    assert (page.status, page.path) == (422, f"{account}/rename")
    trouble = page.root.one(id="trouble")
    assert trouble.has("a", href="#name")
    field = page.root.one("input", id="name")
    assert field.attributes["value"] == (name[:200] or KARI)
    assert page.heading == KARI, refused


async def test_only_a_closed_account_is_removed_and_only_after_a_warning(
    app: web.Application, anne: Colleague, new_person: NewPerson
) -> None:
    kari = await a_colleague(anne, new_person, KARI, "professional")
    account = await account_of(anne, KARI)
    page = await anne.open(account)
    assert not page.root.has("a", href=f"{account}/remove")
    assert (await anne.open(f"{account}/remove")).path == account, "an account in use is closed first"
    page = await disabled(anne, account)
    ask = await anne.open(page.root.one("a", href=f"{account}/remove").attributes["href"])
    assert NB("admin.remove_warning") in ask.main
    assert KARI in ask.main
    assert ask.form("remove").buttons[0].attributes["class"] == "takes-away"
    receipt = await anne.send(ask.form("remove").press())
    assert (receipt.path, receipt.heading) == ("/admin/staff/removed", NB("admin.removed_heading"))
    assert KARI not in receipt.main
    again = await anne.send(ask.form("remove").press())
    assert again.path == "/admin/staff/removed", "sent twice is removed once"
    assert (await anne.open(account)).status == 404
    assert (await kari.sign_in()).root.has("form", id="sign-in")
    events = await app[CONTEXT].services.staff.security_log.since(anne.clock.at.replace(year=2000))
    by = [event.by_id for event in events if event.event == SecurityEvent.ACCOUNT_REMOVED]
    assert by == [anne.staff_id]


async def test_nobody_removes_themselves(anne: Colleague) -> None:
    account = await account_of(anne, anne.name)
    assert (await anne.open(f"{account}/remove")).path == account
    page = await anne.open(account)
    assert not page.root.has("form", id="disable")
    forged = page.form("roles").press()
    refused = await anne.send(replace(forged, path=f"{account}/remove"))
    assert (refused.status, refused.heading) == (409, NB("trouble.not_on_oneself_heading"))
    assert (await anne.open(account)).status == 200


async def test_the_last_administrator_is_not_removed(app: web.Application, anne: Colleague) -> None:
    """On a page it cannot happen: whoever removes an account is an administrator. A command could."""
    accounts = app[CONTEXT].services.staff.accounts
    await accounts.disable(anne.staff_id)
    with pytest.raises(LastAdministrator):
        await accounts.remove(anne.staff_id)
    assert [account.member.name for account in await accounts.all()] == [anne.name]


async def test_a_guided_session_that_nobody_else_leads_ends_with_the_account(
    app: web.Application, anne: Colleague, new_person: NewPerson
) -> None:
    per = await a_colleague(anne, new_person, "Per", "peer_worker")
    eva = await a_colleague(anne, new_person, "Eva", "peer_worker")
    lead = await open_session(per, "group")
    mine = await open_session(eva, "group")
    user = await new_person()
    assert (await join(user, code_of(lead))).status == 200
    await disabled(anne, await account_of(anne, "Per"))
    late = await new_person()
    refused = await at_the_door(late, code_of(lead))
    assert refused.status == 422, "nobody joins a session that nobody leads"
    assert (await eva.open(mine.path)).status == 200, "the other session goes on"


async def test_a_command_ends_it_at_the_next_sweep(
    app: web.Application, anne: Colleague, new_person: NewPerson, clock: Clock
) -> None:
    services = app[CONTEXT].services
    per = await a_colleague(anne, new_person, "Per", "peer_worker")
    await per.send((await per.open("/desk/guided")).form("open-session").press())
    assert (await services.sweep(clock()))["guided_sessions"] == 0
    await services.staff.accounts.disable(per.staff_id)
    await services.staff.accounts.remove(per.staff_id)
    assert (await services.sweep(clock()))["guided_sessions"] == 1
