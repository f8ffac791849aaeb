"""A borrowed browser is not locked under somebody who reads; nor is it open for ever because a page is."""

from datetime import timedelta

from aiohttp import web
from support.clock import Clock
from support.colleague import a_colleague, an_administrator
from support.page import Submission
from support.person import CATALOGUES, NewPerson, Person
from support.short_way import have

from assistant.retention import RELEASED
from assistant.web.form_drafts import LOCKS_IN
from assistant.web.http.context import FRAGMENT
from assistant.zone import local

NB = CATALOGUES["nb"].say
SOME = timedelta(minutes=10)
SCRIPT = {FRAGMENT: "1"}


async def test_who_reloads_now_and_then_is_not_locked_out_for_hours(person: Person, clock: Clock) -> None:
    page = await person.reach("matters/now")
    last = clock()
    while clock() + SOME < last + RELEASED.only_looking:
        clock.pass_by(SOME)
        assert (await person.open(page.path)).status == 200, clock() - last
    clock.pass_by(SOME)
    assert (await person.open(page.path)).status == 401, "it is open no longer than was said"


async def test_something_done_opens_the_hours_anew(person: Person, clock: Clock) -> None:
    page = await person.reach("matters/now")
    last = clock()
    for _ in range(12):
        clock.pass_by(SOME)
        page = await person.open(page.path)
    page = await person.send(page.form("reply").say("Å sove").press())
    while clock() + SOME < last + RELEASED.only_looking + 6 * SOME:
        clock.pass_by(SOME)
        assert (await person.open(page.path)).status == 200


async def test_what_a_script_fetches_by_itself_keeps_nothing_open(person: Person, clock: Clock) -> None:
    page = await person.reach("matters/now")
    for _ in range(2):
        clock.pass_by(SOME - timedelta(seconds=1))
        assert (await person.client.get(page.path, headers=SCRIPT)).status == 200
    clock.pass_by(timedelta(seconds=2))
    assert (await person.open(page.path)).status == 401


async def test_what_a_stream_lets_a_script_of_staff_fetch_keeps_nothing_open(
    app: web.Application, new_person: NewPerson, clock: Clock
) -> None:
    kari = await a_colleague(
        await an_administrator(app, new_person, clock), new_person, "Kari", "professional"
    )
    for _ in range(2):
        clock.pass_by(timedelta(minutes=29))
        assert (await kari.client.get("/desk", headers=SCRIPT)).status == 200
    clock.pass_by(timedelta(minutes=3))
    assert (await kari.open("/desk")).status == 401


async def test_the_page_says_when_it_locks_and_the_script_hears_it(person: Person, clock: Clock) -> None:
    page = await person.reach("matters/now")
    until = local(clock() + RELEASED.borrowed_browser)
    assert NB("lock.until", clock=CATALOGUES["nb"].clock(until.time())) in page.root.text
    assert page.headers[LOCKS_IN] == "1200"
    clock.pass_by(timedelta(minutes=17))
    assert (await person.client.get(page.path, headers=SCRIPT)).headers[LOCKS_IN] == "180"
    stay = Submission("/stay", [])
    assert (await person.send(stay, SCRIPT)).headers[LOCKS_IN] == "1200"
    clock.pass_by(timedelta(minutes=19))
    assert (await person.open(page.path)).status == 200


async def test_ones_own_device_says_nothing_of_a_lock_and_reading_adds_nothing(
    person: Person, clock: Clock
) -> None:
    page, _ = await have(person, "nb", "own")
    assert LOCKS_IN not in page.headers
    assert NB("lock.until", clock="").split("  ")[0] not in page.html
    clock.pass_by(RELEASED.own_browser - timedelta(minutes=1))
    assert (await person.open(page.path)).status == 200
    clock.pass_by(timedelta(minutes=2))
    assert (await person.open(page.path)).status == 401
