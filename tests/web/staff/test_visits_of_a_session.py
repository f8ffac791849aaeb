"""What a signed-in person began at the provider counts for the session in which they began it."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from datetime import timedelta

import pytest
from aiohttp import web
from support.at_provider import BACK, answer_of, come_back, sign_in_there, to_provider
from support.clock import Clock
from support.colleague import PASSWORD, Colleague, as_colleague
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.strict_provider import KARI, STRANGER, StrictProvider

from assistant.web.http.context import CONTEXT
from web.staff.test_provider_sign_in import choose_key, is_in, kari, profile, provider, settings  # noqa: F401

NB = CATALOGUES["nb"].say


@pytest.fixture
def more() -> dict[str, object]:
    return {"password": True}


@pytest.fixture
async def ola(
    app: web.Application, new_person: NewPerson, clock: Clock, provider: StrictProvider
) -> Colleague:
    """Someone with a password, whose account is not linked."""
    _, link = await app[CONTEXT].services.staff.accounts.add("Ola", frozenset({"professional"}), "o" * 32)
    assert link is not None
    ola = as_colleague(await new_person(), clock)
    ola.app = app
    await ola.set_up_at_once(link, "Ola")
    provider.redirect_uri = f"{ola.address}{BACK}"
    return ola


async def begun(person: Person, form: str, path: str) -> str:
    """Press the button, sign in at the provider, and return where the provider sends the browser."""
    return await answer_of(await to_provider(person, form, path))


def is_too_late(page: Page) -> bool:
    return (page.status, page.heading) == (422, NB("provider.too_late_heading"))


async def is_linked(app: web.Application) -> bool:
    return (await app[CONTEXT].services.staff.accounts.named("Ola")).is_linked


@pytest.mark.parametrize("everywhere", [False, True], ids=["sign-out", "sign-out-everywhere"])
async def test_an_account_is_not_linked_once_its_owner_has_signed_out(
    app: web.Application, ola: Colleague, provider: StrictProvider, everywhere: bool
) -> None:
    provider.person = STRANGER  # who presses at an unlocked screen, and waits until its owner has left
    location = await begun(ola, "link-account", "/staff/account")
    page = await ola.open("/staff/account")
    await ola.send(page.form("sign-out-everywhere" if everywhere else "sign-out").press())
    assert is_too_late(await come_back(ola, location))
    assert not await is_linked(app)
    assert (await ola.sign_in()).path == "/desk", "the password and the app are as before"


async def test_nor_after_a_new_password(
    app: web.Application, ola: Colleague, provider: StrictProvider
) -> None:
    provider.person = STRANGER
    location = await begun(ola, "link-account", "/staff/account")
    form = (await ola.open("/staff/account")).form("change-password").write("password", PASSWORD)
    page = await ola.send(form.write("new", PASSWORD * 2).write("again", PASSWORD * 2).press())
    assert NB("account.changed") in page.main
    assert is_too_late(await come_back(ola, location))
    assert not await is_linked(app)
    assert is_in(await ola.open("/desk"))


async def test_nor_in_the_session_of_someone_else_in_the_same_browser(
    app: web.Application, ola: Colleague, kari: Person, provider: StrictProvider
) -> None:
    location = await begun(ola, "link-account", "/staff/account")
    await ola.send((await ola.open("/staff/account")).form("sign-out").press())
    provider.person = KARI
    await sign_in_there(kari, provider)
    mine = {c.key: c.value for c in kari.client.session.cookie_jar}
    ola.client.session.cookie_jar.update_cookies({"w": mine["w"]}, ola.client.make_url("/"))
    assert is_too_late(await come_back(ola, location))
    assert not await is_linked(app)


async def test_a_key_is_not_deleted_once_its_owner_has_signed_out(
    app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    await choose_key(kari)
    clock.pass_by(timedelta(minutes=5))
    location = await begun(kari, "start-over", "/staff/proof")
    await kari.send((await kari.open("/desk")).form("sign-out").press())
    assert is_too_late(await come_back(kari, location))
    staff = app[CONTEXT].services.staff
    assert await staff.lasting_keys.is_made((await staff.accounts.named("Kari Nordmann")).member.id)


async def test_the_answer_to_another_tab_leaves_the_sign_in_of_this_one_alone(
    kari: Person, provider: StrictProvider
) -> None:
    provider.redirect_uri = f"{kari.address}{BACK}"
    first = await begun(kari, "provider", "/nb/staff")
    second = await begun(kari, "provider", "/nb/staff")
    for wrong in (first, f"{BACK}?code=x&state=y", BACK):
        page = await come_back(kari, wrong)
        assert (page.status, page.heading) == (422, NB("provider.refused_heading"))
    assert not is_in(await kari.open("/desk"))
    assert is_in(await come_back(kari, second))
    assert is_too_late(await come_back(kari, second))


@pytest.mark.parametrize(
    "begun", ['{"later": "a secret"}', '{"language": "nb", "begun": {}, "address": "x"}']
)
async def test_a_visit_that_another_version_of_the_program_kept_is_over_and_no_fault(
    app: web.Application, kari: Person, begun: str
) -> None:
    kept = await app[CONTEXT].services.staff.provided.keep(begun)
    kari.client.session.cookie_jar.update_cookies({"provider": kept}, kari.client.make_url("/"))
    page = await come_back(kari, f"{BACK}?code=x&state=y")
    assert page.status == 422
    assert page.heading in (NB("provider.too_late_heading"), NB("provider.refused_heading"))
