"""Nothing on a page moves once it is shown: not when the style sheet or the script comes, not by itself."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import pytest
from support.reviewing import Both
from support.tab import Tab

from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, new_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, shared_app  # noqa: F401
from web.views.test_review_at_once_in_browser import NewBoth, at, begin, somebody  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SHIFTED = """() => new Promise((say) => {
    const moved = [];
    new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries())
            moved.push([value, ...sources.map(({ node }) => (node?.outerHTML ?? "").slice(0, 80))]);
    }).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => say(moved), 100));
})"""
"""What has moved since the page was asked for, with how far."""


async def see_that_nothing_moves(tab: Tab, path: str) -> None:
    """Load a page, wait until its script has run, and look at what moved."""
    response = await tab.page.goto(tab.address + path, wait_until="load")
    assert response is not None
    assert response.status == 200, path
    moved = await tab.page.evaluate(SHIFTED)
    print(f"{tab.page.viewport_size} {await tab.page.title()}: {sum(value for value, *_ in moved)}")
    assert moved == [], path


def pages_of_the_user(both: Both) -> list[str]:
    """From the first page to the review."""
    here = both.shared.path.removesuffix("/share")
    ways = ("", "/summary", "/show", "/take", "/share", "/share/shown", "/pause", "/form", "/review")
    return ["/nb/", "/nb/help", "/nb/script", "/notebook", *(here + way for way in ways)]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_nothing_moves_on_a_page_that_has_come(
    new_tab: NewTab, begin: NewBoth, size: dict[str, int]
) -> None:
    both = await begin()
    mine = await at(await new_tab(viewport=size), both.mine, both.here)
    hers = await at(await new_tab(viewport=size), both.hers, both.desk)
    for path in pages_of_the_user(both):
        await see_that_nothing_moves(mine, path)
    for path in ("/desk", "/desk/invitations", "/d", both.desk):
        await see_that_nothing_moves(hers, path)


async def test_what_moves_would_be_seen(new_tab: NewTab) -> None:
    tab = await new_tab()
    await tab.open("/nb/")
    await tab.page.evaluate("document.querySelector('h1').style.marginTop = '9rem'")
    assert await tab.page.evaluate(SHIFTED) != []
