"""What is wrong on a page is found, the second time too, and where the last page had nothing wrong."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, ViewportSize
from support.axe import faults_in, new_faults_in
from support.mirror import mirrored
from support.tab import NARROW

GOOD = "<!doctype html><html lang=nb><title>T</title><main><h1>Hei</h1><button>{}</button></main>"


@pytest.mark.asyncio(loop_scope="session")
async def test_faults_are_found_with_the_elements_that_have_them(browser: Browser) -> None:
    page = await (await browser.new_context()).new_page()
    await page.set_content(GOOD.format("Videre"))
    assert await faults_in(page) == []
    await page.set_content(GOOD.format(""))
    for _ in range(2):
        assert await faults_in(page) == [("button-name", ["<button></button>"])]
    await page.set_content(GOOD.format("<b style='color: #bbb; background: #fff'>Videre</b>"))
    assert [rule for rule, _ in await faults_in(page)] == ["color-contrast"]
    assert await faults_in(page, {"runOnly": {"type": "rule", "values": ["button-name"]}}) == []


@pytest.mark.asyncio(loop_scope="session")
async def test_a_part_in_which_nothing_was_wrong_is_looked_at_once_in_the_same_surroundings(
    browser: Browser,
) -> None:
    page = await (await browser.new_context()).new_page()
    faint = "<style>button { color: #bbb; background: #fff }</style>"

    async def is_wrong(html: str, surroundings: str = "light") -> list[str]:
        await page.set_content(html)
        return [rule for rule, _ in await new_faults_in(page, None, "a test", surroundings)]

    assert await is_wrong(GOOD.format("Videre")) == []
    assert await is_wrong(GOOD.format("Tilbake") + faint, "dark") == ["color-contrast"]
    assert await is_wrong(GOOD.format("Tilbake") + faint) == [], "the same but for its words"
    # what is new is found beside what is known, in the same place and in another
    assert await is_wrong(GOOD.format("<i>Videre</i>") + faint) == ["color-contrast"]
    assert await is_wrong(GOOD.format("Videre</button><button class=new>Stopp") + faint) == ["color-contrast"]
    assert await is_wrong(GOOD.format("Videre</button><button>")) == ["button-name"]
    assert await is_wrong(GOOD.format("Videre</button><h3>Langt nede</h3><button>Mer")) == ["heading-order"]
    # and what was wrong once is not known
    assert await is_wrong(GOOD.format("Videre</button><button>")) == ["button-name"]
    assert await is_wrong(GOOD.format("Videre</button><h2>Mer</h2><button>Mer")) == []
    assert await is_wrong(GOOD.format("Videre</button><h2>Nytt</h2><h3>Mer</h3><button>Mer")) == []


SHEET = "<link rel=stylesheet href=/style.css>"
STYLES = """
button { color: #333; background: #fff }
@media (prefers-color-scheme: dark) { button { color: #222; background: #111 } }
@media (min-width: 600px) { button { color: #bbb } }
"""
SCRIPT = "<script>document.querySelector('h1').textContent = 'here'</script>"


@pytest_asyncio.fixture(loop_scope="session")
async def address() -> AsyncIterator[str]:
    """A site with a style sheet and one page."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/style.css":
            return web.Response(text=STYLES, content_type="text/css")
        if request.path == "/healthz":
            return web.Response(text="ok")
        page = GOOD.format("Videre").replace("<main>", f"{SHEET}<main>")
        tick = "<label>Alt <input type=checkbox></label>"
        return web.Response(text=page.replace("<button", f"{tick}<button") + SCRIPT, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{any:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_copy_looks_like_the_page_at_any_size_and_in_any_colours(
    browser: Browser, address: str
) -> None:
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{address}/page")

    async def is_wrong(width: int = 320, *, is_dark: bool = False) -> list[str]:
        size = ViewportSize(width=width, height=640)
        copy = await mirrored(page, address, size, is_dark=is_dark, is_forced=False)
        return [rule for rule, _ in await faults_in(copy)]

    assert await is_wrong() == []
    assert await is_wrong(is_dark=True) == ["color-contrast"]
    assert await is_wrong(640) == ["color-contrast"]
    assert await is_wrong() == [], "nothing stays of the one before"
    await page.evaluate("document.querySelector('button').textContent = ''")
    assert await is_wrong() == ["button-name"]


@pytest.mark.asyncio(loop_scope="session")
async def test_a_copy_has_what_was_written_and_chosen_and_runs_no_script(
    browser: Browser, address: str
) -> None:
    page = await (await browser.new_context(java_script_enabled=False)).new_page()
    await page.goto(f"{address}/page")
    await page.check("input")
    copy = await mirrored(page, address, NARROW, is_dark=False, is_forced=False)
    assert await copy.is_checked("input")
    assert await copy.inner_text("h1") == "Hei"
