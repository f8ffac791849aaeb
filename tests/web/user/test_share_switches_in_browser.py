"""The list of switches on a phone: its height, the taps to the preview, the count without a script."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient
from playwright.async_api import Browser, Locator, expect
from playwright.async_api import Page as BrowserPage
from support.clock import Clock
from support.on_the_way import cookies_in
from support.person import CATALOGUES, Person
from support.preparing import place, say_more, short_way
from support.quick import LOW_COST, our_texts
from support.server import Server

from assistant.config import Settings
from assistant.web.app import make_app

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
PHONE = {"width": 360, "height": 740}
MOST = {"short": 2.6, "full": 8.0}
"""Screens of a phone that the list may fill."""
MOST_TAPS = 3
LINES = {
    "matters/now": "Å få sove om natten.",
    "wishes/wish": "Færre folk på møtene.",
    "needs/need": "En pause når jeg ber om det.",
    "helps/helped": "Å gå en tur først.",
    "care_team/decide": "Hvem jeg ringer til det første halvåret.",
    "questions/ask": "Hvem leser referatet?",
}
LONG = "Jeg ligger våken til fire. Om dagen sover jeg når de andre er ute."
WISH, NEED = LINES["wishes/wish"], LINES["needs/need"]


@pytest_asyncio.fixture(loop_scope="session")
async def person(tmp_path: Path) -> AsyncIterator[Person]:
    """Somebody who prepares, and the whole program, served."""
    served = Server(make_app(Settings(data=tmp_path / "data"), Clock(), our_texts(), LOW_COST))
    await served.start_server()
    somebody = Person(TestClient(served))
    yield somebody
    await somebody.client.close()


async def short(person: Person) -> str:
    """The path of the summary of the short way, with one line to each question."""
    page = await person.begin()
    page = await person.send(page.form("reply").choose("option", "care_team").press())
    page = await person.send(page.form("reply").write("on", "2027-02-05").write("at", "12:30").press())
    page = await person.send(page.form("continue").press("skip"))
    while page.has("reply"):
        form = page.form("reply")
        page = await person.send(
            form.say(LINES[page.state]).press() if page.state in LINES else form.press("skip")
        )
    return (await person.summary(page)).path


async def full(person: Person) -> str:
    """The path of the summary of much: the short way in full, and two topics."""
    page = await say_more(person, await short_way(person), "topics")
    while page.has("reply"):
        form = page.form("reply")
        if page.state == "topics/which":
            page = await person.send(form.choose("option", "days", "money").press())
        elif form.named("support.level"):
            page = await place(person, page, "more", "same")
        else:
            page = await person.send(form.say(LONG).press() if form.words else form.press("skip"))
    return (await person.summary(page)).path


async def seen_by(person: Person, browser: Browser, **options: Any) -> BrowserPage:
    """A tab with the person's cookies."""
    context = await browser.new_context(**({"viewport": PHONE, "locale": "nb-NO"} | options))
    await context.add_cookies(cookies_in(person.client.session.cookie_jar, person.client.make_url("/")))
    return await context.new_page()


async def counted(page: BrowserPage) -> str:
    """The words of the bar as they are read aloud; what a style sheet counts is no text of the page."""
    session = await page.context.new_cdp_session(page)
    tree = await session.send("Accessibility.getFullAXTree")
    nodes = {node["nodeId"]: node for node in tree["nodes"]}

    def words(node: dict[str, Any]) -> str:
        if node["role"].get("value") == "StaticText":
            return str(node["name"]["value"])
        return "".join(words(nodes[child]) for child in node.get("childIds", []) if child in nodes)

    texts = [words(node) for node in nodes.values() if node["role"].get("value") == "paragraph"]
    (text,) = [text for text in texts if text.endswith("deles")]
    return text


def entry(page: BrowserPage, words: str) -> Locator:
    return page.locator(".switches > li", has_text=words)


