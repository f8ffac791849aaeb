"""An open notebook is never replaced in silence, and who arrives from elsewhere is not called signed out."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from aiohttp import web
from support.colleague import Colleague
from support.inviting import code_on, invite, look_at
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person

from assistant.config import Settings
from assistant.errors import SessionEnded
from assistant.web.http.context import CONTEXT
from web.user.test_share import promise

NB = CATALOGUES["nb"].say
FROM_ELSEWHERE: Mapping[str, str] = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", reading=promise("Kari Fagperson"))


def primary(page: Page) -> str:
    """Where the page's first choice leads."""
    found = [a for a in page.root.one("main").all("a") if "primary" in a.attributes.get("class", "")]
    assert len(found) == 1
    return found[0].attributes["href"]


def link_on_pause(page: Page) -> str:
    return page.root.one("input", id="link").attributes["value"]


def again(page: Page) -> str:
    """The address a page asks for once more, by itself."""
    seconds, _, address = page.headers["Refresh"].partition("; url=")
    assert seconds == "0"
    return address


async def test_a_page_from_before_the_notebook_asks_before_another_is_begun(person: Person) -> None:
    stale = (await person.open("/nb/")).form("start").press()
    mine = await person.begin()
    asked = await person.send(stale)
    assert asked.heading == NB("start.unfinished_heading")
    assert (await person.open(primary(asked))).path == mine.path
    anew = await person.send(asked.form("instead").press())
    assert anew.path != mine.path, "asked for, it is done"
    assert (await person.send(asked.form("instead").press())).heading == asked.heading, "but not twice"
    assert (await person.open("/nb/start")).form("instead"), "the choice has an address of its own"


async def test_the_choice_leads_to_the_first_page_when_nothing_is_open(person: Person) -> None:
    assert (await person.open("/nb/start")).path == "/nb/"


async def test_beginning_anew_where_the_page_showed_what_is_open_is_one_press(person: Person) -> None:
    mine = await person.begin()
    first = await person.open("/nb/")
    assert (await person.send(first.form("start").press())).path != mine.path


async def test_a_link_to_another_notebook_asks_first(new_person: NewPerson, person: Person) -> None:
    somebody = await new_person()
    link = link_on_pause(await somebody.open((await somebody.begin()).path + "/pause"))
    theirs = await somebody.open("/notebook")
    mine = await person.begin()
    door = await person.open("/nb/r")
    asked = await person.send(door.form("open").write("link", link).press())
    assert (asked.status, asked.heading) == (409, NB("start.unfinished_heading"))
    assert (await person.open(primary(asked))).path == mine.path
    changed = await person.send(asked.form("instead").press())
    assert changed.path in theirs.html
    assert (await person.open(mine.path)).status == 404


async def test_the_link_to_the_notebook_that_is_open_leaves_it_remembered(person: Person) -> None:
    page = await person.begin()
    link = link_on_pause(await person.open(page.path + "/pause"))
    door = await person.open("/nb/r")
    cookies = {cookie.value for cookie in person.client.session.cookie_jar}
    assert (await person.send(door.form("open").write("link", link).press())).path == page.path
    assert {cookie.value for cookie in person.client.session.cookie_jar} == cookies


async def test_an_invitation_never_replaces_a_notebook_its_page_did_not_show(
    person: Person, kari: Colleague
) -> None:
    stale = (await look_at(person, code_on(await invite(kari)))).form("begin").press("new")
    mine = await person.begin()
    asked = await person.send(stale)
    assert asked.form("begin").offers("notebook"), (
        "what is open is shown, and where to put the meeting is asked"
    )
    into = asked.form("begin").press("notebook")
    other = await person.send((await person.open("/nb/")).form("start").press())
    asked = await person.send(into)
    assert asked.form("begin").offers("notebook"), (
        "nor does a meeting go into another notebook than was shown"
    )
    assert mine.path not in (await person.open("/notebook")).html
    assert other.path in (await person.open("/notebook")).html


async def test_what_an_invitation_says_has_an_address_for_a_while(person: Person, kari: Colleague) -> None:
    page = await look_at(person, code_on(await invite(kari)))
    assert page.path == "/nb/i/opened"
    assert (await person.open(page.path)).heading == page.heading
    assert (await person.open("/nn/i/opened")).language == "nn"
    await person.send(page.form("leave").press())
    assert (await person.open(page.path)).heading == NB("invited.door_heading"), (
        "whoever leaves takes it along"
    )


async def test_the_first_page_asks_for_itself_again_when_a_link_elsewhere_led_to_it(person: Person) -> None:
    page = await person.open("/nb/", FROM_ELSEWHERE)
    address = again(page)
    assert "Refresh" not in (await person.open(address, FROM_ELSEWHERE)).headers, "once"
    assert "Refresh" not in (await person.open("/nb/")).headers
    await person.begin()
    assert "Refresh" not in (await person.open("/nb/", FROM_ELSEWHERE)).headers, "the cookie has come along"


@pytest.mark.parametrize("path", ["/desk", "/nb/staff", "/staff/account", "/notebook", "/delete"])
async def test_a_link_elsewhere_tells_nobody_that_they_are_signed_out(person: Person, path: str) -> None:
    first = await person.open(path, FROM_ELSEWHERE)
    assert first.status == 200
    assert NB("ended.heading") not in first.html
    assert NB("held.locked_heading") not in first.html
    second = await person.open(again(first), FROM_ELSEWHERE)
    assert "Refresh" not in second.headers, "once"
    assert second.status in (200, 401)


async def test_the_session_that_was_replaced_is_over(app: web.Application, person: Person) -> None:
    await person.begin()
    before = {c.key: c.value for c in person.client.session.cookie_jar}["s"]
    await person.send((await person.open("/nb/")).form("start").press())
    with pytest.raises(SessionEnded):
        await app[CONTEXT].services.sessions.recognise(before)
