"""Two tabs, two presses, two devices: one turn is one turn, and nobody's text is lost."""

import asyncio

import pytest
from support.page import Form, Page
from support.person import CATALOGUES, NewPerson, Person, languages_of
from support.short_way import have, unlock

NB = CATALOGUES["nb"].say


async def test_a_press_that_comes_twice_is_one_turn(person: Person) -> None:
    page = await person.reach("matters/now")
    sent = page.form("reply").say("Barna mine.").press()
    first, second = await person.send(sent), await person.send(sent)
    assert (first.status, second.status) == (200, 200)
    assert first.form("reply").text("turn") == second.form("reply").text("turn")
    assert (await person.summary(second)).entries == [("matters", "Barna mine.")]


async def test_a_press_that_comes_thirty_times_at_once_is_one_turn(person: Person) -> None:
    page = await person.reach("matters/now")
    sent = page.form("reply").say("Barna mine.").press()
    pages = await asyncio.gather(*(person.send(sent) for _ in range(30)))
    assert {(p.status, p.state, p.form("reply").text("turn")) for p in pages} == {(200, "wishes/wish", "3")}


async def test_of_thirty_answers_to_one_question_at_once_exactly_one_is_taken(person: Person) -> None:
    page = await person.reach("matters/now")
    sent = page.form("reply").press()
    texts = [f"Svar {number}" for number in range(30)]
    answers = [
        sent.instead("statement.new1", text).instead("request", f"{number:032x}")
        for number, text in enumerate(texts)
    ]
    pages = await asyncio.gather(*(person.send(answer) for answer in answers))
    taken = [text for text, p in zip(texts, pages, strict=True) if p.status == 200]
    assert len(taken) == 1
    for text, p in zip(texts, pages, strict=True):
        if text not in taken:
            assert (p.status, p.trouble) == (409, NB("refusal.StaleTurn"))
            assert p.form("reply").text("statement.new1") == text
    assert (await person.open(f"{page.path}/summary")).entries == [("matters", taken[0])]


async def test_thirty_different_acts_at_once_are_never_a_fault(person: Person) -> None:
    page = await person.reach("matters/now")
    form = page.form("reply").say("Barna mine.")
    moves = (
        "answer",
        "skip",
        "back",
        "keep",
        "more",
        "pause",
        "language:nn",
        "go:meeting/kind",
        "delete",
        "go:x",
    )
    acts = [
        form.press("answer").instead("move", move).instead("request", f"{n:032x}")
        for n, move in enumerate(moves * 3)
    ]
    pages = await asyncio.gather(*(person.send(act, follow=False) for act in acts))
    assert {p.status for p in pages} <= {204, 303, 409}


async def test_one_id_for_two_different_answers_is_refused_with_the_text_kept(person: Person) -> None:
    page = await person.reach("matters/now")
    sent = page.form("reply").say("Barna mine.").press()
    await person.send(sent)
    page = await person.send(sent.instead("statement.new1", "Noe helt annet"))
    assert (page.status, page.trouble) == (409, NB("refusal.RequestReused"))
    assert page.form("reply").text("statement.new1") == "Noe helt annet"
    page = await person.send(page.form("reply").press())
    assert (await person.open(f"{page.path}/summary")).entries == [("matters", "Noe helt annet")]


async def test_an_answer_from_an_older_tab_is_given_back_and_can_be_given_again(person: Person) -> None:
    older = await person.reach("matters/now")
    newer = await person.open(older.path)
    await person.send(newer.form("reply").say("Fra den nye fanen").press())
    page = await person.send(older.form("reply").say("Fra den gamle fanen").press())
    assert (page.status, page.trouble) == (409, NB("refusal.StaleTurn"))
    assert page.state == "matters/now"
    assert page.form("reply").text("statement.new1") == "Fra den gamle fanen"
    page = await person.send(page.form("reply").press())
    assert (await person.open(f"{page.path}/summary")).entries == [("matters", "Fra den gamle fanen")]


