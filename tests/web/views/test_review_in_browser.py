"""A review from the invitation to the next preparation: the user on a phone, the professional at a desk."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from typing import Any

import pytest
from playwright.async_api import Page, expect
from support.clock import Clock
from support.person import CATALOGUES
from support.tab import Tab

from web.professional.test_invitations_in_browser import accept, invite, shared_app  # noqa: F401
from web.user.test_conversation_in_browser import DESK as WIDE
from web.user.test_conversation_in_browser import PHONE, NewTab, kept_tab, time  # noqa: F401
from web.user.test_share_in_browser import (  # noqa: F401
    BOTH,
    KEPT,
    WORDS,
    address,
    kari,
    look,
    sign_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
WHY = "Avdelingen bestemmer hvem som er med. Jeg spør lederen min."
SEEN_SO = "Jeg orker to, ikke ni."
WHAT = "Kari spør om vi kan være tre på møtet"


async def shared(mine: Tab, hers: Tab, time: Clock, name: str, *, scripts: bool) -> None:
    """Invite, prepare, share but for one entry, and let it be opened by its code."""
    await invite(hers, time, name)
    path = await accept(mine, hers, name, scripts=scripts)
    await mine.page.fill("textarea", KEPT)
    await mine.press("answer", then="[data-state='wishes/wish']")
    await mine.open(path)
    await mine.page.locator("li", has_text=KEPT).get_by_role("switch").uncheck()
    await mine.page.click("#choices button")
    await mine.page.wait_for_selector("#share")
    assert KEPT not in await mine.page.inner_html(".shared-sheet")
    await mine.page.click("#share button[value=together]")
    await mine.page.wait_for_selector(".share-code")
    code = await mine.page.inner_text(".share-code")
    await hers.open("/d")
    await hers.page.fill("#link", code)
    await hers.page.keyboard.press("Enter")
    await hers.page.wait_for_selector("#meet")


async def newest(tab: Tab, *, scripts: bool) -> None:
    """What the other side did is here: by itself, or by loading the page anew."""
    if not scripts:
        await tab.page.reload()


def entry(page: Page) -> Any:
    """The entry with the words that were shared."""
    return page.locator("article.gone", has_text=WORDS)


async def unfold(page: Page, words: str) -> None:
    """Open everything folded that leads to these words."""
    for folded in await page.locator("details.chapter:not([open])", has_text=words).all():
        await folded.locator("summary").first.click()


@BOTH
async def test_from_the_invitation_to_the_next_preparation(
    kept_tab: NewTab, time: Clock, kari: dict[str, str], scripts: bool, options: dict[str, Any]
) -> None:
    mine, hers = await kept_tab(viewport=PHONE, **options), await kept_tab(viewport=WIDE, **options)
    name = "review-js" if scripts else "review-nojs"
    await sign_in(hers, kari, time)
    await shared(mine, hers, time, name, scripts=scripts)
    # the two words are the same on both screens before anything can be answered
    await newest(mine, scripts=scripts)
    await mine.page.click("a[href*='/review/']")
    await mine.page.wait_for_selector("#review")
    check = await mine.page.inner_text(".check-words")
    assert await hers.page.inner_text(".check-words") == check
    assert await hers.page.locator("form[id^='answering-']").count() == 0
    await look(hers, f"{name}-20-check")
    await hers.page.click("#meet button")
    await hers.page.wait_for_selector("#review")
    await look(hers, f"{name}-21-hers")
    await look(mine, f"{name}-22-mine")
    # her answer stands on his screen, and his words on hers
    await unfold(hers.page, WORDS)
    await entry(hers.page).locator("details[id^='answer-'] > summary").click()
    await entry(hers.page).locator("input[value=must_ask]").check()
    await entry(hers.page).locator("textarea[id^='answer-words-']").fill(WHY)
    await entry(hers.page).locator("form[id^='answering-'] button:not([name=keep])").click()
    await expect(entry(hers.page).locator(".given")).to_contain_text(WHY)
    await expect(entry(hers.page).locator(".given")).to_be_in_viewport()
    await newest(mine, scripts=scripts)
    await expect(entry(mine.page).locator(".given")).to_contain_text(WHY)
    await unfold(mine.page, WORDS)
    await entry(mine.page).locator("details[id^='beside-'] > summary").first.click()
    await entry(mine.page).locator("textarea[id^='words-user-']").fill(SEEN_SO)
    await entry(mine.page).locator("form[id^='beside-user-'] button:not([name=keep])").click()
    await expect(entry(mine.page).locator(".beside")).to_contain_text(SEEN_SO)
    await entry(mine.page).locator("button[value='point:here']").click()
    await newest(hers, scripts=scripts)
    await expect(hers.page.locator("#pointed")).to_contain_text(WORDS)
    await entry(hers.page).locator("button[value='mark:talked']").click()
    await expect(entry(hers.page).locator(".marked")).to_have_text(NB("review.talked"))
    # an agreement: one proposes, the other confirms
    await hers.page.click("#propose > summary")
    await hers.page.fill("#what-new", WHAT)
    await hers.page.check("#proposing input[value=professional]")
    await hers.page.fill("#look-new", "2027-01-12")
    await hers.page.click("#proposing button.primary")
    await expect(hers.page.locator(".agreement .what")).to_have_text(WHAT)
    assert await hers.page.locator(".aside").count() == 0, "what was sent is not said to be kept nowhere"
    await newest(mine, scripts=scripts)
    await mine.page.click("form[id^='confirm-'] button")
    await expect(mine.page.locator(".agreement .state")).to_have_text(NB("review.agreed"))
    await look(mine, f"{name}-23-mine-agreed")
    await newest(hers, scripts=scripts)
    await expect(hers.page.locator(".agreement .state")).to_have_text(NB("review.agreed"))
    await look(hers, f"{name}-24-hers-agreed")
    # where each stands, and the text for the record: she makes it, he reads it, she takes it
    await stand(mine, "differ")
    await newest(hers, scripts=scripts)
    await expect(hers.page.locator("#standing .given")).to_have_count(1)
    await stand(hers, "agree")
    await newest(hers, scripts=scripts)
    await hers.page.click("#prepare button")
    await expect(hers.page.locator(".typeset")).to_have_count(1)
    assert await hers.page.locator("form[id^='take-']").count() == 0, "nothing is taken that he has not seen"
    text = await hers.page.inner_text(".typeset")
    assert WORDS in text
    assert KEPT not in text
    await newest(mine, scripts=scripts)
    assert await mine.page.inner_text(".typeset") == text
    await look(mine, f"{name}-25-mine-record")
    await mine.page.click("form[id^='see-'] button")
    await newest(hers, scripts=scripts)
    await look(hers, f"{name}-26-hers-record")
    for kind in ("pdf", "fhir"):
        # a document is typeset before it is sent, which takes seconds on cores that are busy
        async with hers.page.expect_download(timeout=30_000) as download:
            await hers.page.click(f"form[id^='take-{kind}'] button", timeout=30_000)
        assert (await (await download.value).path()).stat().st_size > 1000
    await hers.page.click("form[id^='transfer-'] button")
    await expect(hers.page.locator("#record .state")).to_contain_text(NB("review.record_transferred"))
    await look(hers, f"{name}-27-hers-transferred")
    review = mine.page.url.removeprefix(mine.address)
    # he closes it; she has nothing left, and he has it all
    await newest(mine, scripts=scripts)
    await mine.page.click("#ways-on a.takes-away")
    await mine.page.click("#withdraw button")
    await expect(mine.page.locator("h1")).to_have_text(NB("share.withdrawn_heading"))
    await newest(hers, scripts=scripts)
    await expect(hers.page.locator("h1")).to_have_text(NB("read.withdrawn_heading"))
    assert WHY not in await hers.page.content()
    await mine.open(review)
    await look(mine, f"{name}-28-mine-over")
    assert WHY in await mine.page.content()
    # the next preparation opens with the agreement
    await mine.open("/notebook")
    await look(mine, f"{name}-29-notebook")
    await mine.page.click("#another button")
    await mine.page.wait_for_selector("[data-state^='since_last/']")
    await expect(mine.page.locator("#reply")).to_contain_text(WHAT)
    await look(mine, f"{name}-30-next")
    for tab in (mine, hers):
        tab.assert_nothing_wrong()


async def stand(tab: Tab, view: str) -> None:
    """Say where one stands, and see it stand there."""
    given = tab.page.locator("#standing .given")
    before = await given.count()
    if await tab.page.locator("#stand[open]").count() == 0:
        await tab.page.click("#stand > summary")
    await tab.page.check(f"#standpoint input[value={view}]")
    await tab.page.click("#standpoint button:not([name=keep])")
    await expect(given).to_have_count(before + 1)
