"""A language that is written from right to left, on a phone."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from support.commands import serving
from support.pseudo_language import PSEUDO, add_pseudo_language
from support.tab import Tab

from assistant.config import TEXTS

PHONE = {"width": 360, "height": 740}
HEBREW = "אני רוצה לישון"
MIXED = "Jeg vil si שלום"


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All texts, with one language more."""
    folder = tmp_path_factory.mktemp("texts")
    add_pseudo_language(folder)
    return folder


@pytest.fixture
def address(texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that offers the language."""
    monkeypatch.setenv(TEXTS, str(texts))
    with serving(tmp_path, "--watch") as (_, line):
        yield line.removeprefix("Ready: ").strip().rstrip("/")


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser, address: str) -> AsyncIterator[Tab]:
    """A tab of a phone, there."""
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="ar")
    tab = Tab(await context.new_page(), address)
    yield tab
    tab.assert_nothing_wrong()


async def see(tab: Tab) -> None:
    """The page is written from right to left, and nothing sticks out of it."""
    page = tab.page
    assert await page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == [
        "rtl",
        PSEUDO,
    ]
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], await page.title()
    assert await begins_at(page, "h1") == "right"
    await tab.look()


async def begins_at(page: Page, selector: str) -> str:
    """The side its text begins at."""
    start = "one => ({ rtl: 'right', ltr: 'left' })[getComputedStyle(one).direction]"
    side: str = await page.locator(selector).first.evaluate(start)
    return side


@pytest.mark.asyncio(loop_scope="session")
async def test_from_right_to_left_on_a_phone(tab: Tab) -> None:
    page = tab.page
    await tab.open("/")
    assert page.url.endswith(f"/{PSEUDO}/"), "the browser asked for a language of that kind"
    await see(tab)
    await page.click("#help summary")
    assert await begins_at(page, ".number") == "left", "117 116 is another number"
    await see(tab)
    await page.click("#start button")
    for state, do in (("meeting/kind", "skip"), ("meeting/day", "skip")):
        await page.wait_for_selector(f"[data-state='{state}']")
        await see(tab)
        await page.click(f"main button[value={do}]")
    await page.wait_for_selector("input[name=device]")
    await see(tab)
    assert await begins_at(page, "#link") == "left"
    typeable = await page.locator(".typeable").text_content()
    assert f"\u2068{tab.address.removeprefix('http://')}/{PSEUDO}/r\u2069" in (typeable or "")
    await tab.press("skip", then="[data-state='matters/now']")
    assert await begins_at(page, "textarea") == "right", "an empty field waits at the page's own side"
    await page.fill("textarea", HEBREW)
    assert await begins_at(page, "textarea") == "right"
    await tab.press("more", then="textarea >> nth=1")
    await page.fill("textarea >> nth=1", MIXED)
    assert await page.locator("textarea").nth(1).evaluate("one => getComputedStyle(one).direction") == "ltr"
    await see(tab)
    await tab.press("answer", then="[data-state='wishes/wish']")
    await page.fill("textarea", "Langt" * 60)
    await tab.press("answer", then="[data-state='helps/helped']")
    await tab.press("skip", then="[data-state='needs/need']")
    await tab.press("skip", then="[data-asks=balance]")
    await page.click("label:has(input[name='support.level'][value=more])")
    await page.click("label:has(input[name='challenge.level'][value=less])")
    await see(tab)
    await tab.press("answer", then="input[name='support.forms']")
    await see(tab)
    await tab.press("answer", then="[data-state='questions/ask']")
    await tab.press("skip", then="#continue")
    await see(tab)
    await tab.press("answer", then="#summary")
    quotes = page.locator("blockquote.own")
    assert sorted(await quotes.all_text_contents()) == sorted([HEBREW, MIXED, "Langt" * 60])
    sides = await quotes.evaluate_all("all => all.map((one) => getComputedStyle(one).direction)")
    assert sorted(sides) == ["ltr", "ltr", "rtl"]
    here = page.url.removeprefix(tab.address).removesuffix("/summary")
    for path in ("/summary", "/show", "/print?large", "/pause", "/transcript"):
        await tab.open(here + path)
        await see(tab)
    for path in ("help", "script", "how-it-is-kept", "r", "for-peer-workers", "authors", "nowhere"):
        await tab.open(f"/{PSEUDO}/{path}")
        await see(tab)
