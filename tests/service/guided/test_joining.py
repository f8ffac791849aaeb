import asyncio
from datetime import timedelta

import pytest
from support.guiding import Guiding

from assistant.errors import (
    GuidedSessionFull,
    NotFound,
    NothingToTry,
    SeatTaken,
    SecretUnknown,
    TooManyGuidedSessions,
)
from assistant.meetings.guided.room import GoTo
from assistant.meetings.notebook import Meeting, end_of_hour
from assistant.retention import RELEASED
from assistant.service.notebook.notebooks import Notebooks


async def test_code_and_link_open_the_room_and_writing_around_them_does_not_matter(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder))
    assert led.code
    assert led.link
    for typed in (led.code, f"Koden er {led.code.lower()}.", f"https://example.org/nb/i#{led.link}"):
        opened = await guiding.guided.joining.look(typed)
        assert (opened.id, opened.room.welcome, opened.is_full) == (led.id, "Velkommen", False)
    with pytest.raises(SecretUnknown):
        await guiding.guided.joining.look("23456-789AB")
    with pytest.raises(NothingToTry):
        await guiding.guided.joining.look("hei")


async def test_of_twenty_five_at_once_twenty_come_in(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder))
    people = [await guiding.newcomer() for _ in range(25)]
    opened = await guiding.guided.joining.look(led.code or "")
    tried = await asyncio.gather(
        *(guiding.guided.joining.join(p.who, p.meeting.id, opened, f"{n}") for n, p in enumerate(people)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, GuidedSessionFull) for one in tried) == 5
    assert (await guiding.lead(peder, led.id)).joined == 20
    assert (await guiding.guided.joining.look(led.code or "")).is_full


async def test_a_double_tap_is_one_arrival_and_going_back_and_joining_again_too(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder, "one"))
    first = await guiding.join(led.code or "", "tap")
    second = await guiding.join(led.code or "", "tap")  # the same form, before the first answer was there
    await guiding.join(led.code or "", "again", second)
    assert (await guiding.lead(peder, led.id)).joined == 1
    assert (await guiding.guided.seats.of(second.who, second.meeting.id)).words == (
        (await guiding.lead(peder, led.id)).seat or pytest.fail("no seat")
    ).words
    with pytest.raises(SeatTaken):
        await guiding.join(led.code or "", "somebody else")
    assert first.meeting.id != second.meeting.id


async def test_a_closed_door_lets_nobody_in_and_those_inside_stay(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder))
    anne = await guiding.join(led.code or "")
    await guiding.guided.sessions.close_door(peder, led.id)
    with pytest.raises(SecretUnknown):
        await guiding.guided.joining.look(led.code or "")
    closed = await guiding.lead(peder, led.id)
    assert (closed.code, closed.joined) == (None, 1)
    assert (await guiding.guided.joining.room_for(anne.who, anne.meeting.id)).room is not None
    await guiding.guided.sessions.open_door(peder, led.id)
    renewed = (await guiding.lead(peder, led.id)).code
    assert renewed not in (None, led.code)
    await guiding.join(renewed or "")


async def test_who_has_another_session_leaves_it_and_is_told(guiding: Guiding) -> None:
    peder = await guiding.peer_worker()
    one, other = [await guiding.lead(peder, await guiding.open(peder)) for _ in range(2)]
    anne = await guiding.join(one.code or "")
    books = Notebooks(
        guiding.house.database, guiding.house.scripts, guiding.house.clock, guiding.house.broadcast
    )
    again = await books.begin_another(anne.who, "r")
    opened = await guiding.guided.joining.look(other.code or "")
    left = await guiding.guided.joining.join(anne.who, again.id, opened, "j")
    assert [meeting.id for meeting in left] == [anne.meeting.id]
    assert [(await guiding.lead(peder, led.id)).joined for led in (one, other)] == [0, 1]


@pytest.mark.parametrize("how", ["leave", "delete the meeting", "delete everything"])
async def test_whoever_goes_takes_everything_of_theirs_along(guiding: Guiding, how: str) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder, "one"))
    anne = await guiding.join(led.code or "")
    if how == "leave":
        await guiding.guided.joining.leave(anne.who, anne.meeting.id)
        notebook = await guiding.house.visits.notebook(anne.who)
        guided = notebook.meeting(anne.meeting.id).guided
        assert guided is not None
        assert (guided.key, guided.seat_key, guided.facilitators[0].name) == (None, None, "Peder")
    elif how == "delete the meeting":
        books = Notebooks(
            guiding.house.database, guiding.house.scripts, guiding.house.clock, guiding.house.broadcast
        )
        await books.delete_meeting(anne.who, anne.meeting.id)
    else:
        await guiding.house.visits.delete_everything(anne.who)
    now = await guiding.lead(peder, led.id)
    assert (now.joined, now.seat) == (0, None)
    await guiding.join(led.code or "")  # the seat is free


