"""Lines without names."""

import sqlite3
from contextlib import closing

import pytest
from support.guiding import Guiding, Participant

from assistant.config import Settings
from assistant.errors import FewerThanThree, GuidedSessionOver, LineWaiting, NotFound
from assistant.meetings.guided.room import GoTo
from assistant.service.staff.members import SignedInStaff


async def group(guiding: Guiding, size: int) -> tuple[SignedInStaff, str, list[Participant]]:
    """A group that is at its first question."""
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder))
    people = [await guiding.join(led.code or "") for _ in range(size)]
    await guiding.guided.sessions.act(peder, led.id, GoTo("matters/now"))
    return peder, led.id, people


async def hold_up(guiding: Guiding, one: Participant, said: str, request: str = "r") -> None:
    await guiding.guided.board.hold_up(one.who, one.meeting.id, said, request)


async def test_two_lines_are_not_shown_to_anybody_and_not_even_counted(guiding: Guiding) -> None:
    peder, session_id, people = await group(guiding, 4)
    stands = [await guiding.guided.sessions.stand(peder, session_id)]
    for number, one in enumerate(people[:2]):
        await hold_up(guiding, one, f"linje {number}")
        stands.append(await guiding.guided.sessions.stand(peder, session_id))
        assert (await guiding.lead(peder, session_id)).waiting == ()
    assert len(set(stands)) == 1
    await hold_up(guiding, people[2], "linje 2")
    waiting = (await guiding.lead(peder, session_id)).waiting
    assert sorted(line.said for line in waiting) == ["linje 0", "linje 1", "linje 2"]


async def test_lines_go_forward_together_and_can_be_taken_down(guiding: Guiding) -> None:
    peder, session_id, people = await group(guiding, 4)
    for number, one in enumerate(people):
        await hold_up(guiding, one, f"linje {number}")
    waiting = (await guiding.lead(peder, session_id)).waiting
    with pytest.raises(FewerThanThree):
        await guiding.guided.board.put_forward(peder, session_id, [line.id for line in waiting[:2]])
    left_out = next(line for line in waiting if line.said == "linje 3")
    await guiding.guided.board.leave_out(peder, session_id, left_out.id)
    chosen = [line.id for line in waiting if line != left_out]
    for _ in range(2):  # pressed twice
        await guiding.guided.board.put_forward(peder, session_id, chosen)
    for one in people:
        room = (await guiding.guided.joining.room_for(one.who, one.meeting.id)).room
        assert room is not None
        assert sorted(line.said for line in room.board) == ["linje 0", "linje 1", "linje 2"]
    own = (await guiding.guided.joining.room_for(people[0].who, people[0].meeting.id)).participation
    (mine,) = own.lines
    with pytest.raises(NotFound):
        await guiding.guided.board.take_down(people[1].who, people[1].meeting.id, mine)
    await guiding.guided.board.take_down(people[0].who, people[0].meeting.id, mine)
    board = (await guiding.lead(peder, session_id)).room.board
    assert sorted(line.said for line in board) == ["linje 1", "linje 2"]
    await guiding.guided.board.take_down_for(peder, session_id, board[0].id)
    assert len((await guiding.lead(peder, session_id)).room.board) == 1


async def test_a_third_line_taken_down_just_before_shows_nothing(guiding: Guiding) -> None:
    peder, session_id, people = await group(guiding, 3)
    for number, one in enumerate(people):
        await hold_up(guiding, one, f"linje {number}")
    ids = [line.id for line in (await guiding.lead(peder, session_id)).waiting]
    own = (await guiding.guided.joining.room_for(people[0].who, people[0].meeting.id)).participation
    await guiding.guided.board.take_down(people[0].who, people[0].meeting.id, own.lines[0])
    with pytest.raises(FewerThanThree):
        await guiding.guided.board.put_forward(peder, session_id, ids)
    assert (await guiding.lead(peder, session_id)).room.board == ()
    await hold_up(guiding, people[0], "en annen", "r2")  # one may change one's mind


async def test_one_line_each_so_that_three_lines_are_three_people(guiding: Guiding) -> None:
    _, _, people = await group(guiding, 3)
    await hold_up(guiding, people[0], "en")
    await hold_up(guiding, people[0], "en")  # sent twice
    with pytest.raises(LineWaiting):
        await hold_up(guiding, people[0], "to", "r2")


async def test_nothing_stored_says_who_wrote_a_line(guiding: Guiding, settings: Settings) -> None:
    """The rows written are the line and the step of one arrival; no time, name or notebook is there."""
    _, session_id, people = await group(guiding, 3)
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        for table, columns in {
            "guided_lines": ["id", "session_id", "sealed"],
            "guided_arrivals": ["id", "session_id", "ready", "held"],
        }.items():
            assert [row[1] for row in connection.execute(f"PRAGMA table_info({table})")] == columns
        await hold_up(guiding, people[1], "hemmelig linje")
        ((id_, sealed),) = connection.execute("SELECT id, sealed FROM guided_lines")
        rows = connection.execute("SELECT id, ready, held FROM guided_arrivals").fetchall()
    assert sorted(held for _, _, held in rows) == [0, 0, 1]
    assert id_ not in str(rows)
    short = len(sealed)
    await hold_up(guiding, people[2], "å" * 500)
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        lines = connection.execute("SELECT sealed FROM guided_lines").fetchall()
    assert {len(sealed) for (sealed,) in lines} == {short}
    assert session_id


@pytest.mark.parametrize("joined", range(1, 8))
async def test_ready_is_counted_from_five(guiding: Guiding, joined: int) -> None:
    peder, session_id, people = await group(guiding, joined)
    for one in people:
        await guiding.guided.board.ready(one.who, one.meeting.id)
        await guiding.guided.board.ready(one.who, one.meeting.id)
    assert (await guiding.lead(peder, session_id)).ready == (joined if joined >= 5 else None)
    await guiding.guided.sessions.act(peder, session_id, GoTo("matters/now"))
    await guiding.guided.sessions.act(peder, session_id, GoTo("onward/carry"))
    assert (await guiding.lead(peder, session_id)).ready == (0 if joined >= 5 else None)


async def test_after_the_end_nothing_is_taken(guiding: Guiding) -> None:
    peder, session_id, people = await group(guiding, 3)
    await guiding.guided.sessions.end(peder, session_id)
    with pytest.raises(GuidedSessionOver):
        await hold_up(guiding, people[0], "sent")
    with pytest.raises(GuidedSessionOver):
        await guiding.guided.board.ready(people[1].who, people[1].meeting.id)
