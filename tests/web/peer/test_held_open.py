"""A borrowed browser stays open while a guided session lasts, and locks ten minutes after."""

from datetime import timedelta

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, as_colleague, in_role
from support.page import Page
from support.person import NewPerson, Person

from assistant.web.http.context import FRAGMENT
from assistant.web.user.guided_strip import LOCKED_AFTER

LASTS, MOMENT = timedelta(minutes=60), timedelta(seconds=1)
LISTENING = {FRAGMENT: "1"}


@pytest.fixture
async def peder(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    colleague = as_colleague(await new_person(), clock)
    await in_role(app, colleague, "peer_worker", name="Peder")
    return colleague


async def joined(peder: Colleague, person: Person, device: str) -> tuple[Page, str]:
    """The facilitator's page, and the address of the meeting of somebody who has joined on this device."""
    page = await peder.open("/desk/guided")
    lead = await peder.send(page.form("open-session").choose("kind", "group").take("minutes", "60").press())
    code = lead.root.one("p", class_="share-code").text
    page = await person.open("/nb/i")
    page = await person.send(page.form("open").write("link", code).press())
    page = await person.send(page.form("join").choose("device", device).press())
    return lead, "/".join(page.path.split("/")[:3])


async def end(peder: Colleague, lead: Page) -> None:
    page = await peder.open(f"{lead.path}/end")
    await peder.send(page.form("lead").press("end"))


async def listens(person: Person, path: str) -> int:
    """What the page's own script is answered when it fetches."""
    return (await person.client.get(path, headers=LISTENING)).status


async def see_that_it_locks(person: Person, path: str, clock: Clock, after: timedelta) -> None:
    """The browser is open until just before this has passed, and locked then."""
    clock.pass_by(after - MOMENT)
    assert await listens(person, path) == 200
    clock.pass_by(MOMENT)
    assert await listens(person, path) == 401


async def test_who_only_listens_is_locked_ten_minutes_after_the_session(
    peder: Colleague, person: Person, clock: Clock
) -> None:
    _, path = await joined(peder, person, "borrowed")
    cookie = next(c for c in person.client.session.cookie_jar if c.key == "s")
    assert not cookie["max-age"]
    assert not cookie["expires"]
    clock.pass_by(timedelta(minutes=50))
    assert await listens(person, path) == 200
    await see_that_it_locks(person, path, clock, LASTS + LOCKED_AFTER - timedelta(minutes=50))


async def test_more_time_for_the_session_is_more_time_for_who_only_listens(
    peder: Colleague, person: Person, clock: Clock
) -> None:
    lead, path = await joined(peder, person, "borrowed")
    (more,) = [
        v for b in lead.form("lead").buttons if (v := b.attributes.get("value", "")).startswith("more")
    ]
    await peder.send(lead.form("lead").press(more))
    assert await listens(person, path) == 200
    await see_that_it_locks(person, path, clock, timedelta(minutes=90) + LOCKED_AFTER)


async def test_an_early_end_locks_ten_minutes_after_it_was_heard(
    peder: Colleague, person: Person, clock: Clock
) -> None:
    lead, path = await joined(peder, person, "borrowed")
    await end(peder, lead)
    for _ in range(2):
        assert await listens(person, path) == 200
        clock.pass_by(LOCKED_AFTER / 2 - MOMENT)
    assert await listens(person, path) == 200
    clock.pass_by(2 * MOMENT)
    assert await listens(person, path) == 401


async def test_who_leaves_is_locked_as_without_a_session(
    peder: Colleague, person: Person, clock: Clock
) -> None:
    _, path = await joined(peder, person, "borrowed")
    page = await person.open(f"{path}/guided")
    await person.send(page.form("guided-acts").press("leave"))
    await see_that_it_locks(person, path, clock, timedelta(minutes=20))


async def test_ones_own_device_is_not_locked_by_the_end_of_a_session(
    peder: Colleague, person: Person, clock: Clock
) -> None:
    lead, path = await joined(peder, person, "own")
    await end(peder, lead)
    assert await listens(person, path) == 200
    clock.pass_by(timedelta(days=27))
    assert await listens(person, path) == 200
