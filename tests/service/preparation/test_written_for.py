"""Somebody else writes for the user: what is followed, sealed, ended and deleted."""

import secrets
from datetime import timedelta

import pytest
from support.house import House

from assistant.engine.turn import Reply
from assistant.errors import NotFound
from assistant.meetings.notebook import Meeting
from assistant.meetings.written_for import STOPS_AFTER
from assistant.service.broadcast import Broadcast
from assistant.service.documents import read_notebook
from assistant.service.notebook.notebooks import Notebooks
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.written_for import approve, let_another_write, write_again
from assistant.vault.session_keys import new_session_secret

WISH = "wishes/wish"


async def at_the_wish(house: House) -> tuple[SignedInUser, Meeting]:
    who, meeting = await house.visits.begin("nb")
    await house.reach(who, meeting, WISH)
    return who, meeting


async def say(house: House, who: SignedInUser, meeting: Meeting, **given: str) -> None:
    at = await house.preparations.standing(who, meeting.id, WISH)
    fields = {name.replace("__", "."): (text,) for name, text in given.items()}
    reply = Reply(at.conversation.turn, WISH, "answer", fields)
    await house.preparations.take_turn(who, meeting.id, reply, secrets.token_hex(16))


async def unread(house: House, who: SignedInUser, meeting: Meeting) -> dict[str, int]:
    return dict((await house.standing(who, meeting)).unread)


async def begin(house: House, who: SignedInUser, meeting: Meeting) -> None:
    await house.preparations.change_writing(who, meeting.id, let_another_write(who))


async def end(house: House, who: SignedInUser, meeting: Meeting) -> None:
    await house.preparations.change_writing(who, meeting.id, write_again)


async def test_what_is_written_meanwhile_is_unread_until_exactly_that_is_approved(house: House) -> None:
    who, meeting = await at_the_wish(house)
    await say(house, who, meeting, statement__new1="Mitt")
    assert await unread(house, who, meeting) == {}
    await begin(house, who, meeting)
    own = (await entries(house, who, meeting))["Mitt"]
    await say(house, who, meeting, **{f"statement__{own}": "Mitt", "statement__new1": "Skrevet"})
    theirs = (await entries(house, who, meeting))["Skrevet"]
    assert await unread(house, who, meeting) == {theirs: 1}
    await approving(house, who, meeting, theirs, 1)
    assert await unread(house, who, meeting) == {theirs: 1}, "only the user approves"
    await end(house, who, meeting)
    await approving(house, who, meeting, theirs, 2)
    assert await unread(house, who, meeting) == {theirs: 1}, "another version"
    await approving(house, who, meeting, theirs, 1)
    assert await unread(house, who, meeting) == {}


async def entries(house: House, who: SignedInUser, meeting: Meeting) -> dict[str, str]:
    _, summary = await house.preparations.summary(who, meeting.id)
    said = [*(e for _, e in summary.first), *(e for c in summary.chapters for e in c.entries)]
    return {str(entry.said): entry.id for entry in said}


async def approving(house: House, who: SignedInUser, meeting: Meeting, entry: str, version: int) -> None:
    await house.preparations.change_writing(who, meeting.id, approve(who, entry, version))


async def test_a_later_edit_is_unread_again_by_the_other_and_read_by_the_user(house: House) -> None:
    who, meeting = await at_the_wish(house)
    await begin(house, who, meeting)
    await say(house, who, meeting, statement__new1="Skrevet")
    id_ = (await entries(house, who, meeting))["Skrevet"]
    await end(house, who, meeting)
    await approving(house, who, meeting, id_, 1)
    await begin(house, who, meeting)
    await say(house, who, meeting, **{f"statement__{id_}": "Skrevet om"})
    assert await unread(house, who, meeting) == {id_: 2}
    await end(house, who, meeting)
    await say(house, who, meeting, **{f"statement__{id_}": "Mine ord"})
    assert await unread(house, who, meeting) == {}


