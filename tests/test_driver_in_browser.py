"""The driver's script comes with each new page, in the driver's world only."""

import pytest
from playwright.async_api import Browser
from support.driver import NAME

ASKED = {"expression": f"typeof globalThis.{NAME}"}


@pytest.mark.parametrize("java_script_enabled", [True, False])
@pytest.mark.asyncio(loop_scope="session")
async def test_the_script_of_the_driver_comes_with_each_new_page_and_is_not_seen_in_it(
    browser: Browser, java_script_enabled: bool
) -> None:
    page = await (await browser.new_context(java_script_enabled=java_script_enabled)).new_page()
    worlds: list[dict[str, object]] = []
    session = await page.context.new_cdp_session(page)
    session.on("Runtime.executionContextCreated", lambda event: worlds.append(event["context"]))
    await session.send("Runtime.enable")
    for title in ("En", "To"):
        worlds.clear()
        await page.goto(f"data:text/html,<title>{title}</title><h1>Hei</h1>")
        assert await page.inner_text("h1") == "Hei"
        found = {}
        for world in worlds:
            answer = await session.send("Runtime.evaluate", ASKED | {"contextId": world["id"]})
            found[str(world["name"]).split("_world")[0]] = answer["result"]["value"]
        assert found == {"": "undefined", "__playwright_utility": "function"}
