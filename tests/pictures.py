"""Make the pictures of the README: `.venv/bin/pytest tests/pictures.py`.

They are screens of the program itself, walked through in Chromium. Roboto and Noto must be installed, as
`.ci/run` installs them, so that the letters are those of a phone. The name of this file keeps it out of a
test run.
"""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import base64
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser
from support.preparing import ORDINARY
from support.tab import Tab
from web.peer.test_guided_sessions_in_browser import join, open_session, peer_worker, point, shared_app  # noqa: F401
from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, new_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, kari  # noqa: F401
from web.views.test_review_at_once_in_browser import NewBoth, at, begin, somebody  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PICTURES = Path(__file__).parent.parent / ".pictures"


async def keep(browser: Browser, name: str, *shots: tuple[bytes, int]) -> None:
    """Put screens beside each other, each with its width in pixels, and keep them as one picture."""
    images = "".join(
        f'<img width="{width}" src="data:image/png;base64,{base64.b64encode(shot).decode()}">'
        for shot, width in shots
    )
    page = await browser.new_page(device_scale_factor=1.5, viewport={"width": 1400, "height": 900})
    await page.set_content(
        "<style>body{margin:0;background:#fff}div{display:inline-flex;gap:20px;padding:12px;align-items:start}"
        f"img{{border:1px solid #ccc;border-radius:14px}}</style><div>{images}</div>"
    )
    await page.locator("div").screenshot(path=PICTURES / f"{name}.png")
    await page.close()


async def screen(tab: Tab, width: int = 360) -> tuple[bytes, int]:
    """Take what the tab shows now, to be shown at this width."""
    await tab.page.evaluate("scrollTo(0, 0)")
    # accounts of tests have a number after the name
    await tab.page.evaluate(
        r"document.querySelectorAll('.who').forEach(e => e.textContent = e.textContent.split(' ')[0])"
    )
    return await tab.page.screenshot(), width


async def test_the_first_page_a_question_and_the_summary(browser: Browser, new_tab: NewTab) -> None:
    tab = await new_tab(viewport=PHONE, device_scale_factor=2)
    page = tab.page
    await tab.open("/nb/")
    shots = [await screen(tab)]
    await page.click("#start button")
    await page.wait_for_selector("[data-state='meeting/kind']")
    while True:
        if await page.locator("#continue").count():
            if not await page.locator("#continue [value=skip]").count():
                break
            await page.click("#continue [value=skip]")
        else:
            state = await page.get_attribute("#reply", "data-state") or ""
            said = ORDINARY.get(state, ())
            if said:
                await page.fill("#reply textarea >> nth=0", said[0])
            if state == "wishes/wish":
                shots.append(await screen(tab))
            await page.click(f".moves button[value={'answer' if said else 'skip'}]")
            await page.wait_for_selector(f"[data-state='{state}']", state="detached")
        await page.wait_for_selector("#reply, #continue")
    await page.click("#continue button.primary")
    await page.wait_for_selector("#summary")
    shots.append(await screen(tab))
    await keep(browser, "phone", *shots)


async def test_a_guided_session(browser: Browser, new_tab: NewTab, shared_app: web.Application) -> None:
    lead, user = await new_tab(viewport=DESK, device_scale_factor=2), await new_tab(device_scale_factor=2)
    await peer_worker(lead, shared_app)
    path = await open_session(lead, "group", "before_meeting", "pictures")
    await join(user, await lead.page.inner_text(".share-code"), "pictures")
    await point(lead, "needs/need")
    await lead.open(path)
    await user.page.reload()
    await keep(browser, "guided", await screen(user, 300), await screen(lead, 1000))


async def test_both_screens_of_a_review(browser: Browser, new_tab: NewTab, begin: NewBoth) -> None:
    both = await begin()
    mine = await at(await new_tab(device_scale_factor=2), both.mine, both.here)
    hers = await at(await new_tab(viewport=DESK, device_scale_factor=2), both.hers, both.desk)
    await keep(browser, "review", await screen(mine, 300), await screen(hers, 1000))
