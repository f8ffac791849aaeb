"""Nothing is wider than a screen of 320 pixels, however long the words are that people write."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient
from playwright.async_api import Browser
from playwright.async_api import Page as BrowserPage
from support.clock import Clock
from support.colleague import Colleague, as_colleague, in_role
from support.inviting import invite
from support.on_the_way import cookies_in
from support.person import Person
from support.quick import LOW_COST, our_texts
from support.server import Server
from support.sharing import choose, code_of, open_by, share
from support.tab import NARROW

from assistant.config import Settings
from assistant.web.app import make_app
from web.views.test_own_words_untranslated import prepared

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
WIDE = "Ø" + "m" * 59
OUTSIDE = """() => [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".unseen, select, svg"))
    .map((e) => e.outerHTML.slice(0, 120))"""
"""The elements that end to the right of the screen."""


@pytest_asyncio.fixture(loop_scope="session")
async def app(tmp_path: Path) -> web.Application:
    """The whole program."""
    return make_app(Settings(data=tmp_path / "data"), Clock(), our_texts(), LOW_COST)


@pytest_asyncio.fixture(loop_scope="session")
async def server(app: web.Application) -> AsyncIterator[Server]:
    """It, served."""
    served = Server(app)
    await served.start_server()
    yield served
    await served.close()


async def seen_by(person: Person, browser: Browser) -> BrowserPage:
    """A narrow tab with the person's cookies."""
    context = await browser.new_context(viewport=NARROW, locale="nb-NO")
    await context.add_cookies(cookies_in(person.client.session.cookie_jar, person.client.make_url("/")))
    return await context.new_page()


async def see_that_it_fits(page: BrowserPage, where: str) -> None:
    """Nothing ends outside the screen."""
    width = await page.evaluate("document.scrollingElement.scrollWidth")
    assert (width, await page.evaluate(OUTSIDE) if width > NARROW["width"] else []) == (
        NARROW["width"],
        [],
    ), where


async def everything_of_the_user(person: Person) -> list[str]:
    """The addresses of a notebook with two meetings, in which everything is said in long words."""
    summary = await prepared(person, WIDE)
    here = summary.path.removesuffix("/summary")
    page = await person.open(f"{here}/after")
    page = await person.send(page.form("begin").press())
    while page.has("reply"):
        form = page.form("reply")
        page = await person.send(form.say(WIDE).press() if form.words else form.press("skip"))
    ways = (
        "/summary",
        "/show",
        "/take",
        "/print",
        "/print?nomap",
        "/pause",
        "/transcript",
        "/after/summary",
        "/share",
        "/form",
        "",
    )
    held_up = next(
        a.attributes["href"] for a in (await person.open(f"{here}/show")).root.all("a", class_="hold")
    )
    return [
        "/notebook",
        "/delete",
        "/nb/r",
        "/nb/i",
        held_up,
        f"{here}/delete",
        *(here + way for way in ways),
    ]


async def everything_of_the_professional(hers: Colleague, code: str) -> list[str]:
    """The addresses of a desk with an invitation and a share in long words, and of the review."""
    given = {"place": WIDE, "people": WIDE, "greeting": WIDE, "label": WIDE}
    made = await invite(hers, **given)
    opened = await open_by(hers, code)
    await hers.send(opened.form("meet").press("meet"))
    return [
        "/desk",
        "/desk/invitations",
        made.path,
        f"{made.path}/slips",
        "/d",
        opened.path,
        "/staff/account",
    ]


async def test_every_page_fits_a_narrow_screen(
    browser: Browser, app: web.Application, server: Server
) -> None:
    person, hers, boss = [Person(TestClient(server)) for _ in range(3)]
    colleague, administrator = as_colleague(hers, Clock()), as_colleague(boss, Clock())
    account = f"/admin/staff/{await in_role(app, colleague, 'professional', name=WIDE)}"
    await in_role(app, administrator, "administrator", name=f"{WIDE} 2")
    paths = await everything_of_the_user(person)
    shared = await share(person, await choose(person, await person.open(paths[6])))
    desk = await everything_of_the_professional(colleague, code_of(shared))
    review = (await person.open(f"{shared.path.removesuffix('/share')}/review")).path
    for who, where in (
        (person, [*paths, shared.path, f"{shared.path}/shown", f"{shared.path}/withdraw", review]),
        (colleague, desk),
        (administrator, ["/admin/staff", "/admin/staff/removed", account, f"{account}/reset"]),
    ):
        page = await seen_by(who, browser)
        for path in where:
            response = await page.goto(who.address + path)
            assert response is not None
            assert response.status == 200, path
            await see_that_it_fits(page, path)
        await page.context.close()
    for client in (person, hers, boss):
        await client.client.close()
