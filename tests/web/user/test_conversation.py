"""The conversation as a quiet chat: what was said so far, the way through the topics, help when it hurts."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from support.clock import Clock
from support.database import content
from support.page import Element, Page
from support.person import CATALOGUES, Person
from support.preparing import tap
from support.short_way import SAID, have

from assistant.config import Settings
from assistant.languages import LANGUAGES, Language
from assistant.retention import RELEASED

NB = CATALOGUES["nb"].say
LONG = RELEASED.borrowed_browser + timedelta(seconds=1)
TYPED = "\n Det tok <lang> tid å skrive dette 👩🏽‍🍳"


async def said(person: Person, page: Page) -> list[Element]:
    """What the page of the whole conversation tells of each question that was answered."""
    whole = await person.open(f"{page.path}/transcript")
    return list(whole.root.all("li", class_="exchange"))


async def own_words(person: Person, page: Page) -> list[str]:
    return [p.text for e in await said(person, page) for p in e.all("p", class_="own")]


def way(page: Page) -> dict[str, str]:
    """The parts by name, and how the page says it stands with each."""
    nav = page.root.one("nav", id="way")
    return {
        li.one("span", class_="leg-name").text: li.one("span", class_="leg-state").text
        for li in nav.one("ol").all("li")
    }


def aside(page: Page) -> str:
    return page.root.one("section", class_="set-aside").text if page.has("set-aside") else ""


async def answer(person: Person, page: Page, *texts: str) -> Page:
    return await person.send(page.form("reply").say(*texts).press())


async def choose(person: Person, page: Page, *options: str) -> Page:
    return await person.send(page.form("reply").choose("option", *options).press())


async def test_several_topics_can_be_ones_own(person: Person) -> None:
    page = await person.reach("matters/now")
    page = await choose(person, await person.send(page.form("reply").press("go:more/about")), "topics")
    page = await person.send(page.form("reply").say("Katten min").press("more"))
    page = await person.send(page.form("reply").say("Katten min", "Hagen").press())
    assert {"Katten min", "Hagen"} <= way(page).keys()
    assert not (await person.send(page.form("reply").press("go:topics/which"))).has("trouble")


async def with_a_topic_of_ones_own(person: Person) -> Page:
    """Two topics, one of them in own words, and something said about it."""
    page = await person.reach("matters/now")
    page = await choose(person, await person.send(page.form("reply").press("go:more/about")), "topics")
    assert page.state == "topics/which"
    page = await person.send(page.form("reply").choose("option", "days").say("Katten min").press())
    page = await answer(person, page, "Jeg ligger våken.")
    page = await person.send(page.form("reply").press("skip"))
    return await answer(person, page, "Hvem passer henne?")


# ---- what was said so far


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_was_said_stands_word_for_word_with_who_said_it(
    person: Person, language: Language
) -> None:
    say = CATALOGUES[language].say
    page = await person.reach("matters/now", await person.begin(language))
    page = await person.send(page.form("reply").say(TYPED).press())
    log = await said(person, page)
    assert [bool(list(e.all("p", class_="own"))) for e in log] == [False, False, True]
    last = log[-1]
    assert await own_words(person, page) == [TYPED]
    assert last.one("h2").text.startswith(say("talk.guide"))
    assert say("talk.you") in last.one("div", class_="mine").text
    button = next(b for b in page.form("reply").buttons if b.attributes.get("value") == "transcript")
    assert button.text == say("talk.all")
    page = await person.send(page.form("reply").say("Ro.").press())
    assert page.root.one("section", class_="talk no-print").attributes["aria-labelledby"] == "talk"
    assert page.root.one("h2", id="talk").text == say("talk.heading")


async def test_nothing_is_read_aloud_twice(person: Person) -> None:
    page = await answer(person, await person.reach("matters/now"), "Ro.")
    roles = [e.attributes.get("role") for e in page.root.all()]
    assert "log" not in roles
    assert [e.attributes["id"] for e in page.root.all() if "aria-live" in e.attributes] == ["status"]


async def test_a_short_answer_is_shown_above_the_next_question_and_a_long_one_is_not(person: Person) -> None:
    page = await answer(person, await person.reach("matters/now"), "Ro.")
    (meanwhile,) = page.root.all("ol", class_="log meanwhile")
    assert [p.text for p in meanwhile.all("p", class_="own")] == ["Ro."]
    page = await answer(person, page, "Jeg vil " + "snakke om medisinen, og " * 20)
    assert not page.root.has("ol", class_="log meanwhile")
    assert not page.root.has("li", class_="exchange")
    assert len(await said(person, page)) == 4


async def test_the_page_of_a_question_is_no_longer_for_what_was_said_before_it(person: Person) -> None:
    page = await answer(person, await person.reach("matters/now"), "Ro.")
    few, words = len(page.html), "Katten min og hagen. " * 150
    page = await person.send(page.form("reply").press("go:matters/now"))
    page = await answer(person, page, words)
    assert await own_words(person, page) == [words]
    assert len(page.html) < few


async def test_what_is_typed_is_kept_while_the_whole_conversation_is_read(person: Person) -> None:
    page = await answer(person, await person.reach("matters/now"), "Ro.")
    whole = await person.send(page.form("reply").say("Halvferdig").press("transcript"))
    assert whole.path == f"{page.path}/transcript"
    again = await person.open(page.path)
    assert again.form("reply").text("statement.new1") == "Halvferdig"
    there = await person.send(whole.form("change").press("go:matters/now"))
    assert there.state == "matters/now"
    assert there.form("reply").text(there.form("reply").words[0]) == "Ro."
    again = await person.send(there.form("reply").press("go:" + str(page.state)))
    assert again.form("reply").text("statement.new1") == "Halvferdig"


async def test_the_first_question_has_nothing_above_it(person: Person) -> None:
    page = await person.begin()
    assert not page.has("talk")
    assert not page.form("reply").offers("transcript")
    assert await said(person, page) == []


async def test_what_lies_further_on_does_not_stand_before_the_question(person: Person) -> None:
    page = await answer(person, await person.reach("matters/now"), "Ro.")
    page = await person.send(page.form("reply").press("go:meeting/kind"))
    assert not page.has("talk")
    whole = await person.open(f"{page.path}/transcript")
    assert NB("talk.later") in [h.text for h in whole.root.all("h2")]
    before, after = (list(log.all("li")) for log in whole.root.all("ol", class_="log"))
    assert (len(before), len(after)) == (1, 2)


async def test_enter_in_a_field_answers_although_other_buttons_stand_above_it(person: Person) -> None:
    page = await person.reach("meeting/day")
    page = await person.send(page.form("reply").write("on", "5.1.2027").press())
    assert NB("day.on") not in page.main


async def test_what_was_put_first_is_told_in_its_words(person: Person) -> None:
    summary, _ = await have(person, "nb")
    offers = next(form for form in summary.forms() if form.offers("go:first/three"))
    page = await person.send(offers.press("go:first/three"))
    for words in reversed(SAID["nb"]["matters/now"]):
        page = await tap(person, page, words)
    page = await person.send(page.form("reply").press())
    last = (await said(person, page))[-1]
    assert [p.text for p in last.all("p", class_="own")] == list(reversed(SAID["nb"]["matters/now"]))


async def test_a_balance_tells_which_side_was_meant(person: Person) -> None:
    page = await person.reach("balance/now")
    form = page.form("reply").choose("support.level", "more").choose("challenge.level", "same")
    page = await person.send((await person.send(form.press())).form("reply").press())
    last = (await said(person, page))[-1]
    assert [p.text for p in last.all("p", class_="under")] == ["Støtte", "Utfordring"]


# ---- the way through the topics


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_way_says_in_words_how_it_stands_with_each_part(person: Person, language: Language) -> None:
    say = CATALOGUES[language].say
    page = await person.reach("matters/now", await person.begin(language))
    page = await answer(person, page, "Ro.")
    states = list(way(page).values())
    assert states == [
        say(f"way.{state}")
        for state in ("skipped", "done", "here", *["waiting"] * 4, "offered", "offered", "any_time")
    ]
    here = page.root.one("nav", id="way").one("span", aria_current="step")
    assert say("way.here") in here.text


async def test_one_may_go_to_any_part_and_what_is_typed_is_kept(person: Person) -> None:
    page = await person.reach("matters/now")
    page = await person.send(page.form("reply").say("Halvferdig tanke om").press("go:questions/ask"))
    assert page.state == "questions/ask"
    page = await person.send(page.form("reply").press("go:matters/now"))
    assert page.form("reply").text("statement.new1") == "Halvferdig tanke om"
    page = await person.send(page.form("reply").press("summary"))
    assert page.has("summary")
    assert page.entries == []


async def test_from_the_round_off_the_way_leads_on_too(person: Person) -> None:
    page = await answer(person, await person.reach("matters/now"), "Ro.")
    while not page.has("change"):
        page = await person.send(page.form("reply").press("skip"))
    assert await own_words(person, page) == ["Ro."]
    form = await person.send(page.form("change").press("view:form"))
    assert form.has("whole")
    page = await person.send(form.form("whole").press("view:chat"))
    page = await person.send(page.form("change").press("go:matters/now"))
    assert page.state == "matters/now"


# ---- set aside


async def test_an_answer_that_is_set_aside_says_why_and_comes_back(person: Person) -> None:
    page = await person.begin()
    page = await choose(person, page, "other")
    page = await answer(person, await person.reach("meeting/own_kind", page), "Kaffeprat")
    page = await person.change(page, "meeting/kind")
    page = await choose(person, page, "medication")
    assert "Kaffeprat" in aside(page)
    assert NB("aside.because") in aside(page)
    assert "Hva slags møte er det?" in aside(page)
    assert "Kaffeprat" not in await own_words(person, page)
    summary = await person.open(f"{page.path}/summary")
    assert "Kaffeprat" not in summary.main
    page = await person.send(page.form("reply").press("go:meeting/kind"))
    page = await choose(person, page, "other")
    assert aside(page) == ""
    assert "Kaffeprat" in await own_words(person, page)


async def test_a_topic_that_is_taken_away_comes_back_with_its_answers(person: Person) -> None:
    page = await with_a_topic_of_ones_own(person)
    page = await person.send(page.form("reply").press("go:topics/which"))
    words = page.form("reply").words
    page = await person.send(page.form("reply").choose("option", "home").write(words[0], "").press())
    assert "Katten min" in aside(page)
    assert "Hvem passer henne?" in aside(page)
    assert "Jeg ligger våken." in aside(page)

    page = await person.send(page.form("reply").press("go:topics/which"))
    assert NB("aside.topics") in page.main
    field = page.root.one("input", value="Katten min").attributes["name"]
    form = page.form("reply").choose("option", "home", "days").choose(field, "Katten min")
    page = await person.send(form.press())
    assert aside(page) == ""
    assert {"Hvem passer henne?", "Jeg ligger våken."} <= set(await own_words(person, page))


async def test_what_is_set_aside_can_be_deleted_for_good(person: Person, settings: Settings) -> None:
    page = await with_a_topic_of_ones_own(person)
    page = await person.send(page.form("reply").press("go:topics/which"))
    own = page.form("reply").words[0]
    page = await person.send(page.form("reply").choose("option", "home").write(own, "").press())
    forgets = [
        b.attributes["value"]
        for b in page.form("reply").buttons
        if b.attributes.get("value", "").startswith("forget:")
    ]
    assert len(forgets) == 2
    here = page.state
    page = await person.send(page.form("reply").say("Halvferdig").press(forgets[0]))
    page = await person.send(page.form("reply").press(forgets[1]))
    assert (page.state, page.form("reply").text("statement.new1")) == (here, "Halvferdig")
    assert aside(page) == ""
    assert "Katten" not in page.html


async def test_from_the_plain_form_too(person: Person) -> None:
    page = await person.send((await person.begin()).form("reply").press("view:form"))
    page = await person.send(page.form("continue").press("skip"))
    page = await person.send(page.form("whole").choose("meeting/kind:option", "other").press("save:meeting"))
    form = page.form("whole").write("meeting/own_kind:statement.new1", "Kaffeprat")
    page = await person.send(form.press("save:meeting"))
    page = await person.send(page.form("whole").choose("meeting/kind:option", "first").press("save:meeting"))
    assert "Kaffeprat" in aside(page)
    form = page.form("whole").write("matters/now:statement.new1", "Halvferdig")
    page = await person.send(form.press("forget:meeting/own_kind"))
    assert aside(page) == ""
    assert page.form("whole").text("matters/now:statement.new1") == "Halvferdig"


# ---- help


def sealed(settings: Settings) -> dict[str, bytes]:
    """Every sealed document by its name, without the meeting it belongs to."""
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        found = connection.execute("SELECT name, sealed FROM documents")
        return {name.split(".")[0]: box for name, box in found}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_help_is_one_press_away_and_one_goes_on_where_one_was(
    person: Person, language: Language
) -> None:
    say = CATALOGUES[language].say
    page = await person.reach("matters/now", await person.begin(language))
    button = next(b for b in page.form("reply").buttons if b.attributes.get("value") == "help")
    assert button.text == say("help_here.button")
    page = await person.send(page.form("reply").say("Halvferdig").press("help"))
    assert page.heading == say("help.title")
    assert page.root.one("main").has("a", href="tel:113")
    (back,) = [a for a in page.root.one("main").all("a") if a.text == say("help_here.go_on")]
    page = await person.open(back.attributes["href"])
    assert (page.state, page.form("reply").text("statement.new1")) == ("matters/now", "Halvferdig")


async def test_to_ask_for_help_changes_nothing_but_the_draft(person: Person, settings: Settings) -> None:
    page = await answer(person, await person.reach("matters/now"), "Ro.")
    before, everything = sealed(settings), content(settings)
    await person.send(page.form("reply").press("help"))
    assert content(settings) == everything, "with nothing typed, nothing at all is written"
    await person.send(page.form("reply").say("Halvferdig").press("help"))
    after = sealed(settings)
    # the notebook is the index of revisions, so it knows that there is a draft
    assert {name for name in after if after[name] != before.get(name)} == {"draft", "notebook"}
    again = await person.open(page.path)
    assert again.form("reply").text("turn") == page.form("reply").text("turn")


async def test_help_in_the_plain_form_leads_back_to_the_same_place(person: Person) -> None:
    page = await person.send((await person.begin()).form("reply").press("view:form"))
    page = await person.send(page.form("continue").press("skip"))
    form = page.form("whole").write("needs/need:statement.new1", "Ro.")
    page = await person.send(form.press("help:needs/need"))
    (back,) = [
        a.attributes["href"] for a in page.root.one("main").all("a") if a.text == NB("help_here.go_on")
    ]
    assert back.endswith("/form#needs/need")
    page = await person.open(back)
    assert page.form("whole").text("needs/need:statement.new1") == "Ro."


@pytest.mark.parametrize("view", ["chat", "form"])
async def test_help_is_shown_also_when_the_page_is_locked_and_the_text_stays(
    person: Person, clock: Clock, view: str
) -> None:
    page = await person.reach("matters/now")
    form, field, move = page.form("reply"), "statement.new1", "help"
    if view == "form":
        page = await person.send(form.press("view:form"))
        form, field, move = page.form("whole"), "matters/now:statement.new1", "help:matters/now"
    clock.pass_by(LONG)
    page = await person.send(form.write(field, TYPED).press(move))
    assert page.root.one("main").has("a", href="tel:113")
    assert page.form("unlock").text(field) == TYPED
    page = await person.open(f"{page.path.removesuffix('/form')}/help")
    assert (page.status, page.heading) == (200, NB("help.title"))


async def test_help_is_shown_also_when_the_question_is_no_longer_asked(person: Person) -> None:
    page = await choose(person, await person.begin(), "other")
    page = await person.reach("meeting/own_kind", page)
    old = page.form("reply").say("Kaffeprat")
    page = await person.send(page.form("reply").press("go:meeting/kind"))
    await choose(person, page, "first")
    page = await person.send(old.press("help"))
    assert page.root.one("main").has("a", href="tel:113")
    assert page.form("again").text("statement.new1") == "Kaffeprat"
