"""A tab of a real browser, and what must be true of every page that is seen in it."""

from playwright.async_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    ViewportSize,
    expect,
)

from assistant.web.http.pages import AWAY
from support.axe import likeness, looked_at, new_faults_in
from support.mirror import mirrored
from support.on_the_way import reached

NARROW: ViewportSize = {"width": 320, "height": 640}
# in the dark and in forced colours only the colours differ; every page is seen in the light too
AXE_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
SEEN = """[document.documentElement.outerHTML, document.title,
    ...["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((name) => matchMedia(name).matches)]"""
OVERTAKEN = "interrupted by another navigation", "net::ERR_ABORTED"
"""What Playwright says where a page went elsewhere by itself while it was being left."""
Surroundings = tuple[ViewportSize, bool, bool]
"""The size of a window, whether it is dark, and whether its colours are forced."""
WAY = ("[data-state='meeting/kind']", "[data-state='meeting/day']", "#continue", "[data-state='matters/now']")


class Tab:
    """One tab. It remembers whatever went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.seen: set[str] = set()
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.also: tuple[str, ...] = ()
        """Other sites that the test goes to on purpose."""
        self.elsewhere: tuple[Surroundings, ...] = ()
        """Other surroundings in which each page is looked at too, without going there again."""
        page.on("console", self._on_console)
        page.on("pageerror", self._on_page_error)
        page.on("dialog", self._on_dialog)
        page.on("request", self._on_request)

    def listen_no_more(self) -> None:
        """Whatever goes wrong in the tab from here on is another's."""
        self.page.remove_listener("console", self._on_console)
        self.page.remove_listener("pageerror", self._on_page_error)
        self.page.remove_listener("dialog", self._on_dialog)
        self.page.remove_listener("request", self._on_request)

    async def open(self, path: str) -> None:
        """Type an address; once more, where the page before it was loading itself anew, as after Back."""
        try:
            await self.page.goto(self.address + path)
        except Error as error:
            if not any(said in str(error) for said in OVERTAKEN):
                raise
            await self.page.wait_for_load_state()
            await self.page.goto(self.address + path)

    async def press(self, value: str, *, then: str) -> None:
        """Press the move with this value, when the script is there; see what comes."""
        await self.page.wait_for_load_state()
        await self.page.click(f"main button:not(.unseen)[value='{value}']")
        await self.page.wait_for_selector(then)

    async def expect_focus(self, name: str) -> None:
        """The focus is, or comes, there."""
        await expect(self.page.locator(f"#{name}")).to_be_focused()

    async def reach(self, wanted: str) -> None:
        """Be at this question, or step, without having gone there."""
        await self.open(await reached(self.page.context, self.address, wanted.removeprefix("#")))

    async def walk(self, wanted: str) -> None:
        """Skip from the first page to this question, or step, on the way to the first own words."""
        await self.open("/nb/")
        await self.page.click("#start button")
        for here in WAY:
            await self.page.wait_for_selector(here)
            if wanted in here:
                return
            # pressed before the script is there, a button asks for a whole page
            await self.page.wait_for_load_state()
            await self.page.click("main button[value=skip]")

    async def look(self) -> None:
        """Look at the page as axe does, here and elsewhere, and whether it fits a narrow screen.

        In the same surroundings axe looks at each part once; one that differs only in its words is the same.
        """
        size = self.page.viewport_size
        assert size is not None
        html, title, is_dark, is_forced = await self.page.evaluate(SEEN)
        self.seen.add(title)
        for surroundings in ((size, is_dark, is_forced), *self.elsewhere):
            await self._look_in(surroundings, html, title)

    async def _look_in(self, surroundings: Surroundings, html: str, title: str) -> None:
        size, is_dark, is_forced = surroundings
        it = likeness(html, is_dark, is_forced, size)
        if it in looked_at():
            return
        page = await mirrored(self.page, self.address, size, is_dark=is_dark, is_forced=is_forced)
        # what WCAG 2.2 AA asks for, and axe's own good habits; contrast is among them
        rules = AXE_COLOURS if is_dark or is_forced else None
        faults = await new_faults_in(page, rules, is_dark, is_forced, *size.values())
        assert faults == [], (title, faults)
        if (fits := likeness(html)) not in looked_at():  # colours make nothing wider
            await page.set_viewport_size(NARROW)
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= NARROW["width"], (title, wide)
        looked_at().update((it, fits))

    def assert_nothing_wrong(self) -> None:
        """No script failed, nothing was refused by the policy, nothing asked, nothing fetched elsewhere."""
        assert self.wrong == []
        known = (self.address + "/", AWAY, *self.also)
        strangers = [url for url in self.asked if not url.startswith(known)]
        assert strangers == []

    def _on_console(self, message: ConsoleMessage) -> None:
        # that an answer had the status 422 is no fault of the page
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.wrong.append(f"{message.type}: {message.text}")

    def _on_page_error(self, error: Error) -> None:
        self.wrong.append(f"error: {error}")

    async def _on_dialog(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _on_request(self, request: Request) -> None:
        self.asked.append(request.url)


async def instead_of_the_weather(context: BrowserContext) -> None:
    """Tests do not go out on the net."""
    await context.route(
        f"{AWAY}**", lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html")
    )
