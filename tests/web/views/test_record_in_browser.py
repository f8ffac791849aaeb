"""The text for the record, read as a page on both screens, and copied as plain text."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from collections.abc import Callable

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import expect
from support.clock import Clock
from support.colleague import as_colleague, in_role, numbered
from support.person import CATALOGUES, Person
from support.reviewing import COURSE, WISH, Both, answering, met, record_text

from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, kept_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, look, shared_app  # noqa: F401
from web.views.test_review_at_once_in_browser import at, somebody  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
HALF_A_PAGE = 297 / 2
"""Millimetres, where the lines are as wide as on A4 with its margins."""
LINE = 170


async def prepared(both: Both) -> None:
    """Two answers, an agreement that waits, both standpoints, and the text in its usual extent."""
    asking = answering(await both.her_page(), WISH).choose("kind", "must_ask")
    await both.hers.send(asking.write("words", "Jeg spør lederen.").write("by_on", "2026-12-08").press())
    can = answering(await both.her_page(), COURSE).choose("kind", "can").write("words", "Ja, i mars.")
    await both.hers.send(can.press())
    form = (await both.her_page()).form("proposing").write("what", "Kari spør om vi kan være tre")
    await both.hers.send(form.choose("who", "professional").press())
    for side in ("user", "professional"):
        stand = (await both.page_of(side)).form("standpoint").choose("view", "agree")
        await both.send(side, stand.press())
    await both.hers.send((await both.her_page()).form("prepare").press())


@pytest_asyncio.fixture(loop_scope="session")
async def both(somebody: Callable[[], Person], shared_app: web.Application, time: Clock) -> Both:
    colleague = as_colleague(somebody(), time)
    colleague.name = numbered("Kari")
    await in_role(shared_app, colleague, "professional", name=colleague.name)
    both = await met(somebody(), colleague)
    await prepared(both)
    return both


async def test_the_usual_text_is_read_as_a_page_of_half_a4_and_plain_only_when_copied(
    kept_tab: NewTab, both: Both
) -> None:
    hers = await at(await kept_tab(viewport=DESK), both.hers, both.desk)
    await hers.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    typeset = hers.page.locator(".typeset")
    box = await typeset.bounding_box()
    assert box
    height = box["height"] / box["width"] * LINE
    print(f"the usual text fills {height:.0f} mm of A4")
    await look(hers, "record-hers")
    assert height <= HALF_A_PAGE
    await expect(typeset.locator("h5").first).to_have_text(NB("summary.first"))
    await expect(typeset.locator("q", has_text="Ni er for mange")).to_have_count(1)
    assert "====" not in await typeset.inner_text()
    await hers.page.click(".copy a")
    await hers.page.click(".record-text + button")
    await expect(hers.page.locator(".record-text + button")).to_have_text(NB("review.record_copied"))
    copied = await hers.page.evaluate("navigator.clipboard.readText()")
    assert copied == await record_text(both.hers, await both.her_page())
    assert WISH in copied
    hers.assert_nothing_wrong()


async def test_without_script_copying_opens_the_plain_text_on_a_phone_too(
    kept_tab: NewTab, both: Both
) -> None:
    mine = await at(await kept_tab(viewport=PHONE, java_script_enabled=False), both.mine, both.here)
    await expect(mine.page.locator(".typeset h5").first).to_be_visible()
    await look(mine, "record-mine")
    await mine.page.click(".copy a")
    await expect(mine.page.locator(".record-text")).to_be_visible()
    await look(mine, "record-mine-plain")
    await mine.page.click("main a.button")
    await expect(mine.page.locator(".typeset h5").first).to_be_visible()
