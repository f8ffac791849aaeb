"""«Noen skriver for meg», without JavaScript: what another person wrote is not shared before it is read."""

import json
import re

import pytest
from support.clock import Clock
from support.page import Page
from support.person import CATALOGUES, Person
from support.preparing import say, skip_to_round_off
from support.sharing import choose, sheet

from assistant.languages import LANGUAGES, Language
from assistant.meetings.written_for import STOPS_AFTER

NB = CATALOGUES["nb"].say
MARK, PAPER = NB("written_for.mark"), NB("written_for.mark_on_paper")
OWN, FIRST, SECOND = "Dette skrev jeg selv", "Å sove om natten", "Å slippe alle skjemaene"
WISH, NEED = "wishes/wish", "needs/need"


async def two_written(person: Person, language: str = "nb") -> Page:
    """One wish in the user's own hand, then one wish and one need in another's; the summary after that."""
    page = await person.reach(WISH, await person.begin(language))
    page = await say(person, page, OWN)
    page = await person.send(page.form("reply").press("back"))
    page = await person.send(page.form("reply").press("writer:another"))
    assert page.state == WISH
    page = await person.send(page.form("reply").press("more"))
    page = await person.send(page.form("reply").say(OWN, FIRST).press("answer"))
    page = await person.reach(NEED, page)
    page = await say(person, page, SECOND)
    assert MARK in page.main or language != "nb", "the last exchange is marked"
    page = await person.send(page.form("reply").press("writer:me"))
    page = await skip_to_round_off(person, page)
    return await person.summary(page)


def to_read(page: Page) -> list[str]:
    """The words the page asks the user to read through."""
    forms = page.root.all("form", class_="to-read")
    return [next(p for p in form.all("p")).text for form in forms]


async def press(person: Person, page: Page, words: str, act: str) -> Page:
    """Approve these words, or take them away."""
    number = to_read(page).index(words) + 1
    return await person.send(page.form(f"to-read-{number}").press(act))


def marked(page: Page) -> int:
    return page.html.count(MARK) + page.html.count(PAPER)


async def test_what_is_not_read_is_not_shared_and_what_is_approved_is(person: Person) -> None:
    summary = await two_written(person)
    assert to_read(summary) == [FIRST, SECOND]
    assert marked(summary) == 2, "each is marked where it stands too"
    meeting = summary.path.removesuffix("/summary")
    preview = await choose(person, summary)
    assert OWN in sheet(preview)
    assert FIRST not in preview.html
    assert SECOND not in preview.html
    waiting = preview.root.one("p", id="waiting")
    assert waiting.text.startswith(NB("written_for.waiting", count=2))
    assert waiting.one("a").attributes["href"] == f"{meeting}/summary#written-for"
    summary = await press(person, await person.open(f"{meeting}/summary"), FIRST, "approve")
    assert (to_read(summary), marked(summary)) == ([SECOND], 1)
    preview = await person.open(f"{meeting}/share/preview")
    assert FIRST in sheet(preview)
    assert SECOND not in preview.html
    assert NB("written_for.waiting", count=1) in preview.main
    summary = await press(person, await person.open(f"{meeting}/summary"), SECOND, "approve")
    assert not summary.has("written-for")
    assert not (await person.open(f"{meeting}/share/preview")).has("waiting")
    assert marked(await person.open(meeting)) == 0, "nor in the conversation"


async def test_the_pages_where_it_is_chosen_say_how_much_waits(person: Person) -> None:
    summary = await two_written(person)
    share = f"{summary.path.removesuffix('/summary')}/share"
    page = await person.open(share)
    assert (page.has("waiting"), marked(page)) == (True, 2)
    of = int(re.findall(r"\d+", page.root.one("p", class_="counted").text)[-1])
    assert page.root.one("p", class_="counted").text == NB("share.count", count=of - 2, of=of)
    assert len(page.form("choices").picked("share")) == of - 2, "what is not read has no switch"
    page = await person.send(page.form("choices").press())
    assert page.has("waiting")


