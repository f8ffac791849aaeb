"""A request unseals each document once, and again as soon as it was written; the next request begins anew."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from support.house import House

from assistant.errors import SealBroken
from assistant.meetings.notebook import Meeting
from assistant.service import documents as sealed_documents
from assistant.service.notebook.sessions import SignedInUser
from assistant.storage.schema import documents
from assistant.vault.sealing import unseal

Begun = tuple[SignedInUser, Meeting]


@pytest.fixture
async def begun(house: House) -> Begun:
    return await house.visits.begin("nb")


@pytest.fixture
def unsealed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the documents that are unsealed, as they are."""
    names: list[str] = []

    def counting(key: bytes, sealed: bytes, *, owner: str, name: str, revision: int) -> bytes:
        names.append(name)
        return unseal(key, sealed, owner=owner, name=name, revision=revision)

    monkeypatch.setattr(sealed_documents, "unseal", counting)
    return names


async def test_what_is_read_again_is_unsealed_once(house: House, begun: Begun, unsealed: list[str]) -> None:
    who, meeting = begun
    first = await house.standing(who, meeting)
    assert await house.standing(who, meeting) == first
    assert (await house.visits.notebook(who)).has(meeting.id)
    assert sorted(unsealed) == sorted(["notebook", meeting.conversation])


async def test_what_was_written_is_read_anew(house: House, begun: Begun, unsealed: list[str]) -> None:
    who, meeting = begun
    before = await house.standing(who, meeting)
    await house.reply(who, meeting, "skip", "one")
    assert (await house.standing(who, meeting)).conversation.turn == before.conversation.turn + 1
    # by another browser of the same person too
    elsewhere = await house.visits.recognise(who.secret)
    await house.reply(elsewhere, meeting, "skip", "two")
    assert (await house.standing(who, meeting)).conversation.turn == before.conversation.turn + 2
    assert unsealed.count("notebook") == 4


async def test_the_next_request_unseals_for_itself(house: House, begun: Begun, unsealed: list[str]) -> None:
    who, meeting = begun
    for _ in range(3):
        await house.standing(await house.visits.recognise(who.secret), meeting)
    assert unsealed.count("notebook") == 3


async def test_nothing_unsealed_is_in_what_is_printed_or_compared(house: House, begun: Begun) -> None:
    who, meeting = begun
    new = replace(who, owner=replace(who.owner, unsealed={}))
    await house.standing(who, meeting)
    assert who.owner.unsealed
    assert not new.owner.unsealed
    assert who == new
    assert repr(who) == repr(new)


async def test_other_bytes_under_the_same_revision_are_found_out(house: House, begun: Begun) -> None:
    who, meeting = begun
    await house.standing(who, meeting)
    here = documents.c.name == meeting.conversation
    box = await house.database.read(lambda c: c.execute(select(documents.c.sealed).where(here)).scalar_one())
    other = box[:-1] + bytes([box[-1] ^ 1])
    await house.database.write(lambda c: c.execute(update(documents).where(here), {"sealed": other}))
    with pytest.raises(SealBroken):
        await house.standing(who, meeting)
