"""What is left of a review when its share is over: all of it for its owner, and nothing for anybody else."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio
from support.house import House
from support.markers import hits, new_marker
from support.sharing_services import Sharers, Sitting, sit

from assistant.config import Settings
from assistant.errors import NotFound, SealBroken, ShareOver
from assistant.meetings.review.acts import GiveAnswer, MarkEntry, Meet, PutBeside, WantAnswer
from assistant.service.notebook.notebooks import Notebooks
from assistant.vault.review_keys import open_review_through_share
from assistant.vault.sealing import unseal
from assistant.vault.share_keys import for_reader
from assistant.vault.staff_keys import open_with


@pytest_asyncio.fixture
async def sharers(house: House, settings: Settings) -> Sharers:
    return Sharers.of(house, settings)


@dataclass(frozen=True)
class Found:
    """What somebody can get at who has a database and a member of staff's private key."""

    share_keys: set[bytes]
    review_keys: set[bytes]
    words: str


def everything_sealed(settings: Settings) -> list[bytes]:
    """Everything in any row of any table that could be a box."""
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        tables = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for table in tables for row in connection.execute(f"SELECT * FROM {table}")]
    return list({bytes(value) for row in rows for value in row if isinstance(value, bytes)})


def dig(settings: Settings, sitting: Sitting, share_id: str) -> Found:
    """Try every key that can be had on every box there is, as what it would have to be."""
    boxes, private = everything_sealed(settings), sitting.reader.private_key
    meaning = for_reader(share_id, sitting.reader.member.id)

    def opened() -> Iterator[bytes]:
        for box in boxes:
            with suppress(SealBroken):
                yield open_with(private, box, meaning)

    share_keys = set(opened())

    def keys() -> Iterator[bytes]:
        for key in {*share_keys, private}:
            for box in boxes:
                with suppress(SealBroken):
                    yield open_review_through_share(key, sitting.review_id, share_id, box)

    review_keys = set(keys())

    def words() -> Iterator[str]:
        for owner, name in ((sitting.review_id, "review"), (share_id, "snapshot")):
            for key in {*share_keys, *review_keys, private}:
                for box in boxes:
                    for revision in range(1, 12):
                        with suppress(SealBroken):
                            yield unseal(key, box, owner=owner, name=name, revision=revision).decode()

    return Found(share_keys, review_keys, "".join(words()))


def rows(settings: Settings) -> tuple[int, int]:
    """How many reviews there are, and ways to their keys."""
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        found = [
            connection.execute(f"SELECT count(*) FROM {t}").fetchone() for t in ("reviews", "review_keys")
        ]
    return found[0][0], found[1][0]


async def talk(sitting: Sitting) -> str:
    """Both say something about the first wish; its id."""
    entry = await sitting.entry("Færre folk")
    await sitting.they(GiveAnswer(entry, "can", "Vi to alene", None, 0))
    await sitting.i(PutBeside(entry, "user", "Helst ute", 0))
    return entry


@pytest.mark.parametrize("end", ["withdrawn", "expired", "closed"])
async def test_staff_can_open_nothing_of_it_with_their_key_and_the_whole_database(
    sharers: Sharers, settings: Settings, end: str
) -> None:
    """The private key is all that their password leads to."""
    sitting = await sit(sharers, "Færre folk")
    await talk(sitting)
    share_id = (await sitting.mine()).share.id
    before = dig(settings, sitting, share_id)
    assert (len(before.share_keys), len(before.review_keys)) == (1, 1), "the search finds what is there"
    assert all(words in before.words for words in ("Færre folk", "Vi to alene", "Helst ute"))
    if end == "withdrawn":
        await sharers.shares.withdraw(sitting.who, sitting.meeting.id)
    elif end == "expired":
        sharers.house.clock.pass_by(timedelta(hours=12))
        await sharers.shares.sweep(sharers.house.clock())
    else:
        await sharers.readings.close(sitting.reader, sitting.opening)
    assert dig(settings, sitting, share_id) == Found(set(), set(), "")


async def test_the_way_to_its_key_is_gone_from_every_file(sharers: Sharers, settings: Settings) -> None:
    sitting = await sit(sharers, "Færre folk")
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        (wrap,) = connection.execute("SELECT sealed FROM review_keys").fetchone()
    assert hits([wrap], settings.data), "the search sees what is there"
    await sharers.shares.withdraw(sitting.who, sitting.meeting.id)
    assert hits([wrap], settings.data) == []
    assert rows(settings) == (1, 0)


