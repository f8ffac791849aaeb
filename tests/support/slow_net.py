"""A page of a browser that is still on its way while more happens, as on a slow net."""

import asyncio

from playwright.async_api import Page, Route

_NEWEST = "(await import(document.scripts[0].src)).state.newest"


async def next_page_held_up(page: Page) -> tuple[asyncio.Event, asyncio.Event]:
    """Hold up what the script asks for next at this address, which the server has answered already.

    The first event is set once it is held up; set the second to let it come.
    """
    is_on_its_way, may_come = asyncio.Event(), asyncio.Event()
    here = page.url.partition("#")[0]

    async def hold_up(route: Route) -> None:
        response = await route.fetch()
        is_on_its_way.set()
        await may_come.wait()
        await route.fulfill(response=response)

    await page.route(lambda url: url == here, hold_up, times=1)
    return is_on_its_way, may_come


async def newest_heard(page: Page) -> str:
    """The newest revision that the stream told this page of; empty without a stream."""
    told: str = await page.evaluate(f"async () => {_NEWEST}")
    return told


async def hear_more(page: Page, than: str) -> None:
    """Wait until the stream tells this page of another revision, or ends."""
    await page.wait_for_function(f"async (than) => {_NEWEST} !== than", arg=than)


async def ask_by_itself_no_more(page: Page) -> None:
    """Stop every timer of the page: what it does not hear now, it never will."""
    await page.evaluate("for (let timer = 0; timer < 1000; timer += 1) clearInterval(timer)")
