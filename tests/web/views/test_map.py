"""The map is the same wherever the summary is shown, and what is not shared is not drawn for others."""

import pytest
from support.colleague import Colleague
from support.page import Element, Page
from support.person import CATALOGUES, Person
from support.preparing import place, say, say_more, skip_to_round_off
from support.sharing import choose, code_of, open_by, share

from assistant.languages import LANGUAGES, Language
from web.views.test_review import settings  # noqa: F401

NB = CATALOGUES["nb"].say
CAT = "Katten <b>"
LESS_SUPPORT = "Jeg vil ha mindre støtte enn nå"
"""Chosen for the cat only, as is more challenge."""
MORE_CHALLENGE = "Jeg vil bli utfordret mer enn nå"


async def placed(person: Person, language: Language = "nb") -> Page:
    """The summary of two topics: more support and less challenge, and the other way round."""
    page = await person.reach("questions/ask", await person.begin(language))
    page = await say_more(person, await skip_to_round_off(person, page), "topics")
    page = await person.send(page.form("reply").choose("option", "days").say(CAT).press())
    for levels in (("more", "less"), ("less", "more")):
        page = await say(person, page, "Dette er viktig")
        page = await place(person, page, *levels)
    return await person.summary(page)


def drawing(page: Page) -> Element:
    return page.root.one("section", id="map")


def names(page: Page) -> list[str]:
    """The names in the drawing, put together from their lines."""
    return [text.text for text in drawing(page).all("text", class_="name")]


def words(page: Page) -> list[str]:
    return [" ".join(item.text.split()) for item in drawing(page).one("div", id="map-words").all("li")]


def arrows(page: Page) -> int:
    return len(list(drawing(page).all("path", class_="head")))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_same_map_is_in_every_place(person: Person, kari: Colleague, language: Language) -> None:
    summary = await placed(person, language)
    here = summary.path.removesuffix("/summary")
    pages = [summary, *[await person.open(f"{here}/{way}") for way in ("show", "print", "print?large")]]
    preview = await choose(person, summary)
    shared = await share(person, preview)
    read = await open_by(kari, code_of(shared))
    together = await kari.send(read.form("meet").press("meet"))
    mine = await person.open(f"{here}/review")
    for page in (*pages, preview, mine):
        assert (names(page), words(page)) == (names(summary), words(summary)), page.path
        assert arrows(page) == len(words(page)) == 2
        assert drawing(page).one("svg").attributes == drawing(summary).one("svg").attributes
    for page in (read, together):  # in the language of the reader
        assert [line.partition(":")[0] for line in words(page)] == ["Søvn og hverdag", CAT]
        assert arrows(page) == 2
    assert together.html.index('id="map"') < together.html.index('id="agreements"')


async def test_a_level_that_is_withheld_takes_its_topic_off_the_map_that_others_see(
    person: Person, kari: Colleague
) -> None:
    summary = await placed(person)
    preview = await choose(person, summary, **{LESS_SUPPORT: "keep"})
    read = await open_by(kari, code_of(await share(person, preview)))
    together = await kari.send(read.form("meet").press("meet"))
    for page in (preview, read, together):
        assert arrows(page) == 1
        assert words(page)[0].startswith("Søvn og hverdag:")
        assert words(page)[1:] == [f"{CAT}: {NB('map.more_challenge')}"], "what is shared, in words"
        assert not [line for line in words(page) if NB("map.less_support") in line]
    assert arrows(summary) == 2


async def test_what_is_said_aloud_or_withheld_is_in_no_shared_map(person: Person, kari: Colleague) -> None:
    summary = await placed(person)
    kept = {LESS_SUPPORT: "say", MORE_CHALLENGE: "keep"}
    preview = await choose(person, summary, **kept)
    read = await open_by(kari, code_of(await share(person, preview)))
    together = await kari.send(read.form("meet").press("meet"))
    for page in (preview, read, together):
        (line,) = words(page)
        assert line.startswith("Søvn og hverdag:")
        assert "Katten" not in line


async def test_nothing_placed_is_no_map_anywhere(person: Person) -> None:
    page = await person.reach("needs/need")
    summary = await person.summary(await say(person, page, "Ro"))
    preview = await choose(person, summary)
    for page in (summary, preview):
        assert not page.has("map")
