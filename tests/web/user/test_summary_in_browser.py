"""The summary as it is seen and printed: axe, narrow screens, both schemes, and one A4 page of paper."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient
from playwright.async_api import Browser, ViewportSize
from support.kept_tabs import kept_tab
from support.need import need
from support.on_the_way import cookies_in
from support.page import Page
from support.person import CATALOGUES, Person
from support.preparing import BALANCE, NOTE, ORDINARY, links, ordinary, three_topics
from support.server import Server
from support.tab import Tab

from assistant.languages import LANGUAGES, Language
from web.user.test_conversation_in_browser import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
WIDE: ViewportSize = {"width": 1280, "height": 740}


@pytest.fixture
def poppler() -> None:
    """The programs that read a PDF from outside."""
    found = all(shutil.which(name) for name in ("pdfinfo", "pdftotext", "pdftoppm"))
    need("poppler-utils", "ASSISTANT_REQUIRE_POPPLER", is_there=found)


@pytest_asyncio.fixture(loop_scope="session")
async def person(app: web.Application) -> AsyncIterator[Person]:
    """Somebody with a browser without JavaScript, on a server that a real one can reach too."""
    async with TestClient(Server(app)) as client:
        yield Person(client)


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser, person: Person) -> AsyncIterator[Tab]:
    """A phone's tab. (axe needs JavaScript; the ways without it are walked in `test_sheets.py`.)"""
    async with kept_tab(browser, person.address, viewport=PHONE, locale="nb-NO") as tab:
        yield tab


async def be(tab: Tab, person: Person) -> None:
    """Give the tab the person's cookies."""
    await tab.page.context.add_cookies(
        cookies_in(person.client.session.cookie_jar, person.client.make_url("/"))
    )