async def test_who_joins_and_writes_nothing_is_not_kept_for_a_year(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder))
    anne = await guiding.join(led.code or "")
    until = (await guiding.house.visits.notebook(anne.who)).kept_until
    assert until == guiding.house.clock() + RELEASED.unanswered
    await guiding.wish(anne, new1="Ro.")
    until = (await guiding.house.visits.notebook(anne.who)).kept_until
    assert until == end_of_hour(guiding.house.clock() + RELEASED.notebook)


async def test_at_the_end_nothing_is_left_and_the_notebook_forgets_the_keys(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder))
    anne = await guiding.join(led.code or "")
    await guiding.guided.sessions.end(peder, led.id)
    await guiding.guided.sessions.end(peder, led.id)  # pressed twice
    with pytest.raises(NotFound):
        await guiding.lead(peder, led.id)
    with pytest.raises(SecretUnknown):
        await guiding.guided.joining.look(led.code or "")
    found = await guiding.guided.joining.room_for(anne.who, anne.meeting.id)
    assert found.room is None
    assert await guiding.guided.joining.revision(found.participation) is None
    await guiding.guided.joining.forget_if_over(anne.who, anne.meeting.id)
    guided = (await guiding.house.visits.notebook(anne.who)).meeting(anne.meeting.id).guided
    assert guided is not None
    assert guided.key is None


async def test_time_ends_a_session_before_the_sweep_has_run(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder, minutes=30))
    anne = await guiding.join(led.code or "")
    guiding.house.clock.pass_by(timedelta(minutes=30))
    assert await guiding.guided.sessions.running(peder) == []
    with pytest.raises(NotFound):
        await guiding.guided.sessions.act(peder, led.id, GoTo("matters/now"))
    with pytest.raises(SecretUnknown):
        await guiding.guided.joining.look(led.code or "")
    assert (await guiding.guided.joining.room_for(anne.who, anne.meeting.id)).room is None
    assert await guiding.guided.sessions.sweep(guiding.house.clock()) == 1


async def test_when_nobody_leads_any_more_it_is_over_for_those_inside(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder))
    liv = await guiding.peer_worker("Liv")
    await guiding.guided.facilitators.add(peder, led.id, liv.member.id, "erfaringskonsulent")
    anne = await guiding.join(led.code or "")
    await guiding.disable(peder)
    assert (await guiding.guided.joining.room_for(anne.who, anne.meeting.id)).room is not None
    assert (await guiding.lead(liv, led.id)).joined == 1
    await guiding.disable(liv)
    assert (await guiding.guided.joining.room_for(anne.who, anne.meeting.id)).room is None
    with pytest.raises(SecretUnknown):
        await guiding.guided.joining.look(led.code or "")


async def test_three_run_at_a_time_and_a_form_sent_twice_opens_one(guiding: Guiding) -> None:
    peder = await guiding.peer_worker()
    for _ in range(3):
        await guiding.open(peder)
    with pytest.raises(TooManyGuidedSessions):
        await guiding.open(peder)
    assert len(await guiding.guided.sessions.running(peder)) == 3


async def test_others_do_not_find_the_session(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder))
    for other in (await guiding.peer_worker("Liv"), await guiding.peer_worker("Kari", "professional")):
        for ask in (guiding.guided.sessions.lead, guiding.guided.sessions.stand):
            with pytest.raises(NotFound):
                await ask(other, led.id)
        assert await guiding.guided.sessions.running(other) == []


async def test_more_time_counts_once_a_press_and_four_hours_at_most(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder, minutes=120))
    for _ in range(2):
        await guiding.guided.sessions.more_time(peder, led.id, led.ends_at)
    now = await guiding.lead(peder, led.id)
    assert now.ends_at == led.ends_at + timedelta(minutes=30)
    for _ in range(10):
        now = await guiding.lead(peder, led.id)
        await guiding.guided.sessions.more_time(peder, led.id, now.ends_at)
    assert now.ends_at == led.ends_at + timedelta(hours=2)
    assert not now.can_last_longer


def test_a_meeting_of_an_earlier_version_has_no_session() -> None:
    assert Meeting.model_validate_json('{"id": "m"}').guided is None
