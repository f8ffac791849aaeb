"""Tabs that tests take one after another: a new tab costs as much as five pages in one that is open.

A tab is given back as it was taken, but for the files of its cache: it has no cookie, nothing listens in it,
nothing is intercepted, and `Page.resetNavigationHistory` takes its history away. What is added to every page,
as a script or another clock, stays: a test of that takes a new tab.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page

from support.tab import Tab

KEPT = {"viewport", "locale", "java_script_enabled", "color_scheme", "forced_colors"}
"""What a tab that another test had can still be given; one with other options is a new one."""
_free: dict[tuple[Browser, str, bool], list[Page]] = defaultdict(list)
_sessions: dict[Page, CDPSession] = {}


async def _take(browser: Browser, options: Mapping[str, Any]) -> Page:
    """A tab with these options, of which `viewport` and `locale` are given."""
    key = browser, options["locale"], options.get("java_script_enabled", True)
    if not _free[key]:
        page = await (await browser.new_context(**options)).new_page()
        _sessions[page] = await page.context.new_cdp_session(page)
        return page
    page = _free[key].pop()
    await page.set_viewport_size(options["viewport"])
    await page.emulate_media(
        media="null",
        color_scheme=options.get("color_scheme", "light"),
        forced_colors=options.get("forced_colors", "none"),
    )
    return page


@asynccontextmanager
async def kept_tab(browser: Browser, address: str, **options: Any) -> AsyncIterator[Tab]:
    """Take a tab with these options, and give it back in the end; nothing may have gone wrong in it."""
    assert options.keys() <= KEPT
    tab = Tab(await _take(browser, options), address)
    yield tab
    tab.assert_nothing_wrong()
    tab.listen_no_more()
    await _give_back(tab.page, options, address)


async def _give_back(page: Page, options: Mapping[str, Any], address: str) -> None:
    """Leave what is in the tab for a page without words; where that fails, close it."""
    context, browser = page.context, page.context.browser
    assert browser is not None
    try:
        for other in context.pages:
            if other is not page:
                await other.close()
        await page.unroute_all()
        await context.unroute_all()
        await context.set_offline(False)
        await context.clear_cookies()
        await context.clear_permissions()
        await page.goto(f"{address}/healthz")
        await _sessions[page].send("Page.resetNavigationHistory")
    except Error:
        await context.close()
        return
    _free[browser, options["locale"], options.get("java_script_enabled", True)].append(page)


def is_free(context: BrowserContext) -> bool:
    """Whether a tab in this context waits for the next test."""
    return any(page.context is context for pages in _free.values() for page in pages)
