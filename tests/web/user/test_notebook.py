"""The notebook on the page: its meetings, one more, one less, and how long it is kept."""

from datetime import timedelta

import pytest
from support.clock import Clock
from support.database import rows
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.short_way import have, unlock

from assistant.config import Settings
from assistant.languages import LANGUAGES, Language
from assistant.meetings.chosen_months import months_from
from assistant.retention import RELEASED

NB = CATALOGUES["nb"].say


def meetings(page: Page) -> list[str]:
    """The headings of the meetings listed."""
    return [card.one("h2").text for card in page.root.one("main").all("li", class_="card")]


def links(page: Page, end: str = "") -> list[str]:
    """Where the links in the middle lead that end so."""
    return [
        a.attributes["href"] for a in page.root.one("main").all("a") if a.attributes["href"].endswith(end)
    ]


async def several(person: Person) -> Page:
    """A notebook with a told meeting, and one about which nothing was told."""
    page = await person.begin()
    page = await person.send(page.form("reply").choose("option", "care_team").press())
    await person.send(page.form("reply").write("on", "5.2.2027").write("at", "12:30").press())
    page = await person.open("/notebook")
    await person.send(page.form("another").press())
    return await person.open("/notebook")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_meetings_go_by_what_was_told_of_them(person: Person, language: Language) -> None:
    page = await several(person)
    page = await person.send(next(f for f in page.forms() if f.path == "/language").press(language))
    say = CATALOGUES[language].say
    assert page.language == language
    assert page.heading == say("notebook.heading")
    first, second = meetings(page)
    assert ":" not in first
    assert second == say("notebook.unnamed")
    assert CATALOGUES[language].clock(Clock().at.time().replace(hour=12, minute=30)) in page.main
    day = CATALOGUES[language].day((Clock().at + RELEASED.notebook).date())
    assert say("notebook.kept", day=day) in page.main


async def test_each_meeting_leads_on_to_its_summary_and_to_its_end(person: Person) -> None:
    page = await several(person)
    first = links(page, "/summary")[0].removesuffix("/summary")
    assert (await person.open(first)).path == first
    assert (await person.open(f"{first}/summary")).has("summary")
    page = await person.open(f"{first}/delete")
    assert page.heading == NB("notebook.delete_heading")
    assert "Ansvarsgruppemøte, fredag 5. februar 2027 kl. 12:30" in page.main
    assert "/notebook" in links(page)


async def test_own_words_for_a_meeting_stand_exactly_as_written(person: Person) -> None:
    page = await person.begin()
    page = await person.send(page.form("reply").choose("option", "other").press())
    if page.has("continue"):
        page = await person.send(page.form("continue").press("skip"))
    await person.send(page.form("reply").say("  <b>Kaffe</b>: med  Siri & meg").press())
    page = await person.open("/notebook")
    assert meetings(page) == ["  <b>Kaffe</b>: med  Siri & meg"]
    assert NB("notebook.no_date") in page.main


async def test_pressing_twice_begins_one_meeting(person: Person, settings: Settings) -> None:
    await person.begin()
    another = (await person.open("/notebook")).form("another").press()
    begun = [await person.send(another) for _ in range(3)]
    assert len({page.path for page in begun}) == 1
    assert len(meetings(await person.open("/notebook"))) == 2
    assert rows(settings)["notebooks"] == 1


async def test_one_meeting_is_deleted_at_once_and_the_others_stand(
    person: Person, settings: Settings
) -> None:
    page = await several(person)
    first, second = [path.removesuffix("/delete") for path in links(page, "/delete")][:2]
    before = rows(settings)["documents"]
    asked = (await person.open(f"{first}/delete")).form("ask").press()
    page = await person.send(asked)
    assert page.heading == NB("notebook.deleted_heading")
    assert rows(settings)["documents"] < before
    assert (await person.open(first)).status == 404
    assert (await person.open(second)).has("reply")
    assert (await person.send(asked)).heading == NB("notebook.deleted_heading")
    assert meetings(await person.open("/notebook")) == [NB("notebook.unnamed")]


