"""The script in a real browser: two tabs, two devices, no net, a voice, and without it."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Route,
    TimeoutError,
    ViewportSize,
    expect,
)
from support.axe import faults_in
from support.kept_tabs import kept_tab
from support.on_the_way import reached
from support.person import CATALOGUES
from support.server import served
from support.slow_net import hear_more, newest_heard, next_page_held_up
from support.tab import Tab, instead_of_the_weather

from assistant.languages import Language
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import CONTEXT
from assistant.web.http.open_streams import STREAMS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
PHONE: ViewportSize = {"width": 360, "height": 740}
MINE = "Barna mine, og hvem som henter dem."


@pytest_asyncio.fixture(loop_scope="session")
async def address(app: web.Application) -> AsyncIterator[str]:
    """Where it is served."""
    async with served(app) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser, address: str) -> AsyncIterator[Tab]:
    """A phone's tab."""
    async with kept_tab(browser, address, viewport=PHONE, locale="nb-NO") as tab:
        yield tab


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, address: str) -> BrowserContext:
    """A device with cookies of its own, in whose tabs voices and the clock may be others."""
    return await device(browser, address)


async def device(browser: Browser, address: str, *, script: bool = True) -> BrowserContext:
    return await browser.new_context(
        base_url=address, java_script_enabled=script, viewport=PHONE, locale="nb"
    )


async def press(page: Page, move: str) -> None:
    """Press a button and be where it leads."""
    old = await page.locator("#heading").element_handle()
    assert old is not None
    button = page.locator(f'button:not(.unseen)[name="move"][value="{move}"]').first
    if not await button.is_visible():
        await page.locator('button[value="transcript"]').click()
        await page.wait_for_url("**/transcript")
        await page.locator(f'.log button[value="{move}"]').click()
        await page.wait_for_selector("#reply")
        return
    await button.click()
    try:
        await old.wait_for_element_state("hidden")
    except TimeoutError:
        raise
    except Error:  # the whole page is another one, and has no such heading
        return


async def reach(page: Page, state: str, language: Language = "nb") -> None:
    """Be at this question, without having gone there."""
    address = (await page.request.get("/")).url.removesuffix(f"/{language}/")
    await page.goto(await reached(page.context, address, state, language))


async def state_of(page: Page) -> str | None:
    reply = page.locator("#reply")
    return await reply.get_attribute("data-state") if await reply.count() else None


async def at(page: Page, state: str) -> None:
    """Wait until the page asks this."""
    await expect(page.locator(f'#reply[data-state="{state}"]')).to_be_attached()


async def listened(app: web.Application, streams: int) -> None:
    """Wait until this many streams are open."""
    for _ in range(600):
        if app[STREAMS].open == streams:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{app[STREAMS].open} streams, not {streams}")


async def another_tab(app: web.Application, tab: Page) -> Page:
    """The same page in a tab beside it; both listen, as do any others of the device."""
    other = await tab.context.new_page()
    await other.goto(tab.url)
    await listened(app, len(tab.context.pages))  # of these, not one more than now: a page listens last
    return other


async def standing(app: web.Application, page: Page) -> Standing:
    """What the server has, behind this browser's cookie."""
    cookies = await page.context.cookies()
    who = await app[CONTEXT].services.sessions.recognise(
        next(c["value"] for c in cookies if c.get("name") == "s")
    )
    meeting = re.search(r"/meetings/([0-9a-f]{32})", page.url)
    assert meeting
    return await app[CONTEXT].services.preparations.standing(who, meeting[1])


async def kept_as_draft(app: web.Application, page: Page) -> None:
    """Wait until the server has a draft."""
    for _ in range(600):
        if (await standing(app, page)).is_draft:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it was not kept")


async def has_focus(page: Page, selector: str) -> bool:
    return bool(await page.evaluate("s => document.activeElement.matches(s)", selector))


async def texts_of(app: web.Application, page: Page) -> list[str]:
    """All that was stated, in order."""
    dumped = (await standing(app, page)).conversation.model_dump_json()
    return re.findall(r'"text":"([^"]*)"', dumped)


async def test_focus_goes_to_the_heading_of_the_next_question(tab: Tab) -> None:
    page = tab.page
    await tab.reach("matters/now")
    await page.locator("textarea").fill(MINE)
    await press(page, "answer")
    await at(page, "wishes/wish")
    assert await has_focus(page, "h1#heading")


