"""A professional who opens what was shared: the user's own words come first, at a desk and on a phone."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import pytest
from playwright.async_api import ViewportSize, expect
from support.clock import Clock
from support.person import CATALOGUES
from support.tab import Tab

from web.professional.test_invitations_in_browser import shared_app  # noqa: F401
from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, kept_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, kari, look, sign_in  # noqa: F401
from web.views.test_review_at_once_in_browser import NewBoth, at, begin, somebody  # noqa: F401
from web.views.test_review_in_browser import shared

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
LARGE: ViewportSize = {"width": 320, "height": 256}
"""A desktop at 400 %."""
SLIM = 100
"""Pixels that the steps may take of a phone: two rows with all of them."""
MARKED = """[...document.querySelectorAll('.steps a')]
    .filter((step) => getComputedStyle(step).textDecorationLine === 'none').map(({ hash }) => hash).join()"""
"""The step that is marked as where the top of the screen is."""
FIRST_SCREEN = 200
"""Pixels from the top of the page, on a screen of 1280 × 800."""


async def first_words_at(tab: Tab) -> float:
    """Where the user's first own words begin, from the top of the page."""
    top: float = await tab.page.evaluate(
        "document.querySelector('main blockquote.own').getBoundingClientRect().top + scrollY"
    )
    return top


async def test_the_first_own_words_are_above_200_pixels_when_read_and_when_gone_through(
    kept_tab: NewTab, time: Clock, kari: dict[str, str]
) -> None:
    mine, hers = await kept_tab(viewport=PHONE), await kept_tab(viewport=DESK)
    await sign_in(hers, kari, time)
    await shared(mine, hers, time, "first-words", scripts=True)
    read = await first_words_at(hers)
    await look(hers, "through-read")
    await hers.page.click("#meet button")
    await hers.page.wait_for_selector("#review")
    gone_through = await first_words_at(hers)
    await look(hers, "through-review")
    print(f"first own words at y = {read:.0f} when read, {gone_through:.0f} when gone through")
    assert max(read, gone_through) <= FIRST_SCREEN


async def test_what_was_put_first_and_the_three_answers_are_in_the_first_screen_side_by_side(
    kept_tab: NewTab, begin: NewBoth
) -> None:
    both = await begin()
    hers = await at(await kept_tab(viewport=DESK), both.hers, both.desk)
    first = await first_words_at(hers)
    await look(hers, "through-put-first")
    entry = hers.page.locator("#first-1 article")
    words = await entry.locator("blockquote").bounding_box()
    answer = await entry.locator(".option", has_text=NB("review.kind_can")).bounding_box()
    agreements = await hers.page.locator("#agreements").bounding_box()
    assert words
    assert answer
    assert agreements
    print(f"put first at y = {first:.0f}, its three answers at y = {answer['y']:.0f}")
    assert first <= FIRST_SCREEN
    assert words["x"] + words["width"] <= answer["x"] < agreements["x"], (
        "words, answer, agreements: left to right"
    )
    assert answer["y"] < words["y"] + 100, "on the same row"
    # an answer is chosen and kept where it stands
    await entry.locator("input[value=can]").check()
    await entry.locator("textarea[id^='answer-words-']").fill("I mars")
    await entry.locator("form[id^='answering-'] .moves button").click()
    await expect(entry.locator(".given")).to_contain_text("I mars")
    await expect(hers.page.locator("#onward .count").first).to_have_text(
        NB("review.step_count", done=1, all=2)
    )
    hers.assert_nothing_wrong()


async def test_on_a_phone_everything_is_one_column(kept_tab: NewTab, begin: NewBoth) -> None:
    both = await begin()
    for person, path in ((both.hers, both.desk), (both.mine, both.here)):
        tab = await at(await kept_tab(viewport=PHONE), person, path)
        lefts = await tab.page.evaluate(
            "['sheet', 'decided', 'record'].map((id) => document.getElementById(id).offsetLeft)"
        )
        assert len(set(lefts)) == 1
        steps = tab.page.locator("#onward")
        height = await steps.evaluate("(nav) => nav.clientHeight")
        await steps.locator("li").evaluate_all("(all) => all.forEach((step) => step.classList.add('done'))")
        assert await steps.evaluate("(nav) => nav.clientHeight") == height, "a finished step moves the page"
        for answers in await tab.page.locator("[data-now] .options").all():
            tops = await answers.locator(".option").evaluate_all("(all) => all.map((one) => one.offsetTop)")
            assert len(set(tops)) == 1, "the three answers are in one row"


async def test_the_steps_stay_in_sight_and_cover_nothing_of_a_much_enlarged_page(
    kept_tab: NewTab, begin: NewBoth
) -> None:
    both = await begin()
    for name, size in {"desk": DESK, "phone": PHONE, "enlarged": LARGE}.items():
        tab = await at(await kept_tab(viewport=size), both.hers, both.desk)
        await tab.page.evaluate("document.querySelector('#standing').scrollIntoView()")
        steps = await tab.page.locator("#onward").evaluate("(nav) => nav.getBoundingClientRect().toJSON()")
        await look(tab, f"steps-{name}")
        print(f"{name}: the steps are at y = {steps['top']:.0f} and {steps['height']:.0f} high")
        if name == "enlarged":
            assert steps["bottom"] <= 0, "they stay at the top of the page"
            continue
        assert 0 <= steps["top"] < 40
        await tab.page.locator("#record-heading").scroll_into_view_if_needed()
        await expect(tab.page.locator("#onward a").first).to_be_in_viewport()
        if name == "phone":
            assert steps["height"] <= SLIM
            assert await tab.page.locator("#onward").evaluate("(nav) => nav.scrollWidth <= nav.clientWidth")
        for step in ("agreements", "asking") if name == "phone" else ("asking",):
            await tab.page.evaluate(f"document.querySelector('#{step}').scrollIntoView()")
            marked = tab.page.locator(f".steps [href='#{step}']")
            await expect(marked).to_have_css("text-decoration-line", "none")
            assert await tab.page.evaluate(MARKED) == f"#{step}"
        # what a step leads to is below the steps
        await tab.page.click("#onward a[href='#asking']")
        heading = await tab.page.locator("#asking-heading").bounding_box()
        assert heading
        assert heading["y"] >= (steps["height"] if name == "phone" else 0)