async def test_its_owner_reads_it_and_goes_on_in_it(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk", "Ta bussen")
    entry, wish = await talk(sitting), await sitting.entry("Ta bussen")
    before = await sitting.mine()
    assert before.snapshot is not None
    kind = next(one.id for s in before.snapshot.sections if s.id == "meeting" for one in s.entries)
    await sharers.shares.withdraw(sitting.who, sitting.meeting.id)
    after = await sitting.mine()
    assert (after.review, after.check, after.snapshot) == (before.review, before.check, None)
    await sitting.i(MarkEntry(entry, "next_time"))
    await sitting.i(
        PutBeside(
            entry, "user", "Det gikk fint", before.review.gone_into[entry].remarks["user/user/"].written
        )
    )
    one = (await sitting.mine()).review.gone_into[entry]
    assert (one.mark, one.remarks["user/user/"].words) == ("next_time", "Det gikk fint")
    with pytest.raises(NotFound):
        await sitting.i(WantAnswer(kind, True))
    await sitting.i(MarkEntry(wish, "talked"))
    with pytest.raises(ShareOver):
        await sitting.theirs()


async def test_another_share_of_the_same_meeting_has_a_review_of_its_own(sharers: Sharers) -> None:
    first = await sit(sharers, "Færre folk")
    await talk(first)
    await sharers.shares.withdraw(first.who, first.meeting.id)
    sharers.house.clock.pass_by(timedelta(minutes=1))
    await sharers.share(first.who, first.meeting)
    second = await sharers.sit_with(first.who, first.meeting)
    assert not (await second.theirs()).review.has_begun
    assert "Vi to alene" not in (await second.theirs()).review.model_dump_json()
    had = await sharers.reviews.had(first.who, first.meeting.id)
    assert [now.id for now in had] == [first.review_id, second.review_id]
    assert [now.snapshot is None for now in had] == [True, False]
    assert had[0].review.has_begun


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("withdrawn", [True, False])
async def test_it_goes_with_its_meeting_and_with_its_notebook(
    sharers: Sharers, settings: Settings, whole: bool, withdrawn: bool
) -> None:
    sitting, other = await sit(sharers, "Færre folk"), await sit(sharers, "Noe annet")
    await talk(sitting)
    sealed = (await sitting.mine()).opened.stored.sealed
    assert hits([sealed], settings.data), "the search sees what is there"
    if withdrawn:
        await sharers.shares.withdraw(sitting.who, sitting.meeting.id)
    if whole:
        await sharers.house.visits.delete_everything(sitting.who)
    else:
        house = sharers.house
        notebooks = Notebooks(house.database, house.scripts, house.clock, house.broadcast)
        await notebooks.delete_meeting(sitting.who, sitting.meeting.id)
        with pytest.raises(NotFound):
            await sitting.mine()
    assert rows(settings) == (1, 1), "the other person's"
    assert hits([sealed], settings.data) == []
    for act in (Meet(sitting.opening), MarkEntry("x", "talked")):
        with pytest.raises(NotFound):
            await sitting.they(act)
    assert (await other.theirs()).has_met


async def test_a_share_from_before_there_were_reviews_is_read_as_before(
    sharers: Sharers, settings: Settings
) -> None:
    sitting = await sit(sharers, "Færre folk", met=False)
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        connection.execute("DELETE FROM review_keys")
        connection.execute("DELETE FROM reviews")
        connection.commit()
    assert await sharers.reviews.of_reader(sitting.reader, sitting.opening) is None
    for act in (Meet(sitting.opening), MarkEntry("x", "talked")):
        with pytest.raises(NotFound):
            await sitting.they(act)
    with pytest.raises(NotFound):
        await sharers.records.taken(sitting.reader, sitting.opening, "text")
    assert await sharers.reviews.had(sitting.who, sitting.meeting.id) == []
    await sharers.wish(sitting.who, sitting.meeting, "Bare oss to")
    await sharers.share_again(sitting.who, sitting.meeting)
    assert (await sharers.readings.revision(sitting.reader, sitting.opening))[1].endswith(".0")
    assert (
        "Bare oss to"
        in (await sharers.readings.read(sitting.reader, sitting.opening)).snapshot.model_dump_json()
    )


async def test_every_writing_moves_what_an_open_screen_stands_at(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk", met=False)
    entry, stands = await sitting.entry("Færre folk"), []
    for number in range(3):
        stands.append(await sharers.readings.revision(sitting.reader, sitting.opening))
        await sitting.i(
            PutBeside(entry, "user", f"{number}", (await sitting.mine()).revision if number else 0)
        )
    assert len(set(stands)) == 3
    assert {share_id for share_id, _ in stands} == {(await sitting.mine()).share.id}


async def test_an_older_writing_put_back_in_the_database_does_not_open(
    sharers: Sharers, settings: Settings
) -> None:
    sitting = await sit(sharers, "Færre folk")
    older = (await sitting.mine()).opened.stored.sealed
    await talk(sitting)
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        connection.execute("UPDATE reviews SET sealed = ?", (older,))
        connection.commit()
    for look in (sitting.mine, sitting.theirs):
        with pytest.raises(SealBroken):
            await look()


async def test_nothing_said_in_it_lies_open_in_any_file(sharers: Sharers, settings: Settings) -> None:
    word = new_marker()
    sitting = await sit(sharers, "Færre folk")
    entry = await sitting.entry("Færre folk")
    await sitting.they(GiveAnswer(entry, "can", word, None, 0))
    await sitting.i(PutBeside(entry, "user", word, 0))
    await sitting.agree("a1", word)
    assert hits([word], settings.data) == []