async def test_a_tab_in_which_nothing_is_typed_shows_the_newest_by_itself(
    app: web.Application, tab: Tab
) -> None:
    page = tab.page
    await tab.reach("matters/now")
    other = await another_tab(app, page)
    before = other.url
    await page.locator("textarea").fill(MINE)
    await press(page, "answer")
    await at(other, "wishes/wish")
    assert await has_focus(other, "body"), "nobody was led anywhere"
    assert other.url == before
    await press(other, "skip")
    await at(page, "helps/helped")
    assert await has_focus(page, "h1#heading"), "whoever stood at the heading stands at the new one"


async def test_what_is_newer_than_a_page_that_is_on_its_way_is_shown_as_well(
    app: web.Application, tab: Tab
) -> None:
    page = tab.page
    await tab.reach("matters/now")
    other = await another_tab(app, page)
    is_on_its_way, may_come = await next_page_held_up(other)
    await press(page, "skip")
    await asyncio.wait_for(is_on_its_way.wait(), 15)
    heard = await newest_heard(other)
    await press(page, "skip")
    await hear_more(other, heard)
    may_come.set()
    await at(other, "helps/helped")


async def test_what_is_typed_while_an_answer_is_on_its_way_is_set_aside(tab: Tab) -> None:
    page = tab.page
    await tab.reach("matters/now")
    await page.locator("textarea").fill(MINE)
    is_on_its_way, may_come = await next_page_held_up(page)
    await page.locator("button.primary[value=answer]").click()
    await asyncio.wait_for(is_on_its_way.wait(), 15)
    await page.locator("textarea").press_sequentially(" Og skolen.")
    may_come.set()
    await at(page, "wishes/wish")
    await expect(page.locator(".aside textarea")).to_have_value(f"{MINE} Og skolen.")
    await expect(page.locator(".notice")).to_have_text(NB("live.aside_below"))
    await page.locator("#reply textarea").fill("Det som ble sendt,\nog ingenting mer.")
    await press(page, "answer")
    await expect(page.locator(".aside textarea")).to_have_value(f"{MINE} Og skolen.")  # it alone, and still


async def test_a_summary_beside_the_conversation_grows_with_it(app: web.Application, tab: Tab) -> None:
    page = tab.page
    await tab.reach("matters/now")
    other = await page.context.new_page()
    await other.goto(f"{page.url}/summary")
    await listened(app, 2)
    await page.locator("textarea").fill(MINE)
    await press(page, "answer")
    await expect(other.locator("blockquote")).to_have_text(MINE)


async def test_what_is_being_typed_is_neither_replaced_nor_left(app: web.Application, tab: Tab) -> None:
    page = tab.page
    await tab.reach("matters/now")
    other = await another_tab(app, page)
    await other.locator("textarea").press_sequentially("Det jeg skr", delay=5)
    await press(page, "skip")
    button = other.get_by_role("button", name=NB("live.show_newest"))
    await expect(button).to_be_visible()
    assert await has_focus(other, "textarea")
    await other.keyboard.type("ev her")
    assert await other.locator("textarea").input_value() == "Det jeg skrev her"
    await expect(other.locator(".notice")).to_contain_text(NB("live.newer"))
    await button.click()
    await at(other, "wishes/wish")
    assert await has_focus(other, "h1#heading")
    await expect(other.locator(".notice")).to_have_text(NB("live.aside_kept"))
    await press(other, "go:matters/now")
    assert await other.locator("textarea").input_value() == "Det jeg skrev her"


async def test_a_field_with_focus_is_not_taken_away(app: web.Application, tab: Tab) -> None:
    page = tab.page
    await tab.reach("matters/now")
    other = await another_tab(app, page)
    await other.locator("textarea").focus()
    await press(page, "skip")
    await expect(other.get_by_role("button", name=NB("live.show_newest"))).to_be_visible()
    assert await state_of(other) == "matters/now"
    assert await has_focus(other, "textarea")


