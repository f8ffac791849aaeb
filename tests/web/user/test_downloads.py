"""Taking it along: what each file holds, what it is called, and what is not in it until it is asked for."""

import json
import re
from collections.abc import Mapping

import pytest
from icalendar import Calendar
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import BALANCE, NOTE, ORDINARY, ordinary

from assistant.languages import LANGUAGES, Language

NB = CATALOGUES["nb"].say


async def files_of(person: Person, page: Page) -> Mapping[str, tuple[Mapping[str, str], bytes]]:
    """Every file the page offers, by its address."""
    links = [link.attributes["href"] for link in page.root.one("main").all("a")]
    found = {}
    for link in links:
        if "." in link:
            response = await person.client.get(link)
            assert response.status == 200, link
            found[link.removeprefix(page.path.partition("?")[0] + "/")] = (
                response.headers,
                await response.read(),
            )
    return found


async def to_take(person: Person, summary: Page) -> Page:
    """From the summary, by its link."""
    (link,) = [
        a.attributes["href"]
        for a in summary.root.one("main").all("a")
        if a.text == _say(summary, "take.open")
    ]
    return await person.open(link)


def _say(page: Page, key: str) -> str:
    return next(catalogue.say(key) for language, catalogue in CATALOGUES.items() if language == page.language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_file_can_be_had_and_tells_nothing_in_its_name(person: Person, language: Language) -> None:
    page = await to_take(person, await ordinary(person, language))
    assert page.language == language
    files = await files_of(person, page)
    assert {"summary.pdf", "summary.pdf?large", "summary.txt", "meeting.ics", "everything.json"} <= set(files)
    words = {v for k, v in CATALOGUES[language].sentences.items() if k.startswith("take.file_")}
    for headers, content in files.values():
        assert content
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        (name,) = re.findall(
            r'^attachment; filename="([a-z-]+)\.(?:pdf|txt|json|ics)"$', headers["Content-Disposition"]
        )
        assert name in words


async def test_the_text_holds_every_answer_as_it_was_written(person: Person) -> None:
    summary = await ordinary(person)
    headers, content = (await files_of(person, await to_take(person, summary)))["summary.txt"]
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    text = content.decode()
    for said in (*ORDINARY.values(), BALANCE):
        assert all(words in text for words in said)
    assert all(words in text for _, words in summary.entries)


async def test_notes_are_left_out_until_they_are_asked_for(person: Person) -> None:
    page = await to_take(person, await ordinary(person))
    assert NOTE not in page.html
    assert NB("take.notes_out") in page.main
    files = await files_of(person, page)
    assert [name for name, (_, content) in files.items() if NOTE.encode() in content] == ["everything.json"]
    (choice,) = [a for a in page.root.all("a") if a.text == NB("take.add_notes")]
    chosen = await person.open(choice.attributes["href"])
    assert NB("take.notes_in") in chosen.main
    files = await files_of(person, chosen)
    assert NOTE.encode() in files["summary.txt?notes"][1]
    assert {"summary.pdf?notes", "summary.pdf?large&notes"} <= set(files)
    assert not any(NOTE.encode() in content for name, (_, content) in files.items() if "card" in name)
    (back,) = [a for a in chosen.root.all("a") if a.text == NB("take.leave_notes")]
    assert (await person.open(back.attributes["href"])).html.count("?notes") == page.html.count("?notes")


async def test_in_another_language_the_choice_stays(person: Person) -> None:
    page = await to_take(person, await ordinary(person))
    chosen = await person.open(f"{page.path}?notes")
    way = next(form for form in chosen.forms() if form.path == "/language")
    page = await person.send(way.press("nn"))
    assert page.path == chosen.path
    assert CATALOGUES["nn"].say("take.notes_in") in page.main


async def test_the_calendar_gets_the_day_and_nothing_that_was_said(person: Person) -> None:
    summary = await ordinary(person)
    page = await to_take(person, summary)
    files = await files_of(person, page)
    headers, content = files["meeting.ics"]
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(content).events
    assert event.start.isoformat() == "2027-02-05T11:30:00+00:00", "12:30 in Oslo, in every reader"
    for _, words in summary.entries:
        assert words not in content.decode()
    meeting = page.path.split("/")[2]
    assert meeting not in content.decode()
    again = (await files_of(person, page))["meeting.ics"][1]
    assert again == content, "it moves in the calendar, and does not stand there twice"


async def test_without_a_day_there_is_nothing_for_the_calendar(person: Person) -> None:
    page = await to_take(person, await person.summary())
    assert NB("take.calendar") not in page.main
    assert set(await files_of(person, page)) == {"everything.json"}
    assert (await person.open(f"{page.path}/meeting.ics")).status == 404


async def test_each_line_of_the_summary_can_be_a_card_and_no_note_can(person: Person) -> None:
    summary = await ordinary(person)
    page = await to_take(person, summary)
    offered = page.root.one("details", class_="cards")
    lines = [
        next(a.all("span", class_="line own"), None) or a.one("span", class_="line") for a in offered.all("a")
    ]
    assert sorted(line.text for line in lines) == sorted(words for _, words in summary.entries)
    cards = {name: file for name, file in (await files_of(person, page)).items() if "card/" in name}
    assert len(cards) == len(summary.entries)
    assert all(content.startswith(b"%PDF") for _, content in cards.values())
    everything = json.loads((await files_of(person, page))["everything.json"][1])
    (note,) = [s["id"] for asked in everything["asked"] for s in asked["said"] if s["text"] == NOTE]
    assert (await person.open(f"{page.path}/card/{note}.pdf")).status == 404


async def test_nobody_else_gets_a_file(new_person: NewPerson) -> None:
    owner, other, nobody = await new_person(), await new_person(), await new_person()
    page = await to_take(owner, await ordinary(owner))
    await other.begin()
    for name in await files_of(owner, page):
        assert (await other.open(f"{page.path}/{name}")).status == 404
        assert (await nobody.open(f"{page.path}/{name}")).status == 401


async def test_a_borrowed_device_is_told_that_the_file_stays(person: Person) -> None:
    page = await to_take(person, await ordinary(person))
    assert NB("take.borrowed") in page.main
    summary = await person.open(page.path.removesuffix("/take") + "/summary")
    way = next(f for f in summary.forms() if f.path == "/device")
    await person.send(way.press("own"))
    assert NB("take.borrowed") not in (await person.open(page.path)).main
