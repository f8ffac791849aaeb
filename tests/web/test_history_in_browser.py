"""Back, Forward and reload after each act in Chromium, arrivals from another site, and many windows."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import asyncio
import base64
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import BrowserContext, Error, Locator, Page, Request, Response, TimeoutError, expect
from support.clock import Clock
from support.colleague import PASSWORD
from support.inviting import LABEL
from support.person import CATALOGUES, Person
from support.quick import LOW_COST, our_texts
from support.reviewing import prepared
from support.sharing import choose, share
from support.tab import Tab, instead_of_the_weather

from assistant.config import Settings
from assistant.meetings.permissions import Role
from assistant.service.notebook.devices import LOAN_LASTS
from assistant.vault.second_factor import app_code
from assistant.web.app import make_app
from assistant.web.http.context import CONTEXT
from assistant.web.http.open_streams import STREAMS
from assistant.web.http.pages import AWAY
from web.peer.test_guided_sessions_in_browser import peer_worker
from web.professional.test_invitations_in_browser import invite
from web.user.test_conversation_in_browser import NewTab, new_tab, time  # noqa: F401
from web.user.test_share import promise
from web.user.test_share_in_browser import address, prepare, sign_in  # noqa: F401
from web.views.test_review_at_once_in_browser import somebody  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
TYPED = "Å sove om natten."
ELSEWHERE = "http://elsewhere.test/"
NO_PAGE = (404, 405, 500)
"""What no entry of the history leads to."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_app(tmp_path_factory: pytest.TempPathFactory, time: Clock) -> web.Application:
    folder: Path = tmp_path_factory.mktemp("history")
    settings = Settings(data=folder / "data", reading=promise("Kari Fagperson"))
    app = make_app(settings, time, our_texts(), LOW_COST)
    app[STREAMS].heartbeat = 2  # what is seen at a heartbeat is waited for here
    return app


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


