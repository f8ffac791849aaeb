"""From the invitation to the end of what came of it, in two real browsers, with and without JavaScript."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import expect
from support.clock import Clock
from support.inviting import GREETING, LABEL, PEOPLE, PLACE
from support.person import CATALOGUES
from support.quick import LOW_COST, our_texts
from support.tab import Tab

from assistant.config import Settings
from assistant.web.app import make_app
from web.user.test_conversation_in_browser import DESK as WIDE
from web.user.test_conversation_in_browser import PHONE, NewTab, kept_tab, time  # noqa: F401
from web.user.test_share import promise
from web.user.test_share_in_browser import BOTH, PICTURES, WORDS, address, kari, look, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
SERVICE = "Eksempel kommune, psykisk helse og rus"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_app(tmp_path_factory: pytest.TempPathFactory, time: Clock) -> web.Application:
    folder: Path = tmp_path_factory.mktemp("inviting")
    return make_app(
        Settings(data=folder / "data", reading=promise("Kari Fagperson"), operator=SERVICE),
        time,
        our_texts(),
        LOW_COST,
    )


async def invite(tab: Tab, time: Clock, name: str, slips: str = "1", place: str = PLACE) -> None:
    """Make an invitation from the desk, in as few fields as it takes."""
    page = tab.page
    await tab.open("/desk")
    await page.click("a.button[href='/desk/invitations']")
    await page.wait_for_selector("#invite")
    await look(tab, f"{name}-20-new")
    await page.select_option("#kind", "care_team")
    await page.fill("#on", (time() + timedelta(days=11)).date().isoformat())
    await page.fill("#at", "10:00")
    for field, text in (("place", place), ("people", PEOPLE), ("greeting", GREETING), ("label", LABEL)):
        await page.fill(f"#{field}", text)
    await page.fill("#slips", slips)
    await page.click("#invite button")
    await page.wait_for_selector(".share-code")
    await look(tab, f"{name}-21-made")


async def accept(tab: Tab, hers: Tab, name: str, *, scripts: bool) -> str:
    """By the link where there are scripts, else by the code; where the sharing of the summary begins."""
    page = tab.page
    if scripts:
        await page.goto(await hers.page.input_value("#link"))
    else:
        await tab.open("/nb/i")
        await look(tab, f"{name}-30-door")
        await page.fill("#link", (await hers.page.inner_text(".share-code")).lower())
        await page.keyboard.press("Enter")
    await page.wait_for_selector("#begin")
    assert "#" not in page.url, "what stood after # is not carried along"
    await look(tab, f"{name}-31-invited")
    assert LABEL not in await page.content()
    await page.click("#begin button")
    await page.wait_for_selector("#continue")
    await page.click("main button[value=skip]")
    await page.wait_for_selector("[data-state='matters/now']")
    await look(tab, f"{name}-32-begun")
    await page.fill("textarea", WORDS)
    await tab.press("answer", then="[data-state='care_team/decide']")
    return page.url.removeprefix(tab.address) + "/share"


async def to_preview(tab: Tab, path: str, name: str) -> str:
    """Everything in one step; what the other will see."""
    await tab.open(path)
    await tab.page.wait_for_selector("#choices")
    await look(tab, f"{name}-33-choices")
    await tab.page.click("#choices button.primary")
    await tab.page.wait_for_selector("#share")
    await look(tab, f"{name}-34-preview")
    return await tab.page.inner_html(".shared-sheet")


@BOTH
async def test_together(
    kept_tab: NewTab, time: Clock, kari: dict[str, str], scripts: bool, options: dict[str, Any]
) -> None:
    mine, hers = await kept_tab(viewport=PHONE, **options), await kept_tab(viewport=WIDE, **options)
    name = "inv-js" if scripts else "inv-nojs"
    await sign_in(hers, kari, time)
    await invite(hers, time, name)
    path = await accept(mine, hers, name, scripts=scripts)
    previewed = await to_preview(mine, path, name)
    await mine.page.click("#share button[value=together]")
    code = await mine.page.inner_text(".share-code")
    await hers.open("/d")
    await hers.page.fill("#link", code)
    await hers.page.keyboard.press("Enter")
    await hers.page.wait_for_selector(".shared-sheet")
    assert await hers.page.inner_html(".shared-sheet") == previewed
    read = hers.page.url.removeprefix(hers.address)
    await hers.open("/desk")
    await look(hers, f"{name}-40-desk")
    assert (await hers.page.inner_text(f"a[href='{read}']")).startswith(f"{LABEL} · ")
    await hers.open(read)
    await mine.open(f"{path}/withdraw")
    await mine.page.click("#withdraw button")
    await expect(mine.page.locator("h1")).to_have_text(NB("share.withdrawn_heading"))
    if not scripts:
        await hers.page.reload()
    await expect(hers.page.locator("h1")).to_have_text(NB("read.withdrawn_heading"))
    assert WORDS not in await hers.page.content()
    await mine.open("/notebook")
    await mine.page.click(".meetings summary")
    await look(mine, f"{name}-41-notebook")


@BOTH
async def test_sent_back(
    kept_tab: NewTab, time: Clock, kari: dict[str, str], scripts: bool, options: dict[str, Any]
) -> None:
    mine, hers = await kept_tab(viewport=PHONE, **options), await kept_tab(viewport=WIDE, **options)
    name = "back-js" if scripts else "back-nojs"
    await sign_in(hers, kari, time)
    await invite(hers, time, name)
    path = await accept(mine, hers, name, scripts=scripts)
    previewed = await to_preview(mine, path, name)
    await mine.page.click("#share button.primary")
    await mine.page.wait_for_selector(".share-code")
    await hers.open("/desk")
    await look(hers, f"{name}-40-desk")
    await hers.page.click("a[href^='/desk/arrived/']")
    await hers.page.click("#open button")
    await hers.page.wait_for_selector(".shared-sheet")
    assert await hers.page.inner_html(".shared-sheet") == previewed
    read = hers.page.url.removeprefix(hers.address)
    time.pass_by(timedelta(days=30))
    await sign_in(hers, kari, time)
    await hers.open(read)
    assert await hers.page.inner_text("h1") == NB("read.expired_heading")
    assert WORDS not in await hers.page.content()


async def test_thirty_slips_are_cut_straight_across_four_sheets(
    kept_tab: NewTab, time: Clock, kari: dict[str, str]
) -> None:
    tab = await kept_tab(viewport=WIDE)
    await sign_in(tab, kari, time)
    await invite(
        tab,
        time,
        "slips",
        "30",
        "Psykisk helsetjeneste, Storgata 3, andre etasje til høyre for heisen, " + "ring på, vent " * 2,
    )
    await tab.page.click("a[href$='/slips']")
    await tab.page.wait_for_selector(".slips")
    await look(tab, "slips-22-slips")
    paper = await tab.page.pdf(prefer_css_page_size=True)
    if PICTURES:
        (Path(PICTURES) / "slips.pdf").write_bytes(paper)
    assert paper.count(b"/Type /Page\n") == 4
    await tab.page.emulate_media(media="print")
    # as wide as on A4, in CSS pixels: measured on the PDF
    await tab.page.eval_on_selector(".slips", "slips => slips.style.width = '704px'")
    boxes = await tab.page.eval_on_selector_all(
        ".slips li", "slips => slips.map(s => [s.offsetLeft, s.clientHeight >= s.scrollHeight])"
    )
    slips = await tab.page.locator(".slips li").all_inner_texts()
    from_whom = NB("slip.what_from", service=SERVICE)
    assert [slip for slip in slips if from_whom not in " ".join(slip.split())] == []
    assert len({left for left, _ in boxes}) == 2
    assert all(fits for _, fits in boxes), "nothing typed is cut off"
