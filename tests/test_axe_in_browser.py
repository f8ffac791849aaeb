"""What is wrong on a page is found, the second time too, and where the last page had nothing wrong."""

import pytest
from playwright.async_api import Browser
from support.axe import faults_in, new_faults_in

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
