"""Agreements and look backs in a notebook: what the next preparation opens with, and what goes with them."""

from datetime import date

import pytest
import pytest_asyncio
from support.clock import Clock
from support.house import House
from support.sharing_services import Sharers, sit

from assistant.config import Settings
from assistant.engine.turn import Reply
from assistant.errors import NotFound
from assistant.meetings.notebook import Meeting
from assistant.meetings.review.acts import Drop, GiveAnswer, MarkEntry, Propose
from assistant.meetings.review.agreement import OtherPerson
from assistant.meetings.review.carry_over import LeftFromMeeting
from assistant.service.dialogues import PEER_SESSION
from assistant.service.notebook.notebooks import Notebooks
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.preparations import Preparations
from assistant.service.preparation.written_for import approve, let_another_write, write_again


@pytest.fixture
def notebooks(house: House, clock: Clock) -> Notebooks:
    return Notebooks(house.database, house.scripts, clock, house.broadcast)


@pytest_asyncio.fixture
async def sharers(house: House, settings: Settings) -> Sharers:
    return Sharers.of(house, settings)


async def carried(house: House, who: SignedInUser, meeting: Meeting) -> list[str]:
    """The agreements a preparation opens with."""
    return [said.text for said in (await house.standing(who, meeting)).journey.carried]


async def test_the_next_preparation_opens_with_what_was_agreed(
    house: House, notebooks: Notebooks, sharers: Sharers
) -> None:
    sitting = await sit(sharers, "Færre folk")
    who = sitting.who
    await sitting.agree("a1", "Øve på <bussen>", OtherPerson(name="Siri"))
    await sitting.agree("a2", "Ringe", by_on=date(2027, 1, 4))
    second = await notebooks.begin_another(who, "one")
    assert (await house.standing(who, second)).at == "since_last/a1/how"
    assert await carried(house, who, second) == ["Øve på <bussen>", "Ringe"]
    await house.reply(who, second, "answer", "r", option="done")
    await house.reply(who, second, "answer", "s", option="not")
    third = await notebooks.begin_another(who, "two")
    assert [said.id for said in (await house.standing(who, third)).journey.carried] == ["a2"]
    assert await carried(house, who, sitting.meeting) == []


async def test_only_what_both_have_confirmed_and_nobody_dropped_is_carried_on(
    house: House, notebooks: Notebooks, sharers: Sharers
) -> None:
    sitting = await sit(sharers, "Færre folk")
    await sitting.they(Propose("a1", "Bare foreslått", "user", None, None, 0))
    await sitting.agree("a2", "Tatt bort igjen")
    dropped = (await sitting.mine()).review.proposal("a2")
    assert dropped is not None
    await sitting.i(Drop("a2", dropped.written))
    await sitting.agree("a3", "Ringe")
    second = await notebooks.begin_another(sitting.who, "one")
    assert await carried(house, sitting.who, second) == ["Ringe"]


async def test_agreements_are_carried_on_from_a_share_that_is_over(
    house: House, notebooks: Notebooks, sharers: Sharers
) -> None:
    sitting = await sit(sharers, "Færre folk")
    await sitting.agree("a1", "Ringe")
    await sharers.shares.withdraw(sitting.who, sitting.meeting.id)
    second = await notebooks.begin_another(sitting.who, "one")
    assert await carried(house, sitting.who, second) == ["Ringe"]


async def test_agreements_and_the_look_back_go_with_their_meeting(
    house: House, notebooks: Notebooks, sharers: Sharers, clock: Clock
) -> None:
    sitting = await sit(sharers, "Færre folk")
    who, second = sitting.who, sitting.meeting
    await sitting.agree("a1", "Ringe")
    first = await notebooks.begin_another(who, "one")
    await notebooks.begin_after(who, second.id)
    back = Preparations(house.database, house.scripts, clock, house.broadcast, after=True)
    await back.keep_draft(who, second.id, "look_back/heard", {"option": ("yes",)})
    papers = (await house.visits.notebook(who)).papers_of(second.id)
    look_back = {second.after.conversation, second.after.draft}
    assert papers == {second.conversation, second.sharing} | look_back
    await notebooks.delete_meeting(who, second.id)
    assert set((await house.visits.notebook(who)).revisions) == {first.conversation}
    third = await notebooks.begin_another(who, "two")
    assert (await house.standing(who, third)).at == "meeting/kind"


