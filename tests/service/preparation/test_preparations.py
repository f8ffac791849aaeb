"""A turn is taken once, whoever else writes; a draft is no answer; an old conversation keeps its old text."""

import asyncio

import pytest
from sqlalchemy import Connection, select, update
from support.house import House

from assistant.dialogue.model import Dialogue
from assistant.engine.conversation import StatementsGiven
from assistant.engine.turn import Reply
from assistant.errors import NotFound, NotOnTheWay, RequestReused, SealBroken, StaleTurn
from assistant.meetings.notebook import Meeting
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.preparations import Preparations
from assistant.storage.schema import documents

Begun = tuple[SignedInUser, Meeting]
WORDS = {"statement.new1": ("Barna mine.",)}


@pytest.fixture
async def begun(house: House) -> Begun:
    """Somebody at the first question in own words."""
    who, meeting = await house.visits.begin("nb")
    await house.reach(who, meeting, "matters/now")
    return who, meeting


async def test_the_same_reply_twice_is_one_turn(house: House, begun: Begun) -> None:
    who, meeting = begun
    turn = (await house.standing(who, meeting)).conversation.turn
    reply = Reply(turn, "matters/now", "answer", WORDS)
    for _ in range(3):
        await house.preparations.take_turn(who, meeting.id, reply, "one")
    assert (await house.standing(who, meeting)).conversation.turn == turn + 1


@pytest.mark.parametrize(
    "other",
    [
        Reply(2, "matters/now", "answer", {"statement.new1": ("Noe annet",)}),
        Reply(2, "matters/now", "skip", WORDS),
        Reply(3, "matters/now", "answer", WORDS),
        Reply(2, "wishes/wish", "answer", WORDS),
    ],
)
async def test_one_request_id_for_another_reply_is_refused(house: House, begun: Begun, other: Reply) -> None:
    who, meeting = begun
    await house.preparations.take_turn(who, meeting.id, Reply(2, "matters/now", "answer", WORDS), "one")
    with pytest.raises(RequestReused):
        await house.preparations.take_turn(who, meeting.id, other, "one")


async def test_of_many_replies_to_one_turn_one_is_taken(house: House, begun: Begun) -> None:
    who, meeting = begun
    replies = [
        house.preparations.take_turn(
            who, meeting.id, Reply(2, "matters/now", "answer", {"statement.new1": (str(n),)}), str(n)
        )
        for n in range(30)
    ]
    outcomes = await asyncio.gather(*replies, return_exceptions=True)
    taken = [number for number, outcome in enumerate(outcomes) if not isinstance(outcome, BaseException)]
    assert len(taken) == 1
    assert sum(isinstance(outcome, StaleTurn) for outcome in outcomes) == 29
    answer = (await house.standing(who, meeting)).conversation.answers["matters/now"]
    assert isinstance(answer, StatementsGiven)
    assert answer.statements[0].text == str(taken[0])


async def test_drafts_and_turns_written_at_once_all_come_through(house: House, begun: Begun) -> None:
    who, meeting = begun
    drafts = [
        house.preparations.keep_draft(who, meeting.id, "wishes/wish", {"statement.new1": (f"utkast {n}",)})
        for n in range(8)
    ]
    turn = house.preparations.take_turn(who, meeting.id, Reply(2, "matters/now", "answer", WORDS), "one")
    await asyncio.gather(*drafts, turn, house.preparations.way_back_shown(who))
    now = await house.standing(who, meeting)
    assert (now.at, now.is_draft, now.way_back_due) == ("wishes/wish", True, False)
    assert now.filled["statement.new1"][0].startswith("utkast ")
    assert "matters/now" in now.conversation.answers


async def test_a_draft_stands_in_the_field_and_is_no_answer(house: House, begun: Begun) -> None:
    who, meeting = begun
    await house.preparations.keep_draft(who, meeting.id, "matters/now", WORDS)
    now, chapters = await house.preparations.summary(who, meeting.id)
    assert (now.filled, now.is_draft, now.answer, chapters.chapters) == (WORDS, True, None, ())


