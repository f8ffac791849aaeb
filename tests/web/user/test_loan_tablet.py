"""A loan tablet in a waiting room: it locks and wipes itself, and nothing is left for the next person."""

from datetime import timedelta

from aiohttp import web
from support.clock import Clock
from support.database import rows
from support.page import Page, Submission
from support.person import CATALOGUES, NewPerson, Person
from support.sharing import choose, share
from support.short_way import have, unlock

from assistant.config import Settings
from assistant.meetings.notebook import ON_LOAN_KEPT_FOR
from assistant.retention import RELEASED
from assistant.service.notebook.devices import LOAN_LASTS
from assistant.web.http.context import CONTEXT, FRAGMENT

NB = CATALOGUES["nb"].say
LOCKS_AFTER = LOAN_LASTS + timedelta(seconds=1)
ON = Submission("/nb/tablet/set-up", [("tablet", "on")])
OFF = Submission("/nb/tablet/set-up", [("tablet", "off")])


async def begin(person: Person) -> Page:
    """Set the tablet up, and begin on it."""
    page = await person.send(ON)
    assert page.path == "/nb/tablet"
    return await person.send(page.form("start").press())


async def write(person: Person, words: str = "Sove bedre") -> Page:
    """Begin on the tablet, and answer one question in own words."""
    page = await person.reach("matters/now", await begin(person))
    return await person.send(page.form("reply").say(words).press())


async def test_staff_make_a_device_a_loan_tablet_and_an_ordinary_one_again(person: Person) -> None:
    assert (await person.open("/nb/tablet")).path == "/nb/tablet/set-up", "it is none yet"
    assert (await person.send(ON)).path == "/nb/tablet"
    assert (await person.open("/nn/")).path == "/nn/tablet", "every way to the first page leads here"
    assert (await person.send(OFF)).path == "/nb/tablet/set-up"
    assert (await person.open("/nb/")).path == "/nb/"


async def test_the_ordinary_first_page_makes_no_loan_tablet_and_leads_to_none(person: Person) -> None:
    page = await person.open("/nb/")
    assert "/tablet" not in page.html
    assert NB("finish.name") not in (await person.begin()).html


async def test_when_it_locks_the_first_page_is_shown_and_the_notebook_is_gone(
    settings: Settings, person: Person, clock: Clock
) -> None:
    page = await write(person)
    assert rows(settings)["notebooks"] == 1
    clock.pass_by(LOCKS_AFTER)
    after = await person.open(page.path)
    assert after.path == "/nb/tablet"
    assert "Sove bedre" not in after.main
    assert rows(settings)["notebooks"] == 0, "nobody could open it again"
    assert (await person.open(page.path)).path == "/nb/tablet", "Back shows nothing"


async def test_a_screen_with_a_script_is_told_to_load_the_whole_page_once_it_has_locked(
    person: Person, clock: Clock
) -> None:
    page = await write(person)
    clock.pass_by(LOCKS_AFTER)
    answer = await person.client.get(page.path, headers={FRAGMENT: "1"})
    assert 'data-lang=""' in await answer.text(), "another language than the page's: the script reloads"


async def test_a_page_without_a_stream_reloads_itself_after_it_has_locked(
    person: Person, clock: Clock
) -> None:
    page = await write(person)
    seconds = LOAN_LASTS // timedelta(seconds=1) + 5
    reload = f'<meta http-equiv="refresh" content="{seconds}">'
    assert f"\n{reload}" in (await person.open("/finish")).html
    assert f"<noscript>{reload}" in (await person.open(page.path)).html, "a stream tells the script when"


async def test_an_abandoned_notebook_is_deleted_by_the_sweep_too(
    app: web.Application, settings: Settings, person: Person, clock: Clock
) -> None:
    await write(person)
    clock.pass_by(ON_LOAN_KEPT_FOR)
    await app[CONTEXT].services.sweep(clock())
    assert rows(settings)["notebooks"] == 0


