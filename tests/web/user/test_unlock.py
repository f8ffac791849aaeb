"""A session that runs out while somebody types loses nothing, and lets nobody else in."""

from datetime import timedelta

import pytest
from support.clock import Clock
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person, languages_of
from support.short_way import have

from assistant.languages import LANGUAGES, Language
from assistant.retention import RELEASED

NB = CATALOGUES["nb"].say
LONG = RELEASED.borrowed_browser + timedelta(seconds=1)
TYPED = "\n Det tok <lang> tid å skrive dette 👩🏽‍🍳"


async def at_a_question(person: Person, state: str = "matters/now", language: str = "nb") -> tuple[Page, str]:
    page = await person.reach("continue", await person.begin(language))
    link = page.root.one("input", id="link").attributes["value"]
    return await person.reach(state, page), link


async def test_the_text_stands_in_its_field_and_is_taken_once_unlocked(person: Person, clock: Clock) -> None:
    page, link = await at_a_question(person)
    clock.pass_by(LONG)
    page = await person.send(page.form("reply").say(TYPED).press())
    assert (page.status, page.heading) == (401, NB("held.locked_heading"))
    assert page.form("unlock").text("statement.new1") == TYPED
    page = await person.send(page.form("unlock").write("link", link).press())
    assert (page.status, page.state) == (200, "wishes/wish")
    assert (await person.summary(page)).entries == [("matters", TYPED)]


async def test_a_choice_and_a_day_are_taken_along_too(person: Person, clock: Clock) -> None:
    page, link = await at_a_question(person, "balance/now")
    page = await person.send(page.form("reply").choose("support.level", "more").press())
    clock.pass_by(LONG)
    form = page.form("reply").choose("challenge.forms", "not_take_over")
    page = await person.send(form.write("then", TYPED).press())
    page = await person.send(page.form("unlock").write("link", link).press())
    page = await person.send(page.form("reply").press("back"))
    form = page.form("reply")
    assert form.picked("support.level") == ["more"]
    page = await person.send(form.press())
    form = page.form("reply")
    assert form.picked("challenge.forms") == ["not_take_over"]
    assert form.text("then") == TYPED

    page = await person.change(page, "meeting/day")
    clock.pass_by(LONG)
    page = await person.send(page.form("reply").write("on", "5.1.2027").press())
    page = await person.send(page.form("unlock").write("link", link).press())
    assert "tirsdag 5. januar 2027" in (await person.open(f"{page.path}/transcript")).main


@pytest.mark.parametrize("move", ["back", "skip", "more", "pause", "delete"])
async def test_a_move_that_is_no_answer_is_held_too(person: Person, clock: Clock, move: str) -> None:
    page, link = await at_a_question(person)
    here = page.path
    clock.pass_by(LONG)
    page = await person.send(page.form("reply").say(TYPED).press(move))
    page = await person.send(page.form("unlock").write("link", link).press())
    assert page.status == 200
    assert (await person.open(f"{here}/summary")).entries == []
    page = await person.open(here)
    while page.state != "matters/now":
        page = await person.send(page.form("reply").press("skip" if move == "back" else "back"))
    assert page.form("reply").text(page.form("reply").words[0]) == TYPED


async def test_nothing_is_stored_until_it_is_unlocked(person: Person, clock: Clock) -> None:
    page, link = await at_a_question(person)
    here = page.path
    clock.pass_by(LONG)
    await person.send(page.form("reply").say(TYPED).press())
    page = await person.open(here)
    page = await person.send(page.form("unlock").write("link", link).press())
    assert (page.path, page.state) == (here, "matters/now")
    assert page.form("reply").text("statement.new1") == ""


