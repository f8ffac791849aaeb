"""The script and the drawing in a real browser: axe, narrow screens, and every letter inside its box."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under

import pytest
from playwright.async_api import expect
from support.person import CATALOGUES
from support.tab import Tab

from assistant.languages import LANGUAGES, Language
from web.user.test_conversation_in_browser import DESK, PHONE
from web.user.test_live_in_browser import address, tab  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SCRIPT = "/{language}/script/before_meeting"
OUTSIDE = """() => {
  const boxes = [...document.querySelectorAll("svg .box, svg .say, svg .end")].map((box) => box.getBBox());
  const crosses = (text) => boxes.some((box) =>
    text.y + text.height / 2 > box.y && text.y + text.height / 2 < box.y + box.height
    && (text.x < box.x || text.x + text.width > box.x + box.width));
  return [...document.querySelectorAll("svg text:not(.upright):not(.heading)")]
    .filter((text) => crosses(text.getBBox()))
    .map((text) => text.textContent);
}"""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_script_and_the_drawing_are_accessible_and_fit(tab: Tab, language: Language) -> None:
    page, say = tab.page, CATALOGUES[language].say
    if language == "nb":  # in the dark only the colours differ, and they are the same in every language
        tab.elsewhere = (PHONE, True, False), (DESK, True, False)
    await tab.open(f"/{language}/script")
    await tab.look()
    await tab.open(SCRIPT.format(language=language))
    await page.click(".contents > summary")
    await tab.look()
    await page.click("a[href='#part-topic']")
    await expect(page.locator("#part-topic h2")).to_be_in_viewport()
    await page.click(f"text={say('script.see_drawing')}")
    await page.wait_for_selector("svg.drawing")
    await tab.look()
    assert await page.evaluate(OUTSIDE) == []
    await page.set_viewport_size(DESK)
    await tab.look()
    await page.click(f"text={say('drawing.read')}")
    await page.wait_for_selector(".script")


async def test_a_wide_drawing_is_moved_with_the_keys(tab: Tab) -> None:
    page = tab.page
    await tab.open("/nb/script/before_meeting/4/drawing")
    drawn = page.locator(".drawn")
    await drawn.focus()
    await page.keyboard.press("ArrowRight")
    for _ in range(50):  # it glides; and the policy lets nobody wait for a function in the page
        if await drawn.evaluate("drawn => drawn.scrollLeft") > 0:
            return
        await page.wait_for_timeout(100)
    raise AssertionError("it did not move")


async def test_on_paper_the_script_is_black_and_nothing_is_cut(tab: Tab) -> None:
    page = tab.page
    await tab.open(SCRIPT.format(language="nb"))
    await page.emulate_media(media="print")
    assert await page.locator(".ways").first.is_hidden()
    assert await page.locator(".asked").last.is_visible()
    await tab.open("/nb/script/before_meeting/4/drawing")
    colours = await page.eval_on_selector_all(
        "svg .line, svg .box", "lines => [...new Set(lines.map((line) => getComputedStyle(line).stroke))]"
    )
    assert colours == ["rgb(0, 0, 0)"]
