"""Inviting on the services alone: what is kept, for whom, and what nobody can tell from it."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from traceback import format_exception

import pytest
import pytest_asyncio
from support.house import House
from support.markers import hits, new_marker
from support.sharing_services import Sharers

from assistant.config import Settings
from assistant.errors import NotFound, SealBroken, SecretUnknown, TooManyInvitations
from assistant.meetings.invitation import Invitation, InvitationDraft
from assistant.service.notebook.notebooks import Notebooks
from assistant.service.sharing import invitations as service
from assistant.service.sharing.invitations import Invitations
from assistant.service.staff.members import SignedInStaff
from assistant.storage.invitations import find_invitation
from assistant.storage.staff import StoredStaff, add_staff, change_disabled, change_roles
from assistant.vault.pepper import Pepper
from assistant.vault.sealing import seal
from assistant.vault.staff_keys import new_pair

WISH = InvitationDraft(
    said=Invitation(language="nb", kind="care_team", place="Storgata 3"), label="torsdag", slips=3
)


@pytest.fixture
def invitations(house: House, settings: Settings) -> Invitations:
    return Invitations(house.database, Pepper.load_or_make(settings.keys), house.clock)


@pytest_asyncio.fixture
async def sharers(house: House, settings: Settings) -> Sharers:
    return Sharers.of(house, settings)


async def colleague(sharers: Sharers, name: str = "Kari") -> SignedInStaff:
    """A professional who also has a row among the staff."""
    who, now = sharers.professional(name), sharers.house.clock()
    member = who.member
    row = StoredStaff(member.id, name, name, frozenset(member.roles), member.public_key, now)
    await sharers.house.database.write(lambda c: add_staff(c, row))
    return who


async def test_the_link_and_the_code_say_the_same(sharers: Sharers, invitations: Invitations) -> None:
    who = await colleague(sharers)
    made = await invitations.one(who, await invitations.make(who, WISH, "a" * 32))
    assert (made.label, made.slips, made.said) == ("torsdag", 3, WISH.said)
    for typed in (made.link, f"https://x.example/nb/i#{made.link}", made.code, f"x#{made.code.lower()}"):
        received = await invitations.open(typed)
        assert (received.invited.said, received.invited.staff_id) == (WISH.said, who.member.id)


async def test_nobody_is_invited_in_the_name_of_somebody_who_works_here_no_longer(
    sharers: Sharers, invitations: Invitations
) -> None:
    who = await colleague(sharers)
    made = await invitations.one(who, await invitations.make(who, WISH, "a" * 32))
    write, now = sharers.house.database.write, sharers.house.clock()
    await write(lambda c: change_disabled(c, who.member.id, now))
    with pytest.raises(SecretUnknown):
        await invitations.open(made.link)
    await write(lambda c: change_disabled(c, who.member.id, None))
    await invitations.open(made.link)
    await write(lambda c: change_roles(c, who.member.id, frozenset({"peer_worker"})))
    with pytest.raises(SecretUnknown):
        await invitations.open(made.code)


async def test_it_works_until_it_is_over_and_then_is_not_there(
    sharers: Sharers, invitations: Invitations, settings: Settings
) -> None:
    who = await colleague(sharers)
    id_ = await invitations.make(who, WISH, "a" * 32)
    made = await invitations.one(who, id_)
    sharers.house.clock.pass_by(timedelta(days=60))
    await invitations.open(made.code)
    sharers.house.clock.pass_by(timedelta(days=1))
    with pytest.raises(SecretUnknown):
        await invitations.open(made.code)
    with pytest.raises(NotFound):
        await invitations.one(who, id_)
    assert await invitations.all(who) == []
    await invitations.sweep(sharers.house.clock())
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        for table in ("invitations", "invitation_ways"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


async def test_one_that_cannot_be_read_back_quotes_nothing(
    sharers: Sharers, invitations: Invitations, settings: Settings
) -> None:
    who = await colleague(sharers)
    id_ = await invitations.make(who, WISH, "a" * 32)
    made = await invitations.one(who, id_)
    found = await sharers.house.database.read(lambda c: find_invitation(c, id_))
    assert found is not None
    key = bytes.fromhex(service._kept(who, found).key)
    other = seal(key, b'{"said": {"place": "Storgata 3"}}', owner=id_, name="invitation", revision=1)
    with closing(sqlite3.connect(settings.data / "words.db")) as connection, connection:
        connection.execute("UPDATE invitations SET sealed = ?", (other,))
    with pytest.raises(SealBroken) as broken:
        await invitations.one(who, id_)
    assert "Storgata" not in "".join(format_exception(broken.value))
    with pytest.raises(SecretUnknown) as unknown:
        await invitations.open(made.code)
    assert "Storgata" not in "".join(format_exception(unknown.value))


async def test_it_is_its_makers_alone(sharers: Sharers, invitations: Invitations) -> None:
    kari, ola = await colleague(sharers), await colleague(sharers, "Ola")
    id_ = await invitations.make(kari, WISH, "a" * 32)
    assert await invitations.all(ola) == []
    with pytest.raises(NotFound):
        await invitations.one(ola, id_)
    await invitations.take_back(ola, id_)
    assert (await invitations.one(kari, id_)).label == "torsdag"
    peer = replace(kari, member=replace(kari.member, roles=frozenset({"peer_worker"})))
    with pytest.raises(NotFound):
        await invitations.make(peer, WISH, "b" * 32)


async def test_the_same_request_is_the_same_invitation(sharers: Sharers, invitations: Invitations) -> None:
    kari, ola = await colleague(sharers), await colleague(sharers, "Ola")
    first, again = [await invitations.make(kari, WISH, "a" * 32) for _ in range(2)]
    assert first == again
    assert await invitations.make(ola, WISH, "a" * 32) != first


async def test_there_is_an_end_to_how_many(
    sharers: Sharers, invitations: Invitations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST", 2)
    who = await colleague(sharers)
    for request in ("a", "b", "b"):
        await invitations.make(who, WISH, request)
    with pytest.raises(TooManyInvitations):
        await invitations.make(who, WISH, "c")


async def test_what_lies_in_the_database_tells_neither_words_nor_how_long_a_label_is(
    sharers: Sharers, invitations: Invitations, settings: Settings
) -> None:
    who = await colleague(sharers)
    words = {name: new_marker() for name in ("place", "people", "greeting")}
    label = new_marker()
    for number, name in enumerate((label, "x")):
        wish = InvitationDraft(said=Invitation(language="nb", **words), label=name, slips=1)
        made = await invitations.one(who, await invitations.make(who, wish, str(number)))
        assert hits([*words.values(), label, made.link, made.code], settings.data) == []
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        sizes = connection.execute("SELECT length(sealed), length(for_maker) FROM invitations").fetchall()
    assert len(set(sizes)) == 1


async def test_a_label_reaches_its_maker_when_something_is_shared_and_nobody_else(
    sharers: Sharers, invitations: Invitations, settings: Settings
) -> None:
    kari, ola = await colleague(sharers), await colleague(sharers, "Ola")
    made = await invitations.one(kari, await invitations.make(kari, WISH, "a" * 32))
    received = await invitations.open(made.code)
    invited = await sharers.house.visits.begin("nb", received.invited)
    alone = await sharers.house.visits.begin("nb")
    for who, meeting in (invited, alone):
        await sharers.house.reach(who, meeting, "wishes/wish")
        await sharers.wish(who, meeting, "Færre folk")
        await sharers.share(who, meeting, "ahead", (kari.member, ola.member))
    assert sorted([row.label or "" for row in await sharers.readings.on_desk(kari)]) == ["", "torsdag"]
    assert [row.label for row in await sharers.readings.on_desk(ola)] == [None, None]
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        rows = connection.execute("SELECT sealed FROM share_labels").fetchall()
    assert len(rows) == 2, "who was invited cannot be told from who was not"
    assert len({len(row[0]) for row in rows}) == 1
    await invitations.take_back(kari, made.id)
    assert {row.label for row in await sharers.readings.on_desk(kari)} == {None, "torsdag"}
    reset = replace(kari, private_key=new_pair().private)
    assert await sharers.readings.on_desk(reset) == []
    await sharers.shares.withdraw(*(invited[0], invited[1].id))
    assert [row.label for row in await sharers.readings.on_desk(kari)] == [None]


async def test_what_it_told_is_filled_in_also_in_a_notebook_that_is_there(
    sharers: Sharers, invitations: Invitations
) -> None:
    house, kari = sharers.house, await colleague(sharers)
    made = await invitations.one(kari, await invitations.make(kari, WISH, "a" * 32))
    invited = (await invitations.open(made.link)).invited
    who, _ = await house.visits.begin("nb")
    notebooks = Notebooks(house.database, house.scripts, house.clock, house.broadcast)
    meeting = await notebooks.begin_another(who, "r", invited)
    assert await notebooks.begin_another(who, "r", invited) == meeting
    at = await house.standing(who, meeting)
    assert (at.meeting.invited, at.at) == (invited, "meeting/day")
    assert len((await notebooks.open(who)).notebook.meetings) == 2