def run(*command: str | Path) -> str:
    """What a program says."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


async def printed(tab: Tab, path: str, file: Path, how: str = "-layout") -> tuple[int, str]:
    """Print a page; how many sheets it takes, and what stands on them."""
    await tab.open(path)
    await tab.page.pdf(path=file, prefer_css_page_size=True)
    facts = dict(line.split(":", 1) for line in run("pdfinfo", file).splitlines() if ":" in line)
    assert facts["Page size"].endswith("(A4)")
    return int(facts["Pages"]), run("pdftotext", how, file, "-")


def is_grey(file: Path) -> bool:
    """Whether there is no colour on the first sheet."""
    picture = subprocess.run(
        ["pdftoppm", "-r", "40", "-f", "1", "-l", "1", file], capture_output=True, check=True
    ).stdout
    dots = picture.split(b"\n", 3)[3]
    return dots[0::3] == dots[1::3] == dots[2::3]


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.usefixtures("poppler")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_ordinary_preparation_is_one_a4_page_in_black_and_white(
    tab: Tab, person: Person, tmp_path: Path, language: Language
) -> None:
    summary = await ordinary(person, language)
    here = summary.path.removesuffix("/summary")
    await be(tab, person)
    say = CATALOGUES[language].say
    for path in ("/print", "/summary", "/show"):
        file = tmp_path / "sheet.pdf"
        pages, text = await printed(tab, here + path, file)
        await tab.page.emulate_media(media="print")
        sizes = await tab.page.eval_on_selector_all(
            ".summary blockquote, .summary h2",
            "all => all.map(e => parseFloat(getComputedStyle(e).fontSize) * 0.75)",
        )
        await tab.page.emulate_media(media="null")
        print(f"{language} {path}: {pages} page, type of {min(sizes):.1f} points")
        assert pages == 1, path
        assert min(sizes) >= 11
        assert say("sheet.answer") in text, "room for a pen"
        assert is_grey(file)
        assert NOTE not in words(text)
        assert "2026" in text
        for what in (say("sheet.line", day="").rstrip(" ·"), "113", "116 117", "116 123", "22 40 00 40"):
            assert what in words(text), path
        for screen_only in (
            "site.leave",
            "help.now",
            "endings.delete_button",
            "endings.keep_heading",
        ):
            assert say(screen_only) not in text, path


@pytest.mark.usefixtures("poppler")
async def test_everything_that_was_said_is_on_the_paper(tab: Tab, person: Person, tmp_path: Path) -> None:
    summary = await ordinary(person)
    await be(tab, person)
    path = summary.path.replace("/summary", "/print")
    _, text = await printed(tab, path, tmp_path / "sheet.pdf", "-raw")
    for statement in [said for texts in (*ORDINARY.values(), BALANCE) for said in texts]:
        assert statement in words(text)


@pytest.mark.usefixtures("poppler")
async def test_large_print_takes_the_pages_it_takes_and_is_large(
    tab: Tab, person: Person, tmp_path: Path
) -> None:
    summary = await ordinary(person)
    here = summary.path.removesuffix("/summary")
    await be(tab, person)
    pages, text = await printed(tab, f"{here}/print?large", tmp_path / "large.pdf")
    assert pages > 1
    assert NOTE not in words(text)
    await tab.page.emulate_media(media="print")
    size = await tab.page.locator("blockquote.own").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    assert size >= 16 / 0.75, "16 points"


@pytest.mark.usefixtures("poppler")
async def test_the_map_is_printed_unless_it_is_left_out(tab: Tab, person: Person, tmp_path: Path) -> None:
    summary = await ordinary(person)
    here = summary.path.removesuffix("/summary")
    await be(tab, person)
    _, without = await printed(tab, f"{here}/print?nomap", tmp_path / "without.pdf")
    assert "Generelt" not in without
    for path in ("/print", "/summary", "/show"):
        pages, with_map = await printed(tab, here + path, tmp_path / "with.pdf")
        assert pages == 1
        for word in ("mindre støtte", "mer støtte", "Generelt"):
            assert word in with_map, path
        await tab.page.emulate_media(media="print")
        drawn, said = await tab.page.eval_on_selector_all(
            ".beside-map > :is(.map, .said)",
            "all => all.map((e) => e.getBoundingClientRect()).map((box) => [box.top, box.right, box.left])",
        )
        await tab.page.emulate_media(media="null")
        assert abs(drawn[0] - said[0]) < 40, "beside the first words about support and challenge"
        assert drawn[1] <= said[2]


async def test_axe_finds_nothing_on_any_page_of_the_summary(tab: Tab, person: Person) -> None:
    summary = await three_topics(person, "Katten min <b>" + "lang" * 30)
    here = summary.path.removesuffix("/summary")
    held = links(await person.open(f"{here}/show"), "hold")
    await be(tab, person)
    tab.elsewhere = (PHONE, True, False), (WIDE, False, False), (WIDE, True, False)
    for path in ("/summary", "/show", "/print", "/print?large"):
        await tab.open(here + path)
        await tab.look()
    own_topics = [link for link in held if "Katten min" in (await person.open(link)).main]
    for link in (held[0], held[-1], own_topics[0]):
        await tab.open(link)
        await tab.look()
    tab.assert_nothing_wrong()


async def test_the_empty_and_the_nearly_empty_summary_are_clean(tab: Tab, person: Person) -> None:
    page: Page = await person.begin()
    await be(tab, person)
    tab.elsewhere = ((PHONE, True, False),)
    for path in ("/summary", "/show", "/print"):
        await tab.open(page.path + path)
        await tab.look()
    await person.send(page.form("reply").choose("option", "medication").press())
    for path in ("/summary", "/show", "/print"):
        await tab.open(page.path + path)
        await tab.look()
    tab.assert_nothing_wrong()


async def test_names_in_one_place_do_not_touch_on_the_screen(tab: Tab, person: Person) -> None:
    summary = await three_topics(person, "Katten min")
    await be(tab, person)
    await tab.open(summary.path)
    one, other = [await mark.bounding_box() for mark in await tab.page.locator(".map .pill").all()]
    assert one is not None
    assert other is not None
    assert one["y"] + one["height"] < other["y"]
    assert min(one["height"], other["height"]) >= 20


async def test_a_line_is_held_up_and_put_down_by_keyboard(tab: Tab, person: Person) -> None:
    summary = await ordinary(person)
    await be(tab, person)
    await tab.open(summary.path.replace("/summary", "/show"))
    line = tab.page.locator("a.hold").nth(2)
    shown = await line.locator("blockquote").inner_text()
    assert shown in ORDINARY["wishes/wish"]
    await line.focus()
    await tab.page.keyboard.press("Enter")
    await tab.page.wait_for_selector(".held-up")
    assert await tab.page.locator("blockquote").inner_text() == shown
    large = await tab.page.locator("blockquote").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert large >= 30
    await tab.page.locator("main a.button").press("Enter")
    await tab.page.wait_for_selector("#summary")


@pytest.mark.usefixtures("poppler")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["for-professionals", "for-peer-workers"])
async def test_the_minute_before_a_meeting_is_one_a4_page_and_fits_every_screen(
    tab: Tab, person: Person, tmp_path: Path, language: Language, path: str
) -> None:
    await be(tab, person)
    file = tmp_path / "minute.pdf"
    pages, text = await printed(tab, f"/{language}/{path}", file)
    assert pages == 1
    assert is_grey(file)
    page = await person.open(f"/{language}/{path}")
    for heading in page.root.one("article", id="sheet").all("h2"):
        assert heading.text.split()[0] in text
    assert "116 117" in text
    for screen_only in ("help.now", "minute.print"):
        assert CATALOGUES[language].say(screen_only) not in words(text)
    await tab.look()
    await tab.page.emulate_media(color_scheme="dark")
    await tab.look()
    await tab.page.set_viewport_size({"width": 1280, "height": 800})
    await tab.look()
    tab.assert_nothing_wrong()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_summary_is_a_letter_with_a_bar_that_stays(
    tab: Tab, person: Person, scheme: Literal["light", "dark"]
) -> None:
    summary = await ordinary(person)
    await be(tab, person)
    await tab.page.emulate_media(color_scheme=scheme)
    await tab.open(summary.path)
    bar = tab.page.locator("nav.stays")
    box = await bar.bounding_box()
    assert box is not None
    print(f"the bar: y = {box['y']:.0f}–{box['y'] + box['height']:.0f} of 740")
    assert box["y"] + box["height"] <= 740
    sizes = await tab.page.locator("#summary blockquote.own").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    print(f"own words: {sorted(set(sizes))} px")
    assert all(20 <= size <= 22 for size in sizes)
    for section in await tab.page.locator("#summary > section").all():
        assert await section.locator(".edit").count() == 1
    order = await tab.page.locator("#summary > section").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-labelledby').slice(8))"
    )
    assert order == ["wishes", "agree", "needs", "balance", "questions", "matters", "helps", "topics"]
    height = await tab.page.evaluate("document.documentElement.scrollHeight")
    print(f"the page: {height / 740:.2f} screens")
    await tab.look()


async def test_the_bar_hides_nothing_at_400_per_cent(tab: Tab, person: Person) -> None:
    summary = await ordinary(person)
    await be(tab, person)
    await tab.page.set_viewport_size({"width": 320, "height": 256})
    await tab.open(summary.path)
    assert await tab.page.locator("nav.stays").evaluate("e => getComputedStyle(e).position") == "static"
