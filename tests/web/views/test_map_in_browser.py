"""The map on a phone and at a desk: within the screen, every letter within its pill, and clear to axe."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from collections.abc import Callable

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import as_colleague, in_role, numbered
from support.person import Person
from support.sharing import choose, code_of, open_by, share
from support.tab import Tab

from web.professional.test_invitations_in_browser import shared_app  # noqa: F401
from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, kept_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, look  # noqa: F401
from web.views.test_map import placed
from web.views.test_review_at_once_in_browser import at, somebody  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
OUTSIDE = """() => {
  const wrong = [];
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > edge) wrong.push('the page is too wide');
  const boxes = [...document.querySelectorAll('.map .pill')].map((pill) => pill.getBoundingClientRect());
  for (const text of document.querySelectorAll('.map .name')) {
    const at = text.getBoundingClientRect();
    const inside = (box) => box.left <= at.left && at.right <= box.right
      && box.top <= at.top + 3 && at.bottom - 3 <= box.bottom;
    if (!boxes.some(inside)) wrong.push(text.textContent);
  }
  const whole = document.querySelector('.map svg').getBoundingClientRect();
  for (const part of document.querySelectorAll('.map svg *')) {
    const at = part.getBoundingClientRect();
    if (at.left < whole.left - 1 || at.right > whole.right + 1) wrong.push(part.outerHTML);
  }
  return wrong;
}"""


async def assert_drawn(tab: Tab, path: str, name: str) -> None:
    for scheme in ("light", "dark"):
        await tab.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await tab.open(path)
        assert await tab.page.evaluate(OUTSIDE) == [], path
        await look(tab, f"map-{name}-{scheme}")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
async def test_the_map_is_within_the_screen_and_its_pills_everywhere(
    kept_tab: NewTab,
    shared_app: web.Application,
    somebody: Callable[[], Person],
    time: Clock,
    viewport: dict[str, int],
) -> None:
    person, hers = somebody(), as_colleague(somebody(), time)
    await in_role(shared_app, hers, "professional", name=numbered("Kari"))
    summary = await placed(person)
    here = summary.path.removesuffix("/summary")
    mine = await at(await kept_tab(viewport=viewport), person, summary.path)
    width = str(viewport["width"])
    await assert_drawn(mine, summary.path, f"summary-{width}")
    await assert_drawn(mine, f"{here}/print", f"print-{width}")
    beside = await mine.page.locator(".beside-map > .said").evaluate("(said) => said.clientWidth")
    assert beside > viewport["width"] / 3, "the words beside the map are not pressed into the margin"
    preview = await choose(person, summary)
    await assert_drawn(mine, preview.path, f"preview-{width}")
    read = await open_by(hers, code_of(await share(person, preview)))
    desk = await at(await kept_tab(viewport=viewport), hers, read.path)
    await assert_drawn(desk, read.path, f"read-{width}")
    together = await hers.send(read.form("meet").press("meet"))
    await assert_drawn(desk, together.path, f"review-{width}")
    await assert_drawn(mine, f"{here}/review", f"review-mine-{width}")
    for tab in (mine, desk):
        tab.assert_nothing_wrong()
