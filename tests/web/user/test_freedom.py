"""Every question can be skipped, every answer changed, at any time, and nothing typed is lost on the way."""

import pytest
from support.page import Page
from support.person import CATALOGUES, Person, languages_of
from support.short_way import have

from assistant.dialogue.model import TEXT_LIMIT
from assistant.languages import LANGUAGES, Language
from assistant.web.http.pages import AWAY

NB = CATALOGUES["nb"].say


async def say(person: Person, page: Page, *texts: str) -> Page:
    """Give these statements, one field more for each."""
    for number in range(1, len(texts)):
        page = await person.send(page.form("reply").say(*texts[:number]).press("more"))
    return await person.send(page.form("reply").say(*texts).press("answer"))


async def test_everything_can_be_skipped(person: Person) -> None:
    page = await person.summary()
    assert page.entries == []
    assert NB("summary.empty") in page.main


async def test_back_leads_to_the_question_before_and_shows_its_answer(person: Person) -> None:
    page = await person.begin()
    page = await person.send(page.form("reply").choose("option", "medication").press())
    page = await person.send(page.form("reply").press("back"))
    assert page.state == "meeting/kind"
    assert page.form("reply").picked("option") == ["medication"]


async def test_the_round_off_leads_back_to_the_last_question(person: Person) -> None:
    page = await person.reach("questions/ask")
    page = await say(person, page, "Hvem leser referatet?")
    page = await person.send(page.form("continue").press("back"))
    assert page.state == "questions/ask"
    assert page.form("reply").text(page.form("reply").words[0]) == "Hvem leser referatet?"


async def test_an_answer_is_changed_from_where_it_stands_in_the_summary(person: Person) -> None:
    summary, _ = await have(person, "nb")
    page = await person.send(summary.form("change").press("go:wishes/wish"))
    form = page.form("reply")
    page = await person.send(form.write(form.words[0], "Ingen møter i det hele tatt").press())
    page = await person.send(page.form("continue").press())
    changed = [text for section, text in page.entries if section == "wishes"]
    assert changed == ["Ingen møter i det hele tatt", "«Kurset» i mars"]
    ids = [[e.attributes["data-entry"] for e in p.root.all("blockquote")] for p in (summary, page)]
    assert ids[0] == ids[1], "an entry keeps its id through an edit"


@pytest.mark.parametrize("state", ["meeting/kind", "meeting/day", "matters/now", "balance/now"])
async def test_each_kind_of_answer_stands_in_its_fields_again(person: Person, state: str) -> None:
    summary, _ = await have(person, "nb")
    page = await person.send(summary.form("change").press(f"go:{state}"))
    assert (page.status, page.state) == (200, state)
    while page.has("reply"):
        page = await person.send(page.form("reply").press())
    page = await person.send(page.form("continue").press())
    assert page.entries == summary.entries


async def test_a_half_answered_question_stands_in_its_fields_again(person: Person) -> None:
    page = await person.reach("meeting/day")
    page = await person.send(page.form("reply").write("on", "2027-01-05").press())
    page = await person.reach("balance/now", page)
    page = await person.send(page.form("reply").choose("support.level", "more").press())
    page = await person.send(page.form("reply").press())
    for state in ("meeting/day", "balance/now"):
        page = await person.change(page, state)
        assert (page.status, page.state) == (200, state)
    assert page.form("reply").picked("support.level") == ["more"]


async def test_an_answer_can_be_changed_from_a_later_question(person: Person) -> None:
    page = await person.reach("matters/now")
    page = await say(person, page, "Barna mine.")
    page = await person.send(page.form("reply").press("go:matters/now"))
    assert page.state == "matters/now"
    page = await person.send(page.form("reply").say("Datteren min.").press())
    assert page.state == "wishes/wish"
    assert "Datteren min." in page.main
    assert "Barna mine." not in page.main


