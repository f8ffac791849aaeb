"""Whatever two sides and several hands do in a review, in whatever order and on however old a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as some
from support.effort import tries
from support.review_acts import KARI, OLA, USER, Together, entry, shared

from assistant.errors import NotFound, Refusal
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
from assistant.meetings.review.agreement import OtherPerson
from assistant.meetings.review.apply import ActContext, apply_act
from assistant.meetings.review.review import SIDES, Author, Review, Signed
from assistant.meetings.review.snapshot_changes import entries_shared, follow
from assistant.meetings.share import Snapshot

HANDS = (USER, KARI, OLA)
ENTRIES = ("fewer", "bus", "rest", "kept back")
WORDS = some.sampled_from(["", " ", "Ja", "Nei", "  å\n👩‍👩‍👧 "])
AGREEMENTS = some.sampled_from(["a1", "a2"])
RECORDS = some.sampled_from(["r1", "r2"])

Place = tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """What stands in a place where words are written, and by whom."""

    words: str
    signed: Signed
    written: int


@dataclass
class Going(Together):
    """The same, with every act that was tried."""

    tried: list[tuple[Author, Act]] = field(default_factory=list)


def words_in(review: Review) -> Mapping[Place, Words]:
    """Every place in a review that somebody's words stand in."""
    found: dict[Place, Words] = {}
    for id_, one in review.gone_into.items():
        for key, answer in one.answers.items():
            found["answer", id_, key] = Words(f"{answer.kind} {answer.words}", answer.signed, answer.written)
        for key, remark in one.remarks.items():
            found["remark", id_, key] = Words(remark.words, remark.signed, remark.written)
    for key, said in review.standpoints.items():
        found["standpoint", key] = Words(f"{said.view} {said.words}", said.signed, said.written)
    for proposal in review.proposals:
        found["agreement", proposal.id] = Words(proposal.what, proposal.signed, proposal.written)
    return found


def snapshots() -> some.SearchStrategy[Snapshot]:
    """Some entries in some wording, some of them first."""
    entries = some.builds(
        lambda id_, version: entry(id_, f"{id_} {version}", version),
        some.sampled_from(ENTRIES[:3]),
        some.integers(1, 3),
    )
    chosen = some.lists(entries, min_size=1, max_size=3, unique_by=lambda one: one.id)
    return some.builds(
        lambda picked, first: shared(*picked, first=first), chosen, some.sets(some.sampled_from(ENTRIES[:3]))
    )


def acts(now: Going, by: Author) -> some.SearchStrategy[Act]:
    """Acts on pages that may be new or old."""
    places = words_in(now.review)
    seen = some.sampled_from([0, *(w.written for w in places.values())]) | some.integers(0, now.number)
    on = some.sampled_from([now.review.digest] * 3 + ["an older print"])
    entries, flags = some.sampled_from(ENTRIES), some.booleans()
    who = some.sampled_from([*SIDES, OtherPerson(name="Siri")])
    own = some.builds(PutBeside, entries, some.sampled_from(SIDES), WORDS, seen)
    return some.one_of(
        some.builds(MarkEntry, entries, some.sampled_from([None, "talked", "next_time"])),
        some.builds(WantAnswer, entries, flags),
        some.builds(
            GiveAnswer,
            entries,
            some.sampled_from(["can", "must_ask", "not_possible"]),
            WORDS,
            some.none(),
            seen,
        ),
        own,
        some.builds(Propose, AGREEMENTS, WORDS, who, some.none(), some.none(), seen),
        some.builds(Confirm, AGREEMENTS, seen),
        some.builds(Drop, AGREEMENTS, seen),
        some.builds(TakeStand, some.sampled_from(["agree", "differ", "unfinished"]), WORDS, on, seen),
        some.builds(Point, entries | some.none()),
        some.builds(Meet, some.sampled_from(["one", "two"])),
        some.builds(PrepareRecord, RECORDS, WORDS, some.just("nb"), on),
        some.builds(SeeRecord, RECORDS),
        some.builds(TransferRecord, RECORDS),
    )


def places_of(act: Act, by: Author) -> list[Place]:
    """The one place this act may write in."""
    match act:
        case GiveAnswer(entry=entry):
            return [("answer", entry, f"professional/{by.side}/{by.id}")]
        case PutBeside(entry=entry, whose=whose):
            return [("remark", entry, f"{whose}/{by.side}/{by.id}")]
        case TakeStand():
            return [("standpoint", f"{by.side}/{by.side}/{by.id}")]
        case Propose(id=id_) | Drop(id=id_):
            return [("agreement", id_)]
        case _:
            return []