async def test_finishing_deletes_what_nobody_could_open_again_and_says_so_first(
    settings: Settings, person: Person
) -> None:
    page = await write(person)
    asked = await person.send(page.form("leave").press())
    assert NB("finish.on_loan") in asked.main
    done = await person.send(asked.form("finish").press("nothing"))
    assert done.path == "/nb/tablet?wiped"
    assert NB("tablet.wiped") in done.main
    assert rows(settings)["notebooks"] == 0
    assert (await person.open(page.path)).path == "/nb/tablet"


async def test_the_link_taken_along_opens_it_at_home(
    app: web.Application, settings: Settings, person: Person, new_person: NewPerson, clock: Clock
) -> None:
    await write(person)
    asked = await person.open("/finish")
    code = asked.root.one("b", class_="code").text
    await person.send(asked.form("finish").press("along"))
    clock.pass_by(ON_LOAN_KEPT_FOR * 3)
    await app[CONTEXT].services.sweep(clock())
    home = await new_person()
    door = await home.open("/nb/r")
    opened = await home.send(door.form("open").write("link", code).press())
    assert opened.path.startswith("/meetings/")
    assert NB("finish.name") not in opened.html, "this is no loan tablet"
    clock.pass_by(RELEASED.notebook - timedelta(days=2))
    await app[CONTEXT].services.sweep(clock())
    assert rows(settings)["notebooks"] == 1


async def test_what_is_shared_stays_for_the_meeting(
    app: web.Application, settings: Settings, person: Person, clock: Clock
) -> None:
    page = await write(person)
    summary = await person.open(f"{page.path}/summary")
    preview = await choose(person, summary)
    await share(person, preview)
    asked = await person.open("/finish")
    assert NB("finish.on_loan") not in asked.main
    await person.send(asked.form("finish").press("kept"))
    clock.pass_by(ON_LOAN_KEPT_FOR * 2)
    await app[CONTEXT].services.sweep(clock())
    assert rows(settings)["notebooks"] == 1


async def test_what_was_opened_by_a_link_is_only_locked(
    settings: Settings, person: Person, new_person: NewPerson, clock: Clock
) -> None:
    _, link = await have(await new_person(), "nb")
    await person.send(ON)
    page = await unlock(person, link)
    clock.pass_by(LOCKS_AFTER)
    assert (await person.open(page.path)).path == "/nb/tablet", "ten minutes here, as for everybody"
    assert rows(settings)["notebooks"] == 1


async def test_who_says_that_they_are_still_here_keeps_the_notebook(
    app: web.Application, settings: Settings, person: Person, clock: Clock
) -> None:
    page = await write(person)
    until = clock() + ON_LOAN_KEPT_FOR * 2
    while clock() < until:
        clock.pass_by(LOAN_LASTS - timedelta(minutes=1))
        assert (await person.send(Submission("/stay", []))).status == 204
        await app[CONTEXT].services.sweep(clock())
    assert (await person.open(page.path)).path == page.path


async def test_a_loan_tablet_is_nobodys_own(person: Person, clock: Clock) -> None:
    page = await write(person)
    await person.send(Submission("/device", [("device", "own"), ("back", "/notebook")]))
    clock.pass_by(LOCKS_AFTER)
    assert (await person.open(page.path)).path == "/nb/tablet"


async def test_words_typed_on_a_tablet_that_locked_meanwhile_are_given_back(
    person: Person, clock: Clock
) -> None:
    page = await person.reach("matters/now", await begin(person))
    clock.pass_by(LOCKS_AFTER)
    given = await person.send(page.form("reply").say("Halvt skrevet").press())
    assert "Halvt skrevet" in given.root.text


async def test_who_begins_anew_leaves_nothing_of_the_one_before(settings: Settings, person: Person) -> None:
    page = await write(person)
    first = await person.open("/nb/tablet")
    assert NB("tablet.unfinished") in first.main
    await person.send(first.form("start").press())
    assert rows(settings)["notebooks"] == 1
    assert (await person.open(page.path)).status == 404
