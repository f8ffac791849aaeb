"""What goes wrong in a guided session: time, double taps, keys that were reset, and odd input."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.guiding import Guiding, Participant

from assistant.errors import GuidedSessionOver, LineWaiting, NotFound, SeatEmpty
from assistant.meetings.guided.room import GoTo
from assistant.service.guided.views import LedSeat
from assistant.service.notebook.notebooks import Notebooks
from assistant.service.staff.members import SignedInStaff
from assistant.vault.staff_keys import new_pair


async def beside(guiding: Guiding, minutes: int = 60) -> tuple[SignedInStaff, str, Participant]:
    """A peer worker beside one person."""
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder, "one", minutes))
    return peder, led.id, await guiding.join(led.code or "")


async def group(guiding: Guiding, size: int) -> tuple[SignedInStaff, str, list[Participant]]:
    """A group that is at its first question."""
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder))
    people = [await guiding.join(led.code or "") for _ in range(size)]
    await guiding.guided.sessions.act(peder, led.id, GoTo("matters/now"))
    return peder, led.id, people


async def seat(guiding: Guiding, who: SignedInStaff, session_id: str) -> LedSeat:
    found = (await guiding.lead(who, session_id)).seat
    assert found is not None
    return found


def seen(found: LedSeat) -> str:
    return "" if found.shown is None else found.shown.model_dump_json()


async def test_after_more_time_an_edit_still_takes_the_old_words_out(guiding: Guiding) -> None:
    peder, session_id, anne = await beside(guiding, minutes=30)
    (wish,) = await guiding.wish(anne, new1="Mer ro")
    await guiding.guided.seats.show(anne.who, anne.meeting.id, [wish])
    ends_at = (await guiding.lead(peder, session_id)).ends_at
    await guiding.guided.sessions.more_time(peder, session_id, ends_at)
    guiding.house.clock.pass_by(timedelta(minutes=40))  # later than the end the user was told
    await guiding.wish(anne, **{wish: "Noe annet"})
    assert "Mer ro" not in seen(await seat(guiding, peder, session_id))
    found = await guiding.guided.joining.room_for(anne.who, anne.meeting.id)
    assert found.room is not None, "the notebook has not forgotten the session"
    await guiding.guided.seats.show(anne.who, anne.meeting.id, [wish])
    assert "Noe annet" in seen(await seat(guiding, peder, session_id))


async def test_after_more_time_another_session_is_still_a_second_one(guiding: Guiding) -> None:
    peder, session_id, anne = await beside(guiding, minutes=30)
    ends_at = (await guiding.lead(peder, session_id)).ends_at
    await guiding.guided.sessions.more_time(peder, session_id, ends_at)
    guiding.house.clock.pass_by(timedelta(minutes=40))
    house = guiding.house
    books = Notebooks(house.database, house.scripts, house.clock, house.broadcast)
    again = await books.begin_another(anne.who, "r")
    other = await guiding.lead(peder, await guiding.open(peder))
    await guiding.join(other.code or "", somebody=Participant(anne.who, again))
    assert (await guiding.lead(peder, session_id)).joined == 0


async def test_whichever_notebook_of_a_double_tap_is_kept_can_show(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder, "one"))
    taps = [await guiding.join(led.code or "", "tap") for _ in range(2)]
    for number, one in enumerate(taps):
        (wish,) = await guiding.wish(one, new1=f"Ord {number}")
        await guiding.guided.seats.show(one.who, one.meeting.id, [wish])
        await guiding.guided.seats.say(one.who, one.meeting.id, f"Hei {number}", "m")
        found = await seat(guiding, peder, led.id)
        assert f"Ord {number}" in seen(found)
        assert [message.text for message in found.messages] == [f"Hei {number}"]
        own = await guiding.guided.seats.of(one.who, one.meeting.id)
        assert own.words == found.words
    (wish,) = await guiding.wish(taps[0], new1="Uten plass")  # its seat is the other's now
    assert "Uten plass" not in seen(await seat(guiding, peder, led.id))


async def test_taking_back_what_is_not_there_keeps_nothing(guiding: Guiding) -> None:
    _, _, anne = await beside(guiding)
    await guiding.guided.seats.take_back(anne.who, anne.meeting.id, ["x" * 5000, "\0"])
    await guiding.guided.seats.show(anne.who, anne.meeting.id, ["x" * 5000, "\0"])
    own = await guiding.guided.seats.of(anne.who, anne.meeting.id)
    assert (own.participation.hidden, own.participation.shown) == ((), ())


async def test_one_person_never_makes_three_lines(guiding: Guiding) -> None:
    peder, session_id, people = await group(guiding, 3)
    anne = people[0]
    await guiding.guided.board.hold_up(anne.who, anne.meeting.id, "en", "r1")
    for number, address in enumerate(("onward/carry", "matters/now")):
        await guiding.guided.sessions.act(peder, session_id, GoTo(address))
        with pytest.raises(LineWaiting):
            await guiding.guided.board.hold_up(anne.who, anne.meeting.id, "to", f"next {number}")
    found = await guiding.guided.joining.room_for(anne.who, anne.meeting.id)
    assert (found.has_line_waiting, found.may_hold_up) == (True, False)
    await guiding.guided.board.take_down(anne.who, anne.meeting.id, found.participation.lines[0])
    assert (await guiding.guided.joining.room_for(anne.who, anne.meeting.id)).may_hold_up


async def test_facilitators_do_not_hear_of_a_line_that_is_taken_down_below_three(guiding: Guiding) -> None:
    peder, session_id, (anne, *_) = await group(guiding, 3)
    before = await guiding.guided.sessions.stand(peder, session_id)
    await guiding.guided.board.hold_up(anne.who, anne.meeting.id, "en", "r")
    found = await guiding.guided.joining.room_for(anne.who, anne.meeting.id)
    await guiding.guided.board.take_down(anne.who, anne.meeting.id, found.participation.lines[0])
    assert await guiding.guided.sessions.stand(peder, session_id) == before


async def test_who_goes_takes_their_line_from_the_board_too(guiding: Guiding) -> None:
    peder, session_id, people = await group(guiding, 3)
    for number, one in enumerate(people):
        await guiding.guided.board.hold_up(one.who, one.meeting.id, f"linje {number}", "r")
    ids = [line.id for line in (await guiding.lead(peder, session_id)).waiting]
    await guiding.guided.board.put_forward(peder, session_id, ids)
    await guiding.guided.joining.leave(people[0].who, people[0].meeting.id)
    other = await guiding.lead(peder, await guiding.open(peder))
    await guiding.join(other.code or "", somebody=people[1])
    board = (await guiding.lead(peder, session_id)).room.board
    assert [line.said for line in board] == ["linje 2"]


async def test_a_facilitator_whose_keys_were_reset_can_only_end(guiding: Guiding) -> None:
    peder, session_id, anne = await beside(guiding)
    reset = replace(peder, private_key=new_pair().private)
    (listed,) = await guiding.guided.sessions.running(reset)
    assert listed.is_lost
    with pytest.raises(NotFound):
        await guiding.lead(reset, session_id)
    await guiding.guided.sessions.end(reset, session_id)
    assert (await guiding.guided.joining.room_for(anne.who, anne.meeting.id)).room is None


@pytest.mark.parametrize("of", ["\0", "x" * 5000, "' OR 1=1", "æ"])
async def test_ids_that_are_none_do_nothing(guiding: Guiding, of: str) -> None:
    peder, session_id, people = await group(guiding, 3)
    before = await guiding.lead(peder, session_id)
    await guiding.guided.board.leave_out(peder, session_id, of)
    await guiding.guided.board.take_down_for(peder, session_id, of)
    with pytest.raises(NotFound):
        await guiding.guided.facilitators.add(peder, session_id, of, "x")
    with pytest.raises(NotFound):
        await guiding.guided.board.take_down(people[0].who, people[0].meeting.id, of)
    assert (await guiding.lead(peder, session_id)).room == before.room


async def test_leaving_while_the_facilitator_points_and_shows(guiding: Guiding) -> None:
    peder, session_id, anne = await beside(guiding)
    (wish,) = await guiding.wish(anne, new1="Mer ro")
    await guiding.guided.joining.leave(anne.who, anne.meeting.id)
    await guiding.guided.sessions.act(peder, session_id, GoTo("matters/now"))
    with pytest.raises(SeatEmpty):
        await guiding.guided.seats.say_to(peder, session_id, "hei", None, "r")
    with pytest.raises(GuidedSessionOver):
        await guiding.guided.seats.show(anne.who, anne.meeting.id, [wish])
    await guiding.guided.joining.leave(anne.who, anne.meeting.id)  # pressed twice


async def test_time_over_before_the_sweep_takes_nothing_more(guiding: Guiding) -> None:
    _, _, anne = await beside(guiding, minutes=30)
    (wish,) = await guiding.wish(anne, new1="Mer ro")
    guiding.house.clock.pass_by(timedelta(minutes=30))
    with pytest.raises(GuidedSessionOver):
        await guiding.guided.seats.show(anne.who, anne.meeting.id, [wish])
    with pytest.raises(GuidedSessionOver):
        await guiding.guided.seats.say(anne.who, anne.meeting.id, "hei", "r")
    await guiding.guided.joining.leave(anne.who, anne.meeting.id)
    await guiding.wish(anne, new1="Og mer")