async def test_everything_that_is_shown_printed_or_taken_along_says_so(person: Person) -> None:
    summary = await two_written(person)
    meeting = summary.path.removesuffix("/summary")
    for path in ("show", "print", "print?large"):
        page = await person.open(f"{meeting}/{path}")
        assert page.html.count(PAPER) == 2, path
        assert MARK not in page.html, "«deg» would be somebody else there"
    shown = await person.open(f"{meeting}/show")
    held = next(a for a in shown.root.all("a", class_="hold") if FIRST in a.text)
    assert PAPER in (await person.open(held.attributes["href"])).main
    text = await (await person.client.get(f"{meeting}/take/summary.txt")).text()
    assert f"{FIRST}\n({PAPER})" in text
    assert text.count(PAPER) == 2
    file = json.loads(await (await person.client.get(f"{meeting}/take/everything.json")).text())
    said = {entry["text"]: entry["unread"] for asked in file["asked"] for entry in asked["said"]}
    assert (said[OWN], said[FIRST], said[SECOND]) == (False, True, True)


async def test_the_page_says_who_writes_and_the_transcript_is_marked(person: Person) -> None:
    page = await person.reach(WISH)
    assert NB("written_for.by_another") not in page.main
    page = await person.send(page.form("reply").say(OWN).press("writer:another"))
    assert page.form("reply").text(page.form("reply").words[0]) == OWN, "nothing typed is lost"
    assert NB("written_for.by_another") in page.main
    page = await person.send(page.form("reply").press("answer"))
    assert MARK in page.root.one(id="talk").page[0].text
    page = await person.send(page.form("reply").press("back"))
    assert NB("written_for.some_of_it") in page.main, "also where it is changed"
    page = await person.send(page.form("reply").press("writer:me"))
    assert NB("written_for.by_another") not in page.main
    assert page.form("reply").offers("writer:another")


async def test_the_plain_form_does_the_same(person: Person) -> None:
    page = await person.begin()
    page = await person.send(page.form("reply").press("view:form"))
    page = await person.send(page.form("continue").press("skip"))
    field = f"{WISH}:statement.new1"
    page = await person.send(page.form("whole").press("writer:another"))
    assert NB("written_for.by_another") in page.main
    page = await person.send(page.form("whole").write(field, FIRST).press("save:wishes"))
    assert page.html.count(NB("written_for.some_of_it")) == 1
    page = await person.send(page.form("whole").press("writer:me"))
    summary = await person.send(page.form("whole").press("finish"))
    assert to_read(summary) == [FIRST]


async def test_taking_away_and_changing_from_the_summary(person: Person) -> None:
    summary = await two_written(person)
    summary = await press(person, summary, FIRST, "take_away")
    assert to_read(summary) == [SECOND]
    assert FIRST not in summary.html
    assert OWN in summary.main
    page = await person.send(summary.form("change").press(f"go:{NEED}"))
    assert page.state == NEED
    page = await person.send(page.form("reply").say("Mine egne ord").press("answer"))
    summary = await person.open(summary.path)
    assert not summary.has("written-for"), "what the user changes is theirs"
    assert "Mine egne ord" in summary.main


async def test_an_approval_of_an_older_wording_approves_nothing(person: Person) -> None:
    summary = await two_written(person)
    older = summary.form(f"to-read-{to_read(summary).index(SECOND) + 1}").press("approve")
    page = await person.send(summary.form("change").press(f"go:{NEED}"))
    page = await person.send(page.form("reply").press("writer:another"))
    page = await person.send(page.form("reply").say("Noe helt annet").press("answer"))
    summary = await person.open(summary.path)
    await person.send(summary.form("write-again").press())
    assert to_read(await person.send(older)) == [FIRST, "Noe helt annet"]