async def test_the_same_question_with_nothing_new_under_it_goes_on_unnoticed(
    app: web.Application, tab: Tab
) -> None:
    page = tab.page
    await tab.reach("matters/now")
    other = await another_tab(app, page)
    await other.locator("textarea").press_sequentially(MINE, delay=5)
    await press(page, "go:meeting/kind")
    await expect(other.locator(".notice button")).to_be_visible()
    await page.locator("input[value=first]").check()
    await press(page, "answer")
    if await state_of(page) != "matters/now":
        await press(page, "go:matters/now")
    await expect(other.locator(".notice button")).to_have_count(0)
    assert await has_focus(other, "textarea")
    await press(other, "answer")
    assert await other.locator("#trouble").count() == 0
    assert MINE in await texts_of(app, other)


async def test_a_draft_typed_in_one_tab_is_seen_and_never_written_over_from_another(
    app: web.Application, tab: Tab
) -> None:
    page = tab.page
    await tab.reach("matters/now")
    other, third = await another_tab(app, page), await another_tab(app, page)
    await page.locator("textarea").fill("Fra den ene")
    await other.locator("textarea").fill("Fra den andre")
    await expect(third.locator("textarea")).not_to_have_value("")
    seen = await third.locator("textarea").input_value()
    assert seen in ("Fra den ene", "Fra den andre")
    loser = other if seen == "Fra den ene" else page
    await expect(loser.locator(".notice button")).to_be_visible()
    await loser.locator("textarea").press("End")
    await loser.keyboard.type("!", delay=5)
    await asyncio.sleep(2)
    assert await third.locator("textarea").input_value() == seen
    mine = await loser.locator("textarea").input_value()
    await loser.locator(".notice button").click()
    await expect(loser.locator("main textarea")).to_have_value(seen)
    await expect(loser.locator(".aside textarea")).to_have_value(mine)
    await expect(loser.locator(".notice")).to_have_text(NB("live.aside_below"))
    await loser.get_by_role("button", name=NB("live.aside_remove")).click()
    await expect(loser.locator(".aside")).to_have_count(0)


async def test_two_devices_see_what_is_newest(
    app: web.Application, browser: Browser, tab: Tab, address: str
) -> None:
    page = tab.page
    await tab.open("/nb/")
    await page.locator("#start button").click()
    while not await page.locator("#link").count():
        await press(page, "skip")
    link = await page.locator("#link").input_value()
    computer = await (await device(browser, address)).new_page()
    await computer.goto(link)
    await expect(computer.locator("#continue")).to_be_attached()
    assert "#" not in computer.url
    await press(computer, "skip")
    await press(page, "skip")
    await at(computer, "matters/now")
    await computer.locator("textarea").fill("Fra datamaskinen")
    await press(computer, "answer")
    await at(page, "wishes/wish")
    await page.locator("textarea").fill("Fra telefonen")
    await press(page, "answer")
    await at(computer, "helps/helped")
    assert await texts_of(app, page) == ["Fra datamaskinen", "Fra telefonen"]


async def test_without_a_net_the_answer_stays_and_is_sent_once_when_it_is_back(
    app: web.Application, tab: Tab
) -> None:
    page = tab.page
    await tab.reach("matters/now")
    turn = (await standing(app, page)).conversation.turn
    await page.locator("textarea").fill(MINE)
    await page.context.set_offline(True)
    await page.locator("button.primary[value=answer]").click()
    await expect(page.locator(".notice")).to_have_text(NB("live.waiting"))
    assert await page.locator("textarea").input_value() == MINE
    await page.context.set_offline(False)
    await at(page, "wishes/wish")
    after = (await standing(app, page)).conversation
    assert after.turn == turn + 1
    assert await texts_of(app, page) == [MINE]


