"""A review on several screens, and on one: what the other does while somebody types, reads or is away.

What one side does without being looked at is done by forms without a browser: it is quicker, and the same.
"""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar, web
from aiohttp.client import ClientError, ClientTimeout
from playwright.async_api import Page as Screen
from playwright.async_api import expect
from support.clock import Clock
from support.colleague import as_colleague, in_role, numbered
from support.on_the_way import AtAServer
from support.person import CATALOGUES, Client, Person
from support.reviewing import (
    COURSE,
    DAUGHTER,
    SLEEP,
    WISH,
    Both,
    agreement_id,
    answering,
    beside,
    id_of,
    marks,
    met,
)
from support.short_way import unlock
from support.slow_net import ask_by_itself_no_more, hear_more, newest_heard, next_page_held_up
from support.tab import Tab

from assistant.languages import Language
from web.user.test_conversation_in_browser import DESK as WIDE
from web.user.test_conversation_in_browser import PHONE, NewTab, kept_tab, time  # noqa: F401
from web.user.test_share import choose_again
from web.user.test_share_in_browser import address, look, shared_app  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
TYPED = "Dette skriver jeg på, og jeg er ikke ferdig"


NewBoth = Callable[..., Awaitable[Both]]


@pytest_asyncio.fixture(loop_scope="session")
async def somebody(address: str) -> AsyncIterator[Callable[[], Person]]:
    """Somebody new each time, who needs no screen."""
    sessions: list[ClientSession] = []

    def new() -> Person:
        sessions.append(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        return Person(cast(Client, AtAServer(sessions[-1], address)))

    yield new
    for session in sessions:
        await session.close()


@pytest_asyncio.fixture(loop_scope="session")
async def begin(shared_app: web.Application, somebody: Callable[[], Person], time: Clock) -> NewBoth:
    """Two people who sit together, with the review open before both."""

    async def new(language: Language = "nb", **each: str) -> Both:
        hers = as_colleague(somebody(), time)
        hers.name = numbered("Kari")
        await in_role(shared_app, hers, "professional", name=hers.name)
        return await met(somebody(), hers, language, **each)

    return new


async def at(tab: Tab, person: Person, path: str, address: str = "") -> Tab:
    """The tab in this person's hands, at this page."""
    await tab.page.context.add_cookies(cast(AtAServer, person.client).cookies())
    tab.address = address or tab.address
    await tab.open(path)
    return tab


async def where(screen: Screen) -> tuple[str, int, str]:
    """What has the focus, where the caret is in it, and what stands in it."""
    found = await screen.evaluate(
        "(({id, selectionStart, value}) => [id, selectionStart, value])(document.activeElement)"
    )
    return tuple(found)


async def unfold(screen: Screen, words: str, name: str) -> str:
    """Unfold the entry with these words down to a form; the entry's id."""
    article = screen.locator("article.gone", has_text=words).first
    id_ = await article.get_attribute("data-entry")
    chapter = screen.locator("details.chapter:not([open])", has=screen.locator(f"#entry-{id_}"))
    if await chapter.count():
        await chapter.locator("> summary").click()
    if await screen.locator(f"#{name}-{id_}[data-now]").count():
        await screen.check(f"#answering-{id_} input[value=can]")
    else:
        await screen.click(f"#{name}-{id_} > summary")
    assert id_ is not None
    return id_


async def propose_to_meet_outside(both: Both) -> None:
    """The user proposes an agreement, to be done by themselves."""
    form = (await both.my_page()).form("proposing").write("what", "Møtes ute")
    await both.mine.send(form.choose("who", "user").press())


async def test_what_the_other_does_is_here_at_once_and_never_in_the_way_of_typing(
    kept_tab: NewTab, begin: NewBoth
) -> None:
    both = await begin()
    hers = await at(await kept_tab(viewport=WIDE), both.hers, both.desk)
    screen = hers.page
    id_ = await unfold(screen, WISH, "beside")
    field_ = f"words-professional-{id_}"
    await screen.fill(f"#{field_}", TYPED)
    await screen.evaluate(f"document.getElementById('{field_}').setSelectionRange(7, 7)")
    before, top = (
        await where(screen),
        await screen.evaluate("document.activeElement.getBoundingClientRect().top"),
    )
    other = screen.locator("details.chapter", has_text=DAUGHTER).first
    assert await other.get_attribute("open") is None

    async def stands(selector: str, words: str) -> None:
        await expect(screen.locator(selector).first).to_contain_text(words)
        assert await where(screen) == before
        assert await other.get_attribute("open") is None, "what is folded stays folded"

    mine = both.mine
    await mine.send(marks(await both.my_page(), WISH).press("mark:talked"))
    await stands(f"#entry-{id_} .marked", NB("review.talked"))
    await mine.send(beside(await both.my_page(), WISH, "user").write("words", "Tre går bra").press())
    await stands(f"#entry-{id_} .beside", "Tre går bra")
    await mine.send(
        answering(await both.my_page(), COURSE).choose("kind", "can").write("words", "Ja").press()
    )
    await stands("#put-first .given", "Ja")
    shift = await screen.evaluate("document.activeElement.getBoundingClientRect().top")
    assert abs(shift - top) < 400, "the field is still before her"
    await mine.send(
        (await both.my_page()).form("proposing").write("what", "Møtes ute").choose("who", "user").press()
    )
    await stands(".agreement .what", "Møtes ute")
    await mine.send(marks(await both.my_page(), SLEEP).press("point:here"))
    await stands("#pointed", SLEEP)
    # her own act takes her words and nothing else, and the chapter she is in stays open
    await screen.locator(f"#beside-professional-{id_} button").click()
    await expect(screen.locator(f"#entry-{id_} .beside", has_text=TYPED)).to_have_count(1)
    await expect(screen.locator(f"#entry-{id_}")).to_be_visible()
    assert await screen.locator(f"#beside-{id_}[open]").count() == 0, "what is done is folded"
    hers.assert_nothing_wrong()


async def test_two_at_the_same_agreement_both_have_their_words_before_them(
    kept_tab: NewTab, begin: NewBoth
) -> None:
    both = await begin()
    mine = both.mine
    await mine.send(
        (await both.my_page()).form("proposing").write("what", "Møtes ute").choose("who", "user").press()
    )
    hers = await at(await kept_tab(viewport=WIDE), both.hers, both.desk)
    screen, name = hers.page, agreement_id(await both.my_page(), "Møtes ute")
    await screen.click(f"#change-{name} > summary")
    await screen.fill(f"#what-{name}", TYPED)
    page = await both.my_page()
    await mine.send(page.form(f"rewording-{name}").write("what", "Møtes på kafé").press())
    await expect(screen.locator(f"#agreement-{name} > .what")).to_have_text("Møtes på kafé")
    assert await screen.input_value(f"#what-{name}") == TYPED
    await screen.click(f"#rewording-{name} .moves button")
    await hers.expect_focus("trouble")
    await expect(screen.locator("#trouble")).to_contain_text(NB("refusal.WrittenBetween"))
    # what was given back is stored nowhere, so it must outlast whatever else happens
    await mine.send(marks(await both.my_page(), SLEEP).press("mark:next_time"))
    await expect(screen.locator("#put-first .marked")).to_have_text(NB("review.next_time"))
    assert await screen.input_value(f"#what-{name}") == TYPED
    await expect(screen.locator("#trouble")).to_be_visible()
    await screen.click(f"#rewording-{name} .moves button")
    await expect(screen.locator(f"#agreement-{name} > .what")).to_have_text(TYPED)
    await expect(screen.locator("#trouble")).to_have_count(0)
    # and where the agreement is taken away under her hands, her words are laid beside
    await screen.click(f"#change-{name} > summary")
    await screen.fill(f"#what-{name}", f"{TYPED} ennå")
    await mine.send((await both.my_page()).form(f"drop-{name}").press())
    await expect(screen.locator(".aside textarea")).to_have_value(f"{TYPED} ennå")
    hers.assert_nothing_wrong()


async def test_what_is_taken_back_while_she_types_is_gone_at_once_and_her_own_words_are_not(
    kept_tab: NewTab, begin: NewBoth
) -> None:
    both = await begin()
    hers = await at(await kept_tab(viewport=WIDE), both.hers, both.desk)
    screen = hers.page
    id_ = await unfold(screen, WISH, "answer")
    async with screen.expect_response("**/form-draft"):  # so that the page itself shows the words too
        await screen.fill(f"#answer-words-{id_}", TYPED)
    preview = await choose_again(both.mine, both.shared, "Ni er for mange", "keep")
    await both.mine.send(preview.form("share").press("change"))
    await expect(screen.locator(f"#entry-{id_}")).to_have_count(0)
    assert "Ni er for mange" not in await screen.content()
    await expect(screen.locator(".aside textarea")).to_have_value(TYPED)  # once only
    await screen.click(".aside button")
    await expect(screen.locator(".aside")).to_have_count(0)
    id_ = await unfold(screen, SLEEP, "beside")
    await screen.fill(f"#words-professional-{id_}", TYPED)
    await both.withdraw()
    await expect(screen.locator("h1")).to_have_text(NB("read.withdrawn_heading"))
    await expect(screen.locator(".aside textarea")).to_have_value(TYPED)
    assert SLEEP not in await screen.content()
    await look(hers, "at-once-10-withdrawn")


async def test_a_share_that_is_withdrawn_while_a_page_is_on_its_way_is_gone_at_once(
    kept_tab: NewTab, begin: NewBoth
) -> None:
    both = await begin()
    screen = (await at(await kept_tab(viewport=WIDE), both.hers, both.desk)).page
    await ask_by_itself_no_more(screen)
    is_on_its_way, may_come = await next_page_held_up(screen)
    await both.mine.send(marks(await both.my_page(), SLEEP).press("mark:talked"))
    await asyncio.wait_for(is_on_its_way.wait(), 15)
    heard = await newest_heard(screen)
    await both.withdraw()
    await hear_more(screen, heard)
    may_come.set()
    await expect(screen.locator("h1")).to_have_text(NB("read.withdrawn_heading"))
    assert SLEEP not in await screen.content()


@dataclass
class Way:
    """A way to the server through a proxy that does as it is told with streams."""

    address: str
    hold: bool = True
    """Keep what a stream says back until it ends, as some proxies do."""
    open: list[web.StreamResponse] = field(default_factory=list)
    busy: set[asyncio.Task[Any]] = field(default_factory=set)

    def cut(self) -> None:
        """Break every stream that is open."""
        for response in self.open:
            with suppress(AttributeError, AssertionError):
                cast(Any, response)._req.transport.abort()


@asynccontextmanager
async def proxy(address: str) -> AsyncIterator[Way]:
    way = Way("")
    session = ClientSession(timeout=ClientTimeout(total=None), auto_decompress=False)

    async def forward(request: web.Request) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None
        way.busy.add(task)
        task.add_done_callback(way.busy.discard)
        headers = {name: value for name, value in request.headers.items() if name != "Connection"}
        body = await request.read()
        async with session.request(
            request.method,
            address + request.raw_path,
            headers=headers,
            data=body or None,
            allow_redirects=False,
        ) as answer:
            response = web.StreamResponse(status=answer.status)
            for name, value in answer.headers.items():
                if name not in ("Transfer-Encoding", "Content-Length", "Connection"):
                    response.headers.add(name, value)
            held = b""
            is_stream = answer.content_type == "text/event-stream"
            await response.prepare(request)
            if is_stream:
                way.open.append(response)
            with suppress(ClientError, ConnectionError):
                async for chunk in answer.content.iter_any():
                    if is_stream and way.hold:
                        held += chunk
                    else:
                        await response.write(chunk)
            with suppress(ConnectionError):
                await response.write(held)
            return response

    app = web.Application(client_max_size=1 << 24)
    app.router.add_route("*", "/{path:.*}", forward)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    way.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield way
    finally:
        for task in list(way.busy):
            task.cancel()
        await asyncio.gather(*way.busy, return_exceptions=True)
        await session.close()
        await runner.cleanup()


async def test_a_proxy_that_holds_streams_back_or_breaks_them_only_makes_it_slower(
    kept_tab: NewTab, begin: NewBoth, address: str
) -> None:
    both = await begin()
    async with proxy(address) as way:
        tab = await kept_tab()
        mine = await at(tab, both.mine, both.here, way.address)
        screen = mine.page
        id_ = id_of(await both.my_page(), WISH)
        await both.hers.send(marks(await both.her_page(), WISH).press("mark:talked"))
        await expect(screen.locator(f"#entry-{id_} .marked")).to_have_count(1)
        await both.hers.send(marks(await both.her_page(), WISH).press("mark:"))
        await screen.reload()
        assert await screen.locator(f"#entry-{id_} .marked").count() == 0, "at once, when it is loaded anew"
        # from here on what streams say comes through; then they break, and come back
        way.hold = False
        await screen.reload()
        way.open.clear()
        await both.hers.send(marks(await both.her_page(), WISH).press("mark:next_time"))
        await expect(screen.locator(f"#entry-{id_} .marked")).to_have_text(NB("review.next_time"))
        way.cut()
        await both.hers.send(marks(await both.her_page(), WISH).press("mark:talked"))
        await expect(screen.locator(f"#entry-{id_} .marked")).to_have_text(NB("review.talked"))
        await screen.goto("about:blank")
        # what a broken connection leaves in the console is the browser's word, not a fault of the page
        tab.wrong = [line for line in tab.wrong if "ERR_" not in line]


async def test_what_is_pressed_while_something_else_is_on_its_way_is_done_too(
    kept_tab: NewTab, begin: NewBoth
) -> None:
    both = await begin()
    hers = await at(await kept_tab(viewport=WIDE), both.hers, both.desk)
    page = await both.her_page()
    first, second = id_of(page, COURSE), id_of(page, SLEEP)
    await hers.page.evaluate(
        "(ids) => { for (const id of ids) document.querySelector(`#mark-${id} button`).click(); }",
        [first, second],
    )
    for id_ in (first, second):
        await expect(hers.page.locator(f"#entry-{id_} .marked")).to_have_count(1)


async def test_three_screens_show_the_same(
    kept_tab: NewTab, begin: NewBoth, somebody: Callable[[], Person], address: str
) -> None:
    both = await begin()
    other = somebody()
    await unlock(other, both.link)
    phone = await at(await kept_tab(), both.mine, both.here)
    tablet = await at(await kept_tab(viewport={"width": 800, "height": 1100}), other, both.here)
    desk = await at(await kept_tab(viewport=WIDE), both.hers, both.desk)
    screens = [tab.page for tab in (phone, tablet, desk)]
    assert len({await screen.inner_text(".check-words") for screen in screens}) == 1
    id_ = await unfold(screens[0], WISH, "beside")
    await screens[0].click(f"#mark-{id_} button[value='point:here']")
    for screen in screens:
        await expect(screen.locator("#pointed blockquote")).to_contain_text("Ni er for mange!")
    await screens[1].click("#unpoint button")
    await screens[2].click("#propose > summary")
    await screens[2].fill("#what-new", "Møtes ute")
    await screens[2].check("#proposing input[value=user]")
    await screens[2].click("#proposing button.primary")
    for screen in screens[:2]:
        await expect(screen.locator("#pointed")).to_have_count(0)
        await expect(screen.locator("form[id^='confirm-'] button")).to_have_count(1)
    await screens[1].click("form[id^='confirm-'] button")
    for screen in screens:
        await expect(screen.locator(".agreement .state")).to_have_text(NB("review.agreed"))


async def test_on_one_shared_screen_she_writes_for_both_and_he_confirms_later(
    kept_tab: NewTab, begin: NewBoth
) -> None:
    both = await begin()
    hers = await at(await kept_tab(viewport=WIDE), both.hers, both.desk)
    screen = hers.page
    id_ = await unfold(screen, WISH, "beside")
    await screen.click(f"#for-other-{id_} > summary")
    await screen.fill(f"#words-user-{id_}", "Tre går bra")
    await screen.click(f"#beside-user-{id_} button")
    signed = screen.locator(f"#entry-{id_} .beside .signed")
    line = NB(
        "review.by_user_written_by_professional_to_professional", name=both.hers.name, day="@", clock=""
    )
    await expect(signed).to_contain_text(line.partition("@")[0])
    await screen.click("#propose > summary")
    await screen.fill("#what-new", "Møtes ute")
    await screen.check("#proposing input[value=user]")
    await screen.click("#proposing button.primary")
    await expect(screen.locator(".agreement .state")).to_have_text(NB("review.waits_for_user"))
    assert await screen.locator("form[id^='confirm-']").count() == 0, "nobody confirms for another"
    assert await screen.locator("button[value^='point']").count() == 0
    await screen.click("#prepare button")
    await screen.click("form[id^='see-'] button")
    await expect(screen.locator("form[id^='take-pdf'] button")).to_have_count(1)
    await look(hers, "at-once-20-shared-screen")
    # afterwards, from the notebook
    mine = await at(await kept_tab(), both.mine, "/notebook")
    await mine.page.click("a[href*='/review']")
    await expect(mine.page.locator("#review")).to_contain_text("Tre går bra")
    await expect(mine.page.locator(".agreement .state")).to_have_text(NB("review.waits_for_you"))
    await mine.page.click("form[id^='confirm-'] button")
    await expect(mine.page.locator(".agreement .state")).to_have_text(NB("review.agreed"))


SEEN = """(wanted) => {
  const one = document.activeElement;
  const parts = [one, one.closest("label")].filter((part) => part);
  const drawn = parts.some((part) => getComputedStyle(part).outlineStyle !== "none");
  return [one === document.body || drawn ? null : one.outerHTML, one.matches(wanted)];
}"""


async def tab_to(screen: Screen, selector: str) -> None:
    """Press Tab until this has the focus; on the way it is always seen where one is."""
    await screen.wait_for_selector(selector, state="attached")
    for _ in range(120):
        await screen.keyboard.press("Tab")
        seen, arrived = await screen.evaluate(SEEN, selector)
        assert seen is None, "one sees where one is"
        if arrived:
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


async def test_a_whole_review_by_the_keyboard_alone(kept_tab: NewTab, begin: NewBoth) -> None:
    both = await begin()
    hers = await at(await kept_tab(viewport=WIDE), both.hers, both.desk)
    screen, press = hers.page, hers.page.keyboard.press
    course = id_of(await both.her_page(), COURSE)

    async def is_somewhere() -> None:
        await screen.wait_for_timeout(100)
        where_now = await screen.evaluate("document.activeElement.outerHTML.slice(0, 80)")
        assert not where_now.startswith(("<body", "<main")), "the focus is lost"

    await tab_to(screen, f"#mark-{course} button[value='mark:talked']")
    await press("Space")
    await expect(screen.locator(f"#entry-{course} .marked")).to_have_count(1)
    await expect(screen.locator(f"#mark-{course} button[value='mark:']")).to_be_focused()
    await tab_to(screen, f"#answering-{course} input[type=radio]")
    await press("Space")
    # the other acts meanwhile: she stays on what she has just chosen
    await both.mine.send(marks(await both.my_page(), SLEEP).press("mark:talked"))
    await expect(screen.locator("#first-2 .marked")).to_have_count(1)
    await expect(screen.locator(f"#answering-{course} input[value=can]")).to_be_focused()
    await tab_to(screen, f"#answer-words-{course}")
    await screen.keyboard.type("I mars")
    await tab_to(screen, f"#answering-{course} button")
    await press("Enter")
    await expect(screen.locator(f"#entry-{course} .given")).to_contain_text("I mars")
    await expect(screen.locator(f"#answer-{course} > summary")).to_be_focused()
    await both.mine.send(
        (await both.my_page()).form("proposing").write("what", "Møtes ute").choose("who", "user").press()
    )
    await expect(screen.locator("form[id^='confirm-']")).to_have_count(1)
    await tab_to(screen, "form[id^='confirm-'] button")
    await press("Enter")
    await expect(screen.locator(".agreement .state")).to_have_text(NB("review.agreed"))
    await expect(screen.locator(".agreement")).to_be_focused()
    await tab_to(screen, "#stand > summary")
    await press("Enter")
    await tab_to(screen, "#standpoint input[type=radio]")
    await press("ArrowDown")
    await tab_to(screen, "#standpoint button")
    await press("Enter")
    await expect(screen.locator("#standing .given")).to_contain_text(NB("review.view_differ"))
    await is_somewhere()
    await tab_to(screen, "#prepare button")
    await press("Enter")
    await expect(screen.locator(".typeset")).to_have_count(1)
    await is_somewhere()
    await tab_to(screen, "form[id^='see-'] button")
    await press("Space")
    await tab_to(screen, "form[id^='transfer-'] button")
    await press("Enter")
    await expect(screen.locator("#record .stages li:last-child")).to_have_class("reached")
    # it is in the record, and not confirmed: the user has not said where they stand
    await expect(screen.locator("#record .stages .reached")).to_have_count(3)
    await is_somewhere()


@pytest.mark.parametrize(
    ("language", "options"),
    [
        ("nn", {"color_scheme": "dark"}),
        ("en", {"forced_colors": "active"}),
        ("nb", {"color_scheme": "light"}),
    ],
    ids=["nn-dark", "en-forced-colours", "nb-light"],
)
async def test_every_state_of_the_page_is_looked_at(
    kept_tab: NewTab, begin: NewBoth, language: Language, options: dict[str, Any]
) -> None:
    both = await begin(language)
    await both.hers.send((await both.her_page()).form("staff-language").press(language))
    mine = await at(await kept_tab(**options), both.mine, both.here)
    hers = await at(await kept_tab(viewport=WIDE, **options), both.hers, both.desk)

    async def look_at_both(name: str) -> None:
        await mine.open(both.here)
        await hers.open(both.desk)
        for tab, whose in ((mine, "mine"), (hers, "hers")):
            await look(tab, f"states-{language}-{name}-{whose}")

    await look_at_both("00-folded")
    await both.mine.send(marks(await both.my_page(), COURSE).press("point:here"))
    page = answering(await both.her_page(), COURSE).choose("kind", "must_ask").write("by_on", "2027-02-12")
    await both.hers.send(page.write("words", "Ola på NAV. Jeg ringer ham i morgen.").press())
    await both.hers.send(marks(await both.her_page(), COURSE).press("mark:talked"))
    await both.mine.send(
        beside(await both.my_page(), SLEEP, "user").write("words", "Det er verst om våren.").press()
    )
    await both.mine.send(marks(await both.my_page(), SLEEP).press("mark:next_time"))
    form = (
        (await both.her_page())
        .form("proposing")
        .write("what", "Ringe Ola om kurset")
        .choose("who", "professional")
    )
    await both.hers.send(form.write("by_on", "2027-02-12").write("look_again_on", "2027-03-01").press())
    await look_at_both("10-pointed")
    for tab in (mine, hers):
        for folded in await tab.page.locator("main details:not(.chapter details)").all():
            await folded.evaluate("(one) => { one.open = true; }")
        await look(tab, f"states-{language}-20-unfolded-{'mine' if tab is mine else 'hers'}")
    await mine.page.click("#proposing button.primary")
    await mine.expect_focus("trouble")
    await look(mine, f"states-{language}-30-trouble-mine")
    await both.hers.send((await both.her_page()).form("prepare").press())
    await look_at_both("40-record")
    await both.withdraw()
    await look_at_both("50-over")
