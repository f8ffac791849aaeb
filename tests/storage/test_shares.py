"""Shares, as both databases keep them."""

from functools import partial

import pytest
from support.rows import DAY, NOW, adding, counting, shared

from assistant.errors import NotFound
from assistant.storage.database import Database
from assistant.storage.share_audit import audit_rows, find_opening
from assistant.storage.shares import (
    StoredShareSecret,
    add_way,
    count_wrong,
    delete_shares_for,
    delete_ways,
    end_share,
    find_share,
    find_way,
    key_for,
    let_read,
    move_end,
    replace_snapshot,
    share_ids_in,
    shares_for,
    shares_past,
    shares_read_by,
    ways_to,
)

INDEX = b"mine"


async def begin(database: Database) -> None:
    for name in ("mine", "yours"):
        await database.write(adding(f"notebook of {name}"))
        await database.write(shared(name, f"notebook of {name}"))


async def test_a_share_is_found_with_all_that_hangs_on_it(database: Database) -> None:
    await begin(database)
    share = await database.read(lambda c: find_share(c, "mine"))
    assert share is not None
    assert (share.sealed, share.owner_wrap, share.notebook_id) == (b"mine", b"mine", "notebook of mine")
    assert share.is_open(NOW)
    assert not share.is_open(NOW + DAY)
    assert await database.read(lambda c: shares_for(c, "notebook of mine", "meeting")) == [share]
    assert await database.read(lambda c: shares_for(c, "notebook of mine", "another")) == []
    assert await database.read(lambda c: shares_for(c, "notebook of yours", "mine")) == []
    assert await database.read(lambda c: share_ids_in(c, "notebook of mine")) == ["mine"]
    assert await database.read(lambda c: find_share(c, "nobody's")) is None


async def test_ending_destroys_what_can_be_opened_and_keeps_the_trail(database: Database) -> None:
    await begin(database)
    assert await database.write(lambda c: end_share(c, "mine", "withdrawn", NOW))
    assert not await database.write(lambda c: end_share(c, "mine", "expired", NOW + DAY))
    share = await database.read(lambda c: find_share(c, "mine"))
    assert share is not None
    assert (share.sealed, share.owner_wrap, share.ended, share.ended_at) == (None, None, "withdrawn", NOW)
    for table in ("share_contents", "share_ways", "share_readers"):
        assert await database.read(counting(table)) == 1, table
    assert len(await database.read(lambda c: audit_rows(c, "mine"))) == 1
    for write in (
        lambda c: replace_snapshot(c, "mine", version=2, sealed=b"x"),
        lambda c: let_read(c, "mine", "staff", b"x"),
    ):
        with pytest.raises(NotFound):
            await database.write(write)


async def test_a_place_is_taken_once(database: Database) -> None:
    await begin(database)
    way = StoredShareSecret("another", "yours", "code", INDEX, b"", 1, b"", NOW)
    assert not await database.write(lambda c: add_way(c, way))
    await database.write(lambda c: delete_ways(c, "mine"))
    assert await database.write(lambda c: add_way(c, way))
    found = await database.read(lambda c: find_way(c, INDEX))
    assert found is not None
    assert found.share_id == "yours"


async def test_wrong_tries_are_counted_up_and_down(database: Database) -> None:
    await begin(database)
    for by in (1, 1, 1, -1):
        await database.write(partial(count_wrong, way_id="way to mine", by=by))
    assert await database.read(lambda c: ways_to(c, "mine")) == [("code", NOW + DAY, 2)]
    assert await database.read(lambda c: ways_to(c, "yours")) == [("code", NOW + DAY, 0)]


async def test_a_key_is_for_its_reader_and_the_newest_counts(database: Database) -> None:
    await begin(database)
    await database.write(lambda c: let_read(c, "mine", "staff", b"newer"))
    assert await database.read(lambda c: key_for(c, "mine", "staff")) == b"newer"
    assert await database.read(lambda c: key_for(c, "mine", "another")) is None
    read = await database.read(lambda c: shares_read_by(c, "staff", NOW))
    assert {share.id for share in read} == {"mine", "yours"}
    assert await database.read(lambda c: shares_read_by(c, "staff", NOW + DAY)) == []


async def test_what_is_past_is_found_until_it_is_ended(database: Database) -> None:
    await begin(database)
    await database.write(lambda c: move_end(c, "mine", NOW + 2 * DAY))
    assert [s.id for s in await database.read(lambda c: shares_past(c, NOW + DAY))] == ["yours"]
    await database.write(lambda c: end_share(c, "yours", "expired", NOW + DAY))
    assert await database.read(lambda c: shares_past(c, NOW + DAY)) == []
    found = await database.read(lambda c: find_way(c, INDEX))
    assert found is not None
    assert found.works_until == NOW + 2 * DAY


async def test_an_opening_is_its_readers_own(database: Database) -> None:
    await begin(database)
    assert await database.read(lambda c: find_opening(c, "staff", "opening of mine")) is not None
    assert await database.read(lambda c: find_opening(c, "another", "opening of mine")) is None


async def test_deleting_leaves_nothing_of_it(database: Database) -> None:
    await begin(database)
    await database.write(lambda c: delete_shares_for(c, "notebook of mine", "meeting"))
    assert await database.read(lambda c: find_share(c, "mine")) is None
    assert await database.read(counting("shares")) == 1, "the other notebook's is there"
    assert await database.read(counting("share_acts")) == 1


async def test_a_share_in_a_notebook_that_is_gone_is_not_made(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.write(shared("mine", "gone"))
    assert await database.read(counting("shares")) == 0