def see_that_nothing_is_lost(before: Review, act: Act, by: Author, done: Review) -> None:
    """Only in its own place did it write, over nothing that its page did not show."""
    then, now = words_in(before), words_in(done)
    for place in then.keys() | now.keys():
        if then.get(place) != now.get(place):
            assert place in places_of(act, by)
            assert getattr(act, "seen", None) == (then[place].written if place in then else 0)
            assert place not in now or isinstance(act, Drop) or now[place].signed.by == by
    for proposal in done.proposals:
        earlier = before.proposal(proposal.id)
        known = earlier.confirmed if earlier and not isinstance(act, Propose) else {}
        fresh = [one for key, one in proposal.confirmed.items() if known.get(key) != one]
        assert all(one.by == by or (earlier and earlier.confirmed.get(one.key) == one) for one in fresh)
    assert {proposal.id for proposal in before.proposals} <= {proposal.id for proposal in done.proposals}


def see_that_it_is_whole(now: Going) -> None:
    """What holds of every review there can be."""
    review = now.review
    assert Review.model_validate_json(review.model_dump_json()) == review
    staff = Review.model_validate_json(review.as_shared.model_dump_json())
    assert staff == staff.as_shared == review.as_shared
    assert (staff.digest, staff.stage) == (review.digest, review.stage)
    assert now.snapshot is not None
    assert follow(review, now.snapshot).digest == review.digest
    shown = {id_: one.entry for id_, one in entries_shared(now.snapshot)}
    assert all(shown[id_] == one.entry for id_, one in staff.gone_into.items())
    assert review.pointed is None or review.pointed in shown
    for one in review.gone_into.values():
        about = {a.about for a in one.answers.values()} | {r.about for r in one.remarks.values()}
        assert {one.wording(version) for version in about} <= {f"{one.entry.id} {n}" for n in (1, 2, 3)}
        assert one.wordings.keys() == about - {one.entry.version}
    for proposal in review.proposals:
        assert all(signed.is_in_own_hand for signed in proposal.confirmed.values())
        assert proposal.is_agreed == (
            proposal.dropped is None and {s.by.side for s in proposal.confirmed.values()} == set(SIDES)
        )
    assert all(one.signed.is_in_own_hand for one in review.standpoints.values())
    assert all(record.seen for record in review.records if record.transferred)


def take(now: Going, by: Author, act: Act) -> None:
    """Do it, as whoever sends it; where it is refused nothing is done."""
    before = now.review
    try:
        done = now.do(by, act)
    except (Refusal, NotFound):
        assert now.review == before
        return
    see_that_nothing_is_lost(before, act, by, done)
    if isinstance(act, MarkEntry | Point | Meet | PrepareRecord | SeeRecord | TransferRecord | TakeStand):
        assert done.digest == before.digest


def see_that_again_is_nothing(now: Going, by: Author, act: Act) -> None:
    """The same request once more, before anything else came."""
    try:
        again = apply_act(now.review, act, ActContext(by, now.at, now.number + 1, now.snapshot))
    except (Refusal, NotFound):
        return
    assert again == now.review


@settings(max_examples=tries(100))
@given(some.data())
def test_nothing_is_lost_and_nobody_is_spoken_for_whatever_is_done(data: some.DataObject) -> None:
    now = Going(shared(entry("fewer", "fewer 1"), entry("bus", "bus 1"), first=["fewer"]))
    for _ in range(data.draw(some.integers(1, 25), label="acts")):
        step = data.draw(some.sampled_from(["act"] * 6 + ["an old page", "share"]))
        if step == "share":
            said = words_in(now.review)
            now.share(data.draw(snapshots()))
            assert words_in(now.review) == said
        elif step == "act" or not now.tried:
            by = data.draw(some.sampled_from(HANDS))
            act = data.draw(acts(now, by))
            take(now, by, act)
            see_that_again_is_nothing(now, by, act)
            now.tried.append((by, act))
        else:
            by, act = data.draw(some.sampled_from(now.tried))
            take(now, by, act)
        see_that_it_is_whole(now)


ORDERLY: list[tuple[Author, Callable[[Review], Act]]] = [
    (KARI, lambda _: GiveAnswer("fewer", "can", "Ja", None, 0)),
    (OLA, lambda _: GiveAnswer("fewer", "must_ask", "Jeg spør", None, 0)),
    (USER, lambda _: PutBeside("fewer", "user", "Helst", 0)),
    (USER, lambda _: PutBeside("fewer", "professional", "Hun ser det slik", 0)),
    (KARI, lambda _: Propose("a1", "Møtes ute", "professional", None, None, 0)),
    (USER, lambda _: Propose("a2", "Ringe", "user", None, None, 0)),
    (USER, lambda _: MarkEntry("bus", "talked")),
    (USER, lambda review: TakeStand("differ", "Jeg ser det slik", review.digest, 0)),
]


@settings(max_examples=tries(60))
@given(some.permutations(ORDERLY))
def test_what_is_written_in_different_places_is_all_there_in_any_order(
    order: list[tuple[Author, Callable[[Review], Act]]],
) -> None:
    now = Together()
    for by, act in order:
        now.do(by, act(now.review))
    assert sorted(said.words for said in words_in(now.review).values()) == [
        "Helst",
        "Hun ser det slik",
        "Møtes ute",
        "Ringe",
        "can Ja",
        "differ Jeg ser det slik",
        "must_ask Jeg spør",
    ]
    assert now.number == 1 + len(ORDERLY)
