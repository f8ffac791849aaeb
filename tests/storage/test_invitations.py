"""Invitations, as both databases keep them."""

from functools import partial

import pytest
from sqlalchemy import Connection
from support.rows import DAY, NOW, adding, counting, shared

from assistant.errors import NotFound
from assistant.storage.database import Database
from assistant.storage.invitations import (
    StoredInvitation,
    StoredInvitationSecret,
    add_invitation,
    count_invitations,
    delete_invitation,
    delete_invitations_past,
    find_invitation,
    find_invitation_way,
    invitations_of,
    keep_label,
    label_on,
)
from assistant.storage.shares import end_share
from assistant.storage.staff import StoredStaff, add_staff


def invitation(
    name: str, staff_id: str, days: int = 1
) -> tuple[StoredInvitation, list[StoredInvitationSecret]]:
    mark = name.encode()
    ways = [
        StoredInvitationSecret(f"{kind} {name}", name, kind, f"{kind} {name}".encode(), 1, mark)
        for kind in ("link", "code")
    ]
    return StoredInvitation(name, staff_id, NOW + days * DAY, mark, mark), ways


def _way_at(connection: Connection, at: bytes) -> StoredInvitationSecret | None:
    return find_invitation_way(connection, at)


async def begin(database: Database) -> None:
    for staff_id in ("kari", "ola"):
        member = StoredStaff(staff_id, staff_id, staff_id, frozenset({"professional"}), None, NOW)
        await database.write(partial(add_staff, member=member))
    for name, staff_id, days in (("late", "kari", 9), ("soon", "kari", 1), ("his", "ola", 1)):
        found, ways = invitation(name, staff_id, days)
        await database.write(partial(add_invitation, invitation=found, ways=ways))


async def test_each_way_leads_to_its_own(database: Database) -> None:
    await begin(database)
    for index in (b"link soon", b"code soon"):
        way = await database.read(partial(_way_at, at=index))
        assert way is not None
        found = await database.read(partial(find_invitation, invitation_id=way.invitation_id))
        assert found == invitation("soon", "kari")[0]
    assert await database.read(lambda c: find_invitation_way(c, b"nobody's")) is None
    assert await database.read(lambda c: find_invitation(c, "nobody's")) is None


async def test_a_list_holds_ones_own_the_first_to_end_first(database: Database) -> None:
    await begin(database)
    mine = await database.read(lambda c: invitations_of(c, "kari", NOW))
    assert [one.id for one in mine] == ["soon", "late"]
    assert [one.id for one in await database.read(lambda c: invitations_of(c, "kari", NOW + DAY))] == ["late"]
    assert await database.read(lambda c: count_invitations(c, "kari")) == 2


async def test_made_twice_is_made_once(database: Database) -> None:
    await begin(database)
    again, ways = invitation("soon", "ola", 5)
    await database.write(lambda c: add_invitation(c, again, ways))
    found = await database.read(lambda c: find_invitation(c, "soon"))
    assert found == invitation("soon", "kari")[0]
    assert await database.read(counting("invitation_ways")) == 6


async def test_only_its_maker_takes_it_back_and_every_way_goes_with_it(database: Database) -> None:
    await begin(database)
    assert not await database.write(lambda c: delete_invitation(c, "soon", "ola"))
    assert await database.write(lambda c: delete_invitation(c, "soon", "kari"))
    assert not await database.write(lambda c: delete_invitation(c, "soon", "kari"))
    assert await database.read(lambda c: find_invitation_way(c, b"link soon")) is None
    assert await database.read(counting("invitation_ways")) == 4


async def test_what_is_over_is_deleted_on_the_moment(database: Database) -> None:
    await begin(database)
    assert await database.write(lambda c: delete_invitations_past(c, NOW)) == 0
    assert await database.write(lambda c: delete_invitations_past(c, NOW + DAY)) == 2
    assert await database.read(counting("invitation_ways")) == 2


async def test_without_its_maker_there_is_none(database: Database) -> None:
    found, ways = invitation("mine", "nobody")
    with pytest.raises(NotFound):
        await database.write(lambda c: add_invitation(c, found, ways))


async def test_a_label_goes_with_what_is_shared(database: Database) -> None:
    await database.write(adding("notebook"))
    await database.write(shared("mine", "notebook"))
    assert await database.read(lambda c: label_on(c, "mine")) == b"mine"
    assert await database.read(lambda c: label_on(c, "yours")) is None
    await database.write(lambda c: end_share(c, "mine", "withdrawn", NOW))
    assert await database.read(counting("share_labels")) == 0
    with pytest.raises(NotFound):
        await database.write(lambda c: keep_label(c, "mine", b"label"))
