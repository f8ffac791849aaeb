"""What is wrong on a page is found, the second time too, and where the last page had nothing wrong."""

import pytest
from playwright.async_api import Browser
from support.axe import faults_in

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
