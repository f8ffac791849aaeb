"""Both sides of a share in two real browsers at once, with and without JavaScript."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import base64
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import expect
from support.clock import Clock
from support.colleague import PASSWORD
from support.person import CATALOGUES
from support.quick import LOW_COST, our_texts
from support.server import served
from support.tab import Tab

from assistant.config import Settings
from assistant.retention import RELEASED
from assistant.vault.second_factor import app_code
from assistant.web.app import make_app
from assistant.web.http.context import CONTEXT
from web.user.test_conversation_in_browser import DESK as WIDE
from web.user.test_conversation_in_browser import PHONE, NewTab, kept_tab, time  # noqa: F401
from web.user.test_share import promise

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
WORDS = "Jeg vil ha færre folk på møtene. Ni er for mange, og jeg rekker ikke å si noe."
KEPT = "Dette er det ingen som får lese."
PICTURES = os.environ.get("PICTURES")
"""A folder to put pictures of every page in, for eyes."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_app(tmp_path_factory: pytest.TempPathFactory, time: Clock) -> web.Application:
    folder: Path = tmp_path_factory.mktemp("sharing")
    return make_app(
        Settings(data=folder / "data", reading=promise("Kari Fagperson")), time, our_texts(), LOW_COST
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(shared_app: web.Application) -> AsyncIterator[str]:
    async with served(shared_app) as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def kari(shared_app: web.Application) -> dict[str, str]:
    """An account for Kari, and how she gets in."""
    accounts = shared_app[CONTEXT].services.staff.accounts
    _, link = await accounts.add("Kari Fagperson", frozenset({"professional"}), "k" * 32)
    assert link is not None
    return {"link": link}


async def sign_in(tab: Tab, kari: dict[str, str], time: Clock) -> None:
    """Set her up the first time, and sign in after that; with another code each time."""
    page = tab.page
    time.pass_by(timedelta(seconds=30))
    if "secret" not in kari:
        await tab.open("/nb/staff/welcome")
        await page.fill("#link", kari["link"])
        await page.click("#open button")
        await page.wait_for_selector("#choose")
        kari["secret"] = (await page.inner_text("p.code")).replace(" ", "").strip()
        await page.fill("input[name=password]", PASSWORD)
        await page.fill("input[name=again]", PASSWORD)
    else:
        await tab.open("/nb/staff")
        await page.fill("input[name=name]", "Kari Fagperson")
        await page.fill("input[name=password]", PASSWORD)
    await page.fill("input[name=code]", app_code(base64.b32decode(kari["secret"]), time()))
    await page.click("main form button.primary")
    await page.wait_for_selector("#have-codes, .desk-sections")
    if await page.query_selector("#have-codes"):
        await page.click("#have-codes button")
        await page.wait_for_selector(".desk-sections")


async def look(tab: Tab, name: str) -> None:
    await tab.look()
    if PICTURES:
        await tab.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


async def prepare(tab: Tab, *, by_clicks: bool = False) -> str:
    """Say two things; where the sharing of the summary begins."""
    await (tab.walk if by_clicks else tab.reach)("matters/now")
    await tab.page.fill("textarea", WORDS)
    await tab.press("answer", then="[data-state='wishes/wish']")
    await tab.page.fill("textarea", KEPT)
    await tab.press("answer", then="[data-state='helps/helped']")
    return tab.page.url.removeprefix(tab.address) + "/share"


async def to_preview(tab: Tab, path: str, name: str) -> str:
    """Choose, and see exactly what the other will see."""
    page = tab.page
    await tab.open(path.replace("/share", "/summary"))
    await look(tab, f"{name}-00-summary")
    await page.click(f"a[href='{path}']")
    await page.wait_for_selector("#choices")
    await page.locator("li", has_text=KEPT).get_by_role("switch").uncheck()
    await look(tab, f"{name}-01-choices")
    await page.click("#choices button")
    await page.wait_for_selector("#share")
    await look(tab, f"{name}-04-preview")
    return await page.inner_html(".shared-sheet")


BOTH = pytest.mark.parametrize(
    ("scripts", "options"),
    [(True, {}), (False, {"java_script_enabled": False, "color_scheme": "dark"})],
    ids=["with-javascript", "without-javascript-dark"],
)


@BOTH
async def test_together(
    kept_tab: NewTab, time: Clock, kari: dict[str, str], scripts: bool, options: dict[str, Any]
) -> None:
    mine, hers = await kept_tab(viewport=PHONE, **options), await kept_tab(viewport=WIDE, **options)
    name = "js" if scripts else "nojs"
    await sign_in(hers, kari, time)
    await look(hers, f"{name}-10-desk")
    path = await prepare(mine)
    previewed = await to_preview(mine, path, name)
    await mine.page.click("#share button")
    await mine.page.wait_for_selector(".share-code")
    await look(mine, f"{name}-05-code")
    code = await mine.page.inner_text(".share-code")
    await hers.open("/d")
    await look(hers, f"{name}-11-envelope")
    await hers.page.fill("#link", code.lower())
    await hers.page.keyboard.press("Enter")
    await hers.page.wait_for_selector(".shared-sheet")
    await look(hers, f"{name}-12-read")
    assert await hers.page.inner_html(".shared-sheet") == previewed
    assert KEPT not in await hers.page.content()
    if not scripts:
        await mine.page.reload()
    await expect(mine.page.locator("main")).to_contain_text("Kari Fagperson")
    await look(mine, f"{name}-06-opened")
    await mine.page.click("a[href$='/withdraw']")
    await mine.page.wait_for_selector("#withdraw")
    await look(mine, f"{name}-07-withdraw")
    await mine.page.click("#withdraw button")
    await expect(mine.page.locator("h1")).to_have_text(NB("share.withdrawn_heading"))
    await look(mine, f"{name}-08-after")
    if scripts:
        await expect(hers.page.locator(".shared-sheet")).to_have_count(0)
    else:
        await hers.page.reload()
    await expect(hers.page.locator("h1")).to_have_text(NB("read.withdrawn_heading"))
    assert WORDS not in await hers.page.content()
    await look(hers, f"{name}-13-gone")


async def test_her_screen_is_emptied_even_while_she_is_about_to_press(
    kept_tab: NewTab, time: Clock, kari: dict[str, str]
) -> None:
    mine, hers = await kept_tab(viewport=PHONE), await kept_tab(viewport=WIDE)
    await sign_in(hers, kari, time)
    path = await prepare(mine)
    await to_preview(mine, path, "focus")
    await mine.page.click("#share button")
    link = await mine.page.input_value("#link")
    await hers.page.goto(link)
    await hers.page.wait_for_selector(".shared-sheet")
    assert "#" not in hers.page.url, "what stood after # is not carried along"
    await hers.page.focus("#close button")
    await mine.open(f"{path}/withdraw")
    await mine.page.click("#withdraw button")
    await expect(hers.page.locator(".shared-sheet")).to_have_count(0)
    await hers.page.go_back()
    await hers.page.wait_for_timeout(300)
    assert WORDS not in await hers.page.content()


@BOTH
async def test_ahead(
    kept_tab: NewTab, time: Clock, kari: dict[str, str], scripts: bool, options: dict[str, Any]
) -> None:
    mine, hers = await kept_tab(viewport=PHONE, **options), await kept_tab(viewport=WIDE, **options)
    name = "ahead-js" if scripts else "ahead-nojs"
    await sign_in(hers, kari, time)
    path = await prepare(mine)
    await to_preview(mine, path, name)
    await mine.page.check("input[value=ahead]")
    await mine.page.click("#share button")
    await mine.page.wait_for_selector(".share-code")
    await look(mine, f"{name}-05-sent")
    await hers.open("/desk")
    await look(hers, f"{name}-10-desk")
    await hers.page.click("a[href^='/desk/arrived/']")
    await hers.page.wait_for_selector("#open")
    await look(hers, f"{name}-11-arrived")
    await hers.page.click("#open button")
    await hers.page.wait_for_selector(".shared-sheet")
    await look(hers, f"{name}-12-read")
    read = hers.page.url.removeprefix(hers.address)
    await hers.open("/desk")
    await look(hers, f"{name}-13-desk-open")
    time.pass_by(RELEASED.ahead + timedelta(days=7))  # to the end of that week, whichever day it is
    await sign_in(hers, kari, time)
    await hers.open(read)
    assert await hers.page.inner_text("h1") == NB("read.expired_heading")
    assert WORDS not in await hers.page.content()