@pytest.mark.parametrize(
    "typed", ["", "x", "0123-4567-89ab-cdef-ghjk-mnp-qrs", "https://evil.example/#a", "\0"]
)
async def test_a_wrong_link_keeps_the_text_and_the_link(person: Person, clock: Clock, typed: str) -> None:
    page, link = await at_a_question(person)
    clock.pass_by(LONG)
    page = await person.send(page.form("reply").say(TYPED).press())
    page = await person.send(page.form("unlock").write("link", typed).press())
    assert page.status == 401
    assert typed == "" or page.trouble == NB("open.unknown")
    assert page.form("unlock").text("link") == typed
    assert page.form("unlock").text("statement.new1") == TYPED
    page = await person.send(page.form("unlock").write("link", link).press())
    assert page.state == "wishes/wish"


async def test_another_notebooks_link_keeps_the_text_and_lets_nobody_in(
    new_person: NewPerson, clock: Clock
) -> None:
    person, other = await new_person(), await new_person()
    _, theirs = await have(other, "nb")
    page, mine = await at_a_question(person)
    clock.pass_by(LONG)
    page = await person.send(page.form("reply").say(TYPED).press())
    page = await person.send(page.form("unlock").write("link", theirs).press())
    assert (page.status, page.trouble) == (401, NB("open.unknown"))
    assert page.form("unlock").text("statement.new1") == TYPED
    assert (await person.open("/delete")).status == 401, "their notebook is not open here now"
    page = await person.send(page.form("unlock").write("link", mine).press())
    assert page.state == "wishes/wish"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_locked_page_speaks_the_language_of_the_form_and_can_be_changed(
    person: Person, clock: Clock, language: Language
) -> None:
    page, link = await at_a_question(person, language=language)
    clock.pass_by(LONG)
    page = await person.send(page.form("reply").say(TYPED).press())
    for other in (language, *LANGUAGES):
        way = languages_of(page)[other]
        assert not isinstance(way, str)
        page = await person.send(way.press(other))
        assert page.heading == CATALOGUES[other].say("held.locked_heading")
        assert page.form("unlock").text("statement.new1") == TYPED
    page = await person.send(page.form("unlock").write("link", link).press())
    assert (page.state, page.language) == ("wishes/wish", LANGUAGES[-1])


async def test_every_private_page_and_act_locks_and_unlocks(person: Person, clock: Clock) -> None:
    summary, link = await have(person, "nb")
    here = summary.path.removesuffix("/summary")
    device = next(form for form in summary.forms() if form.path == "/device").press("own")
    language = next(form for form in summary.forms() if form.path == "/language").press("nn")
    round_off = (await person.open(here)).form("continue").press()
    delete = (await person.open("/delete")).form("delete").press()
    change = summary.form("change").press("go:wishes/wish")
    clock.pass_by(LONG)
    locked = [
        await person.open(path) for path in (here, summary.path, f"{here}/show", f"{here}/pause", "/delete")
    ]
    locked += [await person.send(act) for act in (device, language, round_off, delete, change)]
    for page in locked:
        assert (page.status, page.heading) == (401, NB("held.locked_heading"))
        assert not [text for _, text in summary.entries if text.strip() in page.html]
        opened = await person.send(page.form("unlock").write("link", link).press())
        assert (opened.status, opened.path) == (200, here)
        await person.send(opened.form("leave").press())


async def test_typing_now_and_then_keeps_the_session_alive(person: Person, clock: Clock) -> None:
    page, _ = await at_a_question(person)
    for number in range(5):
        clock.pass_by(RELEASED.borrowed_browser - timedelta(seconds=1))
        draft = page.form("reply").say(f"{TYPED} {number}").press().instead("move", "keep")
        assert (await person.send(draft)).status == 204
    assert (await person.open(page.path)).state == "matters/now"


async def test_a_round_off_that_was_pressed_too_late_leads_to_the_summary_in_the_end(
    person: Person, clock: Clock
) -> None:
    page, link = await at_a_question(person)
    clock.pass_by(LONG)
    page = await person.send(page.form("leave").press())
    assert page.status == 200, "leaving needs no session"
    page = await person.open("/nb/r")
    page = await person.send(page.form("open").write("link", link).press())
    assert (await person.summary(page)).status == 200
