"""Joining a guided session: once, with the meeting that takes part already, and told what is left."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import pytest
from aiohttp import web
from support.colleague import Colleague
from support.person import NewPerson, Person

from assistant.service.dialogues import BEFORE_MEETING, PEER_SESSION
from assistant.web.http.context import CONTEXT
from web.peer.test_guided_sessions import (  # noqa: F401
    NB,
    at_the_door,
    code_of,
    join,
    open_session,
    peder,
)


async def test_a_double_tap_beside_one_person_finds_no_seat_taken(
    peder: Colleague, new_person: NewPerson
) -> None:
    lead = await open_session(peder, "one")
    person, before_the_cookie = await new_person(), await new_person()
    tap = (await at_the_door(person, code_of(lead))).form("join").press()
    for browser in (person, before_the_cookie):
        page = await browser.send(tap)
        assert NB("strip.gathering") in page.main
    assert NB("lead.joined", count=1) in (await peder.open(lead.path)).main


async def test_whoever_joins_again_goes_on_where_they_were(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "one")
    joined = await join(person, code_of(lead))
    page = await at_the_door(person, code_of(lead))
    (picked,) = page.form("join").picked("into")
    assert picked == f"meeting:{joined.path.split('/')[2]}"
    page = await person.send(page.form("join").press())
    assert page.path == joined.path
    assert NB("lead.joined", count=1) in (await peder.open(lead.path)).main
    assert (await person.open("/notebook")).root.one("ul", class_="meetings").text.count("Økt med") == 1


async def test_the_form_of_before_joining_makes_no_second_arrival(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "one")
    tap = (await at_the_door(person, code_of(lead))).form("join").press()
    await person.send(tap)
    page = await person.send(tap)  # Back, and the button once more
    assert page.has("join"), "the page that knows the notebook"
    page = await person.send(page.form("join").press())
    assert NB("strip.gathering") in page.main
    assert NB("lead.joined", count=1) in (await peder.open(lead.path)).main


async def test_whoever_joins_another_session_leaves_the_first_and_is_told(
    peder: Colleague, person: Person
) -> None:
    first, second = await open_session(peder, "group"), await open_session(peder, "one")
    await join(person, code_of(first))
    page = await join(person, code_of(second), into="notebook")
    assert NB("joining.left") in page.main
    assert NB("lead.joined", count=0) in (await peder.open(first.path)).main
    assert NB("lead.joined", count=1) in (await peder.open(second.path)).main


async def test_the_same_meeting_in_another_session_leaves_the_first_and_is_told(
    peder: Colleague, person: Person
) -> None:
    first = await open_session(peder, "group", "before_meeting")
    second = await open_session(peder, "one", "before_meeting")
    meeting = (await join(person, code_of(first))).path.split("/")[2]
    page = await join(person, code_of(second), into=f"meeting:{meeting}")
    assert NB("joining.left") in page.main
    assert NB("lead.joined", count=0) in (await peder.open(first.path)).main


async def test_a_screen_that_was_ones_own_stays_so(peder: Colleague, person: Person) -> None:
    page = await person.begin()
    summary = await person.open(f"{page.path}/summary")
    (device,) = [form for form in summary.forms() if form.path == "/device"]
    await person.send(device.press("own"))
    lead = await open_session(peder, "group", "before_meeting")
    page = await at_the_door(person, code_of(lead))
    assert page.form("join").picked("device") == ["own"]


@pytest.mark.parametrize("device", ["own", "borrowed"])
async def test_whose_screen_it_is_is_asked_once(peder: Colleague, person: Person, device: str) -> None:
    lead = await open_session(peder, "one", "before_meeting")
    page = await at_the_door(person, code_of(lead))
    page = await person.reach(
        "continue", await person.send(page.form("join").choose("device", device).press())
    )
    assert page.form("continue").named("device") == []
    await person.send(page.form("continue").press("skip"))
    again = await at_the_door(person, code_of(lead))
    assert again.form("join").picked("device") == [device]


async def test_a_full_session_makes_no_empty_meeting(
    peder: Colleague, person: Person, new_person: NewPerson
) -> None:
    lead = await open_session(peder, "one", "before_meeting")
    await person.begin()
    page = await at_the_door(person, code_of(lead))
    await join(await new_person(), code_of(lead))
    page = await person.send(page.form("join").choose("into", "notebook").press())
    assert NB("joining.taken") in page.main
    notebook = await person.open("/notebook")
    assert len(list(notebook.root.one("ul", class_="meetings").all("li"))) == 1


@pytest.mark.parametrize("dialogue", [BEFORE_MEETING, PEER_SESSION])
async def test_what_the_guide_says_first_is_read_before_joining(
    app: web.Application, peder: Colleague, person: Person, dialogue: str
) -> None:
    lead = await open_session(peder, "group", dialogue)
    page = await at_the_door(person, code_of(lead))
    assert not page.root.one("main").has("details"), "nothing is folded"
    said = page.main.replace("\N{NO-BREAK SPACE}", " ")
    for line in app[CONTEXT].services.dialogues.current(dialogue).dialogue.opening():
        assert line.prompt.in_("nb") in said
