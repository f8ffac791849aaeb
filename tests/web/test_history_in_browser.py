"""Back, Forward and reload after each act in Chromium, arrivals from another site, and many windows."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import asyncio
import base64
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import BrowserContext, Error, Page, Request, expect
from support.clock import Clock
from support.colleague import PASSWORD
from support.inviting import LABEL
from support.person import CATALOGUES
from support.quick import LOW_COST, our_texts
from support.tab import Tab

from assistant.config import Settings
from assistant.meetings.permissions import Role
from assistant.vault.second_factor import app_code
from assistant.web.app import make_app
from assistant.web.http.context import CONTEXT
from assistant.web.http.event_stream import STREAMS
from web.professional.test_invitations_in_browser import invite
from web.user.test_conversation_in_browser import NewTab, new_tab, time  # noqa: F401
from web.user.test_share import promise
from web.user.test_share_in_browser import address, prepare, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
TYPED = "Å sove om natten."
ELSEWHERE = "http://elsewhere.test/"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_app(tmp_path_factory: pytest.TempPathFactory, time: Clock) -> web.Application:
    folder: Path = tmp_path_factory.mktemp("history")
    return make_app(
        Settings(data=folder / "data", reading=promise("Kari Fagperson")), time, our_texts(), LOW_COST
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def kari(shared_app: web.Application) -> dict[str, str]:
    """An account for Kari, who is an administrator too, and how she gets in."""
    roles: frozenset[Role] = frozenset({"professional", "administrator"})
    _, link = await shared_app[CONTEXT].services.staff.accounts.add("Kari Fagperson", roles, "k" * 32)
    assert link is not None
    return {"link": link}


async def asks(page: Page, state: str) -> None:
    """Wait until the page asks this."""
    await page.wait_for_selector(f"[data-state='{state}']")


async def back_and_forward(page: Page) -> None:
    """Each shows a page of ours; Playwright raises where Chromium shows an error page of its own."""
    await page.go_back()
    await expect(page.locator("h1")).to_be_visible()
    await page.go_forward()
    await expect(page.locator("h1")).to_be_visible()
    await page.reload()
    await expect(page.locator("h1")).to_be_visible()


async def press(page: Page, selector: str) -> None:
    """Press a button that sends a form, see what comes, and try the history there."""
    async with page.expect_navigation():
        await page.locator(selector).first.click()
    await back_and_forward(page)


async def test_one_history_entry_a_question(new_tab: NewTab) -> None:
    tab = await new_tab()
    page = tab.page
    await tab.reach("matters/now")
    await page.fill("textarea", TYPED)
    await tab.press("answer", then="[data-state='wishes/wish']")
    await page.fill("textarea", "Halvferdig")
    await page.go_back()
    await asks(page, "matters/now")
    assert await page.input_value("textarea") == TYPED
    await page.go_forward()
    await asks(page, "wishes/wish")
    assert await page.input_value("textarea") == "Halvferdig", "nothing typed is lost on the way"
    await page.reload()
    await asks(page, "wishes/wish")
    await page.go_back()
    await asks(page, "matters/now")
    for before in ("[data-state='meeting/day']", "[data-state='meeting/kind']", "#start"):
        await page.go_back()
        await page.wait_for_selector(before)
    assert page.url == f"{tab.address}/nb/", "and before the first question is the first page"
    await expect(page.get_by_role("heading", name=NB("start.unfinished_heading"))).to_be_visible()


async def test_back_from_the_end_of_the_questions_and_on_to_it_again(new_tab: NewTab) -> None:
    tab = await new_tab()
    page = tab.page
    await tab.reach("matters/now")
    while await page.locator("#reply").count():
        before = await page.get_attribute("#reply", "data-state")
        await page.click("main button[value=skip]")
        await page.wait_for_selector(f"main:not(:has([data-state='{before}']))")
    await page.go_back()
    assert before is not None
    await asks(page, before)
    await page.go_forward()
    await page.wait_for_selector("#continue")


async def arrive(page: Page, link: str) -> None:
    """Follow a link on a page of another site."""
    await page.context.route(
        f"{ELSEWHERE}**",
        lambda route: route.fulfill(body=f"<a id=link href='{link}'>Før møtet</a>", content_type="text/html"),
    )
    await page.goto(ELSEWHERE)
    await page.click("#link")


@pytest.mark.parametrize("java_script_enabled", [True, False])
async def test_arriving_from_another_site_with_a_notebook_open(
    new_tab: NewTab, java_script_enabled: bool
) -> None:
    tab = await new_tab(java_script_enabled=java_script_enabled)
    page = tab.page
    page.remove_listener("request", tab._on_request)  # another site is asked on purpose
    await tab.open("/nb/")
    stale = await page.context.new_page()
    await stale.goto(f"{tab.address}/nb/")
    await page.click("#start button")
    await page.wait_for_selector("#reply")
    mine = page.url
    await arrive(page, f"{tab.address}/")
    await page.click(f"text={NB('start.go_on')}")
    await page.wait_for_selector("#reply")
    assert page.url == mine
    await arrive(page, mine)
    await page.wait_for_selector("#reply")
    await stale.click("#start button")
    await stale.click(f"main a.primary:has-text('{NB('start.go_on')}')")
    await stale.wait_for_selector("#reply")
    assert stale.url == mine


async def test_staff_who_arrive_from_another_site_are_signed_in(
    new_tab: NewTab, kari: dict[str, str], time: Clock
) -> None:
    hers = await new_tab(viewport={"width": 1280, "height": 800})
    hers.page.remove_listener("request", hers._on_request)
    await sign_in(hers, kari, time)
    for path in ("/desk", "/nb/staff"):
        await arrive(hers.page, hers.address + path)
        await hers.page.wait_for_selector(".desk-sections")


async def test_back_while_an_account_is_set_up(
    new_tab: NewTab, shared_app: web.Application, time: Clock
) -> None:
    accounts = shared_app[CONTEXT].services.staff.accounts
    _, link = await accounts.add("Ola Fagperson", frozenset({"professional"}), "o" * 32)
    hers = await new_tab(viewport={"width": 1280, "height": 800})
    page = hers.page
    await hers.open("/nb/staff/welcome")
    await page.fill("#link", link or "")
    await press(page, "#open button")
    await page.wait_for_selector("#choose")
    secret = (await page.inner_text("p.code")).replace(" ", "").strip()
    for field in ("password", "again"):
        await page.fill(f"input[name={field}]", PASSWORD)
    await page.fill("input[name=code]", app_code(base64.b32decode(secret), time()))
    await press(page, "main form button.primary")
    await page.wait_for_selector("#have-codes")
    await press(page, "#have-codes button")
    await page.wait_for_selector(".desk-sections")


@pytest.mark.parametrize("java_script_enabled", [True, False])
async def test_back_after_an_invitation_and_a_wrong_code(
    new_tab: NewTab, kari: dict[str, str], time: Clock, java_script_enabled: bool
) -> None:
    hers = await new_tab(viewport={"width": 1280, "height": 800})
    await sign_in(hers, kari, time)
    await invite(hers, time, "history")
    link = await hers.page.input_value("#link")
    mine = await new_tab(java_script_enabled=java_script_enabled)
    page = mine.page
    await mine.open("/nb/i")
    if java_script_enabled:  # a refused form has an address again only where the script gives it one
        await page.fill("#link", "feil")
        await press(page, "#open button")
    await page.fill("#link", link)
    await press(page, "#open button")
    assert link.partition("#")[2] not in page.url
    assert LABEL not in await page.content()
    await press(page, "#begin button")
    await page.go_back()
    await expect(page.locator(f"text={NB('start.go_on')}")).to_be_visible()


async def windows(context: BrowserContext, url: str, number: int) -> list[Page]:
    pages = [await context.new_page() for _ in range(number)]
    for page in pages:
        await page.goto(url)
        await page.wait_for_load_state()
    return pages


LAST = (
    "/i/begin",
    "/{language}/r",
    "/{language}/start",
    "/staff/language",
    "/meetings/{meeting}/share/withdraw",
    "/desk/shared/{opening}/close",
    "/desk/invitations/{invitation}/take-back",
    "/notebook/{way}/off",
    "/meetings/{meeting}/delete",
    "/admin/staff/{staff}/disable",
    "/delete",
    "/staff/sign-out-everywhere",
    "/staff/sign-out",
    "/leave",
)
"""Acts that end something: they are tried when all others have been."""
NOT_WALKED = {
    "/leave": "leads to another site; test_browser goes back there",
    "/i": "in the test of the invitation",
    "/i/begin": "in the test of the invitation",
    "/form-draft": "without a script; a button that stays on its page, in the test of half-typed forms",
    "/stay": "a script's own request, answered without a page",
    "/{language}/staff/welcome/choose": "in the test of a new account",
    "/staff/codes": "in the test of a new account",
    "/staff/sign-out": "signing out everywhere comes first, and answers in the same way",
    "/admin/staff": "needs a name filled in",
    "/admin/staff/{staff}/disable": "the walk meets no account but its own",
    "/admin/staff/{staff}/enable": "the walk meets no account but its own",
    "/admin/staff/{staff}/reset": "the walk meets no account but its own",
    "/desk/arrived/{share}": "nothing was sent ahead here",
    "/desk/shared/{opening}/close": "what was opened is withdrawn first",
    "/desk/shared/{opening}/record/{form}": "a file to save: no page, and no entry in the history",
    "/meetings/{meeting}/{after}/continue": "the same handler as before the meeting",
    "/meetings/{meeting}/{after}/form": "the same handler as before the meeting",
}
"""What the walk does not press, and why."""
NOT_FOLLOWED = re.compile(
    r"/(nn|en)/|/script|\.(pdf|txt|json|ics)|/calendar/|/static/|^(?!/)|/print|/slips|/card|#"
)


class Walker:
    """Goes through all pages it finds, and presses one button of every form that posts somewhere new."""

    def __init__(self, tab: Tab, app: web.Application) -> None:
        self.tab, self.page = tab, tab.page
        self.posts = [r for r in app.router.routes() if r.method == "POST"]
        self.gets = [r for r in app.router.routes() if r.method == "GET"]
        self.pressed: set[str] = set()
        self.page.on("request", self._on_request)
        self.put_off: dict[str, tuple[str, str]] = {}

    def _on_request(self, request: Request) -> None:
        if request.method == "POST":
            self.pressed.add(self.named(self.posts, urlsplit(request.url).path))

    @staticmethod
    def named(routes: list[web.AbstractRoute], path: str) -> str:
        for route in routes:
            assert route.resource is not None
            info = route.resource.get_info()
            if info.get("path") == path or ("pattern" in info and info["pattern"].fullmatch(path)):
                return route.resource.canonical
        return ""

    async def walk(self, *starts: str) -> None:
        waiting, seen = list(starts), set[str]()
        while waiting:
            path = waiting.pop(0)
            name = self.named(self.gets, path.partition("?")[0])
            if not name or name in seen:
                continue
            seen.add(name)
            await self.tab.open(path)
            waiting += [
                link
                for link in await self.page.locator("main a, .foot a").evaluate_all(
                    "links => links.map(link => link.getAttribute('href'))"
                )
                if not NOT_FOLLOWED.search(link)
            ]
            for action in await self.forms():
                post = self.named(self.posts, action)
                if post in self.pressed or post in self.put_off:
                    continue
                if post in LAST:
                    self.put_off[post] = (path, action)
                    continue
                await self.act(path, post, action)

    async def end(self) -> None:
        """What ends something."""
        for post in LAST:
            if post in self.put_off and post not in NOT_WALKED:
                await self.act(self.put_off[post][0], post, self.put_off[post][1])

    async def forms(self) -> list[str]:
        found: list[str] = await self.page.locator("form").evaluate_all(
            "forms => forms.map(form => form.getAttribute('action'))"
        )
        return found

    async def act(self, path: str, post: str, action: str) -> None:
        """Press, and then Back, Forward and reload."""
        await self.tab.open(path)
        form = self.page.locator(f"form[action='{action}']").first
        if not await form.count():
            return
        await form.evaluate(
            "form => { for (let e = form; e; e = e.parentElement) if ('open' in e) e.open = true; }"
        )
        button = form.locator("button:not(.unseen):not([type=button])")
        if not await button.count():
            return
        self.pressed.add(post)
        async with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            await button.last.click()
        await self.page.wait_for_load_state()
        for go in (self.page.go_back, self.page.go_forward, self.page.reload):
            try:
                await go()
                await self.page.wait_for_selector("h1")
            except Error as error:
                raise AssertionError(f"{go.__name__} after POST {post}") from error


async def test_many_windows_leave_room_for_the_next_page_and_back_works_after_each_act(
    new_tab: NewTab, kari: dict[str, str], time: Clock, shared_app: web.Application
) -> None:
    tab = await new_tab(viewport={"width": 1280, "height": 800})
    page, context = tab.page, tab.page.context
    walker = Walker(tab, shared_app)
    path = await prepare(tab)
    conversation = page.url
    await tab.open(path)
    await press(page, "#explained button")
    await page.check("input[value=share]")
    await press(page, "#for-all button")
    await press(page, "#each button")
    await press(page, "#share button.primary")
    code = await page.inner_text(".share-code")
    await sign_in(tab, kari, time)
    await tab.open("/d")
    await page.fill("#link", code)
    await press(page, "#open button.primary")
    shared = page.url
    mine = await windows(context, conversation, 4)
    hers = await windows(context, shared, 3)
    await page.goto(f"{tab.address}/nb/", timeout=4000)
    await expect(page.locator("h1")).to_be_visible()
    for _ in range(200):  # the oldest end when they are next woken
        if shared_app[STREAMS].open <= shared_app[STREAMS].at_most:
            break
        await asyncio.sleep(0.05)
    assert shared_app[STREAMS].open <= shared_app[STREAMS].at_most
    # and a window without a stream hears of what is newer all the same
    assert await mine[0].get_attribute("#reply", "data-state") == "helps/helped"
    await mine[3].click("main button[value=skip]")
    reply = mine[0].locator("#reply")
    await expect(reply).not_to_have_attribute("data-state", "helps/helped", timeout=15_000)
    for window in (*mine, *hers):
        await window.close()
    tab.page.set_default_timeout(3000)
    for _ in range(2):
        await walker.walk(
            "/desk",
            shared.removeprefix(tab.address),
            path,
            f"{path.removesuffix('share')}form",
            path.removesuffix("/share"),
            "/notebook",
            "/notebook/codename/try",
            "/admin/staff",
            "/staff/account",
            "/nb/staff/welcome",
            "/nb/r",
            "/nb/",
        )
    await walker.end()
    assert {
        route.resource.canonical for route in walker.posts if route.resource
    } - walker.pressed <= NOT_WALKED.keys()