async def test_an_answer_can_be_taken_away(person: Person) -> None:
    page = await person.reach("matters/now")
    page = await say(person, page, "Hagen mine.")
    page = await person.send(page.form("reply").press("back"))
    form = page.form("reply")
    remove = next(b for b in form.buttons if b.attributes["value"] == "skip")
    assert remove.text == NB("reply.remove")
    # also with something changed in the field: taken away is taken away
    page = await person.send(form.say("Hagen min og").press("skip"))
    page = await person.send(page.form("reply").press("go:matters/now"))
    assert page.form("reply").text("statement.new1") == ""
    assert "Hagen" not in page.html


async def test_one_of_several_statements_can_be_taken_away(person: Person) -> None:
    page = await person.reach("matters/now")
    page = await say(person, page, "Én", "To", "Tre")
    page = await person.send(page.form("reply").press("back"))
    form = page.form("reply")
    page = await person.send(form.write(form.words[1], " ").press())
    page = await person.summary(page)
    assert page.entries == [("matters", "Én"), ("matters", "Tre")]


async def test_there_is_room_for_five_statements_and_no_more(person: Person) -> None:
    page = await person.reach("matters/now")
    texts = [f"Svar nummer {number}" for number in range(5)]
    for number in range(1, 5):
        assert page.form("reply").offers("more")
        page = await person.send(page.form("reply").say(*texts[:number]).press("more"))
        assert len(page.form("reply").words) == number + 1
    assert not page.form("reply").offers("more")
    full = page.form("reply").say(*texts).press()
    page = await person.send(full.instead("statement.new6", "et sjette"))
    assert page.status == 422
    assert page.trouble == NB("refusal.TooManyStatements", limit="5")
    assert page.form("reply").text("statement.new6") == "et sjette"
    form = page.form("reply")
    page = await person.summary(await person.send(form.write(form.words[-1], "").press()))
    assert page.entries == [("matters", text) for text in texts]


async def test_a_field_more_is_given_only_where_there_is_room(person: Person) -> None:
    page = await person.reach("matters/now")
    page = await person.send(page.form("reply").press("more"))
    assert len(page.form("reply").words) == 1, "the one that is there is still empty"
    page = await say(person, page, *"abcde")
    page = await person.send(page.form("reply").press("back"))
    page = await person.open(f"{page.path}?more=1")
    assert len(page.form("reply").words) == 5


@pytest.mark.parametrize("move", ["back", "skip", "pause", "go:meeting/kind", "language:nn", "more"])
async def test_what_is_typed_is_kept_under_every_move_that_is_no_answer(person: Person, move: str) -> None:
    page = await person.reach("matters/now")
    here = page.path
    await person.send(page.form("reply").say(" Halvferdig tanke om ").press(move))
    page = await person.open(here)
    if page.state != "matters/now":
        page = await person.send(
            page.form("reply").press("go:matters/now") if move == "skip" else page.form("reply").press("skip")
        )
        while page.state != "matters/now":
            page = await person.send(page.form("reply").press("skip"))
    form = page.form("reply")
    assert form.text(form.words[0]) == " Halvferdig tanke om "
    assert CATALOGUES["nn" if page.language == "nn" else "nb"].say("reply.draft_kept") in page.main
    summary = await person.open(f"{here}/summary")
    assert summary.entries == [], "it is no answer yet"
    page = await person.send(form.press())
    assert (await person.open(f"{here}/summary")).entries == [("matters", " Halvferdig tanke om ")]


async def test_a_draft_of_a_balance_keeps_all_its_fields(person: Person) -> None:
    page = await person.reach("balance/now")
    page = await person.send(page.form("reply").choose("support.level", "less").press())
    form = page.form("reply").choose("challenge.forms", "not_take_over")
    page = await person.send(form.write("signal", "Jeg blir stille").press("levels"))
    page = await person.send(page.form("reply").press("back"))
    page = await person.send(page.form("reply").press("go:balance/now"))
    form = page.form("reply")
    assert page.state == "balance/now"
    assert form.picked("support.level") == ["less"]
    form = (await person.send(form.press())).form("reply")
    assert form.picked("challenge.forms") == ["not_take_over"]
    assert form.text("signal") == "Jeg blir stille"


