"""A review printed from its page, on both sides: the words, folded ones too, and nothing to press."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from support.clock import Clock
from support.colleague import as_colleague, in_role, numbered
from support.need import need
from support.person import CATALOGUES, Person
from support.reviewing import COURSE, DAUGHTER, SLEEP, WISH, Both, met
from support.tab import Tab

from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, kept_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, shared_app  # noqa: F401
from web.views.test_act_sizes_in_browser import with_many_entries
from web.views.test_record_in_browser import prepared
from web.views.test_review_at_once_in_browser import at, somebody  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
ANSWERED = ("Jeg spør lederen.", "Ja, i mars.", "Kari spør om vi kan være tre")


@pytest_asyncio.fixture(loop_scope="session")
async def both(somebody: Callable[[], Person], shared_app: web.Application, time: Clock) -> Both:
    """A review that was gone through, with a text for the record."""
    need("poppler-utils", "ASSISTANT_REQUIRE_POPPLER", is_there=shutil.which("pdftotext") is not None)
    colleague = as_colleague(somebody(), time)
    colleague.name = numbered("Kari")
    await in_role(shared_app, colleague, "professional", name=colleague.name)
    both = await met(somebody(), colleague)
    await prepared(both)
    return both


def said_by(*command: str | Path) -> str:
    """What a program says."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def run(*command: str | Path) -> str:
    """What a program says, in one line."""
    return " ".join(said_by(*command).split())


async def printed(tab: Tab, file: Path) -> str:
    """What stands on the paper when this page is printed, in one line."""
    await tab.page.pdf(path=file, prefer_css_page_size=True)
    return run("pdftotext", "-raw", file, "-")


async def pressed(tab: Tab) -> set[str]:
    """What is written on everything that can be pressed on the page."""
    found = await tab.page.eval_on_selector_all(
        "button, a.button, .controls summary, .help summary, .bar a",
        "all => all.map(e => e.textContent.trim().replace(/\\s+/g, ' '))",
    )
    return {text for text in found if text}


async def test_a_printed_review_is_its_words_and_has_nothing_to_press(
    kept_tab: NewTab, both: Both, tmp_path: Path
) -> None:
    for person, path, view in ((both.mine, both.here, PHONE), (both.hers, both.desk, DESK)):
        tab = await at(await kept_tab(viewport=view), person, path)
        folded = await tab.page.locator("details.chapter:not([open])").count()
        text = await printed(tab, tmp_path / "review.pdf")
        buttons = await pressed(tab)
        first = text.index(" ".join(COURSE.split()))
        print(f"{folded} folded chapters, {len(buttons)} names on buttons; own words after {first} letters")
        assert folded, "something is folded on the screen"
        for words in (SLEEP, DAUGHTER, WISH, COURSE, *ANSWERED):
            assert " ".join(words.split()) in text
        assert [name for name in buttons if name in text] == []
        assert NB("review.record_text") not in text
        await tab.page.emulate_media(media="print")
        assert await tab.page.locator("nav:visible, .top:visible, .foot:visible").count() == 0


async def test_no_heading_is_alone_at_the_foot_of_a_page_or_of_it_all(
    kept_tab: NewTab, somebody: Callable[[], Person], shared_app: web.Application, time: Clock, tmp_path: Path
) -> None:
    need("poppler-utils", "ASSISTANT_REQUIRE_POPPLER", is_there=shutil.which("pdftotext") is not None)
    colleague = as_colleague(somebody(), time)
    await in_role(shared_app, colleague, "professional", name="Kari som skriver ut")
    both = await with_many_entries(somebody(), colleague)
    for person, path in ((both.mine, both.here), (both.hers, both.desk)):
        tab = await at(await kept_tab(viewport=PHONE), person, path)
        await tab.page.emulate_media(media="print")
        headings = set(await tab.page.locator("h2:visible, h3:visible").all_inner_texts())
        await tab.page.pdf(path=tmp_path / "review.pdf", prefer_css_page_size=True)
        paper = said_by("pdftotext", "-layout", tmp_path / "review.pdf", "-")
        pages = [page.split("\n") for page in paper.split("\f") if page.strip()]
        last = [[line.strip() for line in page if line.strip()][-1] for page in pages]
        print(f"{len(pages)} pages, {len(headings)} headings; the last lines: {last}")
        assert len(headings) > 8
        assert headings.isdisjoint(last)


async def test_what_came_of_it_is_taken_along_on_one_page(
    kept_tab: NewTab, both: Both, tmp_path: Path
) -> None:
    tab = await at(await kept_tab(viewport=PHONE), both.mine, both.here)
    await tab.page.click(f"a[href='{both.here}/take']")
    await tab.page.wait_for_selector("#outcome")
    text = await printed(tab, tmp_path / "outcome.pdf")
    print(f"outcome: {len(text)} letters")
    assert "Pages: 1 " in run("pdfinfo", tmp_path / "outcome.pdf")
    for words in (WISH, COURSE, *ANSWERED, NB("outcome.stands_user_agree"), both.hers.name):
        assert " ".join(words.split()) in text
    assert [name for name in await pressed(tab) if name in text] == []
