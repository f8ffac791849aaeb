"""The summary on its pages: to be scanned, shown, held up and printed; and what is private never among it."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given as for_any
from hypothesis import settings as trying
from hypothesis import strategies as some
from support.clock import Clock
from support.effort import tries
from support.page import Page, Submission
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import (
    BALANCE,
    DIALOGUE,
    NOTE,
    ORDINARY,
    entry_of,
    links,
    ordinary,
    place,
    quotes,
    say,
    say_more,
    short_way,
    skip_to_round_off,
    taps,
    three_topics,
)
from support.quick import LOW_COST, our_texts

from assistant.config import Settings
from assistant.languages import LANGUAGES, Language
from assistant.web.app import make_app

NB = CATALOGUES["nb"].say
CAT = "Katten  min <b>& Pus</b> {{ 7*7 }}"
SHEETS = ("/show", "/print", "/print?large", "/print?nomap", "/print?large&nomap")


def beside(summary: Page, path: str) -> str:
    return summary.path.removesuffix("/summary") + path


async def for_others(person: Person, summary: Page) -> list[Page]:
    """Every page that is meant for others, each entry held up too."""
    pages = [await person.open(beside(summary, path)) for path in SHEETS]
    return pages + [await person.open(link) for link in links(pages[0], "hold")]


async def test_a_topic_is_one_block_with_its_heading_once(person: Person) -> None:
    page = await three_topics(person, CAT)
    article = page.root.one("article", id="summary")
    headings = [h.text for h in article.all("h3")]
    assert headings == ["Søvn og hverdag", "Økonomi", CAT]
    assert {h.text for h in article.all("h4")} == {
        "Støtte",
        "Utfordring",
        "Slik kan dere merke at det blir for mye for meg",
        "Da vil jeg at dere skal …",
    }
    assert [text for _, text in page.entries].count(CAT) == 1
    named = [q.text for q in article.all("blockquote") if q.has("h3")]
    assert named == headings


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_sheet_shows_the_same_entries_once_each(person: Person, language: Language) -> None:
    summary = await ordinary(person, language)
    ids = [q.attributes["data-entry"] for q in summary.root.one("article", id="summary").all("blockquote")]
    assert len(ids) == len(set(ids)) == len(list(quotes(summary)))
    texts = [text for _, text in summary.entries]
    for said in (*ORDINARY.values(), BALANCE):
        assert set(said) <= set(texts)
    for path in SHEETS:
        page = await person.open(beside(summary, path))
        assert page.language == language
        assert page.entries == summary.entries
        assert {form.path for form in page.forms()} == {"/leave", "/language"}, "nothing can be changed"


async def test_what_was_put_first_stands_on_top(person: Person) -> None:
    page = await short_way(person)
    offer = next(form for form in page.forms() if form.offers("go:first/three"))
    page = await person.send(offer.press("go:first/three"))
    chosen = [entry_of(button) for button in taps(page)[3:5]]
    for button in taps(page)[3:5]:
        page = await person.send(page.form("reply").press(button.attributes["value"]))
    page = await person.summary(await person.send(page.form("reply").press()))
    put_first = next(page.root.one("article", id="summary").all("section"))
    assert [q.attributes["data-entry"] for q in put_first.all("blockquote")] == chosen
    assert len(page.entries) == len(set(page.entries))
    section = next(page.root.one("article", id="summary").all("section"))
    assert section.one("h2").text == NB("summary.first")


async def test_each_line_can_be_held_up_alone_and_put_down_again(person: Person) -> None:
    summary = await ordinary(person)
    shown = await person.open(beside(summary, "/show"))
    held = [await person.open(link) for link in links(shown, "hold")]
    alone = [(q.attributes["data-section"], q.text) for page in held for q in quotes(page)]
    assert alone == summary.entries
    for page in held:
        assert page.status == 200
        back = next(page.root.one("main").all("a", class_="button"))
        assert back.attributes["href"] == shown.path
    assert not page.root.has("article", id="summary")


async def test_no_address_tells_what_was_chosen(person: Person) -> None:
    page = await person.reach("questions/ask")
    page = await say_more(person, await skip_to_round_off(person, page), "topics")
    page = await person.send(page.form("reply").choose("option", "substances").press())
    page = await person.open(beside(await person.summary(page), "/show"))
    (link,) = links(page, "hold")
    assert link.rpartition("/")[2].isalnum()
    assert "substances" not in link
    assert [q.text for q in quotes(await person.open(link))] == ["Rus"]


async def test_an_entry_that_is_not_there_is_not_found(new_person: NewPerson) -> None:
    person, other = await new_person(), await new_person()
    summary = await ordinary(person)
    theirs = await ordinary(other)
    link = links(await person.open(beside(summary, "/show")), "hold")[3]
    name = link.rpartition("/")[2]
    for path in (
        beside(summary, "/show/0123abc"),
        beside(theirs, f"/show/{name}"),
        beside(summary, "/show/x/y"),
    ):
        page = await other.open(path)
        assert page.status == 404
        assert not list(quotes(page))
    assert (await other.open(link)).status == 404
    note = await _note_id(person, summary)
    assert (await person.open(beside(summary, f"/show/{note}"))).status == 404


async def _note_id(person: Person, summary: Page) -> str:
    page = await person.send(summary.form("change").press("go:private/notes"))
    return page.form("reply").words[0].removeprefix("statement.")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_map_says_the_same_in_words(person: Person, language: Language) -> None:
    say_ = CATALOGUES[language].say
    page = await person.begin(language)
    page = await person.reach("balance/now", page)
    page = await place(person, page, "more", "less")
    page = await person.summary(page)
    drawn = page.root.one("section", id="map")
    assert drawn.one("h2").text == say_("map.title")
    drawing = drawn.one("svg")
    assert drawing.attributes["role"] == "img"
    assert drawing.attributes["aria-labelledby"] == drawn.one("h2").attributes["id"]
    assert drawing.attributes["aria-describedby"] == drawn.one("div", class_="map-words").attributes["id"]
    ends = [text.text for text in drawing.all("text", class_="end")]
    sides = ("more_challenge", "less_challenge", "less_support", "more_support")
    assert ends == [say_(f"map.{end}") for end in sides]
    assert len(list(drawing.all("path", class_="head"))) == 1
    assert [text.text for text in drawing.all("text", class_="name")] == [say_("map.general")]
    (item,) = drawn.one("ul").all("li")
    assert item.text == f"{say_('map.general')}: {say_('map.more_support')}, {say_('map.less_challenge')}"


async def test_own_topics_stand_on_the_map_as_they_were_written(person: Person) -> None:
    page = await three_topics(person, CAT)
    words = page.root.one("div", id="map-words")
    drawn, listed = words.all("ul")
    assert [line.one("b").text for line in drawn.all("li")] == ["Søvn og hverdag", "Økonomi"]
    pills = list(page.root.one("section", id="map").all("rect", class_="pill"))
    assert len({pill.attributes["y"] for pill in pills}) == 2, "one below the other"
    (unplaced,) = listed.all("li")
    assert unplaced.one("b").text == CAT
    assert NB("map.more_challenge") in unplaced.text
    assert NB("map.more_support") not in unplaced.text
    text = " ".join(page.root.one("main").text.lower().split())
    assert not [word for word in ("score", "poeng", "nivå", "vekst", "stillstand") if word in text]


async def test_the_map_is_on_paper_and_can_be_left_out(person: Person) -> None:
    summary = await ordinary(person)
    plain = await person.open(beside(summary, "/print"))
    assert plain.root.has("svg")
    offer = next(a for a in plain.root.all("a", class_="button") if a.text == NB("print.without_map"))
    page = await person.open(offer.attributes["href"])
    assert not page.root.has("svg")
    larger = next(a for a in page.root.all("a", class_="button") if a.text == NB("print.large"))
    page = await person.open(larger.attributes["href"])
    assert page.path.endswith("/print?large&nomap")
    assert page.root.one("article", id="summary").attributes["class"].startswith("summary large ")
    for again in ("print.with_map", "print.normal"):
        link = next(a for a in page.root.all("a", class_="button") if a.text == NB(again))
        page = await person.open(link.attributes["href"])
    assert page.path == plain.path


async def test_another_language_keeps_the_sheet_as_it_was_chosen(person: Person) -> None:
    summary = await ordinary(person)
    shown = await person.open(beside(summary, "/show"))
    for path in (beside(summary, "/print?large&nomap"), links(shown, "hold")[0]):
        page = await person.open(path)
        way = next(form for form in page.forms() if form.path == "/language")
        page = await person.send(way.press("nn"))
        assert (page.path, page.language) == (path, "nn")
        await person.send(next(f for f in page.forms() if f.path == "/language").press("nb"))


async def test_a_sheet_says_whose_words_when_and_whom_to_call(person: Person) -> None:
    summary = await ordinary(person)
    for path in ("/summary", "/show", "/print"):
        page = await person.open(beside(summary, path))
        (line,) = page.root.all("p", class_="sheet-line")
        assert line.text == "Mine egne ord · søndag 22. november 2026"
        (foot,) = page.root.all("p", class_="sheet-foot")
        for number in ("113", "116 117", "116 123", "22 40 00 40"):
            assert number in foot.text


async def test_the_empty_summary_offers_nothing_to_show(person: Person) -> None:
    summary = await person.summary()
    assert NB("summary.empty") in summary.main
    assert not summary.root.has("nav", class_="stays no-print")
    assert not summary.has("map")
    assert not list(summary.root.all("p", class_="sheet-line"))
    for path in SHEETS:
        page = await person.open(beside(summary, path))
        assert (page.status, page.entries) == (200, [])
        assert NB("summary.empty") in page.main


async def test_a_summary_of_one_line_is_whole(person: Person) -> None:
    page = await person.reach("needs/need")
    summary = await person.summary(await say(person, page, "Ro"))
    assert summary.entries == [("needs", "Ro")]
    assert not summary.has("map"), "there is nothing to draw"
    assert len(await for_others(person, summary)) == len(SHEETS) + 1


async def test_a_topic_of_which_nothing_was_said_is_a_line_and_no_heading(person: Person) -> None:
    page = await person.reach("questions/ask")
    page = await say_more(person, await skip_to_round_off(person, page), "topics")
    page = await person.send(page.form("reply").choose("option", "home").press())
    page = await person.summary(page)
    assert page.entries == [("topics", "Bolig")]
    assert not page.root.one("article", id="summary").has("h3")


async def test_each_answer_is_changed_from_the_summary_and_leads_back_to_it(person: Person) -> None:
    summary = await ordinary(person)
    moves = [b.attributes["value"] for b in summary.form("change").buttons]
    states = [move.removeprefix("go:") for move in moves]
    assert len(set(states)) == len(states)
    assert {"topics/which", "topic/days/say", "topic/days/balance", "private/notes"} <= set(states)
    for move, state in zip(moves, states, strict=True):
        page = await person.send(summary.form("change").press(move))
        assert page.state == state
        for _ in range(2 if state.endswith(("balance", "balance/now")) else 1):  # how much, and in which way
            page = await person.send(page.form("reply").press("answer"))
        assert page.form("continue").named("turn"), "nothing else is open: one press from the summary"
        summary = await person.send(page.form("continue").press())
        assert summary.has("summary")
    assert NOTE in summary.main


async def test_a_note_is_on_the_owners_page_alone_and_marked(person: Person) -> None:
    summary = await ordinary(person)
    assert summary.html.count(NOTE) == 1
    note = next(s for s in summary.root.all("section") if s.attributes.get("aria-labelledby") == "private")
    assert NOTE in note.text
    assert note.one("h2").text == NB("summary.private")
    assert "no-print" in note.attributes["class"]
    for page in await for_others(person, summary):
        assert NOTE not in page.html
        assert "BAREFORMEG" not in page.html


@trying(max_examples=tries(12))
@for_any(data=some.data())
def test_whatever_is_answered_nothing_without_a_section_is_on_a_page_for_others(
    data: some.DataObject,
) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_wander_and_look(Path(folder), data))


async def _wander_and_look(folder: Path, data: some.DataObject) -> None:
    app = make_app(Settings(data=folder / "data"), Clock(), our_texts(), LOW_COST)
    async with TestClient(TestServer(app)) as client:
        person = Person(client)
        page = await person.begin()
        went_on = False
        while not page.has("summary"):
            if page.has("reply"):
                page = await person.send(_answered(page, data))
                page = await person.send(page.form("reply").press("skip")) if page.status == 422 else page
            elif page.form("continue").named("turn") and not went_on:
                went_on = True
                page = await say_more(person, page, *_about(data))
            else:
                page = await person.send(page.form("continue").press())
        assert "PRIVAT" in page.html
        assert "PRIVAT" not in page.root.one("article", id="summary").text
        for other in await for_others(person, page):
            assert other.status == 200
            assert "PRIVAT" not in other.html


def _about(data: some.DataObject) -> Iterable[str]:
    about = DIALOGUE.question("more/about")
    assert about.asks == "choices"
    others = [option.id for option in about.options if option.id != "private"]
    return [*data.draw(some.lists(some.sampled_from(others), unique=True)), "private"]


def _answered(page: Page, data: some.DataObject) -> Submission:
    """The question's form, filled in some way or other; the notes are always written."""
    form = page.form("reply")
    private = DIALOGUE.question(page.state).section is None
    # «in which way» is the second half of an answer, and has nothing to skip
    if not private and form.offers("skip") and data.draw(some.integers(0, 4)) == 0:
        return form.press("skip")
    for name in dict.fromkeys(
        c.attributes["name"] for c in form.controls if c.attributes.get("type") in ("radio", "checkbox")
    ):
        offered = [c.attributes["value"] for c in form.named(name)]
        several = form.named(name)[0].attributes["type"] == "checkbox"
        form.choose(
            name,
            *data.draw(some.lists(some.sampled_from(offered), unique=True, max_size=2 if several else 1)),
        )
    if form.named("on"):
        form.write("on", "5.2.2027")
    mark = "PRIVAT" if private else "Delt"
    form.say(*(f"{mark} {number}" for number, _ in enumerate(form.words)))
    return form.press()