async def test_an_answer_that_is_set_aside_is_marked_there_and_when_it_is_back(person: Person) -> None:
    page = await person.begin()
    page = await person.send(page.form("reply").choose("option", "other").press("writer:another"))
    page = await person.send(page.form("reply").press("answer"))
    page = await person.reach("meeting/own_kind", page)
    page = await person.send(page.form("reply").say(FIRST).press("answer"))
    page = await person.send(page.form("reply").press("writer:me"))
    page = await person.change(page, "meeting/kind")
    page = await person.send(page.form("reply").choose("option", "medication").press("answer"))
    aside = page.root.one("section", class_="set-aside").text
    assert FIRST in aside
    assert MARK in aside
    page = await person.change(page, "meeting/kind")
    page = await person.send(page.form("reply").choose("option", "other").press("answer"))
    assert not page.has("set-aside")
    assert FIRST in to_read(await person.open(f"{page.path}/summary"))


async def test_while_another_person_writes_nothing_can_be_approved(person: Person) -> None:
    summary = await two_written(person)
    form = summary.form("to-read-1").press("approve")
    page = await person.open(summary.path.removesuffix("/summary"))
    offer = next(f for f in summary.forms() if f.offers(f"go:{WISH}"))
    page = await person.send(offer.press(f"go:{WISH}"))
    await person.send(page.form("reply").press("writer:another"))
    summary = await person.send(form)
    assert to_read(summary) == [FIRST, SECOND]
    assert not any(b.attributes.get("value") == "approve" for b in summary.root.all("button"))
    summary = await person.send(summary.form("write-again").press())
    assert to_read(await press(person, summary, FIRST, "approve")) == [SECOND]


async def test_it_ends_by_itself(person: Person, clock: Clock) -> None:
    page = await person.reach(WISH)
    page = await person.send(page.form("reply").press("writer:another"))
    own = await person.send(page.form("reply").press("pause"))
    assert own.status == 200
    clock.pass_by(STOPS_AFTER / 2)
    await person.open(page.path)  # looking is no act of the other person
    clock.pass_by(STOPS_AFTER / 2)
    again = await person.open(page.path)
    assert NB("written_for.by_another") not in again.main


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"act": "approve"},
        {"act": "approve", "entry": "æ" * 500, "version": "-1"},
        {"act": "take_away", "entry": "no such", "version": "9" * 40},
        {"act": "take_away", "entry": "no such", "version": "²"},
        {"act": "burn", "entry": "\x00", "version": "1"},
    ],
)
async def test_whatever_is_sent_changes_nothing_and_leads_back(
    person: Person, fields: dict[str, str]
) -> None:
    summary = await two_written(person)
    sent = summary.form("to-read-1").press("approve")
    for name in ("act", "entry", "version"):
        sent = sent.without(name)
    for name, text in fields.items():
        sent = sent.instead(name, text)
    assert to_read(await person.send(sent)) == [FIRST, SECOND]


async def test_the_look_back_is_read_through_too(person: Person) -> None:
    page = await person.begin()
    page = await person.open(f"{page.path}/after")
    page = await person.send(page.form("begin").press())
    if page.has("continue"):  # the way back comes before the first own words
        page = await person.send(page.form("continue").press("skip"))
    page = await person.send(page.form("reply").press("writer:another"))
    while page.has("reply") and not page.form("reply").words:
        page = await person.send(page.form("reply").press("skip"))
    path = page.path
    page = await say(person, page, FIRST)
    await person.send(page.form("reply").press("writer:me"))
    page = await person.open(f"{path}/summary")
    assert to_read(page) == [FIRST]
    assert marked(page) == 1
    page = await press(person, page, FIRST, "approve")
    assert (page.path.partition("#")[0], to_read(page), marked(page)) == (f"{path}/summary", [], 0)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_said_in_every_language(person: Person, language: Language) -> None:
    summary = await two_written(person, language)
    speak = CATALOGUES[language].say
    assert speak("written_for.heading") in summary.main
    assert summary.html.count(speak("written_for.mark")) == 2
    assert len({CATALOGUES[one].say("written_for.mark") for one in LANGUAGES}) == len(LANGUAGES)
