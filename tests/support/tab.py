"""A tab of a real browser, and what must be true of every page that is seen in it."""

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, ViewportSize, expect

from assistant.web.http.pages import AWAY

NARROW: ViewportSize = {"width": 320, "height": 640}
# what WCAG 2.2 AA asks for, and axe's own good habits; contrast is among them
AXE = {"resultTypes": ["violations"]}
# in the dark and in forced colours only the colours differ; every page is seen in the light too
AXE_COLOURS = {**AXE, "runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
PLAIN = (
    "!matchMedia('(prefers-color-scheme: dark)').matches && !matchMedia('(forced-colors: active)').matches"
)
WAY = ("[data-state='meeting/kind']", "[data-state='meeting/day']", "#continue", "[data-state='matters/now']")


class Tab:
    """One tab. It remembers whatever went wrong in it."""

    def __init__(self, page: Page, address: str, mirror: Page | None = None) -> None:
        self.page = page
        self.address = address
        self.mirror = mirror
        self.seen: set[str] = set()
        self.wrong: list[str] = []
        self.asked: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("dialog", self._on_dialog)
        page.on("request", self._on_request)

    async def open(self, path: str) -> None:
        """Type an address."""
        await self.page.goto(self.address + path)

    async def press(self, value: str, *, then: str) -> None:
        """Press the move with this value; see what comes."""
        await self.page.click(f"main button:not(.unseen)[value='{value}']")
        await self.page.wait_for_selector(then)

    async def expect_focus(self, name: str) -> None:
        """The focus is, or comes, there."""
        await expect(self.page.locator(f"#{name}")).to_be_focused()

    async def reach(self, wanted: str) -> None:
        """Skip from the first page to this question, or step, on the way to the first own words."""
        await self.open("/nb/")
        await self.page.click("#start button")
        for here in WAY:
            await self.page.wait_for_selector(here)
            if wanted in here:
                return
            await self.page.click("main button[value=skip]")

    async def look(self) -> None:
        """Look at the page as axe does, and whether it fits a narrow screen."""
        page = await self._twin() if self.mirror else self.page
        title = await page.title()
        self.seen.add(title)
        is_plain = await self.page.evaluate(PLAIN)
        found = await Axe().run(page, options=AXE if is_plain else AXE_COLOURS)
        faults = [(v["id"], [node["html"] for node in v["nodes"]]) for v in found.response["violations"]]
        assert faults == [], title
        size = page.viewport_size
        assert size is not None
        await page.set_viewport_size(NARROW)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], (title, wide)
        await page.set_viewport_size(size)

    async def _twin(self) -> Page:
        """The very same page where scripts may run, for axe is one; ours is kept away."""
        assert self.mirror is not None
        html, url = await self.page.content(), self.page.url.partition("#")[0]
        await self.mirror.unroute_all()
        await self.mirror.route("**/main.js", lambda route: route.abort())
        await self.mirror.route(url, lambda route: route.fulfill(body=html, content_type="text/html"))
        await self.mirror.goto(url)
        return self.mirror

    def assert_nothing_wrong(self) -> None:
        """No script failed, nothing was refused by the policy, nothing asked, nothing fetched elsewhere."""
        assert self.wrong == []
        strangers = [url for url in self.asked if not url.startswith((self.address + "/", AWAY))]
        assert strangers == []

    def _on_console(self, message: ConsoleMessage) -> None:
        # that an answer had the status 422 is no fault of the page
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.wrong.append(f"{message.type}: {message.text}")

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
