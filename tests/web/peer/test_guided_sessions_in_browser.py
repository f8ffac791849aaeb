"""A guided session in real browsers: a peer worker, and people with and without JavaScript."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import secrets

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import expect
from support.clock import Clock
from support.colleague import numbered
from support.person import CATALOGUES
from support.quick import LOW_COST, our_texts
from support.tab import Tab

from assistant.config import Settings
from assistant.service.staff.passwords import Authenticated
from assistant.vault.staff_keys import new_pair
from assistant.web.app import make_app
from assistant.web.http.context import CONTEXT
from web.user.test_conversation_in_browser import DESK as WIDE
from web.user.test_conversation_in_browser import PHONE, NewTab, kept_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, look  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB, NN = CATALOGUES["nb"].say, CATALOGUES["nn"].say
TYPED = "Jeg skriver mens vi går videre"
COVERED = """() => {
  const strip = document.querySelector('#guided').getBoundingClientRect();
  const is_under = ({ top, bottom }) => top < strip.bottom && bottom > strip.top;
  return [...document.querySelectorAll('.topic, h1, .count')]
    .filter((text) => is_under(text.getBoundingClientRect())).map((text) => text.textContent);
}"""
"""What is written under the strip of a session."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_app(tmp_path_factory: pytest.TempPathFactory, time: Clock) -> web.Application:
    return make_app(Settings(data=tmp_path_factory.mktemp("guided") / "data"), time, our_texts(), LOW_COST)


async def peer_worker(tab: Tab, app: web.Application) -> None:
    """Sign a browser in as a new peer worker."""
    staff = app[CONTEXT].services.staff
    name = numbered("Peder")
    id_, _ = await staff.accounts.add(name, frozenset({"peer_worker"}), secrets.token_hex(16))
    who = await staff.sign_ins.begin(Authenticated(id_, new_pair().private), "nb")
    await tab.page.context.add_cookies([{"name": "w", "value": who.secret, "url": tab.address}])


async def open_session(tab: Tab, kind: str, dialogue: str, name: str) -> str:
    """Open a session from the desk; the path of its page."""
    page = tab.page
    await tab.open("/desk")
    await look(tab, f"{name}-10-desk")
    await page.click("a.button[href='/desk/guided']")
    await page.wait_for_selector("#open-session")
    await look(tab, f"{name}-11-open")
    await page.check(f"input[name=kind][value={kind}]")
    await page.select_option("#dialogue", dialogue)
    await page.fill("#welcome", "Fint at du kom.")
    await page.click("#open-session button.primary")
    await page.wait_for_selector(".share-code")
    await look(tab, f"{name}-12-lead")
    return page.url.removeprefix(tab.address)


async def join(tab: Tab, code: str, name: str, language: str = "nb") -> str:
    """Join by the code; the path of the meeting."""
    page = tab.page
    await tab.open(f"/{language}/i")
    await page.fill("#link", code.lower())
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#join")
    await look(tab, f"{name}-20-join")
    await page.click("#join button.primary")
    await page.wait_for_selector("#guided")
    await look(tab, f"{name}-21-joined")
    assert await page.evaluate(COVERED) == []
    return page.url.removeprefix(tab.address)


async def point(lead: Tab, question: str) -> None:
    """Point at a question."""
    page = lead.page
    await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    await page.click(f"#lead-questions button[value='go:{question}']")
    await page.wait_for_load_state()


