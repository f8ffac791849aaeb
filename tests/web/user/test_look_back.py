"""After the meeting: a look back of one's own, and what was not reached, for the next time."""

import json

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import as_colleague, in_role
from support.database import rows
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import whole
from support.reviewing import COURSE, SLEEP, WISH, marks, met

from assistant.config import Settings
from assistant.languages import LANGUAGES, Language

NB = CATALOGUES["nb"].say
WORDS = "Vi rakk ikke <boligen>.\n  To linjer."


async def look_back(person: Person, language: str = "nb") -> tuple[str, Page]:
    """The path of a meeting, and the first question of the look back on it."""
    meeting = (await person.begin(language)).path
    page = await person.open(f"{meeting}/after")
    page = await person.send(page.form("begin").press())
    # the link is shown before the first own words
    return meeting, await person.reach("look_back/remember", page)


async def not_reached(person: Person, words: str = WORDS) -> tuple[str, Page]:
    """The same, at the round-off, with words to bring up next time."""
    meeting, page = await look_back(person)
    page = await person.reach("next_time/not_reached", page)
    return meeting, await whole(person, await person.send(page.form("reply").say(words).press()))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_there_to_be_gone_to_and_begins_only_when_asked(
    person: Person, settings: Settings, language: Language
) -> None:
    meeting = (await person.begin(language)).path
    page = await person.open("/notebook")
    ours = [a for a in page.root.all("a") if a.attributes["href"] == f"{meeting}/after"]
    assert [a.text for a in ours] == [CATALOGUES[language].say("after.heading")]
    before = papers(settings)
    page = await person.open(ours[0].attributes["href"])
    assert "113" in page.main
    assert papers(settings) == before
    page = await person.send(page.form("begin").press())
    page = await person.reach("look_back/remember", page)
    assert (page.path, page.state) == (f"{meeting}/after", "look_back/remember")
    assert papers(settings) == before + 1


def papers(settings: Settings) -> int:
    return rows(settings)["documents"]


async def test_it_is_had_read_back_and_changed_like_any_conversation(person: Person) -> None:
    meeting, page = await look_back(person)
    page = await person.send(page.form("reply").press("skip"))
    assert page.state == "look_back/heard"
    page = await person.send(page.form("reply").choose("option", "partly").say(WORDS).press())
    assert page.state == "look_back/way"
    page = await person.send(page.form("reply").press("pause"))
    assert page.path == f"{meeting}/after/pause"
    page = await person.open(f"{meeting}/after/summary")
    assert page.heading == NB("after.read_back")
    assert WORDS in [p.text for p in page.root.all("p", class_="own")]
    page = await person.send(page.form("change").press("go:look_back/heard"))
    assert (page.path, page.state) == (f"{meeting}/after", "look_back/heard")
    page = await person.send(page.form("reply").press("skip"))
    assert "boligen" not in (await person.open(f"{meeting}/after/summary")).main


async def test_the_plain_form_and_the_help_lead_back_to_it(person: Person) -> None:
    meeting, page = await look_back(person)
    page = await person.send(page.form("reply").press("help"))
    assert page.path == f"{meeting}/after/help"
    assert f"{meeting}/after" in [a.attributes["href"] for a in page.root.one("main").all("a")]
    page = await person.open(f"{meeting}/after")
    page = await person.send(page.form("reply").press("view:form"))
    if page.has("continue"):  # the way back, before the first own words
        page = await person.send(page.form("continue").press())
    assert page.path.startswith(f"{meeting}/after/form")
    form = page.form("whole").write("next_time/not_reached:statement.new1", WORDS)
    page = await person.send(form.press("finish"))
    page = await person.send(page.form("whole").press("whole:next_time/not_reached"))
    page = await person.send(page.form("whole").press("finish"))
    assert page.path == f"{meeting}/after/summary"
    assert WORDS in [p.text for p in page.root.all("p", class_="own")]


async def test_the_preparation_and_the_look_back_do_not_touch_each_other(person: Person) -> None:
    meeting, _ = await not_reached(person)
    page = await person.open(meeting)
    assert page.state == "meeting/kind"
    assert "boligen" not in (await person.summary(page)).main


