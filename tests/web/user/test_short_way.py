"""The whole short way without JavaScript, in each language, and found again the next day."""

import re
from datetime import timedelta

import pytest
from support.clock import Clock
from support.person import CATALOGUES, NewPerson, Person, languages_of
from support.short_way import SECTIONS, have, said_in, unlock

from assistant.languages import LANGUAGES, Language

NIGHT = timedelta(hours=20)


def own_words(language: Language) -> list[tuple[str, str]]:
    return [(SECTIONS[state], text) for state, texts in said_in(language).items() for text in texts]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_conversation_ends_in_exactly_what_was_written(person: Person, language: Language) -> None:
    page, _ = await have(person, language)
    assert page.language == language
    assert page.heading == CATALOGUES[language].say("summary.heading")
    article = page.root.one("article", id="summary")
    own = [
        (e.attributes["data-section"], e.text)
        for e in article.all("blockquote")
        if e.attributes["class"] == "own"
    ]
    assert sorted(own) == sorted(own_words(language))
    assert {section for section, _ in page.entries} == {"meeting", *SECTIONS.values()}
    ids = [e.attributes["data-entry"] for e in article.all("blockquote")]
    assert len(set(ids)) == len(ids) == len(page.entries)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_day_after_it_is_found_by_the_link(
    new_person: NewPerson, clock: Clock, language: Language
) -> None:
    person = await new_person()
    summary, link = await have(person, language)
    clock.pass_by(NIGHT)
    page = await person.open(summary.path)
    assert page.status == 401
    assert page.has("unlock")
    assert own_words(language)[0][1].strip() not in page.html

    elsewhere = await new_person()
    page = await unlock(elsewhere, link)
    page = await elsewhere.send(page.form("continue").press("answer"))
    assert page.entries == summary.entries


async def test_the_locked_page_itself_lets_in_by_the_link(person: Person, clock: Clock) -> None:
    summary, link = await have(person, "nb")
    clock.pass_by(NIGHT)
    page = await person.open(summary.path)
    page = await person.send(page.form("unlock").write("link", link).press())
    page = await person.send(page.form("continue").press())
    assert page.entries == summary.entries


@pytest.mark.parametrize(
    "typed",
    [
        lambda link: link,
        lambda link: link.partition("#")[2],
        lambda link: link.partition("#")[2].replace("-", "").upper(),
        lambda link: " ".join(re.findall("..?", link.partition("#")[2].replace("-", ""))) + "\n",
        lambda link: link.partition("#")[2].replace("0", "o").replace("1", "L").replace("-", " – "),
    ],
    ids=["whole", "code", "capitals", "pairs", "misread"],
)
async def test_the_link_may_be_typed_in_many_ways(new_person: NewPerson, typed: object) -> None:
    assert callable(typed)
    _, link = await have(await new_person(), "nb")
    elsewhere = await new_person()
    page = await elsewhere.open("/nb/r")
    page = await elsewhere.send(page.form("open").write("link", typed(link)).press())
    assert page.form("continue").named("turn")


async def test_a_wrong_link_is_said_and_stands_in_the_field(person: Person) -> None:
    wrong = "0123-4567-89ab-cdef-ghjk-mnp-qrs"
    page = await person.open("/nn/r")
    page = await person.send(page.form("open").write("link", wrong).press())
    assert page.status == 422
    assert page.form("open").text("link") == wrong
    assert page.trouble == CATALOGUES["nn"].say("open.unknown")


async def test_on_ones_own_device_it_is_remembered_for_weeks(person: Person, clock: Clock) -> None:
    summary, _ = await have(person, "en", "own")
    clock.pass_by(timedelta(days=27))
    assert (await person.open(summary.path)).entries == summary.entries
    start = await person.open("/en/")
    go_on = next(a for a in start.root.all("a", class_="button primary"))
    assert go_on.text == CATALOGUES["en"].say("start.go_on")
    clock.pass_by(timedelta(days=2))
    assert (await person.open(summary.path)).status == 401


async def test_on_the_summary_one_can_say_again_whose_device_it_is(person: Person, clock: Clock) -> None:
    summary, _ = await have(person, "nb")
    own = next(form for form in summary.forms() if form.path == "/device")
    page = await person.send(own.press("own"))
    clock.pass_by(NIGHT)
    assert (await person.open(page.path)).status == 200
    borrowed = next(form for form in page.forms() if form.path == "/device")
    page = await person.send(borrowed.press("borrowed"))
    clock.pass_by(timedelta(minutes=21))
    assert (await person.open(page.path)).status == 401


async def test_showing_it_shows_the_same_and_nothing_to_change(person: Person) -> None:
    summary, _ = await have(person, "nb")
    page = await person.open(summary.path.replace("/summary", "/show"))
    assert page.entries == summary.entries
    assert {form.path for form in page.forms()} == {"/leave", "/language"}


async def test_what_scripts_were_promised_holds(person: Person) -> None:
    """As the README says it under «For those who script against it», and nothing else."""
    page = await person.open("/")
    links = [a for a in page.root.all("a") if "hreflang" in a.attributes]
    assert [a.attributes["hreflang"] for a in links] == ["nb", "nn", "en-GB"]
    page = await person.open(links[2].attributes["href"])
    page = await person.send(page.form("start").press())
    words = ["what matters", "what I wish", "what helps", "what I need", "what I ask"]
    asked: list[str] = []
    while not page.has("summary"):
        if not page.has("reply"):
            page = await person.send(page.form("continue").press())
            continue
        form = page.form("reply")
        asked.append(form.element.attributes["data-asks"])
        assert form.element.attributes["data-state"]
        assert [b.attributes["name"] for b in form.buttons] == ["move"] * len(form.buttons)
        assert form.buttons[0].attributes["value"] == "answer"  # Enter in a field takes the first
        assert form.offers("skip")
        assert form.offers("back") == (len(asked) > 1)
        if asked[-1] == "statements":
            page = await person.send(form.say(words[asked.count("statements") - 1]).press("answer"))
        else:
            page = await person.send(form.press("skip"))
    assert asked == ["choice", "date", *["statements"] * 4, "balance", "statements"]
    quotes = [
        (quote.tag, "data-section" in quote.attributes, quote.text)
        for quote in page.root.one("article", id="summary").all()
        if "data-entry" in quote.attributes
    ]
    in_the_summary = ["what I wish", "what I need", "what I ask", "what matters", "what helps"]
    assert quotes == [("blockquote", True, text) for text in in_the_summary]


@pytest.mark.parametrize("asked", ["nb", "nn-NO, nb;q=0.8", "en-US,en;q=0.9", "no", "de, fr;q=0.9", ""])
async def test_the_first_page_speaks_the_language_the_browser_asks_for(person: Person, asked: str) -> None:
    page = await person.open("/", {"Accept-Language": asked})
    expected = {"nn": "nn", "en": "en"}.get(asked[:2], "nb")
    assert (page.language, page.path) == (expected, f"/{expected}/")
    assert sorted(languages_of(page)) == ["en", "nb", "nn"]
