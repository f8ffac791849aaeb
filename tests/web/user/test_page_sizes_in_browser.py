"""A page has a size, as a function has: how long the pages of a preparation are on a phone."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from typing import Any

import pytest
from support.tab import Tab

from web.user.test_conversation_in_browser import PHONE, NewTab, address, new_tab, time  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
MOST = {"balance": 6.0, "way_back": 3.0, "question": 1.4}
"""Screens of a phone that a page may fill, by what it asks."""
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
    return height / PHONE["height"], (box["y"] + box["height"]) / PHONE["height"]


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["script", "without"])
async def test_a_question_fills_at_most_so_much_of_a_phone(new_tab: NewTab, options: dict[str, Any]) -> None:
    tab = await new_tab(**options)
    await tab.open("/nb/")
    await tab.page.click("#start button")
    await tab.page.wait_for_selector("[data-state='meeting/kind']")
    sizes = {}
    while (step := await step_of(tab))[1] != "end":
        state, kind = step
        screens, button = sizes[state] = await measured(tab)
        print(f"{state}: {screens:.2f} screens, the button in the first {button:.2f}")
        assert screens <= MOST[kind], state
        if kind == "question":
            assert button <= 1, state
        if text := SAID.get(state):
            await tab.page.fill("textarea", text)
        await tab.page.click(f".moves button[value={'answer' if text else 'skip'}]")
        old = "#continue:has([value=way_back])" if state == "continue" else f"[data-state='{state}']"
        await tab.page.wait_for_selector(old, state="detached")
        await tab.page.wait_for_selector("#reply, #continue")
        await tab.page.wait_for_load_state()  # or what is measured has no style sheet yet
    assert len(sizes) == 9