async def test_it_ends_by_itself_unless_the_page_still_says_so(house: House) -> None:
    who, meeting = await at_the_wish(house)
    await begin(house, who, meeting)
    house.clock.pass_by(STOPS_AFTER)
    assert not (await house.standing(who, meeting)).is_by_another
    await say(house, who, meeting, statement__new1="Mitt")
    assert await unread(house, who, meeting) == {}
    sent = SignedInUser(who.owner, who.secret, who.language, who.device, is_by_another=True)
    own = (await entries(house, who, meeting))["Mitt"]
    await say(house, sent, meeting, **{f"statement__{own}": "Endret"})
    assert await unread(house, who, meeting) == {own: 2}
    assert (await house.standing(who, meeting)).is_by_another, "an act begins the time again"
    await end(house, who, meeting)
    await say(house, sent, meeting, **{f"statement__{own}": "Endret igjen"})
    assert await unread(house, who, meeting) == {own: 3}
    assert not (await house.standing(who, meeting)).is_by_another, "the user ended it"


async def test_each_act_begins_the_time_again(house: House) -> None:
    who, meeting = await at_the_wish(house)
    await begin(house, who, meeting)
    for number in range(3):
        house.clock.pass_by(STOPS_AFTER - timedelta(seconds=1))
        await house.preparations.keep_draft(who, meeting.id, WISH, {"statement.new1": (f"{number}",)})
    assert (await house.standing(who, meeting)).is_by_another


async def test_on_another_device_the_user_writes(house: House) -> None:
    who, meeting = await at_the_wish(house)
    await begin(house, who, meeting)
    phone = SignedInUser(who.owner, new_session_secret(), "nb", "own")
    assert not (await house.standing(phone, meeting)).is_by_another
    await say(house, phone, meeting, statement__new1="Mitt")
    assert await unread(house, phone, meeting) == {}
    assert (await house.standing(who, meeting)).is_by_another


async def test_a_draft_left_by_the_other_is_unread_when_it_is_sent_as_it_was(house: House) -> None:
    who, meeting = await at_the_wish(house)
    await begin(house, who, meeting)
    await house.preparations.keep_draft(who, meeting.id, WISH, {"statement.new1": ("Halvferdig",)})
    await end(house, who, meeting)
    await say(house, who, meeting, statement__new1="Halvferdig")
    assert list((await unread(house, who, meeting)).values()) == [1]


async def test_taking_away_takes_one_entry_at_one_version_and_once(house: House) -> None:
    who, meeting = await at_the_wish(house)
    await begin(house, who, meeting)
    await say(house, who, meeting, statement__new1="En", statement__new2="To")
    ids = await entries(house, who, meeting)
    for version in (7, 1, 1):
        await house.preparations.take_away(who, meeting.id, ids["En"], version, secrets.token_hex(16))
        there = await entries(house, who, meeting)
        assert list(there) == (["En", "To"] if version == 7 else ["To"])
    assert await unread(house, who, meeting) == {ids["To"]: 1}
    await house.preparations.take_away(who, meeting.id, ids["To"], 1, secrets.token_hex(16))
    assert await entries(house, who, meeting) == {}
    assert await unread(house, who, meeting) == {}


async def test_nothing_is_stored_as_long_as_nobody_else_writes(house: House) -> None:
    who, meeting = await at_the_wish(house)
    await say(house, who, meeting, statement__new1="Mitt")
    assert meeting.written_for not in (await house.visits.notebook(who)).revisions


async def test_it_is_deleted_with_the_meeting(house: House) -> None:
    who, meeting = await at_the_wish(house)
    await begin(house, who, meeting)
    notebook, _ = await house.database.read(lambda c: read_notebook(c, who.owner))
    assert meeting.written_for in notebook.papers_of(meeting.id)
    assert meeting.after.written_for.endswith(f".{meeting.id}")
    notebooks = Notebooks(house.database, house.scripts, house.clock, Broadcast())
    await notebooks.delete_meeting(who, meeting.id)
    with pytest.raises(NotFound):
        await begin(house, who, meeting)