class Acts:
    """The forms that a tab sends. After each, Back, Forward and reload show pages and send nothing."""

    def __init__(self, tab: Tab, app: web.Application) -> None:
        self.page, self.address = tab.page, tab.address
        self.posts = [route for route in app.router.routes() if route.method == "POST"]
        self.sent: list[tuple[str, str]] = []
        self.wrong: list[tuple[str, int]] = []
        self.page.on("request", self._on_request)
        self.page.on("response", self._on_response)
        self.page_came = asyncio.Event()
        self.page.on("domcontentloaded", lambda _: self.page_came.set())

    @property
    def tried(self) -> set[str]:
        """The acts that were sent."""
        return {named(self.posts, path) for path, _ in self.sent}

    async def press(self, selector: str) -> None:
        """Press the first button like this, which sends a form, see what comes, and try the history there."""
        await self.press_button(self.page.locator(selector).first)

    async def press_button(self, button: Locator) -> None:
        """The same for one button.

        A form that a script sends later, as after a passkey, is answered with an address: until the page
        there has come, Back would lead from the page before it. Sent before its own page has loaded, it would
        put the answer in that page's place in Chromium's history.
        """
        await button.wait_for()
        await self.page.wait_for_load_state()
        self.page_came.clear()
        async with self.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            await button.click()
        answer = await answered.value
        if answer.request.is_navigation_request() and "content-disposition" not in answer.headers:
            await asyncio.wait_for(self.page_came.wait(), 15)
        await self.page.wait_for_load_state()
        await self.try_history()

    async def try_history(self) -> None:
        """Playwright raises where Chromium shows an error page of its own, such as whether to send again."""
        what = self.sent[-1][0]
        before = self.sent.count(self.sent[-1]), self.sent[-1]
        for go in (self.page.go_back, self.page.go_forward, self.page.reload):
            try:
                await self._go(go)
                await expect(self.page.locator("h1")).to_be_visible()
            except Error as error:
                raise AssertionError(f"{go.__name__} after POST {what}") from error
            assert self.page.url.startswith(f"{self.address}/"), (go.__name__, what, self.page.url)
            assert self.wrong == [], (go.__name__, what)
        assert self.sent.count(before[1]) == before[0], f"POST {what} was sent twice"

    async def _go(self, go: Callable[..., Awaitable[object]]) -> None:
        """A tab that has just changed process does not answer at once; no page is tried meanwhile.

        A page that finds itself older than what was sent loads anew, which ends the wait for the first load,
        or takes the place of the page that was asked for next: a person presses again, as this does once.
        There is nothing after the newest page, so Forward may be pressed again soon.
        """
        is_again = False
        for _ in range(20):
            is_first = go == self.page.go_forward and not is_again
            patience = {"timeout": 3_000} if is_first else {}
            try:
                await go(wait_until="domcontentloaded", **patience)
                return
            except Error as error:
                if "net::ERR_ABORTED" in str(error):
                    await self.page.wait_for_load_state("domcontentloaded")
                    return
                if isinstance(error, TimeoutError) and not is_again:
                    is_again = True
                    continue
                if "Not attached to an active page" not in str(error):
                    raise
                await asyncio.sleep(0.1)
        raise AssertionError("the tab never answered")

    def _on_request(self, request: Request) -> None:
        if request.method == "POST":
            self.sent.append((urlsplit(request.url).path, request.post_data or ""))

    def _on_response(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status in NO_PAGE:
            self.wrong.append((response.url, response.status))


def named(routes: list[web.AbstractRoute], path: str) -> str:
    """The route that this path leads to, as the program writes it."""
    resources = [route.resource for route in routes if route.resource]
    if any(resource.canonical == path for resource in resources):
        return path
    for resource in resources:
        info = resource.get_info()
        if "pattern" in info and info["pattern"].fullmatch(path):
            return resource.canonical
    return ""


async def test_one_history_entry_a_question(new_tab: NewTab) -> None:
    tab = await new_tab()
    page = tab.page
    await tab.walk("matters/now")
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
    await tab.walk("matters/now")
    while await page.locator("#reply").count():
        before = await page.get_attribute("#reply", "data-state")
        await page.wait_for_load_state()
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


@pytest.mark.parametrize("java_script_enabled", [True, False])
async def test_back_while_an_account_is_set_up(
    new_tab: NewTab, shared_app: web.Application, time: Clock, java_script_enabled: bool
) -> None:
    accounts = shared_app[CONTEXT].services.staff.accounts
    name = f"Ola {java_script_enabled}"
    _, link = await accounts.add(name, frozenset({"professional"}), f"{name.encode().hex():o<32}")
    hers = await new_tab(viewport={"width": 1280, "height": 800}, java_script_enabled=java_script_enabled)
    page, acts = hers.page, Acts(hers, shared_app)
    await hers.open("/nb/staff/welcome")
    await page.fill("#link", link or "")
    await acts.press("#open button")
    await page.wait_for_selector("#choose")
    secret = (await page.inner_text("p.code")).replace(" ", "").strip()
    for code in ("000000", app_code(base64.b32decode(secret), time())):  # first it is refused
        for field in ("password", "again"):
            await page.fill(f"input[name={field}]", PASSWORD)
        await page.fill("input[name=code]", code)
        await acts.press("main form button.primary")
        assert PASSWORD not in await page.content()
    await page.wait_for_selector("#have-codes")
    await acts.press("#have-codes button")
    await page.wait_for_selector(".desk-sections")
    await acts.press("#sign-out button")
    await page.fill("input[name=name]", name)
    await page.fill("input[name=password]", "ikke dette passordet")
    await page.fill("input[name=code]", "000000")
    await acts.press("main form button.primary")
    await expect(page.locator("#trouble")).to_be_visible()
    assert await page.input_value("input[name=name]") == name
    assert acts.tried >= TRIED_APART["account"]


@pytest.mark.parametrize("java_script_enabled", [True, False])
async def test_back_after_an_invitation_and_a_wrong_code(
    new_tab: NewTab,
    kari: dict[str, str],
    time: Clock,
    shared_app: web.Application,
    java_script_enabled: bool,
) -> None:
    hers = await new_tab(viewport={"width": 1280, "height": 800})
    await sign_in(hers, kari, time)
    await invite(hers, time, "history")
    link = await hers.page.input_value("#link")
    mine = await new_tab(java_script_enabled=java_script_enabled)
    page, acts = mine.page, Acts(mine, shared_app)
    await mine.open("/nb/i")
    if java_script_enabled:  # what was typed is a secret, and without a script nothing may keep it
        await page.fill("#link", "feil")
        await acts.press("#open button")
    await page.fill("#link", link)
    await acts.press("#open button")
    assert link.partition("#")[2] not in page.url
    assert LABEL not in await page.content()
    await acts.press("#begin button")
    await page.go_back()
    await expect(page.locator(f"text={NB('start.go_on')}")).to_be_visible()
    await instead_of_the_weather(page.context)
    await page.click("#leave button")
    await page.wait_for_url(f"{AWAY}**")
    await page.go_back()
    await expect(page.locator("h1")).to_be_visible()
    assert page.url.startswith(mine.address)
    await page.go_forward()
    await page.wait_for_url(f"{AWAY}**")
    assert acts.tried >= TRIED_APART["invitation"]


@pytest.mark.parametrize("java_script_enabled", [True, False])
async def test_back_on_a_loan_tablet_shows_nothing_of_the_one_before(
    new_tab: NewTab, shared_app: web.Application, time: Clock, java_script_enabled: bool
) -> None:
    tab = await new_tab(java_script_enabled=java_script_enabled)
    page, acts = tab.page, Acts(tab, shared_app)
    await tab.open("/nb/tablet")
    await acts.press("#set-up button")
    await acts.press("#start button")
    await acts.press("#leave button")
    await acts.press("#finish button.takes-away")
    for _ in range(3):
        await page.go_back(wait_until="domcontentloaded")
        await expect(page.locator("h1")).to_be_visible()
        assert urlsplit(page.url).path in ("/nb/tablet", "/nb/tablet/set-up")
    # a screen that nobody touches any more
    await acts.press("#start button")
    time.pass_by(LOAN_LASTS + timedelta(minutes=1))
    if java_script_enabled:
        await page.evaluate("dispatchEvent(new Event('online'))")
        await page.wait_for_url("**/nb/tablet", timeout=30_000)
    else:
        await page.reload()
    assert urlsplit(page.url).path == "/nb/tablet"
    assert acts.tried >= TRIED_APART["tablet"]


async def test_back_to_refused_forms_and_kept_drafts_without_a_script(
    new_tab: NewTab, kari: dict[str, str], time: Clock, shared_app: web.Application
) -> None:
    tab = await new_tab(viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    page, acts = tab.page, Acts(tab, shared_app)
    await sign_in(tab, kari, time)
    await tab.open("/desk/invitations")
    await page.fill("#greeting", TYPED)
    await acts.press("button[form=invite][value='language:nb']")
    assert await page.input_value("#greeting") == TYPED
    await page.fill("#on", "1899-01-01")
    await acts.press("#invite button.primary")
    await expect(page.locator("#trouble")).to_be_visible()
    assert await page.input_value("#greeting") == TYPED
    await tab.reach("matters/now")
    await page.fill("textarea", long := "Å sove. " * 2_000)
    await acts.press("button[value=answer]:not(.unseen)")
    await expect(page.locator("#trouble")).to_be_visible()
    assert await page.input_value("textarea") == long
    await page.fill("textarea", TYPED)
    await acts.press("button[value=answer]:not(.unseen)")
    await asks(page, "wishes/wish")
    await page.go_back()
    await expect(page.locator("#trouble")).to_have_count(0)  # once it is accepted, nothing says it is not
    assert acts.tried >= TRIED_APART["drafts"]


async def session_opened(hers: Tab, lead: Acts, kind: str) -> tuple[str, str]:
    """Open a session, once refused; the code to join by and the path of its page."""
    page = hers.page
    await hers.open("/desk/guided")
    await page.evaluate("document.getElementById('welcome').removeAttribute('maxlength')")
    await page.fill("#welcome", long := "Velkommen. " * 100)
    await lead.press("#open-session button.primary")  # it is too long
    await expect(page.locator("#trouble")).to_be_visible()
    assert await page.input_value("#welcome") == long.replace("\r", "")
    await page.fill("#welcome", "Velkommen.")
    await page.check(f"input[name=kind][value={kind}]")
    await lead.press("#open-session button.primary")
    return await page.inner_text(".share-code"), page.url.removeprefix(hers.address)


async def session_joined(mine: Tab, acts: Acts, code: str) -> str:
    """Join by the code; the path of the meeting."""
    page = mine.page
    await mine.open("/nb/i")
    await page.fill("#link", code)
    await page.click("#open button")
    await page.wait_for_selector("#join")
    await acts.press("#join button.primary")
    await page.wait_for_selector("#guided")
    return page.url.removeprefix(mine.address)


@pytest.mark.parametrize("java_script_enabled", [True, False])
async def test_back_beside_one_person_in_a_guided_session(
    new_tab: NewTab, shared_app: web.Application, java_script_enabled: bool
) -> None:
    hers = await new_tab(viewport={"width": 1280, "height": 800}, java_script_enabled=java_script_enabled)
    mine = await new_tab(java_script_enabled=java_script_enabled)
    lead, acts, page = Acts(hers, shared_app), Acts(mine, shared_app), mine.page
    await peer_worker(hers, shared_app)
    code, session = await session_opened(hers, lead, "one")
    meeting = await session_joined(mine, acts, code)
    await mine.open(f"{meeting}/guided")
    await page.click("details:has(#scope) > summary")
    await page.check("input[name=scope][value=answers]")
    await acts.press("#scope button")
    await page.fill("#text", TYPED)
    await acts.press("#say button")
    await expect(page.locator("#said")).to_contain_text(TYPED)
    await page.evaluate("document.getElementById('text').removeAttribute('maxlength')")
    await page.fill("#text", long := TYPED * 30)
    await acts.press("#say button")  # it is too long
    await expect(page.locator("#trouble")).to_be_visible()
    assert await page.input_value("#text") == long
    await hers.open(session)
    for selector in ("#door-now button", "#door-now button", "#now-here button.primary"):
        await lead.press(selector)
    await hers.page.fill("#text", TYPED)
    await lead.press("#say button")
    # another person writes, and the user reads and approves it
    await mine.open(meeting)
    while not await page.locator("#reply textarea").count():
        before = await page.inner_text("h1")
        await page.click("main button[value=skip]:not(.unseen)")
        await expect(page.locator("h1")).not_to_have_text(before)
    await acts.press("button[value='writer:another']")
    await page.fill("textarea", TYPED)
    await acts.press("button[value=answer]:not(.unseen)")
    await mine.open(f"{meeting}/summary")
    await acts.press("#write-again button")
    await acts.press("#written-for button[value=approve]")
    await mine.open(f"{meeting}/guided")
    await acts.press("button[value=leave]")
    await hers.page.click("#lead-end a[href$='/end']")
    await lead.press("#lead button[value=end]")
    assert acts.tried | lead.tried >= TRIED_APART["guided"] - {"/meetings/{meeting}/guided/hold-up"}


@pytest.mark.parametrize("java_script_enabled", [True, False])
async def test_back_in_a_group(
    new_tab: NewTab, shared_app: web.Application, java_script_enabled: bool
) -> None:
    hers = await new_tab(viewport={"width": 1280, "height": 800}, java_script_enabled=java_script_enabled)
    mine = await new_tab(java_script_enabled=java_script_enabled)
    lead, acts, page = Acts(hers, shared_app), Acts(mine, shared_app), mine.page
    await peer_worker(hers, shared_app)
    code, _ = await session_opened(hers, lead, "group")
    await lead.press("#now-here button.primary")
    meeting = await session_joined(mine, acts, code)
    await mine.open(f"{meeting}/guided")
    await acts.press("button[value=ready]")
    await mine.open(f"{meeting}/guided/hold-up")
    await page.fill("#line", TYPED)
    await acts.press("#hold-up button[value=see]")
    await acts.press("#hold-up button[value=yes]")
    await expect(page.locator("#board-now")).to_contain_text(NB("guided.take_down"))
    await acts.press("#board-now button")
    await hers.page.click("#lead-end a[href$='/end']")
    await lead.press("#lead button[value=end]")
    assert acts.tried >= {"/meetings/{meeting}/guided/hold-up"}


async def windows(context: BrowserContext, url: str, number: int) -> list[Page]:
    pages = [await context.new_page() for _ in range(number)]
    for page in pages:
        await page.goto(url)
        await page.wait_for_load_state()
    return pages


LAST = (
    "/{language}/r",
    "/staff/language",
    "/desk/shared/{opening}/close",
    "/meetings/{meeting}/share/withdraw",
    "/desk/invitations/{invitation}/take-back",
    "/notebook/{way}/off",
    "/meetings/{meeting}/delete",
    "/admin/staff/{staff}/remove",
    "/delete",
    "/{language}/start",
    "/staff/sign-out-everywhere",
)
"""Acts that end something: they are tried when all others have been."""
TRIED_APART = {
    "invitation": {"/i", "/i/begin", "/leave"},
    "account": {
        "/{language}/staff/welcome",
        "/{language}/staff/welcome/choose",
        "/{language}/staff",
        "/staff/codes",
        "/staff/sign-out",
    },
    "tablet": {"/{language}/tablet/set-up", "/finish"},
    "drafts": {"/form-draft"},
    "provider": {
        "/{language}/staff/provider",
        "/staff/account/provider",
        "/staff/key",
        "/staff/key/choose",
        "/staff/key/forget",
        "/staff/proof",
        "/staff/proof/start-over",
        "/staff/proof/provider",
    },
    "passkeys": {
        "/staff/key/passkey",
        "/staff/key/passkey/add",
        "/staff/key/passkey/remove",
        "/staff/proof/passkey",
    },
    "guided": {
        "/i/join",
        "/meetings/{meeting}/guided",
        "/meetings/{meeting}/guided/hold-up",
        "/meetings/{meeting}/written-for",
        "/desk/guided",
        "/desk/guided/{session}",
    },
}
"""What the walk need not press, by the test that does."""
NO_PAGES = {
    "/staff/provider/logout": "a provider's server sends it, no browser",
    "/stay": "the script asks for it, and its answer is no page",
    "/desk/shared/{opening}/record/{form}": "its answer is a file to be saved, so the page stays",
}
NOT_FOLLOWED = re.compile(
    r"/(nn|en)/|/script|\.(pdf|txt|json|ics)|/calendar/|/static/|^(?!/)|/print|/slips|/card|#"
)


class Walker:
    """Goes through all pages it finds, and presses one button of each form that posts somewhere new."""

    def __init__(self, tab: Tab, app: web.Application) -> None:
        self.tab, self.page, self.acts = tab, tab.page, Acts(tab, app)
        self.gets = [r for r in app.router.routes() if r.method == "GET"]
        self.apart = set(NO_PAGES).union(*TRIED_APART.values())
        self.put_off: dict[str, tuple[str, str]] = {}

    @property
    def missing(self) -> set[str]:
        """The acts of the program that nobody has tried yet."""
        every = {route.resource.canonical for route in self.acts.posts if route.resource}
        return every - self.acts.tried - self.apart

    async def walk(self, *starts: str) -> None:
        waiting, seen = list(starts), set[str]()
        while waiting and self.missing - self.put_off.keys():
            path = waiting.pop(0)
            name = named(self.gets, path.partition("?")[0])
            if not name or name in seen:
                continue
            seen.add(name)
            await self.tab.open(path)
            waiting += [
                link
                for link in await self.attributes("main a, .foot a", "href")
                if not NOT_FOLLOWED.search(link)
            ]
            is_here = True
            for action in await self.attributes("form", "action"):
                post = named(self.acts.posts, action)
                if post not in self.missing or post in self.put_off:
                    continue
                if post in LAST:
                    self.put_off[post] = (path, action)
                    continue
                if not is_here:
                    await self.tab.open(path)
                is_here = False
                await self.act(action)

    async def end(self) -> None:
        """What ends something."""
        for post in LAST:
            if post in self.put_off:
                path, action = self.put_off[post]
                await self.tab.open(path)
                await self.act(action)

    async def attributes(self, selector: str, name: str) -> list[str]:
        """One attribute of all these elements, in the page's own world: Playwright's script is not needed."""
        found: list[str] = await self.page.evaluate(
            "([selector, name]) => [...document.querySelectorAll(selector)].map((e) => e.getAttribute(name))",
            [selector, name],
        )
        return found

    async def act(self, action: str) -> None:
        """Press a button of this form on the page, and then Back, Forward and reload."""
        form = self.page.locator(f"form[action='{action}']").first
        if not await form.count():
            return
        await form.evaluate(
            "form => { for (let e = form; e; e = e.parentElement) if ('open' in e) e.open = true; }"
        )
        button = form.locator("button:not(.unseen):not([type=button])")
        if not await button.count():
            return
        await self.acts.press_button(button.last)


async def test_many_windows_leave_room_for_the_next_page_and_back_works_after_each_act(
    new_tab: NewTab,
    kari: dict[str, str],
    time: Clock,
    shared_app: web.Application,
    somebody: Callable[[], Person],
) -> None:
    tab = await new_tab(viewport={"width": 1280, "height": 800})
    page, context = tab.page, tab.page.context
    walker = Walker(tab, shared_app)
    path = await prepare(tab, by_clicks=True)
    conversation = page.url
    await tab.open(path)
    await walker.acts.press("#choices button")
    await walker.acts.press("#share button.primary")
    code = await page.inner_text(".share-code")
    await sign_in(tab, kari, time)
    other = somebody()
    await share(other, await choose(other, (await prepared(other))[0]), "ahead")
    await tab.open("/d")
    await page.fill("#link", code)
    await walker.acts.press("#open button.primary")
    shared = page.url
    mine = await windows(context, conversation, 4)
    hers = await windows(context, shared, 3)
    await tab.open("/nb/")
    await expect(page.locator("h1")).to_be_visible()
    for _ in range(600):  # the oldest end when they are next woken, at the latest by the heartbeat
        if shared_app[STREAMS].open <= shared_app[STREAMS].at_most:
            break
        await asyncio.sleep(0.05)
    assert shared_app[STREAMS].open <= shared_app[STREAMS].at_most
    # and a window without a stream hears of what is newer all the same
    assert await mine[0].get_attribute("#reply", "data-state") == "helps/helped"
    await mine[3].click("main button[value=skip]")
    reply = mine[0].locator("#reply")
    await expect(reply).not_to_have_attribute("data-state", "helps/helped")
    for window in (*mine, *hers):
        await window.close()
    tab.page.set_default_timeout(15_000)
    await accounts_changed(walker, tab)
    starts: tuple[str, ...] = (
        "/desk",
        shared.removeprefix(tab.address),
        path,
        f"{path.removesuffix('share')}form",
    )
    starts += (path.removesuffix("/share"), "/notebook", "/notebook/codename/try", "/staff/account")
    await walker.walk(*starts, "/nb/r", "/nb/")
    await walker.walk(*starts)
    await looked_back(walker, tab, path)
    await walker.end()
    assert walker.missing == set()


async def accounts_changed(walker: Walker, tab: Tab) -> None:
    """An administrator makes an account, changes its roles, closes and opens it, and makes a new link."""
    page, press = tab.page, walker.acts.press
    await tab.open("/admin/staff")
    await press("#add button.primary")  # without a name it is refused
    await expect(page.locator("#trouble")).to_be_visible()
    await page.fill("#name", "Per Fagperson")
    await page.check("#add input[value=professional]")
    await press("#add button.primary")
    for act in ("roles", "disable", "enable"):
        await press(f"#{act} button")
    await page.fill("#rename #name", "Per Nyttnavn")
    await press("#rename button")
    await expect(page.locator("#renamed")).to_be_visible()
    await page.click("main a[href$='/reset']")
    await press("#reset button")
    await press("#disable button")
    await page.click("main a[href$='/remove']")
    await press("#remove button")


async def looked_back(walker: Walker, tab: Tab, path: str) -> None:
    """The look back on the meeting has the same acts as the preparation, at addresses of its own."""
    here = f"{path.removesuffix('share')}after"
    await tab.open(here)
    while not await tab.page.locator("#continue").count():
        before = await tab.page.get_attribute("#reply", "data-state")
        await tab.page.click("main button[value=skip]")
        await tab.page.wait_for_selector(f"main:not(:has([data-state='{before}']))")
    await walker.acts.press("#continue button")
    await tab.open(f"{here}/form")
    if await tab.page.locator("button[value='writer:another']").count():  # the walk may have pressed it
        await walker.acts.press("button[value='writer:another']")
    await walker.acts.press("#whole button.primary")
    await tab.open(f"{here}/summary")
    await walker.acts.press("#write-again button")
