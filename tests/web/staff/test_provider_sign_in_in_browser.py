"""Sign-in at an identity provider on another site, in Chromium: cookies, policy, Back, and two roles."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import expect
from support.at_provider import BACK, as_client_of
from support.clock import Clock
from support.colleague import PASSWORD
from support.person import CATALOGUES
from support.quick import LOW_COST, our_texts
from support.strict_provider import ANNE, KARI, StrictProvider, tell_of_the_end
from support.tab import Tab

from assistant.meetings.permissions import Role
from assistant.service.staff.account_setup import AccountSetupTyped
from assistant.vault.second_factor import app_code
from assistant.web.app import make_app
from assistant.web.http.connections import Runner
from assistant.web.http.context import CONTEXT
from web.test_history_in_browser import TRIED_APART, Acts
from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, new_tab  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say


@pytest.fixture
def time() -> Clock:
    """The clock of the server and of the provider."""
    return Clock()


@pytest_asyncio.fixture(loop_scope="session")
async def provider(time: Clock) -> AsyncIterator[StrictProvider]:
    """A provider at 127.0.0.1; we are served at localhost, which is another site."""
    provider = StrictProvider(clock=lambda: time().timestamp(), asks_who=True)
    await provider.start()
    yield provider
    await provider.close()


@pytest_asyncio.fixture(loop_scope="session")
async def app(tmp_path: Path, time: Clock, provider: StrictProvider, first_data: Path) -> web.Application:
    settings = as_client_of(provider, tmp_path / "data", first_data, scopes=["offline_access"])
    return make_app(settings, time, our_texts(), LOW_COST)


@pytest_asyncio.fixture(loop_scope="session")
async def address(app: web.Application, provider: StrictProvider) -> AsyncIterator[str]:
    runner = Runner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "localhost", 0).start()
    address = f"http://localhost:{runner.addresses[0][1]}"
    provider.redirect_uri = f"{address}{BACK}"
    yield address
    await runner.cleanup()


async def set_up(
    tab: Tab, app: web.Application, provider: StrictProvider, name: str, who: str, *roles: Role
) -> None:
    """Link an account by the link that an administrator hands over; return when the way back has been shown.

    The way back goes by two pages of ours that lead on by themselves. An address that is typed meanwhile
    would be lost.
    """
    tab.also = (provider.issuer,)
    accounts = app[CONTEXT].services.staff.accounts
    _, link = await accounts.add(name, frozenset(roles), f"{name}".ljust(32, "k"))
    await tab.open(f"/nb/staff/welcome#{link}")
    await tab.page.wait_for_selector("#provider")
    await tab.look()
    await tab.page.click("#provider button")
    await tab.page.click(f"#{who}")
    await tab.page.wait_for_selector("#sign-out")


@pytest.mark.parametrize(
    "options",
    [{"viewport": DESK}, {"viewport": PHONE, "java_script_enabled": False}],
    ids=["desk", "phone-without-javascript"],
)
async def test_a_professional_and_an_administrator_sign_in(
    new_tab: NewTab, app: web.Application, provider: StrictProvider, options: dict[str, object]
) -> None:
    tab = await new_tab(viewport=DESK)
    page = tab.page
    await set_up(tab, app, provider, "Kari Nordmann", KARI, "professional")
    await page.wait_for_selector("#choose-key")
    await tab.look()
    await page.fill("#password", PASSWORD)
    await page.fill("#again", PASSWORD)
    await page.click("#choose-key button")
    await page.wait_for_selector(".saved")
    await page.click("#sign-out button")
    tab = await new_tab(**options)
    tab.also, page = (provider.issuer,), tab.page
    await tab.open("/nb/staff")
    await tab.look()
    await page.click("#provider button")
    await page.click(f"#{KARI}")
    await page.wait_for_selector("#open-key")
    await tab.look()
    await page.fill("#password", PASSWORD)
    await page.click("#open-key button")
    await expect(page).to_have_url(f"{tab.address}/desk")
    for cookie in await page.context.cookies():
        assert cookie["sameSite"] == "Strict", cookie["name"]
        assert cookie["httpOnly"], cookie["name"]
    # Back leads to pages of ours or of the provider, and signs no one in again
    await page.go_back()
    await page.go_forward()
    await expect(page.locator("#sign-out")).to_be_visible()

    other = await new_tab(viewport=DESK)
    await set_up(other, app, provider, "Anne Berg", ANNE, "administrator")
    await expect(other.page).to_have_url(f"{other.address}/admin/staff")
    await other.page.click("text=Kari Nordmann")
    await other.page.click("#disable button")
    await other.page.wait_for_selector("#enable")
    await page.reload()
    await expect(page.locator("#sign-out")).to_have_count(0)
    await page.click("#provider button")
    await page.click(f"#{KARI}")
    await expect(page.locator("h1")).to_have_text(NB("provider.not_linked_heading"))
    await tab.look()


async def test_the_end_at_the_provider_empties_an_open_screen(
    new_tab: NewTab, app: web.Application, provider: StrictProvider
) -> None:
    tab = await new_tab(viewport=DESK)
    await set_up(tab, app, provider, "Kari Nordmann", KARI, "professional")
    await tab.open("/desk")
    address = f"{tab.address}/staff/provider/logout"
    assert await tell_of_the_end(address, provider.logout_token(sid=provider.sids[-1])) == 200
    await tab.page.reload()
    await expect(tab.page.locator("#provider")).to_be_visible()
    await tab.page.go_back()
    await expect(tab.page.locator("h1")).to_be_visible()


async def test_the_way_back_from_the_provider_carries_no_cookie_but_its_own(
    new_tab: NewTab, app: web.Application, provider: StrictProvider
) -> None:
    tab = await new_tab(viewport=DESK)
    sent: list[str] = []

    async def note(request: object) -> None:
        if BACK in request.url:  # type: ignore[attr-defined]
            sent.append((await request.all_headers()).get("cookie", ""))  # type: ignore[attr-defined]

    tab.page.context.on("request", note)
    await set_up(tab, app, provider, "Kari Nordmann", KARI, "professional")
    await tab.page.wait_for_selector("#choose-key")
    assert [cookie.split("=")[0] for cookie in sent] == ["provider"]
    assert "provider" not in {cookie["name"] for cookie in await tab.page.context.cookies()}


async def test_back_works_after_each_act_of_sign_in_and_of_the_key_password(
    new_tab: NewTab, app: web.Application, provider: StrictProvider, time: Clock
) -> None:
    tab = await new_tab(viewport=DESK)
    page, acts = tab.page, Acts(tab, app)
    await set_up(tab, app, provider, "Kari Nordmann", KARI, "professional")
    await page.wait_for_selector("#choose-key")
    begun = len(acts.sent)
    for go in (page.go_back, page.go_forward, page.reload):
        await go(wait_until="domcontentloaded")
        await expect(page.locator("h1")).to_be_visible()
    assert len(acts.sent) == begun, "Back sends nothing again"
    await tab.open("/staff/key")
    await acts.press("#choose-key button")  # nothing typed: refused
    await page.fill("#password", PASSWORD)
    await page.fill("#again", PASSWORD)
    await acts.press("#choose-key button")
    await acts.press("#sign-out button")
    await page.click("#provider button")
    await page.click(f"#{KARI}")
    await page.wait_for_selector("#open-key")
    await page.fill("#password", "et annet ord enn det")
    await acts.press("#open-key button")
    await expect(page.locator("#trouble")).to_be_visible()
    await page.fill("#password", PASSWORD)
    await acts.press("#open-key button")
    await tab.open("/staff/key")
    await expect(page.locator("#forget-key")).to_be_visible()
    time.pass_by(timedelta(minutes=5))
    await acts.press("#forget-key button")
    await expect(page.locator("#prove")).to_be_visible()
    await tab.look()
    await page.fill("#password", "et annet ord enn det")
    await acts.press("#prove button")
    await expect(page.locator("#trouble")).to_be_visible()
    await page.fill("#password", PASSWORD)
    await acts.press("#prove button")
    await expect(page.locator(".saved")).to_have_text(NB("proof.done"))
    await tab.look()
    await acts.press("#forget-key button")
    await expect(page.locator("#choose-key")).to_be_visible()
    await page.fill("#password", PASSWORD)
    await page.fill("#again", PASSWORD)
    await acts.press("#choose-key button")
    time.pass_by(timedelta(minutes=5))
    await tab.open("/staff/key")
    await tab.look()
    await page.click("text=" + NB("proof.change_what"))
    await page.click("a[href='/staff/proof']")
    await page.click("#start-over button")
    await page.click(f"#{KARI}")
    await expect(page.locator(".saved")).to_have_text(NB("proof.over"))
    await page.go_back()
    await page.go_forward()
    await expect(page.locator("#choose-key")).to_be_visible()
    assert acts.tried >= TRIED_APART["provider"] - {"/staff/account/provider"}


async def test_the_provider_is_asked_again_and_its_refusal_empties_the_screen(
    new_tab: NewTab, app: web.Application, provider: StrictProvider, time: Clock
) -> None:
    tab = await new_tab(viewport=PHONE)
    page = tab.page
    await set_up(tab, app, provider, "Kari Nordmann", KARI, "professional")
    await page.wait_for_selector("#choose-key")
    await tab.open("/desk/invitations")
    await page.fill("[name=greeting]", "Velkommen til oss")
    provider.closed.add(KARI)
    time.pass_by(timedelta(minutes=5))
    await page.click("#invite button.primary")
    await expect(page.locator("h1")).to_have_text(NB("ended.heading"))
    await expect(page.locator("main")).to_contain_text(NB("ended.by_provider", provider="HelseID"))
    await expect(page.locator("main")).to_contain_text("Velkommen til oss")
    await tab.look()


async def test_back_works_when_an_account_moves_to_the_provider(
    new_tab: NewTab, app: web.Application, provider: StrictProvider, time: Clock
) -> None:
    staff = app[CONTEXT].services.staff
    _, link = await staff.accounts.add("Ola Nordmann", frozenset({"professional"}), "o" * 32)
    assert link is not None
    setup = await staff.welcomes.welcome(link)
    secret = base64.b32decode(setup.secret.replace(" ", ""))
    typed = AccountSetupTyped("Ola Nordmann", PASSWORD, PASSWORD, app_code(secret, time()))
    proved, _ = await staff.welcomes.settle(setup.link, setup.handed, typed)
    who = await staff.sign_ins.begin(proved, "nb")
    tab = await new_tab(viewport=DESK)
    tab.also, page, acts = (provider.issuer,), tab.page, Acts(tab, app)
    await page.context.add_cookies(
        [{"name": "w", "value": who.secret, "url": tab.address, "sameSite": "Strict"}]
    )
    await tab.open("/staff/account")
    await tab.look()
    time.pass_by(timedelta(minutes=5))
    await acts.press("#link-account button")
    await tab.look()
    await page.fill("#password", "et annet ord enn det")
    await page.fill("#code", "000000")
    await acts.press("#prove button")
    await tab.look()
    await page.fill("#password", PASSWORD)
    await page.fill("#code", app_code(secret, time()))
    await acts.press("#prove button")
    await page.click("#link-account button")
    await page.click(f"#{KARI}")
    await expect(page.locator(".saved")).to_have_text(NB("provider.linked_now", provider="HelseID"))
    await tab.look()
    await page.go_back()
    await page.go_forward()
    await expect(page.locator("#sign-out")).to_be_visible()
    assert "/staff/account/provider" in acts.tried
