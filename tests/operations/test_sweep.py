"""What is over is deleted by the running program, in portions, and not when its clock jumps."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import insert
from support.clock import Clock
from support.person import NewPerson
from support.short_way import have, unlock
from support.waiting import until

from assistant.config import Settings
from assistant.events import Event
from assistant.service.operations.clock_guard import ClockGuard, ClockReading, opened_guard
from assistant.service.portions import in_portions
from assistant.storage.database import Connection, Database
from assistant.storage.form_drafts import delete_form_drafts_kept_until
from assistant.storage.schema import form_drafts, security_events, staff, staff_devices
from assistant.storage.security_events import delete_security_events_before
from assistant.storage.staff_devices import delete_staff_devices_expired

Told = list[tuple[Event, dict[str, object]]]


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What applications that are started after this tell of their sweeps, of which there are many."""
    told: Told = []
    monkeypatch.setattr("assistant.web.app.SWEEP_EVERY", 0.01)
    monkeypatch.setattr("assistant.web.app.note", lambda event, **fields: told.append((event, fields)))
    return told


async def test_a_clock_that_jumps_deletes_nothing_until_the_operator_trusts_it(
    app: web.Application,
    settings: Settings,
    clock: Clock,
    new_person: NewPerson,
    monkeypatch: pytest.MonkeyPatch,
    told: Told,
) -> None:
    jumps: list[timedelta] = []
    look = ClockGuard.look

    async def look_after_a_jump(guard: ClockGuard) -> ClockReading:
        while jumps:
            clock.pass_by(jumps.pop())
        return await look(guard)

    monkeypatch.setattr(ClockGuard, "look", look_after_a_jump)
    _, link = await have(await new_person(), "nb")
    await until(lambda: bool(told))
    jumps.append(timedelta(days=800))  # between two sweeps, never in the middle of one
    await until(lambda: (Event.CLOCK_JUMPED, {"days": 800}) in told)
    told.clear()
    await asyncio.sleep(0.1)  # several sweeps
    assert told == []
    assert (await unlock(await new_person(), link)).status == 200
    async with opened_guard(settings.database_url) as guard:  # as `assistant purge --yes` does
        monkeypatch.setattr(guard, "_clock", clock)
        await guard.trust()
    await until(lambda: any(event == Event.SWEPT for event, _ in told))
    assert told[0] == (Event.CLOCK_TRUSTED, {})
    assert (await unlock(await new_person(), link)).status == 422


async def test_a_clock_that_jumps_after_the_guard_looked_deletes_nothing(
    app: web.Application, clock: Clock, new_person: NewPerson, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    jumps = [timedelta(days=800)]
    look = ClockGuard.look

    async def look_before_a_jump(guard: ClockGuard) -> ClockReading:
        reading = await look(guard)
        if link and jumps:
            clock.pass_by(jumps.pop())
        return reading

    link = ""
    monkeypatch.setattr(ClockGuard, "look", look_before_a_jump)
    _, link = await have(await new_person(), "nb")
    await until(lambda: any(event == Event.CLOCK_JUMPED for event, _ in told))
    assert not jumps
    assert (await unlock(await new_person(), link)).status == 200


async def test_many_rows_that_are_over_are_deleted_in_portions(settings: Settings, clock: Clock) -> None:
    database, many = Database.open(settings.database_url), 1201
    marks = [f"{number:032x}" for number in range(many)]

    def fill(connection: Connection) -> None:
        now, row = (
            clock(),
            {"name": b"", "sign_in_name": "x", "roles": "", "public_key": b"", "created_at": clock()},
        )
        columns = {name: value for name, value in row.items() if name in staff.c}
        connection.execute(insert(staff).values(id="kari", **columns))
        for mark in marks:
            at = now + timedelta(minutes=int(mark, 16))
            connection.execute(
                insert(staff_devices).values(lookup=mark.encode(), staff_id="kari", kept_until=now)
            )
            connection.execute(
                insert(security_events).values(at=at, event="signed_in", staff_id="kari", by_id="", times=1)
            )
            connection.execute(
                insert(form_drafts).values(
                    form=mark.encode(), page=b"", staff_id="kari", sealed=b"", written_at=now, kept_until=now
                )
            )

    await database.write(fill)
    later, portions = clock() + timedelta(days=30), []
    for sweep in (delete_form_drafts_kept_until, delete_staff_devices_expired, delete_security_events_before):

        def one(connection: Connection, sweep: Callable[..., int] = sweep) -> int:
            portions.append(sweep(connection, later))
            return portions[-1]

        assert await in_portions(database, one) == many
    assert max(portions) == 500
    await database.close()
