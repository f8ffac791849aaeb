"""The script keeps what is half typed, and warns before a borrowed browser locks."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from datetime import timedelta

import pytest
from playwright.async_api import expect
from support.clock import Clock
from support.person import CATALOGUES
from support.reviewing import WISH, id_of

from web.user.test_conversation_in_browser import DESK as WIDE
from web.user.test_conversation_in_browser import NewTab, new_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, shared_app  # noqa: F401
from web.views.test_review_at_once_in_browser import NewBoth, at, begin, somebody  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB, EN = (CATALOGUES[language].say for language in ("nb", "en"))
TYPED = "Halvferdig: jeg tenker på\nto ting"
SPY = """
    window.kept = [];
    const fetches = window.fetch;
    window.fetch = (address, options) => {
      kept.push([String(address), !!options?.keepalive]);
      return fetches(address, options);
    };
"""


@pytest.mark.parametrize("side", ["user", "professional"])
async def test_what_is_typed_in_a_review_is_there_after_a_reload_and_in_another_language(
    new_tab: NewTab, begin: NewBoth, side: str
) -> None:
    both = await begin()
    entry = id_of(await both.page_of(side), WISH)
    tab = await new_tab(viewport=WIDE)
    await at(tab, both.mine if side == "user" else both.hers, both.here if side == "user" else both.desk)
    page, field = tab.page, f"#words-{side}-{entry}"
    await page.click("[data-unfold]")
    await page.click(f"#beside-{entry} > summary")
    # a page that is asked for sooner is filled by the browser alone
    async with page.expect_response("**/form-draft"):
        await page.fill(field, TYPED)
    await page.reload()
    await expect(page.locator(field)).to_be_visible()
    assert await page.input_value(field) == TYPED
    await page.fill(field, f"{TYPED}!")
    await page.click(".languages button[value=en]")
    await page.wait_for_selector("html[lang^=en]")
    assert await page.input_value(field) == f"{TYPED}!"
    await expect(page.locator(f"#beside-{entry}")).to_contain_text(EN("form_draft.not_sent"))
    await tab.look()
    await page.click(f"#beside-{side}-{entry} button:has-text('{EN('review.keep_words')}')")
    await expect(page.locator(".given .own", has_text="Halvferdig")).to_be_visible()
    await page.reload()
    await expect(page.locator("p.draft")).to_have_count(0)


async def test_an_invitation_is_there_after_it_was_left_and_nothing_too_large_is_kept_alive(
    new_tab: NewTab, begin: NewBoth
) -> None:
    both = await begin()
    tab = await new_tab(viewport=WIDE)
    page = tab.page
    await page.add_init_script(SPY)
    await at(tab, both.hers, "/desk/invitations")
    await page.fill("#greeting", TYPED)
    await page.click(".bar nav a >> nth=0")
    await page.wait_for_url("**/desk")
    await tab.open("/desk/invitations")
    assert await page.input_value("#greeting") == TYPED
    # a browser refuses to keep more than 64 KiB alive, and then nothing is sent at all
    hide = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});"
    told = "document.dispatchEvent(new Event('visibilitychange'));"
    # in words: a browser needs seconds to lay out one word of this length
    long = "سلام " * 3_000
    for text, alive in (("kort", True), (long, False)):
        async with page.expect_response("**/form-draft") as answered:
            await page.evaluate(
                "text => { document.getElementById('greeting').value = text; kept.length = 0;"
                + hide
                + told
                + "}",
                text,
            )
        assert (await answered.value).status == 204
        assert await page.evaluate("kept") == [["/form-draft", alive]]
    await page.evaluate("delete document.hidden")
    await page.reload()
    assert await page.input_value("#greeting") == long


async def test_a_borrowed_browser_says_so_before_it_locks_and_a_press_keeps_it_open(
    new_tab: NewTab, begin: NewBoth, time: Clock
) -> None:
    both = await begin()
    tab = await new_tab()
    await tab.page.clock.install()
    await at(tab, both.mine, both.here)
    time.pass_by(timedelta(minutes=16))
    await tab.page.clock.fast_forward("16:00")
    await expect(tab.page.locator(".notice")).to_have_text("")
    time.pass_by(timedelta(minutes=2))
    await tab.page.clock.fast_forward("02:00")
    await expect(tab.page.locator(".notice")).to_contain_text(NB("lock.soon"))
    await tab.look()
    async with tab.page.expect_response("**/stay") as stayed:
        await tab.page.click(f".notice button:has-text('{NB('lock.stay')}')")
    assert (await stayed.value).headers["x-locks-in"] == "1200"
    await expect(tab.page.locator(".notice")).to_contain_text(NB("lock.stayed"))
