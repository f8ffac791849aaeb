"""One tab for each process, in which axe looks at copies of the pages that tests see.

axe's script is half a megabyte. In each page that is new it is sent, read and compiled again, and its
first run there is slow. That costs more than the looking. A copy replaces the one before it in the same
document, where the script stays. Scripts of ours do not run in a copy, so that pages for browsers without
scripts can be copied too.
"""

from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

# what a person chose or wrote is no attribute, and styles may show it
_COPY = """() => {
    const all = "input, textarea, option", copy = document.documentElement.cloneNode(true);
    const copies = copy.querySelectorAll(all);
    document.querySelectorAll(all).forEach((one, number) => {
        const other = copies[number];
        if (one.localName === "textarea") other.textContent = `\\n${one.value}`;
        else if (one.localName === "option") other.toggleAttribute("selected", one.selected);
        else if (/^(checkbox|radio)$/.test(one.type)) other.toggleAttribute("checked", one.checked);
        else other.setAttribute("value", one.value);
    });
    // the tab has scripts: what is for browsers without them is no part of a page there
    copy.querySelectorAll("noscript").forEach((one) => one.replaceChildren());
    return copy.outerHTML;
}"""
_SHOW = """async (html) => {
    const shown = new DOMParser().parseFromString(`<!doctype html>${html}`, "text/html").documentElement;
    document.replaceChild(document.adoptNode(shown), document.documentElement);
    scrollTo(0, 0);
    const sheets = [...document.querySelectorAll("link[rel=stylesheet]")];
    const loaded = await Promise.all(sheets.map((link) => link.sheet ? true : new Promise((tell) => {
        link.addEventListener("load", () => tell(true));
        link.addEventListener("error", () => tell(false));
    })));
    return document.compatMode === "CSS1Compat" && loaded.length > 0 && loaded.every(Boolean);
}"""
_tabs: dict[Browser, Page] = {}
_colours: dict[Browser, tuple[bool, bool]] = {}
"""Whether the tab is dark, and has forced colours; to say it again takes as long as to say something new."""


async def mirrored(page: Page, address: str, size: ViewportSize, *, is_dark: bool, is_forced: bool) -> Page:
    """Show what is on a page, at this size and in these colours, where axe is ready."""
    browser = page.context.browser
    assert browser is not None
    if browser not in _tabs:
        _tabs[browser] = await (await browser.new_context(locale="nb-NO")).new_page()
    tab = _tabs[browser]
    if tab.viewport_size != size:
        await tab.set_viewport_size(size)
    if _colours.get(browser) != (is_dark, is_forced):
        colours: dict[str, Any] = {
            "color_scheme": "dark" if is_dark else "light",
            "forced_colors": "active" if is_forced else "none",
        }
        await tab.emulate_media(**colours)
        _colours[browser] = (is_dark, is_forced)
    html = await page.evaluate(_COPY)
    # style sheets are named by what is in them, so those of an earlier server of this process are as good
    if tab.url == "about:blank" or not await tab.evaluate(_SHOW, html):
        await tab.goto(f"{address}/healthz")
        assert await tab.evaluate(_SHOW, html), "it has its style sheets"
    return tab


def is_kept(context: BrowserContext) -> bool:
    """Whether a context outlives the test that opened it."""
    return any(tab.context is context for tab in _tabs.values())