async def test_an_empty_notebook_still_has_all_its_ways(new_person: NewPerson) -> None:
    person = await new_person()
    _, link = await have(person, "nb")
    page = await person.open("/notebook")
    page = await person.send((await person.open(links(page, "/delete")[0])).form("ask").press())
    page = await person.open("/notebook")
    assert meetings(page) == []
    assert NB("notebook.empty") in page.main
    assert "/notebook" in links(await person.open("/nb/"))
    assert (await person.open("/delete")).has("delete")
    elsewhere = await new_person()
    page = await unlock(elsewhere, link)
    assert page.path == "/notebook"
    assert (await elsewhere.send(page.form("another").press())).state == "meeting/kind"


async def test_going_on_leads_to_the_meeting_and_to_the_notebook_when_there_are_several(
    new_person: NewPerson,
) -> None:
    person = await new_person()
    summary, link = await have(person, "nb")
    meeting = summary.path.removesuffix("/summary")
    assert {meeting, "/notebook"} <= set(links(await person.open("/nb/")))
    assert (await unlock(await new_person(), link)).path == meeting
    await person.send((await person.open("/notebook")).form("another").press())
    start = links(await person.open("/nb/"))
    assert "/notebook" in start
    assert meeting not in start
    assert (await unlock(await new_person(), link)).path == "/notebook"


@pytest.mark.parametrize("months", RELEASED.months)
async def test_the_day_that_was_chosen_is_said_at_every_visit_and_stands(
    person: Person, clock: Clock, months: int
) -> None:
    summary, _ = await have(person, "nb", "own")
    day = CATALOGUES["nb"].day(months_from(clock.at, months).date())
    page = await person.open("/notebook")
    page = await person.send(page.form("keep").choose("months", str(months)).press())
    assert page.form("keep").picked("months") == [str(months)]
    clock.pass_by(timedelta(days=2))
    page = await person.open(summary.path)
    assert NB("notebook.kept_chosen", day=day) in page.main
    page = await person.send(page.form("change").press(), follow=False)
    await person.send((await person.open("/notebook")).form("another").press())
    for path in (summary.path, "/notebook"):
        assert NB("notebook.kept_chosen", day=day) in (await person.open(path)).main


@pytest.mark.parametrize("months", ["", "2", "1000", "-1", "x", "٣"])
async def test_an_end_that_is_not_offered_changes_nothing(person: Person, months: str) -> None:
    await person.begin()
    page = await person.open("/notebook")
    after = await person.send(page.form("keep").press().instead("months", months))
    assert after.form("keep").picked("months") == ["use"]


async def test_another_persons_meeting_is_as_good_as_none(new_person: NewPerson, settings: Settings) -> None:
    owner, other = await new_person(), await new_person()
    meeting = (await owner.begin()).path
    await other.begin()
    theirs, missing = await other.open(f"{meeting}/delete"), await other.open(f"/meetings/{'0' * 32}/delete")
    assert theirs.has("notebook") == missing.has("notebook")
    assert theirs.heading == missing.heading == NB("notebook.heading")
    before = rows(settings)
    asked = (await owner.open(f"{meeting}/delete")).form("ask").press()
    await other.send(asked)
    assert rows(settings) == before
    assert (await owner.open(meeting)).has("reply")


async def test_without_a_session_the_notebook_is_locked(person: Person) -> None:
    assert (await person.open("/notebook")).status == 401


async def test_from_a_question_the_notebook_is_reached_and_what_is_typed_stays(person: Person) -> None:
    page = await person.reach("matters/now")
    back = page.path
    page = await person.send(page.form("reply").say("Barna mine").press("notebook"))
    assert page.heading == NB("notebook.heading")
    assert (await person.open(back)).form("reply").text("statement.new1") == "Barna mine"
