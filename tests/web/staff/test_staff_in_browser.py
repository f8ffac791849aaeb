"""Staff in a real browser: every page as axe sees it, the keys alone, the link's secret, and the warning."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page as BrowserPage
from playwright.async_api import expect
from support.clock import Clock
from support.colleague import PASSWORD
from support.person import CATALOGUES
from support.quick import LOW_COST, our_texts
from support.server import served as served_at
from support.tab import Surroundings

from assistant.config import Settings
from assistant.vault.second_factor import app_code
from assistant.web.app import make_app
from assistant.web.http.context import CONTEXT
from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, kept_tab  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say


@pytest.fixture
def time() -> Clock:
    """The clock of the server."""
    return Clock()


@pytest_asyncio.fixture(loop_scope="session")
async def served(tmp_path: Path, time: Clock) -> AsyncIterator[tuple[str, str]]:
    """Where a server without any staff is, and the link for its first administrator."""
    app = make_app(Settings(data=tmp_path / "data"), time, our_texts(), LOW_COST)
    async with served_at(app) as address:
        link = await app[CONTEXT].services.staff.accounts.first_link()
        assert link is not None
        yield address, link


@pytest.fixture
def address(served: tuple[str, str]) -> str:
    """Where the server is."""
    return served[0]


def code(secret: bytes, time: Clock) -> str:
    time.pass_by(timedelta(seconds=30))
    return app_code(secret, time())


async def follow(page: BrowserPage, link: str, *, by_hand: bool = False) -> None:
    """Open a one-time link, as a browser does or, without scripts, by pasting it."""
    await page.goto(link)
    if by_hand:
        await page.fill("#link", link)
        await page.press("#link", "Enter")
    await page.wait_for_selector("#choose")


async def set_up(page: BrowserPage, time: Clock, name: str = "") -> bytes:
    """Choose a password and tie an app, whose secret comes back."""
    secret = base64.b32decode((await page.inner_text("p.code")).replace(" ", ""))
    if name:
        await page.fill("#name", name)
    for field, text in (("password", PASSWORD), ("again", PASSWORD), ("code", code(secret, time))):
        await page.fill(f"#{field}", text)
    await page.press("#code", "Enter")
    await page.wait_for_selector("#have-codes")
    return secret


async def keys_to(page: BrowserPage, selector: str) -> None:
    """Press Tab until the focus is there."""
    wanted = page.locator(selector)
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keys do not reach {selector}")


@pytest.mark.parametrize(
    ("options", "elsewhere"),
    [
        ({"viewport": DESK}, ()),
        (
            {"viewport": PHONE, "java_script_enabled": False, "color_scheme": "dark"},
            ((DESK, False, True),),
        ),
    ],
    ids=["desk", "phone-dark-and-desk-forced-colours-without-scripts"],
)
async def test_every_page_for_staff(
    kept_tab: NewTab,
    served: tuple[str, str],
    time: Clock,
    options: dict[str, Any],
    elsewhere: tuple[Surroundings, ...],
) -> None:
    tab = await kept_tab(**options)
    tab.elsewhere = elsewhere
    page, address = tab.page, tab.address
    by_hand = options.get("java_script_enabled") is False
    for path in ("/nb/staff", "/nb/staff/welcome"):
        await tab.open(path)
        await tab.look()
    await follow(page, f"{address}/nb/staff/welcome#{served[1]}", by_hand=by_hand)
    await tab.look()
    await set_up(page, time, "Anne Berg")
    await tab.look()
    await page.click("#have-codes button")
    await page.wait_for_selector("#add")
    await tab.look()
    await page.fill("#name", "Kari Nordmann-Fredriksen ved Rus- og psykisk helsetjeneste")
    await page.check("input[value=professional]")
    await page.click("#add button")
    await page.wait_for_selector("#roles")
    await tab.look()
    link = await page.input_value("#link")
    await page.click("a[href$='/reset']")
    await page.wait_for_selector("#reset")
    await tab.look()
    professional = await kept_tab(**options)
    professional.elsewhere = elsewhere
    await follow(professional.page, link, by_hand=by_hand)
    await set_up(professional.page, time)
    await professional.page.click("#have-codes button")
    await professional.page.wait_for_selector("#invitations")
    await professional.look()
    await professional.open("/staff/account")
    await professional.look()
    time.pass_by(timedelta(hours=1))
    await professional.open("/desk")
    await professional.look()
    assert len(tab.seen | professional.seen) == 10


async def test_signing_in_and_out_with_the_keys_alone(
    kept_tab: NewTab, served: tuple[str, str], time: Clock
) -> None:
    tab = await kept_tab(viewport=DESK)
    page = tab.page
    await follow(page, f"{tab.address}/nb/staff/welcome#{served[1]}")
    secret = await set_up(page, time, "Anne Berg")
    await page.click("#have-codes button")
    await page.wait_for_selector("#add")
    await keys_to(page, "#sign-out button")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#sign-in")
    await tab.open("/nb/staff")
    for field, text in (("name", "anne berg"), ("password", PASSWORD), ("code", "000000")):
        await keys_to(page, f"#{field}")
        await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    await tab.expect_focus("trouble")
    await expect(page.locator("#name")).to_have_value("anne berg")
    for field, text in (("password", PASSWORD), ("code", code(secret, time))):
        await keys_to(page, f"#{field}")
        await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#add")
    assert page.url == f"{tab.address}/admin/staff"


async def test_the_links_secret_stays_in_no_address(
    kept_tab: NewTab, served: tuple[str, str], time: Clock
) -> None:
    tab = await kept_tab()
    await follow(tab.page, f"{tab.address}/nb/staff/welcome#{served[1]}")
    assert served[1] not in tab.page.url
    await set_up(tab.page, time, "Anne Berg")
    assert not [url for url in tab.asked if served[1] in url]


async def test_a_page_left_standing_says_when_the_session_is_about_to_end(
    kept_tab: NewTab, served: tuple[str, str], time: Clock
) -> None:
    tab = await kept_tab(viewport=DESK)
    await follow(tab.page, f"{tab.address}/nb/staff/welcome#{served[1]}")
    await set_up(tab.page, time, "Anne Berg")
    warning = tab.page.locator("[data-warn-in]")
    await expect(warning).to_be_hidden()
    for _ in range(9):
        time.pass_by(timedelta(minutes=50))
        await tab.open("/staff/account")
    time.pass_by(timedelta(minutes=26))
    await tab.open("/staff/account")
    await expect(warning).to_be_visible()
    await expect(tab.page.locator("main")).to_contain_text("uansett hva du gjør")
