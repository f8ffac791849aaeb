"""The ways in: what opens, what is dead, and who is locked out with it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import select
from support.clock import Clock
from support.house import House
from support.quick import LOW_COST

from assistant.config import Settings
from assistant.errors import CannotStart, SealBroken, SecretUnknown, SessionEnded
from assistant.service.key_slots import key_slot
from assistant.service.notebook.access import NotebookAccess
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.stores import check_keys_belong, open_salt
from assistant.storage.key_slots import StoredKeySlot, any_slot
from assistant.storage.schema import slots
from assistant.vault.key_slots import CODENAME, LINK, index_of, open_slot
from assistant.vault.key_stretching import Stretching
from assistant.vault.pepper import Pepper


@pytest_asyncio.fixture
async def ways_in(house: House, settings: Settings, clock: Clock) -> AsyncIterator[NotebookAccess]:
    pepper, salt = Pepper.load_or_make(settings.keys), open_salt(settings.keys)
    ways = NotebookAccess(house.database, pepper, salt, house.visits, clock, house.broadcast, LOW_COST)
    yield ways
    ways.close()


async def has(house: House, who: SignedInUser) -> tuple[str | None, str | None]:
    notebook = await house.visits.notebook(who)
    return notebook.link, notebook.codename


async def kinds(house: House) -> list[str]:
    return sorted(await house.database.read(lambda c: list(c.execute(select(slots.c.kind)).scalars())))


async def test_there_is_no_codename_until_one_is_made(house: House, ways_in: NotebookAccess) -> None:
    who, meeting = await house.visits.begin("nb")
    assert (await has(house, who))[1] is None
    await ways_in.renew_codename(who, "one")
    link, codename = await has(house, who)
    assert codename is not None
    for typed in (codename, codename.upper().replace(" ", "-"), codename.replace(" ", "")):
        back, notebook = await ways_in.come_back(typed, "nn")
        assert (back.owner, back.language, back.device) == (who.owner, "nn", "borrowed")
        assert notebook.meetings == (meeting,)
    back, _ = await ways_in.come_back(link or "", "en")
    assert back.owner == who.owner
    assert await house.visits.recognise(who.secret) == who, "making one locks nobody out"


async def test_a_codename_that_opens_nothing_is_unknown(house: House, ways_in: NotebookAccess) -> None:
    await house.visits.begin("nb")
    with pytest.raises(SecretUnknown):
        await ways_in.come_back("acorn tulip kaffe notebook fjell gitar lanterne", "nb")
    with pytest.raises(SecretUnknown):
        await ways_in.come_back("acorn tulip", "nb")


@pytest.mark.parametrize("way", [LINK, CODENAME])
async def test_a_renewed_way_opens_and_the_old_one_is_dead(
    house: House, ways_in: NotebookAccess, way: str
) -> None:
    who, _ = await house.visits.begin("nb")
    renew = ways_in.renew_link if way == LINK else ways_in.renew_codename
    if way == CODENAME:
        await renew(who, "first")
    before = await has(house, who)
    inside, _ = await ways_in.come_back(before[way == CODENAME] or "", "nb")
    await renew(who, "second")
    after = await has(house, who)
    assert after != before
    assert len(await kinds(house)) == (2 if way == CODENAME else 1)
    with pytest.raises(SecretUnknown):
        await ways_in.come_back(before[way == CODENAME] or "", "nb")
    with pytest.raises(SessionEnded):
        await house.visits.recognise(inside.secret)
    assert await house.visits.recognise(who.secret) == who, "this browser stays"
    back, _ = await ways_in.come_back(after[way == CODENAME] or "", "nb")
    assert back.owner == who.owner


@pytest.mark.parametrize("way", [LINK, CODENAME])
async def test_the_same_request_renews_once(house: House, ways_in: NotebookAccess, way: str) -> None:
    who, _ = await house.visits.begin("nb")
    renew = ways_in.renew_link if way == LINK else ways_in.renew_codename
    await asyncio.gather(*(renew(who, "same") for _ in range(4)))
    first = await has(house, who)
    inside, _ = await ways_in.come_back(first[way == CODENAME] or "", "nb")
    await renew(who, "same")
    assert await has(house, who) == first
    assert await house.visits.recognise(inside.secret)


async def test_a_way_that_is_switched_off_is_dead_and_the_other_still_opens(
    house: House, ways_in: NotebookAccess
) -> None:
    who, _ = await house.visits.begin("nb")
    await ways_in.renew_codename(who, "one")
    link, codename = await has(house, who)
    inside, _ = await ways_in.come_back(link or "", "nb")
    await ways_in.switch_off_link(who)
    assert await kinds(house) == [CODENAME]
    with pytest.raises(SecretUnknown):
        await ways_in.come_back(link or "", "nb")
    with pytest.raises(SessionEnded):
        await house.visits.recognise(inside.secret)
    await ways_in.come_back(codename or "", "nb")
    await ways_in.switch_off_codename(who)
    assert await kinds(house) == []
    with pytest.raises(SecretUnknown):
        await ways_in.come_back(codename or "", "nb")
    assert await has(house, who) == (None, None)
    assert await house.visits.recognise(who.secret) == who
    await ways_in.renew_link(who, "again")
    assert await kinds(house) == [LINK]


async def test_renewing_in_one_notebook_leaves_all_others_alone(
    house: House, ways_in: NotebookAccess
) -> None:
    who, _ = await house.visits.begin("nb")
    other, _ = await house.visits.begin("nb")
    await ways_in.renew_codename(other, "one")
    theirs = await has(house, other)
    await ways_in.renew_codename(who, "one")
    await ways_in.renew_codename(who, "two")
    await ways_in.renew_link(who, "three")
    await ways_in.switch_off_codename(who)
    assert await has(house, other) == theirs
    assert await house.visits.recognise(other.secret) == other
    for secret in theirs:
        back, _ = await ways_in.come_back(secret or "", "nb")
        assert back.owner == other.owner


async def test_somebody_who_comes_while_a_way_is_closed_is_not_let_in(
    house: House, ways_in: NotebookAccess
) -> None:
    who, _ = await house.visits.begin("nb")
    link, _ = await has(house, who)
    tries = [asyncio.create_task(ways_in.come_back(link or "", "nb")) for _ in range(20)]
    await ways_in.renew_link(who, "one")
    for found in await asyncio.gather(*tries, return_exceptions=True):
        if isinstance(found, tuple):  # let in before: locked out again
            with pytest.raises(SessionEnded):
                await house.visits.recognise(found[0].secret)
        else:
            assert isinstance(found, SecretUnknown)


async def test_a_thief_of_the_database_cannot_confirm_a_right_codename(
    house: House, ways_in: NotebookAccess, settings: Settings
) -> None:
    who, _ = await house.visits.begin("nb")
    await ways_in.renew_codename(who, "one")
    _, codename = await has(house, who)
    stolen = await house.database.read(lambda c: any_slot(c, CODENAME))
    assert stolen is not None
    salt, pepper = open_salt(settings.keys), Pepper.load_or_make(settings.keys)
    # they are given the codename and the salt; only the pepper is missing
    stretching = Stretching(salt, LOW_COST)
    secret = await stretching.stretch(codename or "")
    stretching.close()
    assert open_slot(pepper, key_slot(stolen), secret, salt=salt) == who.owner.key
    guessed = Pepper(1, b"?" * 32)
    assert index_of(guessed, secret) != stolen.index
    with pytest.raises(SealBroken):
        open_slot(guessed, key_slot(stolen), secret, salt=salt)
    everything = (settings.data / "words.db").read_bytes()
    for word in {"".join((codename or "").split()), codename or "", salt.hex()}:
        assert word.encode() not in everything
    assert secret not in everything
    assert salt not in everything


async def test_the_server_does_not_start_with_another_salt(
    house: House, ways_in: NotebookAccess, settings: Settings
) -> None:
    pepper, salt = Pepper.load_or_make(settings.keys), open_salt(settings.keys)
    who, _ = await house.visits.begin("nb")
    await ways_in.renew_codename(who, "one")
    await check_keys_belong(house.database, pepper, salt)
    with pytest.raises(CannotStart, match="salt"):
        await check_keys_belong(house.database, pepper, b"another salt")
    with pytest.raises(CannotStart, match="pepper"):
        await check_keys_belong(house.database, Pepper(1, b"?" * 32), salt)


def test_a_stored_slot_shows_no_secret() -> None:
    slot = StoredKeySlot("1", "n", CODENAME, b"secret", 1, b"secret")
    assert "secret" not in repr(slot)
