import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio
from support.house import House
from support.interrupted import Interrupted
from support.markers import hits, new_marker
from support.sharing_services import Sharers, words_in

from assistant.config import Settings
from assistant.errors import CodeLocked, CodeOver, NotFound, SecretUnknown, ShareMoved, ShareOver
from assistant.service.dialogues import PEER_SESSION
from assistant.service.notebook.notebooks import Notebooks
from assistant.service.sharing.audit_trail import record
from assistant.service.sharing.links_and_codes import kept_of
from assistant.service.sharing.openings import Openings
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import new_pair

OPENING = "a" * 32


@pytest_asyncio.fixture
async def sharers(house: House, settings: Settings) -> Sharers:
    return Sharers.of(house, settings)


def counts(settings: Settings) -> dict[str, int]:
    """How many rows each table about shares has."""
    names = ("shares", "share_owners", "share_contents", "share_ways", "share_readers", "share_acts")
    path = settings.data / "words.db"
    with closing(sqlite3.connect(path)) as connection:
        return {n: connection.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names}


async def test_what_is_shared_is_opened_by_code_and_by_link_and_read_again(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share = await sharers.share(who, meeting)
    for number, typed in enumerate((share.code, share.code.lower().replace("-", " "), share.link)):
        reader = sharers.professional()
        opening = f"{number}" * 32
        await sharers.readings.open(reader, typed, opening)
        for _ in range(2):
            assert words_in((await sharers.readings.read(reader, opening)).snapshot) == ["Færre folk"]


async def test_nothing_is_shared_before_something_is_chosen(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    found = await sharers.shares.now(who, meeting.id)
    assert found.snapshot.is_empty
    with pytest.raises(NotFound):
        await sharers.shares.share(who, meeting.id, "together", found.snapshot.digest)


async def test_what_is_carried_from_a_peer_worker_is_not_shared_before_it_is_said_for_a_meeting(
    sharers: Sharers, settings: Settings
) -> None:
    who, peer = await sharers.house.visits.begin("nb", dialogue=PEER_SESSION)
    await sharers.house.reach(who, peer, "onward/carry")
    await sharers.house.reply(who, peer, "answer", "said", statement__new1="Mer tid")
    await sharers.choosing.choose(who, peer.id, {})
    looked_at = (await sharers.shares.now(who, peer.id)).snapshot
    assert words_in(looked_at) == ["Mer tid"]
    with pytest.raises(NotFound):
        await sharers.shares.share(who, peer.id, "together", looked_at.digest)
    assert not any(counts(settings).values())


async def test_only_what_was_looked_at_is_shared(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    await sharers.choosing.choose(who, meeting.id, {})
    looked_at = (await sharers.shares.now(who, meeting.id)).snapshot.digest
    await sharers.wish(who, meeting, "Færre folk", "Noe nytt")
    with pytest.raises(ShareMoved):
        await sharers.shares.share(who, meeting.id, "together", looked_at)
    assert (await sharers.shares.now(who, meeting.id)).open is None


async def test_pressing_twice_shares_once(sharers: Sharers, settings: Settings) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    await sharers.choosing.choose(who, meeting.id, {})
    looked_at = (await sharers.shares.now(who, meeting.id)).snapshot.digest
    pressed = (sharers.shares.share(who, meeting.id, "together", looked_at) for _ in range(3))
    await asyncio.gather(*pressed)
    assert counts(settings)["shares"] == 1


async def test_withdrawing_takes_everything_but_the_trace(sharers: Sharers, settings: Settings) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share = await sharers.share(who, meeting)
    reader = sharers.professional()
    await sharers.readings.open(reader, share.code, OPENING)
    await sharers.shares.withdraw(who, meeting.id)
    left = counts(settings)
    assert (left["share_contents"], left["share_ways"], left["share_readers"]) == (0, 0, 0)
    with pytest.raises(ShareOver) as over:
        await sharers.readings.read(reader, OPENING)
    assert over.value.ended == "withdrawn"
    assert await sharers.readings.on_desk(reader) == []
    for typed in (share.code, share.link):
        with pytest.raises(SecretUnknown):
            await sharers.readings.open(sharers.professional(), typed, "b" * 32)
    found = await sharers.shares.now(who, meeting.id)
    assert found.open is None
    (trail,) = await sharers.ended_trails(who, meeting)
    assert [act.act for act in trail.acts] == ["shared", "opened", "withdrawn"]
    assert trail.acts[1].staff_id == reader.member.id
    assert trail.is_whole
    other, _ = await sharers.prepare("Mer ro")
    with pytest.raises(NotFound):
        await sharers.shares.trail(other, found.ended[0])


async def test_expiry_is_by_the_clock_and_the_sweep_destroys(sharers: Sharers, settings: Settings) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share = await sharers.share(who, meeting)
    reader = sharers.professional()
    await sharers.readings.open(reader, share.code, OPENING)
    sharers.house.clock.pass_by(timedelta(hours=12))
    with pytest.raises(ShareOver) as over:
        await sharers.readings.read(reader, OPENING)
    assert over.value.ended == "expired"
    assert counts(settings)["share_contents"] == 1
    await sharers.shares.sweep(sharers.house.clock())
    assert counts(settings)["share_contents"] == 0
    (trail,) = await sharers.ended_trails(who, meeting)
    assert trail.acts[-1].act == "expired"


async def test_what_is_sent_ahead_has_arrived_and_follows_the_meeting(sharers: Sharers) -> None:
    reader, other = sharers.professional(), sharers.professional("Ola")
    who, meeting = await sharers.prepare("Færre folk", on="2026-12-01")
    await sharers.share(who, meeting, "ahead", (reader.member,))
    (arrived,) = await sharers.readings.on_desk(reader)
    assert (arrived.was_opened, arrived.opening, arrived.meeting) == (False, None, None)
    assert arrived.share.opens_until == datetime(2026, 12, 21, tzinfo=UTC)
    assert await sharers.readings.on_desk(other) == []
    with pytest.raises(NotFound):
        await sharers.readings.open_again(other, arrived.share.id, "c" * 32)
    await sharers.readings.open_again(reader, arrived.share.id, OPENING)
    assert words_in((await sharers.readings.read(reader, OPENING)).snapshot) == ["Færre folk"]
    (here,) = await sharers.readings.on_desk(reader)
    assert here.meeting is not None
    assert here.meeting.on == date(2026, 12, 1)
    assert here.check == arrived.check is not None
    await sharers.move(who, meeting, "2026-12-20")
    (arrived,) = await sharers.readings.on_desk(reader)
    assert arrived.share.opens_until == datetime(2027, 1, 4, tzinfo=UTC)
    sharers.house.clock.at = datetime(2027, 1, 4, tzinfo=UTC)
    assert await sharers.readings.on_desk(reader) == []


async def test_ten_wrong_codes_lock_it_until_its_owner_makes_another(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share = await sharers.share(who, meeting)
    reader = sharers.professional()
    wrong = share.code[:-1] + ("0" if share.code[-1] != "0" else "1")
    tries = (sharers.readings.open(reader, wrong, f"{n}" * 32) for n in range(10))
    raised = await asyncio.gather(*tries, return_exceptions=True)
    assert {type(error) for error in raised} == {SecretUnknown}
    for typed in (wrong, share.code):
        with pytest.raises(CodeLocked):
            await sharers.readings.open(reader, typed, OPENING)
    assert (await sharers.open_one(who, meeting)).code_is_locked
    await sharers.readings.open(sharers.professional(), share.link, "b" * 32)
    await sharers.shares.renew_code(who, meeting.id, "r" * 32)
    renewed = await sharers.open_one(who, meeting)
    await sharers.shares.renew_code(who, meeting.id, "r" * 32)
    assert (await sharers.open_one(who, meeting)).code == renewed.code != share.code
    await sharers.readings.open(reader, renewed.code, OPENING)
    with pytest.raises(SecretUnknown):
        await sharers.readings.open(reader, share.link, "d" * 32)


async def test_right_codes_are_not_counted(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share = await sharers.share(who, meeting)
    for number in range(12):
        await sharers.readings.open(sharers.professional(), share.code, f"{number:032}")
    assert len((await sharers.open_one(who, meeting)).trail.acts) == 13


async def test_a_code_shown_in_the_meeting_is_short_lived(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share, reader = await sharers.share(who, meeting), sharers.professional()
    await sharers.readings.open(reader, share.code, OPENING)
    sharers.house.clock.pass_by(timedelta(minutes=30))
    for typed in (share.code, share.link):
        with pytest.raises(CodeOver):
            await sharers.readings.open(sharers.professional(), typed, "b" * 32)
    assert words_in((await sharers.readings.read(reader, OPENING)).snapshot) == ["Færre folk"]


async def test_a_change_is_what_readers_see_and_the_old_words_are_gone(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share, reader = await sharers.share(who, meeting), sharers.professional()
    await sharers.readings.open(reader, share.code, OPENING)
    await sharers.wish(who, meeting, "Bare oss to")
    assert words_in((await sharers.readings.read(reader, OPENING)).snapshot) == ["Færre folk"]
    looked_at = (await sharers.shares.now(who, meeting.id)).snapshot.digest
    await sharers.shares.change(who, meeting.id, looked_at)
    assert words_in((await sharers.readings.read(reader, OPENING)).snapshot) == ["Bare oss to"]
    assert (await sharers.open_one(who, meeting)).stored.version == 2


async def test_closing_what_was_opened_together_takes_a_new_code(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share, reader = await sharers.share(who, meeting), sharers.professional()
    await sharers.readings.open(reader, share.code, OPENING)
    await sharers.readings.close(reader, OPENING)
    with pytest.raises(ShareOver, match="closed"):
        await sharers.readings.read(reader, OPENING)
    assert await sharers.readings.on_desk(reader) == []
    await sharers.readings.open(reader, share.code, "b" * 32)
    acts = [act.act for act in (await sharers.open_one(who, meeting)).trail.acts]
    assert acts == ["shared", "opened", "closed", "opened"]


async def test_an_opening_can_be_read_again_for_a_while_and_writes_nothing(sharers: Sharers) -> None:
    reader = sharers.professional()
    who, meeting = await sharers.prepare("Færre folk")
    await sharers.share(who, meeting, "ahead", (reader.member,))
    (arrived,) = await sharers.readings.on_desk(reader)
    await sharers.readings.open_again(reader, arrived.share.id, OPENING)
    await sharers.readings.open_again(reader, arrived.share.id, OPENING)
    for _ in range(3):
        await sharers.readings.read(reader, OPENING)
    assert len((await sharers.open_one(who, meeting)).trail.acts) == 2
    sharers.house.clock.pass_by(timedelta(hours=12))
    with pytest.raises(ShareOver, match="closed"):
        await sharers.readings.read(reader, OPENING)
    (here,) = await sharers.readings.on_desk(reader)
    assert (here.was_opened, here.opening) == (True, None)


async def test_somebody_elses_opening_looks_like_a_missing_one(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share = await sharers.share(who, meeting)
    await sharers.readings.open(sharers.professional(), share.code, OPENING)
    for opening in (OPENING, "0" * 32):
        with pytest.raises(NotFound):
            await sharers.readings.read(sharers.professional(), opening)


async def test_peer_workers_and_administrators_open_nothing(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share = await sharers.share(who, meeting)
    for staff in (sharers.professional("P", "peer_worker"), sharers.professional("A", "administrator")):
        with pytest.raises(NotFound):
            await sharers.readings.open(staff, share.code, OPENING)


async def test_a_new_key_pair_opens_nothing_shared_earlier_without_its_code(sharers: Sharers) -> None:
    reader = sharers.professional()
    who, meeting = await sharers.prepare("Færre folk")
    share = await sharers.share(who, meeting, "ahead", (reader.member,))
    pair = new_pair()
    reset = replace(reader, member=replace(reader.member, public_key=pair.public), private_key=pair.private)
    assert await sharers.readings.on_desk(reset) == []
    with pytest.raises(NotFound):
        await sharers.readings.open_again(reset, share.stored.id, OPENING)
    await sharers.readings.open(reset, share.code, OPENING)
    assert words_in((await sharers.readings.read(reset, OPENING)).snapshot) == ["Færre folk"]


@pytest.mark.parametrize("whole", [True, False])
async def test_deleting_takes_the_trail_too_and_leaves_nothing(
    sharers: Sharers, settings: Settings, whole: bool
) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share, reader = await sharers.share(who, meeting), sharers.professional()
    await sharers.readings.open(reader, share.code, OPENING)
    if whole:
        await sharers.house.visits.delete_everything(who)
    else:
        house = sharers.house
        notebooks = Notebooks(house.database, house.scripts, house.clock, house.broadcast)
        await notebooks.delete_meeting(who, meeting.id)
    left = counts(settings)
    assert set(left.values()) == {0}
    with pytest.raises(NotFound):
        await sharers.readings.read(reader, OPENING)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE share_acts SET at = at + 1 WHERE number = 2",
        "UPDATE share_acts SET staff_id = 'x' WHERE number = 2",
        "UPDATE share_acts SET sealed = (SELECT sealed FROM share_acts WHERE number = 3) WHERE number = 2",
        "UPDATE share_acts SET sealed = zeroblob(length(sealed)) WHERE number = 2",
        "DELETE FROM share_acts WHERE number = 2",
    ],
)
async def test_a_trail_that_was_touched_says_so(sharers: Sharers, settings: Settings, tampering: str) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share = await sharers.share(who, meeting)
    for number in range(2):
        await sharers.readings.open(sharers.professional(), share.code, f"{number}" * 32)
    assert (await sharers.open_one(who, meeting)).trail.is_whole
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        connection.execute(tampering)
        connection.commit()
    assert not (await sharers.open_one(who, meeting)).trail.is_whole


@pytest.mark.parametrize("end", ["withdrawn", "expired", "changed"])
async def test_what_is_over_is_gone_from_every_file(sharers: Sharers, settings: Settings, end: str) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share, reader = await sharers.share(who, meeting), sharers.professional()
    await sharers.readings.open(reader, share.code, OPENING)
    boxes = contents(settings)
    assert len(boxes) == 6, "the snapshot, the owner's wrap, two ways, one reader, the review's key"
    assert all(hits([box], settings.data) for box in boxes), "the search sees what is there"
    if end == "withdrawn":
        await sharers.shares.withdraw(who, meeting.id)
    elif end == "expired":
        sharers.house.clock.pass_by(timedelta(hours=12))
        await sharers.shares.sweep(sharers.house.clock())
    else:
        await sharers.wish(who, meeting, "Bare oss to")
        looked_at = (await sharers.shares.now(who, meeting.id)).snapshot.digest
        await sharers.shares.change(who, meeting.id, looked_at)
        boxes = boxes[:1]
    assert hits(boxes, settings.data) == []


async def test_nothing_typed_or_shown_lies_open_in_any_file(sharers: Sharers, settings: Settings) -> None:
    word = new_marker()
    who, meeting = await sharers.prepare(word)
    share, reader = await sharers.share(who, meeting), sharers.professional()
    await sharers.readings.open(reader, share.code, OPENING)
    assert words_in((await sharers.readings.read(reader, OPENING)).snapshot) == [word]
    secrets = [word, share.code, share.code.replace("-", ""), share.link, share.link.replace("-", "")]
    assert hits(secrets, settings.data) == []


def contents(settings: Settings) -> list[bytes]:
    """Everything sealed that a share consists of, the snapshot first."""
    queries = (
        "SELECT sealed FROM share_contents",
        "SELECT owner_wrap FROM share_contents",
        "SELECT outer_wrap FROM share_ways",
        "SELECT sealed FROM share_readers",
        "SELECT sealed FROM review_keys",
    )
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        return [bytes(row[0]) for query in queries for row in connection.execute(query)]


async def test_a_stolen_database_does_not_tell_who_opened_or_what_they_did(
    sharers: Sharers, settings: Settings
) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share, reader = await sharers.share(who, meeting), sharers.professional()
    await sharers.readings.open(reader, share.code, OPENING)
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        rows = connection.execute("SELECT act, staff_id, opening, at, sealed FROM share_acts").fetchall()
    assert len(rows) == 2
    for act, staff_id, opening, at, sealed in rows:
        assert (act, staff_id) == ("", "")
        assert opening != OPENING
        assert at % (3600 * 10**6) == 0, "the hour, and nothing finer"
        assert reader.member.id.encode() not in sealed
    assert len({len(row[4]) for row in rows}) == 1, "a row's length tells nothing"
    trail = (await sharers.open_one(who, meeting)).trail
    assert [(a.act, a.staff_id) for a in trail.acts] == [("shared", ""), ("opened", reader.member.id)]
    assert trail.acts[1].at == sharers.house.clock()
    (row,) = await sharers.readings.on_desk(reader)
    assert (row.was_opened, row.opening) == (True, OPENING)


async def test_a_share_from_before_trails_were_sealed_is_read_and_written_on_as_it_was(
    sharers: Sharers, settings: Settings
) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share, reader = await sharers.share(who, meeting), sharers.professional()
    pepper, now = Pepper.load_or_make(settings.keys), sharers.house.clock()
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        connection.execute("UPDATE share_owners SET trail_key = NULL")
        connection.execute("DELETE FROM share_acts")
        connection.commit()
    found = await sharers.open_one(who, meeting)
    await sharers.house.database.write(lambda c: record(c, pepper, found.stored.id, "shared", now))
    await sharers.readings.open(reader, share.code, OPENING)
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        connection.execute("UPDATE share_readers SET opened = NULL")
        connection.commit()
    trail = (await sharers.open_one(who, meeting)).trail
    assert trail.is_whole
    assert [(a.act, a.staff_id) for a in trail.acts] == [("shared", ""), ("opened", reader.member.id)]
    assert words_in((await sharers.readings.read(reader, OPENING)).snapshot) == ["Færre folk"]
    (row,) = await sharers.readings.on_desk(reader)
    assert (row.was_opened, row.opening) == (True, OPENING)


async def test_a_change_that_another_tab_has_overtaken_is_looked_at_again(sharers: Sharers) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    await sharers.share(who, meeting)
    stale = (await sharers.open_one(who, meeting)).stored
    await sharers.wish(who, meeting, "Færre folk", "Fra den ene fanen")
    seen = (await sharers.shares.now(who, meeting.id)).snapshot
    await sharers.shares.change(who, meeting.id, seen.digest)
    key = bytes.fromhex(kept_of(who.owner, stale).key)
    with pytest.raises(ShareMoved):
        await sharers.shares._replace(who, stale, key, (await sharers.open_one(who, meeting)).snapshot)
    assert (await sharers.open_one(who, meeting)).snapshot.digest == seen.digest
    assert (await sharers.open_one(who, meeting)).stored.version == 2


@pytest.mark.parametrize("by_link", [True, False])
async def test_a_way_that_is_closed_while_it_is_tried_opens_nothing(
    sharers: Sharers, settings: Settings, by_link: bool
) -> None:
    who, meeting = await sharers.prepare("Færre folk")
    share, reader = await sharers.share(who, meeting), sharers.professional()

    async def renew() -> None:
        await sharers.shares.renew_code(who, meeting.id, "b" * 32)

    house = sharers.house
    slow = Interrupted(house.database, before_write=renew)
    pepper = Pepper.load_or_make(settings.keys)
    readings = Openings(slow, pepper, sharers.readings._ways, house.clock, house.broadcast)
    with pytest.raises(SecretUnknown):
        await readings.open(reader, share.link if by_link else share.code, OPENING)
    assert counts(settings)["share_readers"] == 0
    assert [a.act for a in (await sharers.open_one(who, meeting)).trail.acts] == ["shared"]