async def test_what_was_put_off_or_got_no_answer_can_be_taken_along(
    notebooks: Notebooks, sharers: Sharers
) -> None:
    sitting = await sit(sharers, "Færre folk", "Ta bussen", "En pause", "Ro om natten")
    answered, put_off = [await sitting.entry(words) for words in ("Færre folk", "Ta bussen")]
    await sitting.they(GiveAnswer(answered, "can", "Ja", None, 0))
    await sitting.they(MarkEntry(put_off, "next_time"))
    unanswered = LeftFromMeeting("unanswered", ("En pause", "Ro om natten"))
    left = (LeftFromMeeting("put_off", ("Ta bussen",)), unanswered)
    assert await notebooks.taken_along(sitting.who) == left
    assert await notebooks.taken_along(sitting.who, sitting.meeting.id) == ()
    second = await notebooks.begin_another(sitting.who, "one")
    assert await notebooks.taken_along(sitting.who, second.id) == left
    await sharers.shares.withdraw(sitting.who, sitting.meeting.id)
    assert await notebooks.taken_along(sitting.who, second.id) == left


async def test_what_the_look_back_says_too_is_taken_along_once(
    house: House, notebooks: Notebooks, sharers: Sharers, clock: Clock
) -> None:
    sitting = await sit(sharers, "Færre folk", "Ta bussen")
    for words in ("Færre folk", "Ta bussen"):
        await sitting.i(MarkEntry(await sitting.entry(words), "next_time"))
    who, meeting = sitting.who, sitting.meeting
    await notebooks.begin_after(who, meeting.id)
    back = Preparations(house.database, house.scripts, clock, house.broadcast, after=True)
    await say_next_time(back, who, meeting, "Ta bussen", "Noe eget")
    assert await notebooks.taken_along(who) == (
        LeftFromMeeting("written", ("Ta bussen", "Noe eget")),
        LeftFromMeeting("put_off", ("Færre folk",)),
    )


async def test_what_another_person_wrote_in_the_look_back_is_marked_until_it_is_read(
    house: House, notebooks: Notebooks, clock: Clock
) -> None:
    who, meeting = await house.visits.begin("nb")
    await notebooks.begin_after(who, meeting.id)
    back = Preparations(house.database, house.scripts, clock, house.broadcast, after=True)
    await back.change_writing(who, meeting.id, let_another_write(who))
    await say_next_time(back, who, meeting, "Ta bussen")
    await back.change_writing(who, meeting.id, write_again)
    (left,) = await notebooks.taken_along(who)
    assert left == LeftFromMeeting("written", ("Ta bussen",), frozenset({"Ta bussen"}))
    ((entry, version),) = (await back.standing(who, meeting.id)).unread.items()
    await back.change_writing(who, meeting.id, approve(who, entry, version))
    assert await notebooks.taken_along(who) == (LeftFromMeeting("written", ("Ta bussen",)),)


async def test_what_was_answered_when_it_was_shared_again_is_not_left(
    notebooks: Notebooks, sharers: Sharers
) -> None:
    sitting = await sit(sharers, "Færre folk", "Ta bussen")
    await sharers.shares.withdraw(sitting.who, sitting.meeting.id)
    await sharers.share(sitting.who, sitting.meeting)
    again = await sharers.sit_with(sitting.who, sitting.meeting)
    await again.they(GiveAnswer(await again.entry("Ta bussen"), "can", "", None, 0))
    assert await notebooks.taken_along(sitting.who) == (LeftFromMeeting("unanswered", ("Færre folk",)),)


async def test_an_answer_that_was_promised_stands_in_the_notebook_with_its_day(
    notebooks: Notebooks, sharers: Sharers
) -> None:
    sitting = await sit(sharers, "Færre folk")
    entry, day = await sitting.entry("Færre folk"), date(2027, 1, 8)
    await sitting.they(GiveAnswer(entry, "must_ask", "Jeg må spørre lederen min", day, 0))
    await sitting.they(MarkEntry(entry, "talked"))
    await sharers.shares.withdraw(sitting.who, sitting.meeting.id)
    second = await notebooks.begin_another(sitting.who, "one")
    for meeting_id in (None, second.id):
        (left,) = await notebooks.taken_along(sitting.who, meeting_id)
        assert (left.why, left.promises["Færre folk"].by_on) == ("promised", day)


