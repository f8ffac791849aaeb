"""What only a real browser shows: looks, focus, keys, scripts, going back, and what stands after #."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Route, ViewportSize, expect
from support import kept_tabs
from support.clock import Clock
from support.person import CATALOGUES
from support.quick import our_texts
from support.server import served
from support.tab import Tab, instead_of_the_weather

from assistant.config import Settings
from assistant.languages import Language
from assistant.web.app import make_app
from web.http.test_bad_input import STRANGE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
NB = CATALOGUES["nb"].say
TYPED = "\n Å sove <b>om natten</b> {{ 7*7 }} 👩🏽‍🍳"

NewTab = Callable[..., Awaitable[Tab]]


@pytest.fixture(scope="session")
def time() -> Clock:
    """The clock of the one server."""
    return Clock()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def address(tmp_path_factory: pytest.TempPathFactory, time: Clock) -> AsyncIterator[str]:
    """Where a server for all tests here is."""
    folder: Path = tmp_path_factory.mktemp("browser")
    async with served(make_app(Settings(data=folder / "data"), time, our_texts())) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def new_tab(browser: Browser, address: str) -> AsyncIterator[NewTab]:
    """A tab of a browser that has never been here; at the end nothing may have gone wrong in it."""
    tabs: list[Tab] = []

    async def new(**options: Any) -> Tab:
        settled = {"viewport": PHONE, "locale": "nb-NO"} | options
        context = await browser.new_context(**settled)
        tabs.append(Tab(await context.new_page(), address))
        return tabs[-1]

    yield new
    for tab in tabs:
        tab.assert_nothing_wrong()
        await tab.page.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def kept_tab(browser: Browser, address: str) -> AsyncIterator[NewTab]:
    """A tab as a new one, but that other tests had and will have; for tests that need no empty cache."""
    async with AsyncExitStack() as taken:

        async def take_one(**options: Any) -> Tab:
            settled = {"viewport": PHONE, "locale": "nb-NO"} | options
            return await taken.enter_async_context(kept_tabs.kept_tab(browser, address, **settled))

        yield take_one


@pytest_asyncio.fixture(loop_scope="session")
async def tab(kept_tab: NewTab) -> Tab:
    """A tab of a phone."""
    return await kept_tab()


@pytest.mark.parametrize(
    ("language", "options"),
    [
        ("nb", {"viewport": PHONE}),
        ("nn", {"viewport": PHONE, "java_script_enabled": False, "color_scheme": "dark"}),
        ("en", {"viewport": DESK}),
    ],
    ids=["phone", "phone-without-javascript-dark", "desk"],
)
async def test_the_whole_conversation(new_tab: NewTab, language: Language, options: dict[str, Any]) -> None:
    tab = await new_tab(**options)
    page = tab.page
    await tab.open(f"/{language}/")
    await tab.look()
    await page.click("#start button")
    await page.wait_for_selector("[data-state='meeting/kind']")
    await tab.look()
    await page.check("input[value=follow_up]")
    await tab.press("answer", then="#on")
    await tab.look()
    await page.fill("#on", "2027-01-05")
    await page.fill("#at", "09:05")
    await tab.press("answer", then="input[name=device]")
    await tab.look()
    await page.check("input[value=own]")
    await tab.press("answer", then="[data-state='matters/now']")
    await page.fill("textarea", "Hidden\x07")
    await tab.press("answer", then="#trouble")
    await tab.look()
    await page.fill("textarea", TYPED)
    await tab.press("more", then="textarea >> nth=1")
    await page.fill("textarea >> nth=1", "Og noe til")
    await tab.look()
    await tab.press("answer", then="[data-state='follow_up/agreed']")
    await tab.press("skip", then="[data-state='wishes/wish']")
    await tab.press("skip", then="[data-state='helps/helped']")
    await tab.press("skip", then="[data-state='needs/need']")
    await page.fill("textarea", "a" * 60 + " " + "Langt" * 40)
    await tab.press("answer", then="[data-asks=balance]")
    for summary in await page.locator("details > summary:visible").all():
        await summary.click()
    await tab.look()
    await page.click("label:has([name='support.level'][value=more])")
    await tab.press("answer", then="input[value=not_take_over]")
    for summary in await page.locator("details > summary:visible").all():
        await summary.click()
    await tab.look()
    await page.click("label:has(input[value=not_take_over])")
    await page.fill("#signal", "Jeg blir stille")
    await tab.press("answer", then="[data-state='questions/ask']")
    await page.fill("textarea", "Hva skjer etterpå?")
    await tab.press("answer", then="#continue")
    await tab.look()
    await tab.press("answer", then="#summary")
    await tab.look()
    own = await page.locator("blockquote.own").all_inner_texts()
    assert {TYPED.strip(), "Og noe til"} <= {text.strip() for text in own}
    assert TYPED in await page.locator("blockquote.own").all_text_contents()
    for path in ("pause", "show"):
        await tab.open(page.url.removeprefix(tab.address).rpartition("/")[0] + f"/{path}")
        await tab.look()
    for path in ("help", "script", "how-it-is-kept", "privacy", "r", "", "nowhere"):
        await tab.open(f"/{language}/{path}")
        await tab.look()
    await tab.open("/delete")
    await tab.look()
    await page.click("#delete button")
    await page.wait_for_selector("#delete", state="detached")
    await tab.look()
    say = CATALOGUES[language].say
    assert await page.title() == f"{say('deleted.heading')} · {say('site.name')}"
    await tab.open("/delete")
    await tab.look()
    assert len(tab.seen) == 20, tab.seen  # what was refused says so in its title


async def test_the_whole_conversation_with_the_keyboard_alone(tab: Tab) -> None:
    keys = tab.page.keyboard

    async def go_to(selector: str) -> None:
        for _ in range(60):
            if await tab.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            await keys.press("Tab")
        raise AssertionError(f"no way to {selector} with the keyboard")

    async def press(selector: str, then: str) -> None:
        await go_to(selector)
        outline = await tab.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", "one sees where one is"
        await keys.press("Enter")
        await tab.page.wait_for_selector(then)

    await tab.open("/nb/")
    await keys.press("Tab")
    assert await tab.page.evaluate("document.activeElement.className") == "skip-link"
    await press("#start button", "[data-state='meeting/kind']")
    await go_to("input[name=option]")
    await keys.press("ArrowDown")
    await press(".primary[value=answer]", "#on")
    await go_to("#on")
    await keys.type("05052027")
    await press(".primary[value=answer]", "input[name=device]")
    await go_to("input[name=device]")
    await keys.press("ArrowDown")
    await press(".primary[value=answer]", "[data-state='matters/now']")
    await go_to("textarea")
    await keys.type("Barna mine.")
    await press(".primary[value=answer]", "[data-state='follow_up/agreed']")
    await press("[value=skip]", "[data-state='wishes/wish']")
    await press("[value=skip]", "[data-state='helps/helped']")
    await press("[value=skip]", "[data-state='needs/need']")
    await press("[value=skip]", "[data-asks=balance]")
    await go_to("input[name='support.level']")
    await keys.press("Space")
    await press(".primary[value=answer]", "input[name='support.forms']")
    await go_to("input[name='support.forms']")
    await keys.press("Space")
    await press(".primary[value=answer]", "[data-state='questions/ask']")
    await press("[value=skip]", "#continue")
    await press(".primary[value=answer]", "#summary")
    assert await tab.page.locator("blockquote.own").all_inner_texts() == ["Barna mine."]
    assert "5.\xa0mai 2027" in await tab.page.inner_text("#summary")


async def test_after_each_step_the_focus_is_at_what_is_new(tab: Tab) -> None:
    await tab.walk("matters/now")
    await tab.expect_focus("heading")
    await tab.page.fill("textarea", "Hidden\x07")
    await tab.press("answer", then="#trouble")
    await tab.expect_focus("trouble")
    await tab.page.fill("textarea", "Barna")
    await tab.page.click("#trouble a")
    await expect(tab.page.locator("textarea")).to_be_focused()
    await tab.page.keyboard.press("End")
    await tab.page.keyboard.type(" mine.")
    assert await tab.page.input_value("textarea") == "Barna mine."
    await tab.press("answer", then="[data-state='wishes/wish']")
    await tab.expect_focus("heading")
    assert await tab.page.evaluate("scrollY") == 0
    assert await tab.page.title() == f"{await tab.page.inner_text('h1')} · {NB('site.name')}"


async def said(tab: Tab) -> list[str]:
    """Return the own words on the page of the whole conversation, and come back."""
    await tab.page.click("button[value=transcript]")
    await tab.page.wait_for_url("**/transcript")
    words = await tab.page.locator(".log .own").all_text_contents()
    await tab.page.go_back()
    await tab.page.wait_for_selector("#reply")
    return words


async def test_a_refusal_has_the_focus_without_a_step_too(tab: Tab) -> None:
    await tab.open("/nb/r")
    await tab.page.fill("#link", "feil")
    await tab.page.click("#open button")
    await tab.page.wait_for_selector("#trouble")
    await tab.expect_focus("trouble")


async def test_a_step_that_does_not_get_through_loses_nothing(tab: Tab) -> None:
    await tab.reach("matters/now")
    await tab.page.fill("textarea", TYPED)
    await tab.page.context.set_offline(True)
    await tab.page.click("button.primary[value=answer]")
    await expect(tab.page.locator(".notice")).to_contain_text(NB("live.waiting"))
    assert await tab.page.input_value("textarea") == TYPED
    await tab.page.context.set_offline(False)  # and it is sent, once, without another press
    await tab.page.wait_for_selector("[data-state='wishes/wish']")
    assert await said(tab) == [TYPED]


async def test_more_than_can_be_sent_stays_in_its_field(tab: Tab) -> None:
    await tab.reach("matters/now")
    # first the draft is kept: later it is too long, and what is said of that would hide what is looked for
    async with tab.page.expect_response(lambda answer: answer.status == 204):
        await tab.page.fill("textarea", TYPED)
    # a field this long would take the browser many seconds to draw
    hidden = "n => document.forms.reply.elements.language.value = 'a'.repeat(n)"
    await tab.page.evaluate(hidden, 1_200_000)
    await tab.page.click("button.primary[value=answer]")
    await expect(tab.page.locator(".notice")).to_contain_text(NB("trouble.too_large_heading"))
    assert await tab.page.input_value("textarea") == TYPED
    await tab.page.evaluate(hidden, 0)
    await tab.press("answer", then="[data-state='wishes/wish']")


async def test_what_is_typed_is_kept_while_it_is_typed(tab: Tab) -> None:
    await tab.reach("matters/now")
    async with tab.page.expect_response(lambda answer: answer.status == 204):
        await tab.page.locator("textarea").press_sequentially("Halvferdig tanke")
    await tab.page.reload()
    assert await tab.page.input_value("textarea") == "Halvferdig tanke"
    assert NB("reply.draft_kept") in await tab.page.inner_text("main")


async def test_the_language_changes_in_the_middle_of_typing(tab: Tab) -> None:
    await tab.reach("matters/now")
    asked: dict[Language, str] = {"nn": "Kva er viktig for deg no?", "en": "What matters to you right now?"}
    for language, heading in asked.items():
        await tab.page.fill("textarea", f"{TYPED} {language}")
        await tab.page.click(f"button[value='language:{language}']")
        await expect(tab.page.locator("h1")).to_have_text(heading)
        await expect(tab.page.locator(".leave button")).to_have_text(CATALOGUES[language].say("site.leave"))
        assert await tab.page.input_value("textarea") == f"{TYPED} {language}"
        assert (await tab.page.get_attribute("html", "lang") or "")[:2] == language


async def test_enter_in_a_field_goes_on(tab: Tab) -> None:
    await tab.reach("meeting/day")
    await tab.page.fill("#on", "2027-01-05")
    await tab.page.fill("#at", "09:05")
    await tab.page.press("#at", "Enter")
    await tab.page.wait_for_selector("input[name=device]")


async def test_going_back_in_the_browser_shows_where_one_stands(tab: Tab) -> None:
    await tab.reach("matters/now")
    await tab.press("pause", then="a[href^='/meetings/']")
    await tab.page.go_back()
    await tab.page.wait_for_selector("[data-state='matters/now']")
    await tab.page.go_forward()
    await expect(tab.page.locator("h1")).to_have_text(NB("pause.heading"))


async def test_forward_before_the_script_is_there(tab: Tab) -> None:
    await tab.reach("matters/now")
    await tab.press("pause", then="a[href^='/meetings/']")
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await tab.page.route("**/main.js*", hold)
    await tab.page.go_back(wait_until="commit")
    await tab.page.wait_for_selector("[data-state='matters/now']")
    await tab.page.evaluate("history.forward()")
    await tab.page.wait_for_url("**/pause", wait_until="commit")
    held.set()
    await expect(tab.page.locator("h1")).to_have_text(NB("pause.heading"))


async def link_of(tab: Tab) -> str:
    await tab.reach("matters/now")
    here = tab.page.url
    await tab.page.goto(f"{here}/pause")
    link: str = await tab.page.locator("#link").input_value()
    await tab.page.goto(here)
    return link


async def test_the_private_link_opens_and_is_gone_from_the_address(tab: Tab, new_tab: NewTab) -> None:
    link = await link_of(tab)
    await tab.page.fill("textarea", "Barna mine.")
    await tab.press("answer", then="[data-state='wishes/wish']")
    elsewhere = await new_tab()
    await elsewhere.page.goto(link)
    await elsewhere.page.wait_for_selector("[data-state='wishes/wish']")
    secret = link.partition("#")[2]
    assert secret not in elsewhere.page.url
    assert not [url for url in elsewhere.asked if secret in url]
    await elsewhere.page.go_back()
    assert secret not in elsewhere.page.url


async def test_the_private_link_can_be_pasted_without_javascript(tab: Tab, new_tab: NewTab) -> None:
    link = await link_of(tab)
    elsewhere = await new_tab(java_script_enabled=False)
    await elsewhere.page.goto(link)
    await elsewhere.page.fill("#link", link)
    await elsewhere.page.press("#link", "Enter")
    await elsewhere.page.wait_for_selector("[data-state='matters/now']")
    assert "#" not in elsewhere.page.url


async def test_the_link_can_be_copied_with_a_press(new_tab: NewTab) -> None:
    tab = await new_tab(permissions=["clipboard-read", "clipboard-write"])
    await tab.reach("#continue")
    await tab.page.click(f"text={NB('way_back.copy')}")
    await expect(tab.page.get_by_text(NB("way_back.copied"))).to_be_visible()
    assert await tab.page.evaluate("navigator.clipboard.readText()") == await tab.page.input_value("#link")


async def test_a_session_that_runs_out_while_typing_loses_nothing(tab: Tab, time: Clock) -> None:
    link = await link_of(tab)
    await tab.page.fill("textarea", TYPED)
    time.pass_by(timedelta(hours=1))
    await tab.press("answer", then="#unlock")
    await tab.expect_focus("heading")
    await tab.look()
    assert await tab.page.input_value("textarea") == TYPED
    await tab.page.fill("#link", "feil")
    await tab.page.click("#unlock button.primary")
    await tab.page.wait_for_selector("#trouble")
    await tab.look()
    await tab.page.fill("#link", link)
    await tab.page.press("#link", "Enter")
    await tab.page.wait_for_selector("[data-state='wishes/wish']")
    assert await said(tab) == [TYPED]


@pytest.mark.parametrize("java_script_enabled", [True, False])
async def test_whatever_is_written_is_shown_as_text(new_tab: NewTab, java_script_enabled: bool) -> None:
    tab = await new_tab(java_script_enabled=java_script_enabled)
    await tab.reach("matters/now")
    texts = [text for text in STRANGE.values() if text.isprintable() or "\n" in text][:5]
    for number, text in enumerate(texts):
        await tab.page.fill(f"textarea >> nth={number}", text)
        if number < len(texts) - 1:
            await tab.press("more", then=f"textarea >> nth={number + 1}")
    await tab.press("answer", then="[data-state='wishes/wish']")
    here = re.sub(r"\?.*", "", tab.page.url.removeprefix(tab.address))
    assert await said(tab) == texts
    await tab.open(f"{here}/summary")
    assert await tab.page.locator("blockquote").all_text_contents() == texts
    assert await tab.page.locator("#summary :is(b, img, script, h1 ~ h1)").count() == 0


@pytest.mark.parametrize("java_script_enabled", [True, False])
async def test_after_leaving_no_way_back_shows_a_word(new_tab: NewTab, java_script_enabled: bool) -> None:
    tab = await new_tab(java_script_enabled=java_script_enabled)
    await tab.walk("matters/now")
    await tab.page.fill("textarea", "Barna mine.")
    await tab.press("answer", then="[data-state='wishes/wish']")
    await instead_of_the_weather(tab.page.context)
    await tab.page.click("#leave button")
    await tab.page.wait_for_url("https://www.yr.no/")
    for _ in range(4):
        try:
            await tab.page.go_back(timeout=3000)
        except Error:  # what was posted is not shown again: as good
            continue
        if tab.page.url.startswith("https://www.yr.no"):
            continue
        assert "Barna" not in (await tab.page.content()).replace("Barna mine.</li>", "")
        assert await tab.page.locator(".own").count() == 0


async def test_the_first_page_is_small_and_comes_at_once(new_tab: NewTab) -> None:
    tab = await new_tab()
    answers: list[Any] = []
    tab.page.on("response", lambda answer: answers.append(answer))
    await tab.open("/nb/")
    await tab.page.wait_for_load_state("networkidle")
    # as it crosses the wire
    sizes = [await answer.request.sizes() for answer in answers]
    assert 10_000 < sum(size["responseBodySize"] for size in sizes) < 26_000
    # the page, its style, its icon and one module, which comes after it is shown
    assert len(tab.asked) <= 4
    assert [url.rpartition("/")[2] for url in tab.asked if url.endswith(".js")] == ["main.js"]
