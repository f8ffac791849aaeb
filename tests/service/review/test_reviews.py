"""Going through it together: both sides at once, from the same rows, and only while each of them may."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from support.house import House
from support.interrupted import Interrupted
from support.sharing_services import Sharers, Sitting, sit

from assistant.config import Settings
from assistant.errors import DocumentFull, NotFound, NotMetYet, Refusal, ShareOver, WrittenBetween
from assistant.exports.pdf_worker import PdfWorker
from assistant.meetings.permissions import Role
from assistant.meetings.review.acts import (
    Act,
    Confirm,
    Drop,
    GiveAnswer,
    MarkEntry,
    Meet,
    Point,
    PrepareRecord,
    Propose,
    PutBeside,
    SeeRecord,
    TakeStand,
    TransferRecord,
    WantAnswer,
)
from assistant.meetings.review.review import Review
from assistant.service.review.medical_record import MedicalRecords
from assistant.service.review.reviews import Reviews
from assistant.vault.pepper import Pepper


@pytest_asyncio.fixture
async def sharers(house: House, settings: Settings) -> Sharers:
    return Sharers.of(house, settings)


@pytest.fixture
def over(sharers: Sharers, settings: Settings) -> Callable[[Interrupted], Reviews]:
    """The same service over a database in which something comes in between."""
    pepper, house = Pepper.load_or_make(settings.keys), sharers.house

    def build(database: Interrupted) -> Reviews:
        return Reviews(database, pepper, sharers.readings, house.clock, house.broadcast, sharers.insight)

    return build


@pytest.fixture
def taking_over(sharers: Sharers, settings: Settings) -> Callable[[Interrupted], MedicalRecords]:
    """Taking the record over a database in which something comes in between."""
    pepper, house = Pepper.load_or_make(settings.keys), sharers.house

    def build(database: Interrupted) -> MedicalRecords:
        return MedicalRecords(database, pepper, sharers.reviews, PdfWorker(), house.clock, house.broadcast)

    return build


def every_act(entry: str) -> list[Act]:
    """One of each that staff may ever want to do."""
    return [
        MarkEntry(entry, "talked"),
        WantAnswer(entry, True),
        GiveAnswer(entry, "can", "Ja", None, 0),
        PutBeside(entry, "professional", "Slik ser jeg det", 0),
        Propose("a1", "Møtes ute", "user", None, None, 0),
        Confirm("a1", 0),
        Drop("a1", 0),
        TakeStand("agree", "", "", 0),
        Point(entry),
        PrepareRecord("r1", "Ord", "nb", ""),
        SeeRecord("r1"),
        TransferRecord("r1"),
    ]


async def test_both_see_the_same_and_the_same_two_words(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk", "Ta bussen")
    entry = await sitting.entry("Færre folk")
    await sitting.they(GiveAnswer(entry, "must_ask", "Jeg spør <lederen>", None, 0))
    await sitting.i(PutBeside(entry, "user", "Helst ute", 0))
    await sitting.i(Point(await sitting.entry("Ta bussen")))
    mine, theirs = await sitting.mine(), await sitting.theirs()
    assert mine.review.as_shared == theirs.review
    assert (mine.review.digest, mine.check, mine.revision) == (
        theirs.review.digest,
        theirs.check,
        theirs.revision,
    )
    assert theirs.review.pointed == await sitting.entry("Ta bussen")
    (answer,) = theirs.review.gone_into[entry].answers.values()
    assert (answer.signed.by.name, answer.signed.by.id) == ("Kari", sitting.reader.member.id)
    assert (mine.author.side, mine.author.name, theirs.author.side) == ("user", "", "professional")


async def test_another_review_has_two_other_words(sharers: Sharers) -> None:
    sittings = [await sit(sharers, "Færre folk") for _ in range(3)]
    assert len({(await sitting.mine()).check for sitting in sittings}) > 1


async def test_staff_reads_and_does_nothing_before_they_have_met(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk", met=False)
    entry = await sitting.entry("Færre folk")
    assert not (await sitting.theirs()).has_met
    assert (await sitting.mine()).has_met
    for act in every_act(entry):
        with pytest.raises(NotMetYet):
            await sitting.they(act)
    with pytest.raises(NotMetYet):
        await sharers.records.taken(sitting.reader, sitting.opening, "text")
    with pytest.raises(NotFound):
        await sitting.they(Meet("0" * 32))
    assert (await sitting.mine()).revision == 1
    await sitting.they(Meet(sitting.opening))
    assert (await sitting.theirs()).has_met
    await sitting.they(GiveAnswer(entry, "can", "", None, 0))


async def test_whoever_opens_it_anew_says_anew_whom_they_sit_with(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk")
    share = await sharers.open_one(sitting.who, sitting.meeting)
    again = replace(sitting, opening="b" * 32)
    await sharers.readings.open(sitting.reader, share.code, again.opening)
    with pytest.raises(NotMetYet):
        await again.they(MarkEntry(await sitting.entry("Færre folk"), "talked"))


@pytest.mark.parametrize("end", ["withdrawn", "expired", "swept", "closed"])
async def test_staff_does_nothing_more_when_it_is_over(sharers: Sharers, end: str) -> None:
    sitting = await sit(sharers, "Færre folk")
    entry = await sitting.entry("Færre folk")
    if end == "withdrawn":
        await sharers.shares.withdraw(sitting.who, sitting.meeting.id)
    elif end == "closed":
        await sharers.readings.close(sitting.reader, sitting.opening)
    else:
        sharers.house.clock.pass_by(timedelta(hours=12))
    if end == "swept":
        await sharers.shares.sweep(sharers.house.clock())
    before = (await sitting.mine()).revision
    for act in (*every_act(entry), Meet(sitting.opening)):
        with pytest.raises(ShareOver) as refused:
            await sitting.they(act)
        assert refused.value.ended == (end if end in ("withdrawn", "closed") else "expired")
    with pytest.raises(ShareOver):
        await sitting.theirs()
    assert (await sitting.mine()).revision == before


async def test_somebody_elses_opening_opens_no_review(sharers: Sharers) -> None:
    sitting, other = await sit(sharers, "Færre folk"), await sit(sharers, "Noe annet")
    entry = await sitting.entry("Færre folk")
    for opening in (sitting.opening, "0" * 32):
        with pytest.raises(NotFound):
            await sharers.reviews.of_reader(other.reader, opening)
        for act in (*every_act(entry), Meet(opening)):
            with pytest.raises(NotFound):
                await sharers.reviews.act_as_reader(other.reader, opening, act)


@pytest.mark.parametrize("role", ["peer_worker", "administrator"])
async def test_who_is_no_professional_any_more_does_nothing(sharers: Sharers, role: Role) -> None:
    sitting = await sit(sharers, "Færre folk")
    member = replace(sitting.reader.member, roles=frozenset({role}))
    changed = replace(sitting, reader=replace(sitting.reader, member=member))
    with pytest.raises(NotFound):
        await changed.theirs()
    with pytest.raises(NotFound):
        await changed.they(MarkEntry(await sitting.entry("Færre folk"), "talked"))


async def test_nobody_elses_review_is_there(sharers: Sharers) -> None:
    sitting, other = await sit(sharers, "Færre folk"), await sit(sharers, "Noe annet")
    act = MarkEntry(await sitting.entry("Færre folk"), "talked")
    for meeting in (sitting.meeting, other.meeting):
        with pytest.raises(NotFound):
            await sharers.reviews.act_as_owner(other.who, meeting.id, sitting.review_id, act)
    with pytest.raises(NotFound):
        await sharers.reviews.had(other.who, sitting.meeting.id)
    assert [now.id for now in await sharers.reviews.had(other.who, other.meeting.id)] == [other.review_id]


async def test_withdrawn_in_the_very_moment_nothing_is_written(
    sharers: Sharers, over: Callable[[Interrupted], Reviews]
) -> None:
    for words, act in (("Ja", GiveAnswer), ("", Meet)):
        sitting = await sit(sharers, "Færre folk", met=act is GiveAnswer)
        entry = await sitting.entry("Færre folk")

        async def withdraw(sitting: Sitting = sitting) -> None:
            await sharers.shares.withdraw(sitting.who, sitting.meeting.id)

        done = Meet(sitting.opening) if act is Meet else GiveAnswer(entry, "can", words, None, 0)
        trail, before = await sitting.trail(), (await sitting.mine()).review
        database = Interrupted(sharers.house.database, before_write=withdraw)
        with pytest.raises(ShareOver) as ended:
            await over(database).act_as_reader(sitting.reader, sitting.opening, done)
        assert ended.value.ended == "withdrawn"
        assert (await sitting.mine()).review == before
        assert await sitting.trail() == [*trail, "withdrawn"]


@pytest.mark.parametrize("moment", ["before_read", "before_write"])
async def test_an_entry_taken_back_in_the_very_moment_does_not_come_back(
    sharers: Sharers, over: Callable[[Interrupted], Reviews], moment: str
) -> None:
    sitting = await sit(sharers, "Færre folk", "Ta bussen")
    entry = await sitting.entry("Ta bussen")

    async def take_back() -> None:
        await sharers.choosing.choose(sitting.who, sitting.meeting.id, {entry: "keep"})
        await sharers.share_again(sitting.who, sitting.meeting)

    database = Interrupted(sharers.house.database, **{moment: take_back})
    with pytest.raises(NotFound):
        await over(database).act_as_reader(
            sitting.reader, sitting.opening, GiveAnswer(entry, "can", "Ja", None, 0)
        )
    for now in (await sitting.mine(), await sitting.theirs()):
        assert "Ta bussen" not in now.review.model_dump_json()


async def test_what_is_taken_back_staff_do_not_see_and_the_user_does(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk", "Ta bussen")
    entry = await sitting.entry("Ta bussen")
    await sitting.they(GiveAnswer(entry, "can", "Ja", None, 0))
    await sharers.choosing.choose(sitting.who, sitting.meeting.id, {entry: "keep"})
    await sharers.share_again(sitting.who, sitting.meeting)
    mine, theirs = await sitting.mine(), await sitting.theirs()
    assert "Ta bussen" not in theirs.review.model_dump_json()
    assert mine.review.gone_into[entry].entry.said == "Ta bussen"
    assert mine.review.digest == theirs.review.digest
    assert mine.review.as_shared == theirs.review


async def test_an_edited_entry_keeps_the_wording_that_was_answered(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk")
    entry = await sitting.entry("Færre folk")
    await sitting.they(GiveAnswer(entry, "can", "Ja", None, 0))
    await sharers.edit(sitting.who, sitting.meeting, entry, "Bare oss to")
    await sharers.share_again(sitting.who, sitting.meeting)
    for now in (await sitting.mine(), await sitting.theirs()):
        one = now.review.gone_into[entry]
        (answer,) = one.answers.values()
        assert (one.entry.said, one.wording(answer.about)) == ("Bare oss to", "Færre folk")


async def test_the_trail_has_what_staff_did_and_no_words(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk")
    await sitting.they(GiveAnswer(await sitting.entry("Færre folk"), "can", "Ja", None, 0))
    await sitting.prepare_record()
    await sharers.records.taken(sitting.reader, sitting.opening, "text")
    await sharers.records.taken(sitting.reader, sitting.opening, "pdf")
    await sitting.they(TransferRecord("r1"))
    await sitting.they(TransferRecord("r1"))
    await sitting.they(Meet(sitting.opening))
    assert await sitting.trail() == [
        "shared",
        "opened",
        "met",
        "prepared",
        "took_text",
        "took_pdf",
        "transferred",
    ]
    acts = (await sharers.open_one(sitting.who, sitting.meeting)).trail.acts
    assert {act.staff_id for act in acts[1:]} == {sitting.reader.member.id}
    assert (await sitting.theirs()).review.stage == "transferred"


async def test_the_record_is_taken_only_when_seen_and_as_it_was_seen(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk")

    async def refused() -> None:
        with pytest.raises(NotFound):
            await sharers.records.taken(sitting.reader, sitting.opening, "text")

    await refused()
    await sitting.they(PrepareRecord("r1", "Ord", "nb", await sitting.print_for_record()))
    await refused()
    await sitting.i(SeeRecord("r1"))
    _, taken = await sharers.records.taken(sitting.reader, sitting.opening, "text")
    assert taken.text == "Ord"
    await sitting.i(PutBeside(await sitting.entry("Færre folk"), "user", "Ikke så fort", 0))
    await refused()
    assert (await sitting.trail()).count("took_text") == 1


async def test_what_is_said_while_the_record_is_taken_stops_it(
    sharers: Sharers, taking_over: Callable[[Interrupted], MedicalRecords]
) -> None:
    sitting = await sit(sharers, "Færre folk")
    entry = await sitting.entry("Færre folk")
    await sitting.prepare_record()
    pointed = Interrupted(sharers.house.database, before_write=lambda: sitting.i(Point(entry)))
    await taking_over(pointed).taken(sitting.reader, sitting.opening, "text")
    said = Interrupted(
        sharers.house.database, before_write=lambda: sitting.i(PutBeside(entry, "user", "Vent", 0))
    )
    with pytest.raises(NotFound):
        await taking_over(said).taken(sitting.reader, sitting.opening, "text")
    assert (await sitting.trail()).count("took_text") == 1


async def test_a_review_that_is_full_refuses_and_loses_nothing(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk")
    entry = await sitting.entry("Færre folk")
    await sitting.i(PutBeside(entry, "user", "Helst", 0))
    before = await sitting.mine()
    for act in (sitting.i, sitting.they):
        with pytest.raises(DocumentFull) as full:
            await act(PutBeside(entry, "professional", "å" * 300_000, 0))
        assert isinstance(full.value, Refusal)
    now = await sitting.mine()
    assert (now.review, now.revision) == (before.review, before.revision)
    await sitting.they(GiveAnswer(entry, "can", "Ja", None, 0))


async def test_the_same_request_again_is_no_new_writing(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk")
    entry = await sitting.entry("Færre folk")
    on = (await sitting.mine()).review.digest
    acts: list[Act] = [
        TakeStand("differ", "Jeg ser det slik", on, 0),
        MarkEntry(entry, "talked"),
        Point(entry),
    ]
    for number, act in enumerate(acts, start=3):
        for _ in range(3):
            await sitting.i(act)
            assert (await sitting.mine()).revision == number
    answer = GiveAnswer(entry, "can", "Ja", None, 0)
    await asyncio.gather(*(sitting.they(answer) for _ in range(5)))
    assert (await sitting.mine()).revision == 6


async def test_what_both_write_at_once_is_all_there_and_no_writing_is_skipped(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk", "Ta bussen", "En pause")
    entries = [await sitting.entry(words) for words in ("Færre folk", "Ta bussen", "En pause")]
    before = (await sitting.mine()).revision
    await asyncio.gather(
        *(sitting.i(PutBeside(entry, "user", f"Jeg om {entry}", 0)) for entry in entries),
        *(sitting.they(PutBeside(entry, "professional", f"Hun om {entry}", 0)) for entry in entries),
        *(sitting.they(GiveAnswer(entry, "can", f"Ja til {entry}", None, 0)) for entry in entries),
        *(sitting.i(Propose(f"a{n}", f"Avtale {n}", "user", None, None, 0)) for n in (1, 2)),
    )
    now = await sitting.mine()
    assert now.revision == before + 11
    spelled = now.review.model_dump_json()
    assert all(f"{who} {entry}" in spelled for entry in entries for who in ("Jeg om", "Hun om", "Ja til"))
    assert {proposal.what for proposal in now.review.proposals} == {"Avtale 1", "Avtale 2"}
    assert (await sitting.theirs()).review == now.review.as_shared


async def test_two_wordings_at_once_of_one_agreement_leave_one_and_tell_the_other(sharers: Sharers) -> None:
    sitting = await sit(sharers, "Færre folk")
    await sitting.agree("a1", "Møtes ute")
    proposal = (await sitting.mine()).review.proposal("a1")
    assert proposal is not None
    reworded = [Propose("a1", f"Møtes {where}", "user", None, None, proposal.written) for where in "ab"]
    raised = await asyncio.gather(sitting.i(reworded[0]), sitting.they(reworded[1]), return_exceptions=True)
    assert sorted(str(type(one)) for one in raised) == sorted([str(type(None)), str(WrittenBetween)])
    now = (await sitting.mine()).review
    assert not now.agreed
    assert len(now.proposals[0].confirmed) == 1


@pytest.mark.parametrize("seed", range(4))
async def test_in_any_order_at_once_each_that_did_something_is_one_writing(
    sharers: Sharers, seed: int
) -> None:
    chance = random.Random(seed)
    sitting = await sit(sharers, "Færre folk", "Ta bussen")
    entries = [await sitting.entry("Færre folk"), await sitting.entry("Ta bussen")]

    def any_act(now: Review, revision: int) -> Act:
        seen = chance.choice([0, revision, chance.randint(0, revision)])
        entry, words = chance.choice(entries), chance.choice(["Ja", "Nei", ""])
        acts: list[Act] = [
            MarkEntry(entry, chance.choice([None, "talked"])),
            GiveAnswer(entry, "can", words, None, seen),
            PutBeside(entry, "user", words, seen),
            Propose("a1", words, "user", None, None, seen),
            Confirm("a1", seen),
            TakeStand("agree", words, now.digest, seen),
        ]
        return chance.choice(acts)

    for _ in range(12):
        before = await sitting.mine()
        acts = [any_act(before.review, before.revision) for _ in range(4)]
        sides = [sitting.i, sitting.they, sitting.i, sitting.they]
        raised = await asyncio.gather(
            *(side(act) for side, act in zip(sides, acts, strict=True)), return_exceptions=True
        )
        assert all(one is None or isinstance(one, Refusal | NotFound) for one in raised)
        mine, theirs = await sitting.mine(), await sitting.theirs()
        assert before.revision <= mine.revision <= before.revision + raised.count(None)
        assert (mine.revision == before.revision) == (mine.review == before.review)
        assert mine.review.as_shared == theirs.review
        assert Review.model_validate_json(mine.review.model_dump_json()) == mine.review