async def test_what_is_shared_before_the_meeting_is_not_called_unanswered_in_the_notebook(
    notebooks: Notebooks, sharers: Sharers
) -> None:
    sitting = await sit(sharers, "Færre folk", met=False)
    assert await notebooks.taken_along(sitting.who) == ()
    second = await notebooks.begin_another(sitting.who, "one")
    left = (LeftFromMeeting("unanswered", ("Færre folk",)),)
    assert await notebooks.taken_along(sitting.who, second.id) == left


async def test_an_option_that_was_put_off_is_taken_along_in_its_wording(
    notebooks: Notebooks, sharers: Sharers
) -> None:
    sitting = await sit(sharers, "Færre folk")
    snapshot = (await sitting.mine()).snapshot
    assert snapshot is not None
    entries = [entry for section in snapshot.sections for entry in section.entries]
    for entry in entries:
        await sitting.i(MarkEntry(entry.id, "next_time"))
    assert {str(type(entry.said)) for entry in entries} != {str(str)}
    said = {entry.said for entry in entries}
    (left,) = await notebooks.taken_along(sitting.who)
    assert (left.why, set(left.said), len(left.said)) == ("put_off", said, len(said))


async def test_the_look_back_is_not_there_before_it_is_begun_and_begins_once(
    house: House, notebooks: Notebooks, clock: Clock
) -> None:
    who, first = await house.visits.begin("nb")
    back = Preparations(house.database, house.scripts, clock, house.broadcast, after=True)
    with pytest.raises(NotFound):
        await back.standing(who, first.id)
    await notebooks.begin_after(who, first.id)
    before = (await back.standing(who, first.id)).seen
    await notebooks.begin_after(who, first.id)
    assert (await back.standing(who, first.id)).seen == before
    with pytest.raises(NotFound):
        await notebooks.begin_after(who, "0" * 32)


async def say_next_time(back: Preparations, who: SignedInUser, meeting: Meeting, *words: str) -> None:
    """Say in the look back what was not reached."""
    while not (at := await back.standing(who, meeting.id)).at.startswith("next_time/"):
        reply = Reply(at.conversation.turn, at.at, "skip", {})
        await back.take_turn(who, meeting.id, reply, f"skip {at.at}")
    given = {f"statement.new{number}": (text,) for number, text in enumerate(words, start=1)}
    await back.take_turn(who, meeting.id, Reply(at.conversation.turn, at.at, "answer", given), "say")


async def test_what_a_meeting_left_is_not_hidden_by_a_later_talk_with_a_peer_worker(
    house: House, notebooks: Notebooks, sharers: Sharers
) -> None:
    async def talk(who: SignedInUser, said: str) -> None:
        peer = await notebooks.begin_another(who, said, dialogue=PEER_SESSION)
        while (at := (await house.standing(who, peer)).at) != "onward/carry":
            await house.reply(who, peer, "skip", f"{said} {at}")
        await house.reply(who, peer, "answer", f"said {said}", statement__new1=said)

    sitting = await sit(sharers, "Færre folk", "Ta bussen")
    await sitting.they(MarkEntry(await sitting.entry("Ta bussen"), "next_time"))
    await sitting.they(MarkEntry(await sitting.entry("Færre folk"), "talked"))
    left = LeftFromMeeting("put_off", ("Ta bussen",))
    await talk(sitting.who, "Mer tid")
    await talk(sitting.who, "En pause")
    latest = LeftFromMeeting("carried", ("En pause",))
    assert await notebooks.taken_along(sitting.who) == (latest, left)
    second = await notebooks.begin_another(sitting.who, "one")
    assert await notebooks.taken_along(sitting.who, second.id) == (latest, left)


async def test_what_was_carried_before_a_meeting_that_left_something_is_not_offered_again(
    house: House, notebooks: Notebooks
) -> None:
    who, peer = await house.visits.begin("nb", dialogue=PEER_SESSION)
    await house.reach(who, peer, "onward/carry")
    await house.reply(who, peer, "answer", "said", statement__new1="Mer tid")
    meeting = await notebooks.begin_another(who, "one")
    assert await notebooks.taken_along(who) == (LeftFromMeeting("carried", ("Mer tid",)),)
    await notebooks.begin_after(who, meeting.id)
    back = Preparations(house.database, house.scripts, house.clock, house.broadcast, after=True)
    await say_next_time(back, who, meeting, "Noe eget")
    assert await notebooks.taken_along(who) == (LeftFromMeeting("written", ("Noe eget",)),)
