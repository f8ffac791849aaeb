"""Choosing what comes first by tapping, as a phone shows it: its size, keyboard, focus and place."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import pytest
from playwright.async_api import Browser, ViewportSize
from support.kept_tabs import kept_tab
from support.person import CATALOGUES, Person
from support.preparing import say
from support.tab import Tab

from web.user.test_summary_in_browser import be, person, tab  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PHONE: ViewportSize = {"width": 360, "height": 740}
NB = CATALOGUES["nb"].say
SAID = {
    "matters/now": ("Barna mine", "Å få sove om natten, det går ut over alt annet"),
    "wishes/wish": ("Færre folk på møtene", "Jeg vil prøve kurset i mars, men ikke alene", "Mer tid"),
    "helps/helped": ("Å gå en tur før jeg skal snakke om noe vanskelig",),
    "needs/need": ("En pause uten at jeg må forklare hvorfor", "Noen som kan ringe NAV sammen med meg"),
    "questions/ask": ("Hvem leser referatet?", "Hva skjer hvis jeg trapper ned på medisinen?"),
}
"""Ten entries in five sections."""
ROWS = ".taps button"


async def ask(tab: Tab, person: Person) -> None:
    """Show what comes first of ten entries."""
    page = await person.reach("matters/now")
    while page.has("reply"):
        words = SAID.get(page.state)
        page = await (say(person, page, *words) if words else person.send(page.form("reply").press("skip")))
    summary = await person.summary(page)
    offers = next(form for form in summary.forms() if form.offers("go:first/three"))
    page = await person.send(offers.press("go:first/three"))
    await be(tab, person)
    await tab.open(page.path)


async def tapped(tab: Tab, number: int, says: str) -> None:
    """Tap a row, and wait until it has this number or none."""
    await tab.page.locator(ROWS).nth(number).click()
    await tab.page.wait_for_selector(f"{ROWS} >> nth={number} >> .number:text-is('{says}')")
    await tab.page.wait_for_load_state()


@pytest.mark.parametrize("script", [True, False], ids=["script", "without"])
async def test_ten_entries_fill_a_screen_and_a_half_and_a_tap_stays_in_place(
    browser: Browser, person: Person, script: bool
) -> None:
    options = {"viewport": PHONE, "locale": "nb-NO", "java_script_enabled": script}
    async with kept_tab(browser, person.address, **options) as tab:
        await _tap_ten_entries(tab, person, script)


async def _tap_ten_entries(tab: Tab, person: Person, script: bool) -> None:
    await ask(tab, person)
    rows = tab.page.locator(ROWS)
    assert await rows.count() == 10
    screens = await tab.page.evaluate("document.documentElement.scrollHeight") / PHONE["height"]
    boxes = await rows.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    print(f"ten entries: {screens:.2f} screens, rows of {min(boxes):.0f} to {max(boxes):.0f} px")
    assert screens <= 1.5
    assert min(boxes) >= 44
    for n, row in enumerate((5, 2), start=1):
        await rows.nth(row).scroll_into_view_if_needed()
        before = await rows.nth(row).bounding_box()
        await tapped(tab, row, str(n))
        after = await rows.nth(row).bounding_box()
        assert before is not None
        assert after is not None
        assert 0 <= after["y"] <= PHONE["height"] - after["height"], "the row is still in sight"
        if script:
            assert abs(after["y"] - before["y"]) <= 1, "nothing moves"
    await tapped(tab, 5, "")
    assert await tab.page.locator(".taps .number:not(:empty)").all_inner_texts() == ["1"]


async def test_the_keyboard_taps_and_a_reader_hears_the_number_and_stays_there(
    tab: Tab, person: Person
) -> None:
    await ask(tab, person)
    row = tab.page.locator(ROWS).nth(3)
    words = await row.inner_text()
    await row.focus()
    for says, key in ((NB("rank.number", number=1), "Enter"), ("", "Space")):
        await tab.page.keyboard.press(key)
        pressed = "true" if says else "false"
        await tab.page.wait_for_selector(f"{ROWS}:focus[aria-pressed={pressed}]")
        heard = f"{says}: {words.strip()}" if says else words.strip()
        assert await tab.page.get_by_role("button", name=heard, exact=True).count() == 1
    await tapped(tab, 0, "1")
    await tab.look()


async def test_one_tap_too_many_is_told_in_sight_and_the_numbers_stand(tab: Tab, person: Person) -> None:
    await ask(tab, person)
    for number in range(3):
        await tapped(tab, number, str(number + 1))
    await tab.page.locator(ROWS).nth(4).click()
    await tab.page.wait_for_selector("#trouble:focus")
    assert await tab.page.locator("#trouble").is_visible()
    assert await tab.page.locator(".taps .number:not(:empty)").all_inner_texts() == ["1", "2", "3"]
    assert await tab.page.evaluate("scrollY") == 0
