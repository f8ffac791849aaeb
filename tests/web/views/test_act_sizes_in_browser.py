"""What an act in a review sends to each screen: the parts that changed, and not the page."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page as Screen
from playwright.async_api import expect
from support.clock import Clock
from support.colleague import as_colleague, in_role
from support.page import Page
from support.person import CATALOGUES, Person
from support.preparing import place, say, say_more
from support.reviewing import Both, id_of
from support.sharing import choose, code_of, open_by, share
from support.tab import Tab

from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, new_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, shared_app  # noqa: F401
from web.views.test_review_at_once_in_browser import TYPED, at, somebody  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
MOST = 10_000
"""Bytes over the wire that one act may send to one screen, with the heads of all answers."""
ENTRIES = 45
WISHES = "Jeg vil ha færre folk på møtene, nummer"


async def everything_said(mine: Person, page: Page) -> Page:
    """A statement wherever statements are asked for, and two wishes, up to the round-off."""
    while page.has("reply"):
        match page.form("reply").element.attributes["data-asks"]:
            case "statements":
                many = 2 if page.state.startswith("wishes/") else 1
                page = await say(mine, page, *(f"{WISHES} {page.state} {number}." for number in range(many)))
            case "balance":
                page = await place(mine, page, "more", "same")
            case _:
                page = await mine.send(page.form("reply").press("skip"))
    return page


async def with_many_entries(mine: Person, hers: Any) -> Both:
    """A review of at least forty-five entries, opened and begun."""
    page = await mine.begin("nb")
    page = await mine.send(page.form("reply").choose("option", "care_team").press())
    page = await mine.send(page.form("reply").write("on", "2027-02-05").write("at", "12:30").press())
    page = await mine.send(page.form("continue").press("skip"))
    page = await everything_said(mine, page)
    page = await say_more(mine, page, "topics")
    page = await mine.send(page.form("reply").choose("option", "days", "money").press())
    summary = await mine.summary(await everything_said(mine, page))
    shared = await share(mine, await choose(mine, summary))
    opened = await open_by(hers, code_of(shared))
    here = await mine.open(f"{summary.path.removesuffix('/summary')}/review")
    both = Both(mine, hers, here.path, opened.path, "", shared)
    await hers.send((await both.her_page()).form("meet").press("meet"))
    return both


class Wire:
    """Counts what comes to a screen over the wire: answers, redirects and their heads."""

    def __init__(self) -> None:
        self.bytes = 0

    @classmethod
    async def of(cls, tab: Tab) -> "Wire":
        wire = cls()
        network = await tab.page.context.new_cdp_session(tab.page)
        await network.send("Network.enable")
        network.on("Network.loadingFinished", wire._finished)
        network.on("Network.requestWillBeSent", wire._redirected)
        return wire

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _redirected(self, event: dict[str, Any]) -> None:
        self.bytes += int(event.get("redirectResponse", {}).get("encodedDataLength", 0))

    def taken(self) -> int:
        """Return what has come since the last time."""
        taken, self.bytes = self.bytes, 0
        return taken


@pytest.fixture
def acts() -> dict[str, Callable[[Screen, str], Awaitable[Any]]]:
    """What either side does to an entry, an agreement or the whole, and what then is on both screens."""

    async def mark(screen: Screen, id_: str) -> None:
        await screen.click(f"#mark-{id_} [value='mark:talked']")

    async def answer(screen: Screen, id_: str) -> None:
        await screen.check(f"#answering-{id_} [value=can]")
        await screen.fill(f"#answer-words-{id_}", "Jeg skal spørre lederen min om det i morgen.")
        await screen.click(f"#answering-{id_} .moves button")

    async def beside(screen: Screen, id_: str) -> None:
        await screen.click(f"#beside-{id_} > summary")
        await screen.fill(f"#words-professional-{id_}", "Vi kan prøve å være tre.")
        await screen.click(f"#beside-professional-{id_} .moves button")

    async def propose(screen: Screen, _: str) -> None:
        await screen.click("#propose > summary")
        await screen.fill("#what-new", "Kari spør om vi kan være tre på møtene.")
        await screen.check("#proposing [value=professional]")
        await screen.click("#proposing .moves button")

    async def stand(screen: Screen, _: str) -> None:
        await screen.click("#stand > summary")
        await screen.check("#standpoint [value=agree]")
        await screen.click("#standpoint .moves button")

    async def prepare(screen: Screen, _: str) -> None:
        await screen.click("#prepare button")

    async def prepare_all(screen: Screen, _: str) -> None:
        await screen.check("#prepare [value=all]")
        await expect(screen.locator("#prepare [value=all]")).to_be_checked()
        await screen.click("#prepare button")

    async def mark_otherwise(screen: Screen, id_: str) -> None:
        await screen.click(f"#mark-{id_} [value='mark:next_time']")

    return {
        "marked": mark,
        "given": answer,
        "beside": beside,
        "agreement": propose,
        "stands": stand,
        "recorded": prepare,
        "marked otherwise": mark_otherwise,
        "all recorded": prepare_all,
    }


SEEN = {
    "marked": "#entry-{} .marked",
    "given": "#entry-{} .given",
    "beside": "#entry-{} .given.beside",
    "agreement": ".agreement",
    "stands": "#standing .given",
    "recorded": "#record .typeset",
    "marked otherwise": "#entry-{}.is-next_time",
    "all recorded": "#record .typeset:has(> :nth-child(30))",
}


async def test_an_act_sends_the_changed_entry_to_both_screens_and_not_the_page(
    new_tab: NewTab,
    somebody: Callable[[], Person],
    shared_app: web.Application,
    time: Clock,
    acts: dict[str, Callable[[Screen, str], Awaitable[Any]]],
) -> None:
    colleague = as_colleague(somebody(), time)
    await in_role(shared_app, colleague, "professional", name="Kari som måler")
    both = await with_many_entries(somebody(), colleague)
    hers = await at(await new_tab(viewport=DESK), both.hers, both.desk)
    mine = await at(await new_tab(viewport=PHONE), both.mine, both.here)
    id_ = id_of(await both.her_page(), f"{WISHES} wishes/wish 1.")
    entries = await hers.page.locator("article.gone").count()
    print(f"{entries} entries, a page of {len(await hers.page.content())} characters")
    assert entries >= ENTRIES
    wires = {"hers": await Wire.of(hers), "mine": await Wire.of(mine)}
    for name, act in acts.items():
        await act(hers.page, id_)
        for tab in (hers, mine):
            await expect(tab.page.locator(SEEN[name].format(id_))).to_have_count(1)
            await tab.page.wait_for_load_state("networkidle")
        sent = {whose: wire.taken() for whose, wire in wires.items()}
        print(f"{name}: {sent}")
        assert min(sent.values()) > 0
        assert max(sent.values()) <= MOST
    # both screens are what a browser that loads the page anew is given
    for tab in (hers, mine):
        shown = await tab.page.locator("main").inner_text()
        await tab.page.reload()
        assert await tab.page.locator("main").inner_text() == shown
        tab.assert_nothing_wrong()