async def test_what_was_not_reached_is_shown_at_the_next_meeting_and_not_at_its_own(person: Person) -> None:
    meeting, _ = await not_reached(person)
    assert not (await person.open(meeting)).has("along")
    page = await person.open("/notebook")
    assert WORDS in [p.text for p in page.root.one("section", class_="along card no-print").all("p")]
    page = await person.send(page.form("another").press())
    seen = []
    while page.has("reply") or not page.path.endswith("/summary"):
        if page.has("along"):
            seen.append(page.state if page.has("reply") else page.heading)
            assert WORDS in [p.text for p in page.root.one("section", class_="along card no-print").all("p")]
        form = "reply" if page.has("reply") else "continue"
        page = await person.send(page.form(form).press("skip" if form == "reply" else None))
    assert seen == ["meeting/kind", "matters/now", NB("round_off.heading")]
    assert page.has("along")


async def test_what_was_not_reached_is_shown_on_the_plain_form_too(person: Person) -> None:
    meeting, page = await not_reached(person)
    assert page.has("continue")
    own = await person.send((await person.open(meeting)).form("reply").press("view:form"))
    own = await person.send(own.form("continue").press()) if own.has("continue") else own
    assert own.has("whole")
    assert not own.has("along"), "it was said after this very meeting"
    page = await person.send((await person.open("/notebook")).form("another").press())
    assert page.has("whole"), "the plain form was chosen before"
    saved = await person.send(page.form("whole").press("save:matters"))
    refused = await person.send(
        page.form("whole").write("wishes/wish:statement.new1", "a" * 4001).press("save:wishes")
    )
    assert refused.trouble
    for shown in (page, saved, refused):
        along = shown.root.one("section", class_="along card no-print")
        assert WORDS in [p.text for p in along.all("p")]
    back = await person.open(f"{meeting}/after/form")
    assert back.has("whole")
    assert not back.has("along")


async def test_deleting_the_meeting_deletes_the_look_back(person: Person, settings: Settings) -> None:
    meeting, _ = await not_reached(person)
    page = await person.open(f"{meeting}/delete")
    await person.send(page.form("ask").press())
    assert papers(settings) == 1
    assert (await person.open(f"{meeting}/after")).status == 404
    assert not (await person.open("/notebook")).has("along")


async def test_it_is_nobody_elses(person: Person, new_person: NewPerson) -> None:
    meeting, _ = await not_reached(person)
    other = await new_person()
    await other.begin()
    for path in ("after", "after/summary", "after/form", "after/pause", "after/events"):
        assert (await other.open(f"{meeting}/{path}")).status == 404


async def test_all_of_it_as_data_holds_the_look_back(person: Person) -> None:
    meeting, _ = await not_reached(person)
    file = json.loads((await person.open(f"{meeting}/take/everything.json")).html)
    assert file["dialogue"]["id"] == "before_meeting"
    assert file["after"]["dialogue"]["id"] == "after_meeting"
    said = [said["text"] for asked in file["after"]["asked"] for said in asked["said"]]
    assert said == [WORDS]
    assert not any(asked["said"] for asked in file["asked"])


async def test_the_next_time_tells_what_was_written_afterwards_from_what_got_no_answer(
    app: web.Application, person: Person, new_person: NewPerson, clock: Clock
) -> None:
    colleague = as_colleague(await new_person(), clock)
    await in_role(app, colleague, "professional")
    both = await met(person, colleague)
    await person.send(marks(await both.my_page(), SLEEP).press("mark:next_time"))
    meeting = both.here.partition("/review")[0]
    page = await person.send((await person.open(f"{meeting}/after")).form("begin").press())
    page = await person.reach("next_time/not_reached", page)
    await whole(person, await person.send(page.form("reply").say(WORDS).press()))
    section = (await person.open("/notebook")).root.one("section", class_="along card no-print")
    told: dict[str, list[str]] = {}
    for element in section.below:
        if element.tag == "h3":
            told[element.text] = []
        elif told:
            told[list(told)[-1]].append(element.text)
    assert told[NB("along.written")] == [WORDS]
    assert told[NB("along.put_off")] == [SLEEP]
    assert set(told[NB("along.unanswered")]) == {COURSE, WISH}, "what was put first or wished for"