async def test_a_break_tells_how_to_come_back(person: Person) -> None:
    page = await person.reach("matters/now")
    page = await person.send(page.form("reply").press("pause"))
    assert page.path.endswith("/pause")
    link = page.root.one("input", id="link").attributes["value"]
    assert link.startswith(f"{person.address}/nb/r#")
    assert NB("pause.borrowed") in page.main
    go_on = next(a for a in page.root.one("main").all("a"))
    page = await person.open(go_on.attributes["href"])
    assert page.state == "matters/now"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_another_meeting_asks_for_its_name_after_the_way_back(
    person: Person, language: Language
) -> None:
    page = await person.begin(language)
    page = await person.send(page.form("reply").choose("option", "other").press())
    assert page.heading == CATALOGUES[language].say("way_back.heading")
    page = await person.send(page.form("continue").press("skip"))
    assert page.state == "meeting/own_kind"
    page = await person.send(page.form("reply").say("Torsdagspraten").press())
    assert page.state == "meeting/day"
    page = await person.send(page.form("reply").press("skip"))
    assert page.state == "matters/now", "the way back is shown once"
    page = await person.summary(page)
    assert [text for _, text in page.entries][1:] == ["Torsdagspraten"]


async def test_the_way_back_is_shown_before_any_own_words(person: Person) -> None:
    page = await person.begin()
    while not page.has("continue"):
        assert page.form("reply").words == []
        page = await person.send(page.form("reply").press("skip"))
    assert page.heading == NB("way_back.heading")
    assert page.form("continue").buttons[0].attributes["value"] == "answer"


async def test_changing_the_first_answer_sets_aside_and_brings_back(person: Person) -> None:
    page = await person.begin()
    page = await person.send(page.form("reply").choose("option", "other").press())
    page = await person.send(page.form("continue").press())
    page = await person.send(page.form("reply").say("Torsdagspraten").press())
    for kind, shown in (("first", False), ("other", True)):
        page = await person.change(page, "meeting/kind")
        page = await person.send(page.form("reply").choose("option", kind).press())
        summary = await person.open(f"{page.path}/summary")
        assert ("Torsdagspraten" in [text for _, text in summary.entries]) is shown


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_language_can_be_changed_in_the_middle_of_typing(
    person: Person, language: Language
) -> None:
    page = await person.reach("needs/need")
    page = await person.send(page.form("reply").say("Jeg trenger en ").press(f"language:{language}"))
    assert (page.state, page.language) == ("needs/need", language)
    assert page.form("reply").text(page.form("reply").words[0]) == "Jeg trenger en "
    page = await person.send(page.form("reply").press())
    assert page.language == language
    page = await person.summary(page)
    assert page.entries == [("needs", "Jeg trenger en ")]


async def test_the_language_can_be_changed_on_every_page_and_stays(person: Person) -> None:
    summary, _ = await have(person, "nb")
    here = summary.path.removesuffix("/summary")
    page = summary
    for path in (summary.path, f"{here}/show", f"{here}/pause", "/delete"):
        for language in ("nn", "en", "nb"):
            page = await person.open(path)
            way = languages_of(page)[language]
            assert not isinstance(way, str)
            page = await person.send(way.press(language))
            assert (page.path, page.language) == (path, language)
    for path in ("/nb/", "/nb/help", "/nb/script", "/nb/how-it-is-kept", "/nb/r"):
        page = await person.open(path)
        link = languages_of(page)["en"]
        assert isinstance(link, str)
        page = await person.open(link)
        assert (page.path, page.language) == (path.replace("/nb", "/en"), "en")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_leaving_ends_the_session_and_goes_to_the_weather(person: Person, language: Language) -> None:
    summary, _ = await have(person, language)
    page = await person.send(summary.form("leave").press())
    assert page.status == 200
    assert page.headers["Refresh"] == f"0; url={AWAY}"
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert page.language == language
    assert CATALOGUES[language].say("site.name") not in page.html
    assert not [text for _, text in summary.entries if text in page.html]
    assert not person.client.session.cookie_jar.filter_cookies(person.client.make_url("/"))
    for path in (summary.path, summary.path.removesuffix("/summary")):
        back = await person.open(path)
        assert back.status == 401
        assert not [text for _, text in summary.entries if text.strip() in back.html]