@pytest.mark.parametrize("move", ["answer", "language:nn", "pause", "delete"])
async def test_a_question_that_is_no_longer_asked_gives_the_text_to_copy(person: Person, move: str) -> None:
    page = await person.begin()
    page = await person.send(page.form("reply").choose("option", "other").press())
    older = await person.send(page.form("continue").press())
    assert older.state == "meeting/own_kind"
    newer = await person.send(older.form("reply").press("go:meeting/kind"))
    await person.send(newer.form("reply").choose("option", "first").press())
    page = await person.send(older.form("reply").say("Torsdagspraten").press(move))
    assert page.status == 409
    assert page.heading == NB("trouble.off_the_way_heading")
    assert [e.text for e in page.root.all("textarea")] == ["Torsdagspraten"]
    go_on = next(a for a in page.root.one("main").all("a", class_="button"))
    assert (await person.open(go_on.attributes["href"])).state == "meeting/day"


async def test_the_text_to_copy_stays_when_the_language_is_changed(person: Person) -> None:
    page = await person.begin()
    page = await person.send(page.form("reply").choose("option", "other").press())
    older = await person.send(page.form("continue").press())
    newer = await person.send(older.form("reply").press("go:meeting/kind"))
    await person.send(newer.form("reply").choose("option", "first").press())
    words = "Torsdagspraten\n  <b>her</b>"
    page = await person.send(older.form("reply").say(words).press())
    for language in ("nn", "en", "nb"):
        form = languages_of(page)[language]
        assert isinstance(form, Form)
        page = await person.send(form.press(f"language:{language}"))
        assert (page.status, page.language) == (409, language)
        assert page.heading == CATALOGUES[language].say("trouble.off_the_way_heading")
        assert [e.text for e in page.root.all("textarea")] == [words]
    page = await person.send(page.form("copy").press("language:nn"))
    go_on = next(a for a in page.root.one("main").all("a", class_="button"))
    assert (await person.open(go_on.attributes["href"])).language == "nn", "and it is spoken from there on"


async def test_a_draft_that_comes_late_does_not_stand_over_its_answer(person: Person) -> None:
    page = await person.reach("matters/now")
    draft = page.form("reply").say("Barna mi").press().instead("move", "keep")
    assert (await person.send(draft)).status == 204
    await person.send(page.form("reply").say("Barna mine.").press())
    assert (await person.send(draft)).status == 204
    page = await person.open(page.path)
    page = await person.send(page.form("reply").press("back"))
    assert page.form("reply").text(page.form("reply").words[0]) == "Barna mine."
    assert NB("reply.draft_kept") not in page.main


async def test_a_summary_in_an_older_tab_shows_itself_anew(person: Person) -> None:
    older, _ = await have(person, "nb")
    page = await person.send(older.form("change").press("go:wishes/wish"))
    form = page.form("reply")
    page = await person.send(form.write(form.words[0], "Noe nytt").press())
    page = await person.send(older.form("change").press("go:needs/need"))
    assert page.status == 200
    assert ("wishes", "Noe nytt") in page.entries
    page = await person.send(page.form("change").press("go:needs/need"))
    assert page.state == "needs/need"


async def test_two_round_offs_lead_to_the_same_summary(person: Person) -> None:
    page = await person.reach("questions/ask")
    page = await person.send(page.form("reply").press("skip"))
    back = page.form("continue").press("back")
    first, second = await person.send(back), await person.send(back)
    assert (first.state, second.state) == ("questions/ask", "questions/ask")
    assert first.form("reply").text("turn") == second.form("reply").text("turn")
    assert (await person.send(page.form("continue").press())).has("summary")


async def test_two_devices_share_one_conversation(new_person: NewPerson) -> None:
    phone, computer = await new_person(), await new_person()
    page = await phone.reach("continue")
    link = page.root.one("input", id="link").attributes["value"]
    await phone.send(page.form("continue").press())
    there = await unlock(computer, link)
    assert there.state == "matters/now"
    page = await phone.open(there.path)
    await computer.send(there.form("reply").say("Fra datamaskinen").press())
    page = await phone.send(page.form("reply").say("Fra telefonen").press())
    assert page.status == 409
    assert page.form("reply").text("statement.new1") == "Fra telefonen"


async def test_in_two_tabs_begun_one_after_the_other_the_older_text_is_held(person: Person) -> None:
    older = await person.reach("continue")
    link = older.root.one("input", id="link").attributes["value"]
    older = await person.send(older.form("continue").press())
    await person.begin()
    page: Page = await person.send(older.form("reply").say("Barna mine.").press())
    assert (page.status, page.has("unlock")) == (401, True)
    page = await person.send(page.form("unlock").write("link", link).press())
    assert page.state == "wishes/wish"
    assert (await person.summary(page)).entries == [("matters", "Barna mine.")]
