"""A page has a size, as a function has: how long the pages of a preparation are on a phone."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from typing import Any

import pytest
from playwright.async_api import ViewportSize
from support.tab import Tab

from assistant.languages import LANGUAGES
from web.user.test_conversation_in_browser import NB, PHONE, NewTab, address, kept_tab, time  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
MOST = {"balance": 1.6, "way_back": 1.0, "question": 1.4, "first": 2.6}
"""Screens of a phone that a page may fill, by what it asks."""
SMALL: ViewportSize = {"width": PHONE["width"], "height": PHONE["height"]}
LARGE: ViewportSize = {"width": 320, "height": 256}
MIDDLES = """(both) => both.map((one) => one.getBoundingClientRect())
    .map(({ x, y, width, height }) => [Math.round(x + width / 2), Math.round(y + height / 2)].join())
    .every((at, _, all) => at === all[0])"""
"""Whether two elements have the same middle."""
IS_WHOLE = "(name) => name.scrollWidth <= name.clientWidth && name.scrollHeight < name.clientHeight + 8"
"""Whether a name shows all its lines: a line has 17 pixels, and letters may reach a few below theirs."""
SAID = {"matters/now": "Barna mine, og å få sove.", "wishes/wish": "Snakke om medisinen."}


async def step_of(tab: Tab) -> tuple[str, str]:
    """The question that is asked and what kind of page it has; the way back and the end ask none."""
    reply = tab.page.locator("#reply")
    if not await reply.count():
        return "continue", "way_back" if await tab.page.locator("[value=way_back]").count() else "end"
    kind = await reply.get_attribute("data-asks")
    return await reply.get_attribute("data-state") or "", kind if kind == "balance" else "question"


async def measured(tab: Tab) -> tuple[float, float]:
    """How many screens the page fills, and on which the main button ends."""
    await tab.page.evaluate("scrollTo(0, 0)")
    height = await tab.page.evaluate("document.documentElement.scrollHeight")
    box = await tab.page.locator(".moves .primary").bounding_box()
    assert box is not None
    await see_the_question_much_enlarged(tab)
    return height / PHONE["height"], (box["y"] + box["height"]) / PHONE["height"]


async def see_the_question_much_enlarged(tab: Tab) -> None:
    """At 400 % on a desktop the whole question is in the first screen."""
    await tab.page.set_viewport_size(LARGE)
    box = await tab.page.locator("h1").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= LARGE["height"], await tab.page.title()
    await tab.page.set_viewport_size(SMALL)


async def ways_measured(tab: Tab, state: str) -> tuple[float, float]:
    """Place it, see it on the map, go to the second page and back to where it was skipped."""
    page = tab.page
    for side, level in (("support", "more"), ("challenge", "same")):
        assert not await page.locator(".place .both").is_visible()
        await page.click(f"label:has([name='{side}.level'][value={level}])")
    spot, squares = page.locator(".place .both"), page.locator(".place .square")
    assert await page.evaluate(MIDDLES, [await spot.element_handle(), await squares.nth(5).element_handle()])
    await tab.press("answer", then="input[name='support.forms']")
    await page.wait_for_load_state()
    screens, button = await measured(tab)
    print(f"{state}, in which way: {screens:.2f} screens, the button in the first {button:.2f}")
    assert screens <= MOST["balance"]
    assert button <= 1
    await tab.press("levels", then=".place .both:visible")
    return screens, button


@pytest.mark.parametrize(
    ("language", "options"),
    [("nb", {}), ("en", {"java_script_enabled": False})],
    ids=["script", "without"],
)
async def test_a_question_fills_at_most_so_much_of_a_phone(
    kept_tab: NewTab, language: str, options: dict[str, Any]
) -> None:
    tab = await kept_tab(**options)
    await tab.open(f"/{language}/")
    await tab.page.click("#start button")
    await tab.page.wait_for_selector("[data-state='meeting/kind']")
    sizes = {}
    while (step := await step_of(tab))[1] != "end":
        state, kind = step
        screens, button = sizes[state] = await measured(tab)
        print(f"{state}: {screens:.2f} screens, the button in the first {button:.2f}")
        assert screens <= MOST[kind], state
        assert button <= 1, state
        assert await tab.page.locator(".question-bar .topic").evaluate(IS_WHOLE), "the part's name is cut"
        if kind == "balance":
            sizes[f"{state} ways"] = await ways_measured(tab, state)
            await tab.press("answer", then="input[name='support.forms']")  # the next page shows the answer
        if text := SAID.get(state):
            await tab.page.fill("textarea", text)
        is_answered = bool(text) or kind == "balance"
        await tab.page.click(f"main button:not(.unseen)[value={'answer' if is_answered else 'skip'}]")
        old = "#continue:has([value=way_back])" if state == "continue" else f"[data-state='{state}']"
        await tab.page.wait_for_selector(old, state="detached")
        await tab.page.wait_for_selector("#reply, #continue")
        await tab.page.wait_for_load_state()  # or what is measured has no style sheet yet
    assert len(sizes) == 10


BEGIN_ABOVE = 520
"""Where the button to begin ends on a phone, at the lowest."""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_can_begin_high_up_on_a_short_first_page(kept_tab: NewTab, language: str) -> None:
    tab = await kept_tab(java_script_enabled=False)
    await tab.open(f"/{language}/")
    box = await tab.page.locator("#start button").bounding_box()
    assert box is not None
    screens = await tab.page.evaluate("document.documentElement.scrollHeight") / PHONE["height"]
    print(f"{language}: {screens:.2f} screens, the button ends at y = {box['y'] + box['height']:.0f}")
    assert screens <= MOST["first"]
    assert box["y"] + box["height"] < BEGIN_ABOVE


async def test_who_is_back_meets_the_way_on_first(kept_tab: NewTab) -> None:
    tab = await kept_tab()
    await tab.open("/nb/")
    await tab.page.click("#start button")
    await tab.page.wait_for_selector("#reply")
    await tab.open("/nb/")
    on = tab.page.locator("main .button.primary")
    box, heading = await on.bounding_box(), await tab.page.locator("#heading").bounding_box()
    assert box is not None
    assert heading is not None
    print(f"the way on ends at y = {box['y'] + box['height']:.0f}")
    assert box["y"] + box["height"] < min(BEGIN_ABOVE, heading["y"])
    assert await on.inner_text() == NB("start.go_on")