async def test_leaving_works_from_every_page_and_for_nobody(person: Person) -> None:
    for path in ("/nn/", "/nn/help", "/nn/r", "/nowhere", "/delete"):
        page = await person.open(path)
        page = await person.send(page.form("leave").press())
        assert (page.status, page.headers["Refresh"]) == (200, f"0; url={AWAY}")


async def test_a_new_preparation_can_be_begun_beside_the_old_one(person: Person) -> None:
    first, link = await have(person, "nb")
    page = await person.begin()
    assert page.state == "meeting/kind"
    assert (await person.open(first.path)).status == 404
    page = await person.open("/nb/r")
    page = await person.send(page.form("open").write("link", link).press())
    assert page.status == 409, "another one is open here: nothing takes its place unasked"
    page = await person.send(page.form("instead").press())
    page = await person.send(page.form("continue").press())
    assert page.entries == first.entries


async def test_how_much_is_saved_before_in_which_way_is_asked(person: Person) -> None:
    page = await person.reach("balance/now")
    here = page.path
    form = page.form("reply").choose("support.level", "more")
    page = await person.send(form.press())
    again = await person.send(form.press())
    assert (page.heading, again.heading) == (NB("balance.ways"), NB("balance.ways")), "sent twice is one turn"
    reloaded = await person.open(page.path)
    assert reloaded.heading == NB("balance.ways")
    assert (await person.open(f"{here}/summary")).entries != [], "who stops here has said how much"
    page = await person.send(page.form("reply").write("support.own", "a" * (TEXT_LIMIT + 1)).press())
    assert (page.status, page.heading) == (422, NB("balance.ways"))
    assert page.form("reply").text("support.own") == "a" * (TEXT_LIMIT + 1)
    page = await person.send(page.form("reply").write("support.own", "  Bli med\nmeg.").press("language:nn"))
    assert page.heading == CATALOGUES["nn"].say("balance.ways")
    page = await person.send(page.form("reply").press())
    assert page.state == "questions/ask"
    own = [text for _, text in (await person.open(f"{here}/summary")).entries]
    assert "  Bli med\nmeg." in own


LINES = "  Færre møter.\n\nSamme  person hver gang. \nEt svar."


@pytest.mark.parametrize("language", LANGUAGES)
async def test_several_lines_are_asked_about_once(person: Person, language: Language) -> None:
    say = CATALOGUES[language].say
    page = await person.reach("wishes/wish", await person.begin(language))
    here = page.path
    page = await person.send(page.form("reply").say(LINES).press())
    assert (page.status, page.heading) == (200, say("lines.ask", count=3))
    for again in (page.path, here):
        kept = (await person.open(again)).form("reply").text("statement.new1")
        assert kept == LINES, "nothing is lost on the way"
    form = page.form("reply")
    page, twice = await person.send(form.press("answer:apart")), await person.send(form.press("answer:apart"))
    assert page.state == twice.state != "wishes/wish", "sent twice is one turn"
    apart = [("wishes", line) for line in LINES.split("\n") if line]
    assert (await person.open(f"{here}/summary")).entries == apart


async def test_several_lines_can_be_one_answer(person: Person) -> None:
    page = await person.reach("wishes/wish")
    here = page.path
    page = await person.send(page.form("reply").say(LINES).press())
    page = await person.send(page.form("reply").press("answer:whole"))
    assert (await person.open(f"{here}/summary")).entries == [("wishes", LINES)]
    page = await person.send(page.form("reply").press("go:wishes/wish"))
    page = await person.send(page.form("reply").press())
    assert page.state != "wishes/wish", "it is asked once"