async def test_a_group_of_three(kept_tab: NewTab, shared_app: web.Application) -> None:
    lead, plain, nynorsk, typist = [
        await kept_tab(**options)
        for options in (
            {"viewport": WIDE},
            {"viewport": PHONE, "java_script_enabled": False, "color_scheme": "dark"},
            {"viewport": PHONE},
            {"viewport": PHONE},
        )
    ]
    await peer_worker(lead, shared_app)
    path = await open_session(lead, "group", "before_meeting", "group")
    code = await lead.page.inner_text(".share-code")
    screen = await kept_tab(viewport=WIDE)
    cookies = {one["name"]: one["value"] for one in await lead.page.context.cookies()}
    await screen.page.context.add_cookies([{"name": "w", "value": cookies["w"], "url": screen.address}])
    await screen.open(f"{path}/screen")
    await look(screen, "group-13-screen")
    paths = [
        await join(tab, code, name, language)
        for tab, name, language in ((plain, "nojs", "nb"), (nynorsk, "nn", "nn"), (typist, "typist", "nb"))
    ]
    await expect(lead.page.locator("#counts")).to_contain_text(NB("lead.joined", count=3))

    # one is typing, with the caret in the middle, while the pointer moves five times
    for here in ("[data-state='meeting/kind']", "[data-state='meeting/day']", "#continue"):
        await typist.page.wait_for_selector(here)
        await typist.page.click("main button[value=skip]")
    await typist.page.wait_for_selector("[data-state='matters/now']")
    field = typist.page.locator("#reply textarea")
    await field.press_sequentially(TYPED)
    for _ in range(5):
        await field.press("ArrowLeft")
    for place in ("meeting/kind", "meeting/day", "matters/now", "wishes/wish", "needs/need"):
        await point(lead, place)
        await expect(typist.page.locator("#guided b >> nth=0")).not_to_have_text("")
    prompt = our_texts().dialogues["before_meeting"].question("needs/need").prompt
    await expect(typist.page.locator("#guided")).to_contain_text(prompt.in_("nb"))
    await expect(field).to_be_focused()
    await expect(field).to_have_value(TYPED)
    await typist.page.keyboard.type("!")
    await expect(field).to_have_value(f"{TYPED[:-5]}!{TYPED[-5:]}")
    await expect(nynorsk.page.locator("#guided")).to_contain_text(prompt.in_("nn"))
    await plain.page.reload()
    assert prompt.in_("nb") in await plain.page.inner_text("#guided")
    await look(lead, "group-14-pointing")
    await look(screen, "group-15-screen")
    await look(typist, "typist-22-pointed")

    for tab, at, line in ((plain, paths[0], "En"), (nynorsk, paths[1], "To"), (typist, paths[2], "Tre")):
        await tab.open(f"{at}/guided")
        await look(tab, f"{line}-30-session")
        await tab.page.click("a[href$='hold-up']")
        await tab.page.wait_for_selector("#hold-up")
        await look(tab, f"{line}-31-hold-up")
        await tab.page.fill("#line", f"{line}: mer ro")
        await tab.page.click("#hold-up button[value=see]")
        await tab.page.click("#hold-up button[value=yes]")
        await tab.page.wait_for_selector("#board-now, #board")
    await expect(lead.page.locator("#waiting")).to_be_visible(timeout=8_000)
    await look(lead, "group-16-waiting")
    for box in await lead.page.locator("#waiting input[name=line]").all():
        await box.check()
    await lead.page.click("#waiting button[value=forward]")
    await expect(screen.page.locator(".board li")).to_have_count(3)
    await look(screen, "group-17-board")
    await expect(nynorsk.page.locator("#board-now")).to_contain_text("Tre: mer ro")
    await look(nynorsk, "nn-32-board")

    await lead.page.click("#lead-end a[href$='/end']")
    await lead.page.click("#lead button[value=end]")
    await lead.page.wait_for_url("**/over")
    await look(lead, "group-18-over")
    await expect(nynorsk.page.locator("main")).to_contain_text(NN("strip.over"))
    await look(nynorsk, "nn-33-over")


async def test_beside_one_person(kept_tab: NewTab, shared_app: web.Application) -> None:
    lead, user = await kept_tab(viewport=WIDE), await kept_tab(viewport=PHONE)
    await peer_worker(lead, shared_app)
    await open_session(lead, "one", "before_meeting", "one")
    path = await join(user, await lead.page.inner_text(".share-code"), "one")
    page = user.page
    for here in ("[data-state='meeting/kind']", "[data-state='meeting/day']", "#continue"):
        await page.wait_for_selector(here)
        await page.click("main button[value=skip]")
    await page.wait_for_selector("[data-state='matters/now']")
    await page.fill("textarea", TYPED)
    await user.press("answer", then="[data-state='wishes/wish']")
    await expect(lead.page.locator("#seen-now")).to_contain_text(NB("lead.sees_nothing"))
    assert TYPED not in await lead.page.content()
    await user.open(f"{path}/guided")
    await look(user, "one-30-session")
    await page.click("button[value^='show:']")
    await expect(lead.page.locator("#seen-now")).to_contain_text(TYPED)
    await look(lead, "one-31-seen")
    assert await page.inner_text("#check-words") == await lead.page.inner_text("#check-words")

    # what the facilitator is typing stays, and what is taken back goes at once
    await lead.page.fill("#text", "Vil du si litt mer?")
    await page.click("button[value^='back:']")
    await expect(lead.page.locator("#seen-now")).not_to_contain_text(TYPED)
    await expect(lead.page.locator("#text")).to_have_value("Vil du si litt mer?")
    await lead.page.click("#say button")
    await expect(page.locator("#said")).to_contain_text("Vil du si litt mer?")
    await look(user, "one-32-message")
