"""Both views in a real browser: what axe says, at which widths, with the keys alone, and with few taps."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import ViewportSize
from support.person import CATALOGUES
from support.tab import Surroundings, Tab

from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, address, kept_tab, time  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
SMALL_PHONE: ViewportSize = {"width": 320, "height": 568}
LONG = "Jeg vil snakke om medisinen, og om helgene. " * 12

Press = Callable[[str], Awaitable[None]]


def presser(tab: Tab) -> Press:
    """Press a move that is seen, and wait for the page that comes."""

    async def press(value: str) -> None:
        await tab.page.evaluate("document.querySelector('main').dataset.old = 'yes'")
        button = f"button:not(.unseen)[name=move][value='{value}']"
        if not await tab.page.locator(f"{button}:visible").count():
            await tab.page.locator(f"main details:not([open]):has({button}) > summary").first.click()
        await tab.page.locator(f"{button}:visible").first.click()
        await tab.page.wait_for_selector("main:not([data-old])")
        await tab.page.wait_for_load_state()  # or what is measured has no style sheet yet

    return press


async def begin(tab: Tab) -> Press:
    await tab.open("/nb/")
    await tab.page.click("#start button")
    await tab.page.wait_for_selector("#reply")
    return presser(tab)


async def to_the_form(tab: Tab) -> Press:
    press = await begin(tab)
    await press("view:form")
    await press("skip")
    await tab.page.wait_for_selector("#whole")
    return press


@pytest.mark.parametrize(
    ("options", "elsewhere"),
    [
        (
            {"viewport": PHONE, "java_script_enabled": False},
            ((SMALL_PHONE, True, False), (DESK, False, True)),
        ),
        ({"viewport": DESK}, ()),
    ],
    ids=["phone-small-phone-dark-and-desk-forced-colours", "desk"],
)
async def test_every_state_of_both_views(
    kept_tab: NewTab, options: dict[str, Any], elsewhere: tuple[Surroundings, ...]
) -> None:
    tab = await kept_tab(**options)
    tab.elsewhere = elsewhere
    press = await begin(tab)
    page = tab.page
    await page.click(".others > summary")
    await page.check("input[value=other]")
    await press("answer")
    await press("skip")  # the way back
    await page.fill("textarea", "Kaffe med Kari")
    await press("answer")
    await press("skip")
    await page.fill("textarea", LONG)
    await press("answer")
    await press("transcript")
    await tab.look()
    await page.click("main .button")
    await page.wait_for_selector("#reply")
    await tab.look()
    await press("go:more/about")
    await page.check("input[value=topics]")
    await press("answer")
    await page.check("input[value=days]")
    await page.fill("textarea", "Katten min")
    await press("answer")
    await page.fill("textarea", "Jeg ligger våken.")
    await press("answer")
    await press("skip")
    await page.fill("textarea", "Hvem passer henne?")
    await press("answer")
    await press("go:topics/which")
    await page.check("input[value=home]")
    await page.uncheck("input[value=days]")
    await page.fill("textarea", "")
    await press("answer")
    for summary in await page.locator("main details > summary").all():
        await summary.click()
    await tab.look()
    await press("go:topics/which")
    await tab.look()
    await press("help")
    await tab.look()
    await page.click("main .button")
    await page.wait_for_selector("#reply")
    await press("view:form")
    await page.wait_for_selector("#whole")
    await tab.look()
    await page.fill("[name='wishes/wish:statement.new1']", "x" * 4001)
    await press("save:wishes")
    await page.wait_for_selector("#trouble")
    await tab.look()
    await page.fill("[name='wishes/wish:statement.new1']", "Ro.")
    await press("save:wishes")
    await page.wait_for_selector("#saved")
    await tab.look()
    assert len(tab.seen) == 7, tab.seen  # what was refused says so in its title


@pytest.mark.parametrize("said", ["Ro.", LONG], ids=["short", "long"])
async def test_on_a_phone_the_question_is_what_one_sees_first(kept_tab: NewTab, said: str) -> None:
    tab = await kept_tab(viewport=PHONE, java_script_enabled=False)
    press = await begin(tab)
    for _ in range(3):
        await press("skip")
    await tab.page.fill("textarea", said)
    await press("answer")
    ways_on = []
    for size in (PHONE, SMALL_PHONE):
        await tab.page.set_viewport_size(size)
        for thing in ("h1", "textarea"):
            box = await tab.page.locator(thing).bounding_box()
            assert box is not None
            assert box["y"] + min(box["height"], 60) < 560, f"{thing} is out of sight"
        # and one reaches on with no more scrolling than a thumb's
        box = await tab.page.locator(".moves .primary").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < size["height"] + 120
        ways_on.append((size, box["y"]))
    await press("writer:another")
    for size, way_on in ways_on:
        await tab.page.set_viewport_size(size)
        helped = await tab.page.locator(".moves .primary").bounding_box()
        assert helped is not None
        assert helped["y"] - way_on < 100, "that another person writes is said in a line or two"


async def test_the_short_way_takes_few_taps_and_little_scrolling(kept_tab: NewTab) -> None:
    tab = await kept_tab(viewport=PHONE, java_script_enabled=False)
    await tab.open("/nb/")
    taps = scrolls = 0

    async def tap(selector: str) -> None:
        nonlocal taps, scrolls
        box = await tab.page.locator(selector).first.bounding_box()
        seen = await tab.page.evaluate("scrollY + innerHeight")
        assert box is not None
        at = await tab.page.evaluate("scrollY")
        scrolls += box["y"] < 0 or box["y"] + box["height"] + at > seen
        taps += 1
        await tab.page.locator(selector).first.click()
        await tab.page.wait_for_load_state()

    answer = ".moves button[value=answer]"
    await tap("#start button")
    await tap("label:has(input[value=unsure])")
    await tap(answer)
    await tap(".moves button[value=skip]")
    await tap("button[value=skip]")
    for text in ("Å sove.", "Ro.", "En tur.", "Tid."):
        await tap("textarea")
        await tab.page.fill("textarea", text)
        await tap(answer)
    await tap("label:has(input[name='support.level'][value=more])")
    await tap(answer)
    await tap("label:has(input[name='support.forms'][value=time])")
    await tap(answer)
    await tap("textarea")
    await tab.page.fill("textarea", "Hva skjer nå?")
    await tap(answer)
    await tap("button.primary[value=answer]")
    await tab.page.wait_for_selector("#summary")
    print(f"{taps} taps, {scrolls} scrolls")
    assert taps <= 20  # two for each question in own words, for a choice, and for each half of a balance
    assert scrolls <= 7


async def test_the_conversation_so_far_and_the_way_with_the_keyboard_alone(kept_tab: NewTab) -> None:
    tab = await kept_tab()
    press = await begin(tab)
    for _ in range(3):
        await press("skip")
    await tab.page.fill("textarea", "Ro.")
    await press("answer")
    go = walker(tab)
    await go("button[value=transcript]", "Enter")
    await tab.page.wait_for_url("**/transcript")
    await tab.look()
    await go(".log button[value='go:meeting/day']", "Enter")
    await tab.page.wait_for_selector("[data-state='meeting/day']")
    await tab.expect_focus("heading")
    await go(".folded > summary", "Enter")
    await go("#way button[value='go:questions/ask']", "Enter")
    await tab.page.wait_for_selector("[data-state='questions/ask']")
    await go("#help-here > summary", "Enter")
    await go("button[value=help]", "Enter")
    await go("main a.button", "Enter")
    await tab.page.wait_for_selector("[data-state='questions/ask']")


async def test_the_plain_form_with_the_keyboard_alone(kept_tab: NewTab) -> None:
    tab = await kept_tab(viewport=DESK)
    await to_the_form(tab)
    go = walker(tab)
    await go("input[name='meeting/kind:option']", "Space")
    await go("[name='matters/now:statement.new1']")
    await tab.page.keyboard.type("Ro.")
    await go("button[value='save:matters']", "Enter")
    await tab.page.wait_for_selector("#saved")
    assert await tab.page.input_value("[name^='matters/now:statement']") == "Ro."
    assert await tab.page.is_checked("input[name='meeting/kind:option'] >> nth=0")
    # the next part is where the keyboard goes on
    await tab.page.keyboard.press("Tab")
    name = await tab.page.evaluate("document.activeElement.name")
    assert name.startswith("wishes/wish:")


async def test_on_a_wide_screen_the_plain_form_has_one_column(kept_tab: NewTab) -> None:
    tab = await kept_tab(viewport=DESK, java_script_enabled=False)
    await to_the_form(tab)
    for part in await tab.page.locator(".whole .part").all():
        whole = await part.bounding_box()
        assert whole is not None
        for piece in await part.locator(":scope > h2, :scope > .asked").all():
            box = await piece.bounding_box()
            assert box is not None
            assert box["width"] > whole["width"] - 10


async def test_enter_in_a_field_of_the_plain_form_saves(kept_tab: NewTab) -> None:
    tab = await kept_tab()
    await to_the_form(tab)
    await tab.page.fill("[name='meeting/day:on']", "2027-01-05")
    await tab.page.press("[name='meeting/day:on']", "Enter")
    await tab.page.wait_for_selector("#saved")
    assert await tab.page.input_value("[name='meeting/day:on']") == "2027-01-05"


def walker(tab: Tab) -> Callable[..., Awaitable[None]]:
    """Tab to an element, see that it shows where one is, and press a key there."""

    async def go(selector: str, key: str | None = None) -> None:
        await tab.page.wait_for_selector(selector, state="attached")
        for _ in range(120):
            if await tab.page.evaluate("s => document.activeElement.matches(s)", selector):
                break
            await tab.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"no way to {selector} with the keyboard")
        shown = "document.activeElement.closest('.option') ?? document.activeElement"
        outline = await tab.page.evaluate(f"getComputedStyle({shown}).outlineStyle")
        assert outline != "none", "one sees where one is"
        if key:
            await tab.page.keyboard.press(key)

    return go