@pytest.mark.parametrize("given", [{}, {"statement.new1": ("",)}, {"statement.new1": (" \n",)}])
async def test_nothing_typed_is_no_draft(
    house: House, begun: Begun, given: dict[str, tuple[str, ...]]
) -> None:
    who, meeting = begun
    await house.preparations.keep_draft(who, meeting.id, "matters/now", WORDS)
    await house.preparations.keep_draft(who, meeting.id, "matters/now", given)
    now = await house.standing(who, meeting)
    assert (now.filled, now.is_draft) == ({}, False)


async def test_the_answer_again_is_no_draft(house: House, begun: Begun) -> None:
    who, meeting = begun
    await house.reply(who, meeting, "answer", "one", statement__new1="Barna mine.")
    await house.reply(who, meeting, "back", "two")
    now = await house.standing(who, meeting)
    await house.preparations.keep_draft(who, meeting.id, "matters/now", now.filled)
    assert not (await house.standing(who, meeting)).is_draft


async def test_a_draft_for_a_question_that_is_not_asked_is_refused(house: House, begun: Begun) -> None:
    who, meeting = begun
    for state in ("meeting/own_kind", "nowhere", "end", ""):
        with pytest.raises(NotOnTheWay):
            await house.preparations.keep_draft(who, meeting.id, state, WORDS)


async def test_a_draft_of_an_earlier_turn_is_let_go(house: House, begun: Begun) -> None:
    who, meeting = begun
    await house.reply(who, meeting, "answer", "one", statement__new1="Barna mine.")
    await house.preparations.keep_draft(who, meeting.id, "matters/now", {"statement.new1": ("Bar",)}, turn=2)
    await house.reply(who, meeting, "back", "two")
    assert not (await house.standing(who, meeting)).is_draft


async def test_the_way_back_is_due_once_before_own_words(house: House) -> None:
    who, meeting = await house.visits.begin("nb")
    assert not (await house.standing(who, meeting)).way_back_due
    await house.reach(who, meeting, "matters/now")
    assert (await house.standing(who, meeting)).way_back_due
    await house.preparations.way_back_shown(who)
    assert not (await house.standing(who, meeting)).way_back_due


async def test_a_meeting_that_never_was_is_not_found(house: House, begun: Begun) -> None:
    who, _ = begun
    with pytest.raises(NotFound):
        await house.preparations.take_turn(who, "0" * 32, Reply(0, "meeting/kind", "skip"), "one")


async def test_an_older_copy_of_a_document_is_not_taken_for_the_newest(house: House, begun: Begun) -> None:
    who, meeting = begun
    mine = documents.c.name == meeting.conversation
    older = await house.database.read(
        lambda c: c.execute(select(documents.c.sealed, documents.c.revision).where(mine)).one()
    )
    await house.reply(who, meeting, "answer", "one", statement__new1="Barna mine.")

    def put_back(connection: Connection) -> None:
        connection.execute(update(documents).where(mine).values(sealed=older.sealed, revision=older.revision))

    await house.database.write(put_back)
    with pytest.raises(SealBroken):
        await house.standing(who, meeting)


async def test_one_document_cannot_be_passed_off_as_another(house: House, begun: Begun) -> None:
    who, meeting = begun
    other, others = await house.visits.begin("nb")

    def swap(connection: Connection) -> None:
        row = connection.execute(
            select(documents.c.sealed).where(documents.c.name == others.conversation)
        ).one()
        here = documents.c.name == meeting.conversation
        connection.execute(update(documents).where(here).values(sealed=row.sealed))

    await house.database.write(swap)
    with pytest.raises(SealBroken):
        await house.standing(who, meeting)
    await house.standing(other, others)


async def test_a_conversation_stays_on_the_text_it_began_with(house: House, begun: Begun) -> None:
    who, meeting = begun
    old = house.scripts.before_meeting.dialogue
    text = old.model_dump_json().replace("Hva er viktig for deg nå?", "Hva er det viktigste?")
    new = Dialogue.model_validate_json(text)
    assert new.digest != old.digest

    later = Dialogues(house.database, {"before_meeting": new})
    await later.publish(house.clock())
    preparations = Preparations(house.database, later, house.clock, Broadcast())
    now = await preparations.standing(who, meeting.id)
    assert now.question is not None
    assert now.question.prompt.in_("nb") == "Hva er viktig for deg nå?"
    assert (await later.of(new.digest)).dialogue == later.before_meeting.dialogue == new


async def test_a_text_nobody_published_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        await house.scripts.of("0" * 64)
