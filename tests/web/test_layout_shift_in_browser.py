"""Nothing on a page moves once it is shown: not when the style sheet, the script or the rest of it comes."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from support.in_pieces import elements_of_the_top, in_pieces
from support.reviewing import Both
from support.tab import Tab

from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, new_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, shared_app  # noqa: F401
from web.views.test_review_at_once_in_browser import NewBoth, at, begin, somebody  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SHIFTED = """async () => {
    const moved = [];
    const note = ({ value, sources }) =>
        moved.push([value, ...sources.map(({ node }) => (node?.outerHTML ?? "").slice(0, 80))]);
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
    observer.observe({ type: "layout-shift", buffered: true });
    await new Promise(requestAnimationFrame);
    await new Promise((go) => setTimeout(go, 100));
    await new Promise(requestAnimationFrame);  // by now the frame before it is finished, however slowly
    observer.takeRecords().forEach(note);
    return moved;
}"""
"""What has moved since the page was asked for, with how far."""


async def see_that_nothing_moves(tab: Tab, path: str) -> None:
    """Load a page, wait until its script has run, and look at what moved."""
    await tab.page.goto("about:blank")
    response = await tab.page.goto(tab.address + path, wait_until="load")
    assert response is not None
    assert response.status == 200, path
    moved = await tab.page.evaluate(SHIFTED)
    place = path.partition("#")[2]
    print(f"{tab.page.viewport_size} {await tab.page.title()} {place}: {sum(value for value, *_ in moved)}")
    assert moved == [], path


def pages_of_the_user(both: Both) -> list[str]:
    """From the first page to the review."""
    here = both.shared.path.removesuffix("/share")
    ways = (
        "",
        "/summary",
        "/show",
        "/take",
        "/print",
        "/share",
        "/share/shown",
        "/pause",
        "/transcript",
        "/form",
        "/review",
    )
    return ["/nb/", "/nb/help", "/nb/script", "/notebook", *(here + way for way in ways)]


def pages_of_staff(both: Both) -> list[str]:
    """The desk and the review."""
    return ["/desk", "/desk/invitations", "/d", both.desk]


PLACES = {
    "/notebook": ("ways", "kept"),
    "/summary": ("written-for",),
    "/form": ("saved",),
    "/review": ("heading", "record"),
    "/desk/shared/": ("heading", "asking", "agreements", "standing", "record"),
}
"""The places in pages that another page or an act leads to."""


def at_places(pages: list[str]) -> list[str]:
    """Those pages, at each such place if they have any."""
    led_to = {page: next((places for way, places in PLACES.items() if way in page), ()) for page in pages}
    return [path for page in pages for path in [f"{page}#{place}" for place in led_to[page]] or [page]]


@pytest_asyncio.fixture(loop_scope="session")
async def slow_line(address: str) -> AsyncIterator[str]:
    """The same server, behind a line on which pages come in pieces."""
    async with in_pieces(address) as slow:
        yield slow


@pytest_asyncio.fixture(loop_scope="session")
async def slow_top(address: str) -> AsyncIterator[str]:
    """The same server, where what every page begins with is shown an element at a time."""
    async with in_pieces(address, elements_of_the_top, pause=0.05) as slow:
        yield slow


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_nothing_moves_at_the_top_of_a_page_while_it_comes(
    new_tab: NewTab, begin: NewBoth, slow_top: str, size: dict[str, int]
) -> None:
    both = await begin()
    here = both.shared.path.removesuffix("/share")
    mine = await at(await new_tab(viewport=size), both.mine, both.here)
    hers = await at(await new_tab(viewport=size), both.hers, both.desk)
    for tab in (mine, hers):
        tab.address, tab.also = slow_top, (tab.address,)
    for path in ("/nb/", here, f"{here}/summary", f"{here}/review"):
        await see_that_nothing_moves(mine, path)
    for path in ("/desk", both.desk):
        await see_that_nothing_moves(hers, path)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_nothing_moves_on_a_page_while_it_comes_and_after(
    new_tab: NewTab, begin: NewBoth, slow_line: str, size: dict[str, int]
) -> None:
    """Pages are not compressed, so a long one comes in many pieces, and each is shown as it comes."""
    both = await begin()
    mine = await at(await new_tab(viewport=size), both.mine, both.here, slow_line)
    hers = await at(await new_tab(viewport=size), both.hers, both.desk, slow_line)
    for path in at_places(pages_of_the_user(both)):
        await see_that_nothing_moves(mine, path)
    for path in at_places(pages_of_staff(both)):
        await see_that_nothing_moves(hers, path)


async def test_what_moves_would_be_seen(new_tab: NewTab) -> None:
    tab = await new_tab()
    await tab.open("/nb/")
    assert await tab.page.evaluate(SHIFTED) == []  # it is shown by now: nothing else can move
    await tab.page.evaluate("document.querySelector('h1').style.marginTop = '9rem'")
    assert await tab.page.evaluate(SHIFTED) != []
