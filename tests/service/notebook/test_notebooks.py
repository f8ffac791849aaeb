"""Several meetings in one notebook, and how long it is kept."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from support.clock import Clock
from support.house import House

from assistant.dialogue.model import Text
from assistant.engine.turn import Reply
from assistant.errors import DocumentFull, NotFound, SessionEnded
from assistant.meetings.chosen_months import months_from
from assistant.meetings.notebook import end_of_hour
from assistant.meetings.review.carry_over import LeftFromMeeting
from assistant.retention import RELEASED
from assistant.service.dialogues import BEFORE_MEETING, PEER_SESSION
from assistant.service.notebook import notebooks as service
from assistant.service.notebook.notebooks import Notebooks
from assistant.storage.schema import documents


@pytest.fixture
def notebooks(house: House, clock: Clock) -> Notebooks:
    return Notebooks(house.database, house.scripts, clock, house.broadcast)


async def names(house: House) -> set[str]:
    """Every document in the database, without the id in its name."""
    rows = await house.database.read(lambda c: list(c.execute(select(documents.c.name)).scalars()))
    return set(rows)


async def test_another_meeting_begins_beside_the_first(house: House, notebooks: Notebooks) -> None:
    who, first = await house.visits.begin("nb")
    second = await notebooks.begin_another(who, "one")
    assert (await house.visits.notebook(who)).meetings == (first, second)
    await house.reply(who, second, "answer", "r", option="review")
    assert (await house.standing(who, first)).at == "meeting/kind"
    assert (await house.standing(who, second)).at == "meeting/day"


async def test_the_same_request_begins_one_meeting(house: House, notebooks: Notebooks) -> None:
    who, _ = await house.visits.begin("nb")
    begun = await asyncio.gather(*(notebooks.begin_another(who, "one") for _ in range(5)))
    assert len({meeting.id for meeting in begun}) == 1
    await notebooks.begin_another(who, "two")
    assert len((await house.visits.notebook(who)).meetings) == 3


async def test_each_meeting_is_listed_by_what_was_told_about_it(house: House, notebooks: Notebooks) -> None:
    who, told = await house.visits.begin("nb")
    await house.reply(who, told, "answer", "a", option="care_team")
    await house.reply(who, told, "answer", "b", on="2027-02-05", at="12:30")
    unsure = await notebooks.begin_another(who, "2")
    await house.reply(who, unsure, "answer", "c", option="unsure")
    own = await notebooks.begin_another(who, "3")
    await house.reply(who, own, "answer", "d", option="other")
    await house.reply(who, own, "answer", "e", statement__new1="Kaffe med Siri")
    opened = await notebooks.open(who)
    kinds = [told.kind for _, told in opened.details]
    assert isinstance(kinds[0], Text)
    assert kinds[0].in_("en").startswith("Care team")
    assert kinds[1:] == [None, "Kaffe med Siri"]
    days = [told.on for _, told in opened.details]
    assert days[0] is not None
    assert (str(days[0].on), str(days[0].at), days[1:]) == ("2027-02-05", "12:30:00", [None, None])
    assert await notebooks.details(who, own.id) == opened.details[2][1]


async def test_a_deleted_meeting_is_gone_with_its_documents_and_the_rest_stands(
    house: House, notebooks: Notebooks
) -> None:
    who, first = await house.visits.begin("nb")
    second = await notebooks.begin_another(who, "one")
    await house.preparations.keep_draft(who, second.id, "meeting/kind", {"option": ("review",)})
    assert {first.conversation, second.conversation, second.draft, "notebook"} == await names(house)
    await notebooks.delete_meeting(who, second.id)
    assert {first.conversation, "notebook"} == await names(house)
    notebook = await house.visits.notebook(who)
    assert (notebook.meetings, set(notebook.revisions)) == ((first,), {first.conversation})
    with pytest.raises(NotFound):
        await house.preparations.standing(who, second.id)
    with pytest.raises(NotFound):
        await house.preparations.take_turn(who, second.id, Reply(0, "meeting/kind", "skip", {}), "late")
    await notebooks.delete_meeting(who, second.id)
    await house.reply(who, first, "skip", "r")


async def test_also_the_last_meeting_can_be_deleted(house: House, notebooks: Notebooks) -> None:
    who, first = await house.visits.begin("nb")
    await notebooks.delete_meeting(who, first.id)
    assert (await notebooks.open(who)).details == ()
    assert len((await house.visits.notebook(who)).meetings) == 0
    await notebooks.begin_another(who, "one")
    assert len((await notebooks.open(who)).details) == 1


async def test_nobody_deletes_in_somebody_elses_notebook(house: House, notebooks: Notebooks) -> None:
    owner, meeting = await house.visits.begin("nb")
    other, _ = await house.visits.begin("nb")
    await notebooks.delete_meeting(other, meeting.id)
    assert (await house.standing(owner, meeting)).at == "meeting/kind"
    with pytest.raises(NotFound):
        await notebooks.details(other, meeting.id)


async def test_a_full_notebook_says_so(
    house: House, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_MEETINGS", 2)
    who, _ = await house.visits.begin("nb")
    await notebooks.begin_another(who, "one")
    with pytest.raises(DocumentFull):
        await notebooks.begin_another(who, "two")
    assert len((await house.visits.notebook(who)).meetings) == 2


@pytest.mark.parametrize("months", RELEASED.months)
async def test_what_was_chosen_is_kept_until_that_day_and_not_a_moment_longer(
    house: House, notebooks: Notebooks, clock: Clock, months: int
) -> None:
    who, meeting = await house.visits.begin("nb")
    who = await house.visits.remember(who, "own")
    end = months_from(clock.at, months)
    await notebooks.keep(who, months)
    # whatever is done, the day that was chosen stands
    clock.pass_by(timedelta(days=3))
    await house.reply(who, meeting, "skip", "r")
    await house.preparations.way_back_shown(who)
    await house.preparations.keep_draft(who, meeting.id, "meeting/day", {"on": ("x",)})
    second = await notebooks.begin_another(who, "one")
    await notebooks.delete_meeting(who, second.id)
    assert (await house.standing(who, meeting)).kept_until == end
    link = (await house.visits.notebook(who)).link
    assert link
    clock.at = end - timedelta(seconds=1)
    await house.visits.sweep(clock())
    await house.visits.come_back(link, "nb")
    clock.at = end
    await house.visits.sweep(clock())
    assert await names(house) == set()
    with pytest.raises(SessionEnded):
        await house.visits.notebook(who)


async def test_going_back_to_use_moves_the_day_again(
    house: House, notebooks: Notebooks, clock: Clock
) -> None:
    who, meeting = await house.visits.begin("nb")
    await notebooks.keep(who, 24)
    await notebooks.keep(who, None)
    standing, until = await house.standing(who, meeting), end_of_hour(clock.at + RELEASED.notebook)
    assert (standing.kept_until, standing.kept_until_chosen) == (until, False)
    clock.pass_by(timedelta(hours=5))
    await house.reply(who, meeting, "skip", "r")
    assert (await house.standing(who, meeting)).kept_until == end_of_hour(clock.at + RELEASED.notebook)


async def test_looking_at_the_notebook_writes_nothing(house: House, notebooks: Notebooks) -> None:
    who, _ = await house.visits.begin("nb")
    before = await house.visits.notebook(who)
    await notebooks.open(who)
    assert await house.visits.notebook(who) == before


async def test_a_preparation_keeps_the_dialogue_it_began_with(house: House, notebooks: Notebooks) -> None:
    who, first = await house.visits.begin("nb", dialogue=PEER_SESSION)
    second = await notebooks.begin_another(who, "one")
    third = await notebooks.begin_another(who, "two", dialogue=PEER_SESSION)
    kept = (await house.visits.notebook(who)).meetings
    assert kept == (first, second, third)
    assert [meeting.dialogue for meeting in kept] == [PEER_SESSION, BEFORE_MEETING, PEER_SESSION]
    asked = [(await house.standing(who, meeting)).dialogue.frame.id for meeting in kept]
    assert asked == [meeting.dialogue for meeting in kept]


async def test_a_dialogue_that_the_service_does_not_have_begins_nothing(
    house: House, notebooks: Notebooks
) -> None:
    with pytest.raises(NotFound):
        await house.visits.begin("nb", dialogue="another_one")
    who, first = await house.visits.begin("nb")
    with pytest.raises(NotFound):
        await notebooks.begin_another(who, "one", dialogue="another_one")
    assert (await house.visits.notebook(who)).meetings == (first,)


async def test_what_is_carried_from_a_peer_worker_opens_the_next_preparation(
    house: House, notebooks: Notebooks
) -> None:
    who, peer = await house.visits.begin("nb", dialogue=PEER_SESSION)
    await house.reach(who, peer, "matters/now")
    await house.reply(who, peer, "answer", "private", statement__new1="Bare for meg")
    await house.reach(who, peer, "onward/carry")
    await house.reply(who, peer, "answer", "carried", statement__new1="Mer tid")
    assert await notebooks.taken_along(who, peer.id) == (), "it is not taken along to itself"
    after = await notebooks.begin_another(who, "one")
    carried = LeftFromMeeting("carried", ("Mer tid",))
    assert await notebooks.taken_along(who, after.id) == (carried,)


async def test_there_is_no_looking_back_on_a_preparation_with_a_peer_worker(
    house: House, notebooks: Notebooks
) -> None:
    who, peer = await house.visits.begin("nb", dialogue=PEER_SESSION)
    before = await house.visits.notebook(who)
    with pytest.raises(NotFound):
        await notebooks.begin_after(who, peer.id)
    assert await house.visits.notebook(who) == before