@pytest.mark.parametrize("way", [short, full], ids=["short", "full"])
async def test_the_list_is_short_and_three_taps_lead_to_the_preview(
    browser: Browser, person: Person, way: Any
) -> None:
    summary = await way(person)
    page = await seen_by(person, browser)
    await page.goto(person.address + summary)
    taps = 0
    for tap in (f"main a[href='{summary.replace('/summary', '/share')}']", ".share-bar button"):
        await page.click(tap)
        taps += 1
        await page.wait_for_load_state()
        if taps == 1:
            assert await page.inner_text("h1") == NB("share.heading")
            height = await page.evaluate("document.documentElement.scrollHeight")
            of = await page.locator(".switch").count()
            bar = await page.locator(".share-bar").bounding_box()
            assert bar is not None
            print(f"{way.__name__}: {of} switches, {height} px, {height / PHONE['height']:.2f} screens")
            assert height / PHONE["height"] <= MOST[way.__name__]
            assert await counted(page) == f"{of} av {of} deles", "all are on"
            assert bar["y"] + bar["height"] <= PHONE["height"], "the bar stays"
    assert page.url.endswith("/share/preview")
    assert "på møtene" in await page.inner_text(".shared-sheet")
    print(f"{way.__name__}: {taps} taps")
    assert taps <= MOST_TAPS
    await page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "without"])
async def test_the_bar_counts_what_is_on_and_the_choice_is_there_again(
    browser: Browser, person: Person, scripts: bool
) -> None:
    share = (await short(person)).replace("/summary", "/share")
    page = await seen_by(person, browser, java_script_enabled=scripts)
    await page.goto(person.address + share)
    of = await page.locator(".switch").count()
    await entry(page, WISH).get_by_role("switch").focus()
    await page.keyboard.press("Space")
    assert await counted(page) == f"{of - 1} av {of} deles"
    await entry(page, NEED).locator("summary").click()
    await entry(page, NEED).locator(".rather").check()
    assert await counted(page) == f"{of - 2} av {of} deles", "what is said is not shared"
    await expect(entry(page, NEED).get_by_role("switch")).to_be_hidden()
    await expect(entry(page, NEED).locator(".is-said")).to_be_visible()
    await page.click(".share-bar button")
    sheet = await page.inner_text(".shared-sheet")
    assert WISH not in sheet
    assert NEED not in sheet
    assert NB("share.more_to_say") in sheet
    await page.goto(person.address + share)
    assert await counted(page) == f"{of - 2} av {of} deles"
    await expect(entry(page, WISH).get_by_role("switch")).not_to_be_checked()
    await expect(entry(page, NEED).locator(".rather")).to_be_checked()
    await page.context.close()


async def test_nothing_on_is_said_plainly(browser: Browser, person: Person) -> None:
    share = (await short(person)).replace("/summary", "/share")
    page = await seen_by(person, browser)
    await page.goto(person.address + share)
    for switch in await page.locator(".switch").all():
        await switch.uncheck()
    assert (await counted(page)).startswith("0 av ")
    await page.click(".share-bar button")
    await expect(page.locator(".preview-line")).to_have_text(NB("share.preview_nothing"))
    await expect(page.locator("#share")).to_have_count(0)
    await expect(page.locator("main a.primary")).to_have_attribute("href", f"{share}/each")
    await page.context.close()


async def test_the_receipts_stay_when_a_person_loads_them_again_or_goes_back(
    browser: Browser, person: Person
) -> None:
    share = (await short(person)).replace("/summary", "/share")
    page = await seen_by(person, browser)
    heading = page.locator("h1")
    await page.goto(f"{person.address}{share}")
    await page.click(".share-bar button")
    await page.click("#share .primary")
    await expect(heading).to_have_text(NB("share.code_heading"))
    await page.goto(f"{person.address}{share}/each")
    await entry(page, WISH).get_by_role("switch").uncheck()
    await page.click(".share-bar button")
    await page.click("#share .primary")
    await expect(heading).to_have_text(NB("share.changed_heading"))
    await page.reload()
    await expect(heading).to_have_text(NB("share.changed_heading"))
    await page.goto(f"{person.address}{share}/withdraw")
    await page.click("#withdraw .takes-away")
    for again in (page.reload, page.go_back):
        await expect(heading).to_have_text(NB("share.withdrawn_heading"))
        await again()
    await expect(heading).to_have_text(NB("share.withdrawn_heading"))
    await page.goto(f"{person.address}{share}")
    await expect(page.locator("main .urgent").first).to_contain_text(NB("share.withdrawn_heading"))
    await page.goto(f"{person.address}/delete")
    await page.click("#delete .takes-away")
    await expect(heading).to_have_text(NB("deleted.heading"))
    await page.reload()
    await expect(heading).to_have_text(NB("deleted.heading"))
    await expect(page.locator("main")).to_contain_text(NB("deleted.next"))
    await page.context.close()