async def test_an_answer_whose_receipt_was_lost_is_one_answer(app: web.Application, tab: Tab) -> None:
    page = tab.page
    await tab.reach("matters/now")
    turn = (await standing(app, page)).conversation.turn
    lost: list[str] = []

    async def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            await route.fetch(max_redirects=0)
            lost.append("receipt")
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/meetings/*", lose)
    await page.locator("textarea").fill(MINE)
    await page.locator("button.primary[value=answer]").click()
    await at(page, "wishes/wish")
    assert lost == ["receipt"]
    assert (await standing(app, page)).conversation.turn == turn + 1
    assert await texts_of(app, page) == [MINE]


async def test_somebody_else_answering_in_our_place_takes_nothing_away(
    app: web.Application, tab: Tab
) -> None:
    page = tab.page
    await tab.reach("matters/now")
    hotel = "<html><body><h1>502</h1></body></html>"
    await page.route("**/meetings/*", lambda route: route.fulfill(status=502, body=hotel))
    await page.locator("textarea").fill(MINE)
    await page.locator("button.primary[value=answer]").click()
    await expect(page.locator(".notice")).to_have_text(NB("live.waiting"))
    assert await page.locator("textarea").input_value() == MINE
    await page.unroute("**/meetings/*")
    await at(page, "wishes/wish")


async def test_an_answer_that_is_changed_while_it_waits_is_not_sent_by_itself(
    app: web.Application, tab: Tab
) -> None:
    page = tab.page
    await tab.reach("matters/now")
    await page.locator("textarea").fill(MINE)
    await page.context.set_offline(True)
    await page.locator("button.primary[value=answer]").click()
    await expect(page.locator(".notice")).to_have_text(NB("live.waiting"))
    await page.locator("textarea").press_sequentially(" Og mer.", delay=5)
    await expect(page.locator(".notice")).not_to_have_text(NB("live.waiting"))
    await page.context.set_offline(False)
    await kept_as_draft(app, page)
    assert await state_of(page) == "matters/now"
    await press(page, "answer")
    assert await texts_of(app, page) == [MINE + " Og mer."]


async def test_what_is_typed_without_a_net_is_kept_when_it_is_back(app: web.Application, tab: Tab) -> None:
    page = tab.page
    await tab.reach("matters/now")
    await page.context.set_offline(True)
    await page.locator("textarea").press_sequentially(MINE, delay=2)
    await expect(page.locator(".notice")).to_have_text(NB("live.unsaved"))
    assert await has_focus(page, "textarea")
    assert not (await standing(app, page)).is_draft
    await page.context.set_offline(False)
    await expect(page.locator(".notice")).to_have_text(NB("live.saved"))
    assert list((await standing(app, page)).filled.values()) == [(MINE,)]
    assert await has_focus(page, "textarea")


async def test_somebody_who_types_slowly_while_everything_is_kept_loses_nothing(
    app: web.Application, tab: Tab
) -> None:
    page = tab.page
    await tab.reach("matters/now")
    other = await another_tab(app, page)
    await page.locator("textarea").focus()
    for word in ("Jeg ", "vil ", "helst ", "snakke ", "om ", "søvn."):
        await page.keyboard.type(word, delay=10)
        await asyncio.sleep(0.8 if word != "helst " else 2)
    assert await page.locator("textarea").input_value() == "Jeg vil helst snakke om søvn."
    assert await has_focus(page, "textarea")
    assert await page.locator(".notice button").count() == 0
    await expect(other.locator("textarea")).to_have_value("Jeg vil helst snakke om søvn.")


async def test_a_page_that_is_not_looked_at_does_not_listen_and_is_fresh_when_it_is_again(
    app: web.Application, tab: Tab
) -> None:
    page = tab.page
    await tab.reach("matters/now")
    other = await another_tab(app, page)
    await look(other, is_hidden=True)
    app[STREAMS].heartbeat = 0.05
    await press(page, "skip")
    await listened(app, 1)
    assert await state_of(other) == "matters/now"
    await look(other, is_hidden=False)
    await at(other, "wishes/wish")


async def look(page: Page, *, is_hidden: bool) -> None:
    """Put the page away or take it out again, as a phone does."""
    await page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange')); }",
        is_hidden,
    )


async def test_what_was_just_typed_is_kept_when_the_phone_is_put_away(
    app: web.Application, phone: BrowserContext
) -> None:
    page = await phone.new_page()
    await page.clock.install()
    await reach(page, "matters/now")
    await page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    await page.locator("textarea").fill(MINE)  # and the time does not come at which it would be kept anyway
    await look(page, is_hidden=True)
    await kept_as_draft(app, page)


async def test_tabs_lock_when_one_is_left_and_a_text_in_one_of_them_stays(
    app: web.Application, tab: Tab
) -> None:
    page = tab.page
    await tab.reach("matters/now")
    empty, typed = await another_tab(app, page), await another_tab(app, page)
    await typed.locator("textarea").fill(MINE)
    await instead_of_the_weather(page.context)
    await page.locator("#leave button").click()
    await expect(page).to_have_url(re.compile("yr.no"))
    await expect(empty.locator("h1")).to_have_text(NB("held.locked_heading"))
    await expect(typed.locator(".notice")).to_contain_text(NB("held.locked_heading"))
    await expect(typed.locator(".notice")).to_contain_text(NB("live.stays"))
    assert await typed.locator("textarea").input_value() == MINE
    assert await has_focus(typed, "textarea")
    await press(typed, "answer")
    await expect(typed.locator("#unlock textarea")).to_have_value(MINE)


async def test_shift_three_times_leaves_and_capital_letters_do_not(tab: Tab) -> None:
    page = tab.page
    await tab.reach("matters/now")
    await page.locator("textarea").focus()
    for letter in "ABCD":
        await page.keyboard.press(f"Shift+{letter}")
    await page.keyboard.press("Shift")
    await page.keyboard.press("Shift")
    await page.keyboard.type("x")
    await page.keyboard.press("Shift")
    assert await page.locator("textarea").input_value() == "ABCDx"
    assert await page.locator("#reply").is_visible()
    await instead_of_the_weather(page.context)
    for _ in range(2):
        await page.keyboard.press("Shift")
    await expect(page).to_have_url(re.compile("yr.no"))
    await page.go_back()
    await expect(page.locator("h1")).to_have_text(NB("held.locked_heading"))


async def test_too_much_text_is_said_before_it_is_sent_and_can_be_sent(tab: Tab) -> None:
    page = tab.page
    await tab.reach("matters/now")
    field, said = page.locator("textarea"), page.locator(".over")
    await field.fill("👍" * 4000)
    await expect(said).to_have_count(0)
    await field.fill("👍" * 3999 + "ab")
    await expect(said).to_have_text(NB("refusal.TextTooLong", length="4\u00a0001", limit="4\u00a0000"))
    assert await field.get_attribute("aria-describedby") == await said.get_attribute("id")
    await press(page, "answer")
    await expect(page.locator("#trouble")).to_contain_text("4\u00a0001")
    await page.locator("textarea").fill("Kort")
    await expect(page.locator(".over")).to_have_count(0)
    await press(page, "answer")
    await at(page, "wishes/wish")


async def test_what_the_script_adds_is_accessible(app: web.Application, phone: BrowserContext) -> None:
    page = await with_voices(phone, ("nb-NO", True))
    await reach(page, "matters/now")
    other = await another_tab(app, page)
    await other.locator("textarea").fill("\x07")
    await press(other, "answer")  # what no page can show: a page with a trouble on it
    await page.locator("textarea").fill("Fra den ene")
    await expect(other.locator(".notice button")).to_be_visible(timeout=9000)
    await other.locator("textarea").fill("å" * 4001)
    await expect(other.locator(".over")).to_be_visible()
    for stage in ("notice", "aside"):
        if stage == "aside":
            await other.locator(".notice button").click()
            await expect(other.locator(".aside")).to_be_visible()
        assert await faults_in(other) == []
    await page.locator("textarea").fill("")
    await expect(page.locator(".aloud")).to_be_visible()
    assert await faults_in(page) == []


VOICES = """
window.said = [];
const voices = VOICES;
class Utterance { constructor(text) { this.text = text; } }
window.SpeechSynthesisUtterance = Utterance;
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices.map(([lang, localService]) => ({ lang, localService })),
  speak: (u) => window.said.push([u.lang, u.text]),
  cancel: () => window.said.push("stop"),
} });
"""


async def with_voices(context: BrowserContext, *voices: tuple[str, bool]) -> Page:
    page = await context.new_page()
    listed = str([[lang, is_local] for lang, is_local in voices]).replace("T", "t").replace("F", "f")
    await page.add_init_script(VOICES.replace("VOICES", listed))
    return page


async def test_a_question_is_read_aloud_and_stops_when_asked_or_gone(phone: BrowserContext) -> None:
    page = await with_voices(phone, ("en-US", True), ("nb_NO", True))
    await page.goto("/nb/")
    await page.locator("#start button").click()
    await at(page, "meeting/kind")
    await page.get_by_role("button", name=NB("live.aloud")).click()
    said = await page.evaluate("said")
    heading = await page.locator("h1").inner_text()
    options = await page.locator(".option span").all_text_contents()
    why = (await page.locator(".why [data-read]").first.text_content() or "").strip()
    spoken = [text for _, text in said[1:]]
    assert {lang for lang, _ in said[1:]} == {"nb_NO"}
    assert spoken == [heading, why, *options]
    await page.get_by_role("button", name=NB("live.hush")).click()
    assert (await page.evaluate("said"))[-1] == "stop"
    await page.get_by_role("button", name=NB("live.aloud")).click()
    await press(page, "skip")
    assert (await page.evaluate("said"))[-1] == "stop"
    await expect(page.get_by_role("button", name=NB("live.aloud"))).to_be_visible()
    await page.get_by_role("button", name=NB("live.aloud")).click()
    await look(page, is_hidden=True)
    assert (await page.evaluate("said"))[-1] == "stop"


@pytest.mark.parametrize(
    ("language", "voices", "is_offered"),
    [
        ("nb", [("no-NO", True)], True),
        ("nb", [("nn-NO", True), ("en-GB", True)], False),
        ("nb", [("nb-NO", False)], False),
        ("nn", [("nb-NO", True)], False),
        ("nn", [("nn-NO", True)], True),
        ("en", [("en-AU", True)], True),
        ("en", [], False),
    ],
)
async def test_reading_aloud_is_offered_only_by_a_voice_of_this_device_for_this_language(
    app: web.Application,
    phone: BrowserContext,
    language: Language,
    voices: list[tuple[str, bool]],
    is_offered: bool,
) -> None:
    page = await with_voices(phone, *voices)
    await page.goto(f"/{language}/")
    await page.locator("#start button").click()
    await at(page, "meeting/kind")
    await listened(app, 1)  # the script listens last
    await expect(page.locator(".aloud")).to_have_count(int(is_offered))
    if is_offered:
        await expect(page.locator(".aloud")).to_have_text(CATALOGUES[language].say("live.aloud"))


async def prepare(page: Page) -> None:
    """One journey, with its detours: answers, one more, changed, skipped, a pause, another language."""
    await page.goto("/nb/")
    await page.locator("#start button").click()
    await at(page, "meeting/kind")
    await page.locator("input[value=first]").check()
    await press(page, "answer")
    while await state_of(page) != "matters/now":
        await press(page, "skip")
    await page.locator("textarea").fill(MINE)
    await press(page, "more")
    await page.locator("textarea").nth(1).fill("«Kurset» i mars\n\n– og etterpå?")
    await press(page, "language:nn")
    await press(page, "language:nb")
    await press(page, "answer")
    await press(page, "answer:whole")
    await page.locator("textarea").fill("Færre folk")
    await press(page, "back")
    await page.locator("textarea").first.fill("Barna mine.")
    await press(page, "answer")
    await at(page, "first_meeting/met")
    await expect(page.locator("textarea")).to_have_value("Færre folk")
    await press(page, "answer")
    await press(page, "pause")
    await page.locator("main a.button").click()
    while not await page.locator("#continue").count():
        await press(page, "skip")
    await press(page, "answer")
    await expect(page.locator("#summary")).to_be_visible()


async def test_without_the_script_the_same_journey_gives_the_same_document(
    app: web.Application, browser: Browser, address: str
) -> None:
    documents, summaries = [], []
    for script in (True, False):
        page = await (await device(browser, address, script=script)).new_page()
        await prepare(page)
        there = await standing(app, page)
        names: dict[str, str] = {}
        written = there.conversation.model_dump_json()
        for made in re.findall(r'"id":"([^"]+)"', written):
            names.setdefault(made, f"id{len(names)}")
        for made, name in names.items():
            written = written.replace(made, name)
        documents.append((written, there.at, there.is_draft))
        summaries.append(await page.locator("#summary").inner_text())
        if script:
            scripts = await page.evaluate("[...document.scripts].map(({ src }) => src)")
            assert [src.rpartition("/")[2] for src in scripts] == ["main.js", "conversation.js"]
            assert all(src.startswith(address) for src in scripts)
    assert documents[0] == documents[1]
    assert summaries[0] == summaries[1]
    assert "Barna mine." in documents[0][0]
