"""What another person wrote is unread until the user approves exactly that version, whatever happens."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from support.answers import DIALOGUE, whatever_is_told
from support.effort import tries

from assistant.dialogue.model import Address
from assistant.engine.conversation import Answer, Axis, PlacedBalance, Skipped
from assistant.engine.entries import Entry
from assistant.engine.reply import as_given
from assistant.meetings.share import SharingChoices, Snapshot, take_snapshot, waiting_in
from assistant.meetings.summary import summarise
from assistant.meetings.written_for import STOPS_AFTER, WrittenFor, entries_in_answers, without_entry

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)
AT = "wishes/wish"
ON = date(2026, 11, 29)


def entry(id_: str, version: int) -> Entry:
    return Entry(id_, version, AT, f"{id_} {version}")


_ACTS = some.tuples(
    some.booleans(), some.sampled_from(["write", "edit", "remove", "approve", "leave"]), some.integers(0, 3)
)


@settings(max_examples=tries(200))
@given(some.lists(_ACTS, max_size=25))
def test_unread_is_exactly_what_another_person_wrote_last_and_nobody_approved(
    acts: list[tuple[bool, str, int]],
) -> None:
    written, entries, author = WrittenFor(), dict[str, Entry](), dict[str, str]()
    last = dict.fromkeys(map(str, range(4)), 0)
    for by_another, act, number in acts:
        id_, before = str(number), dict(entries)
        if act == "approve":
            at = entries[id_].version if id_ in entries else 1
            written = written.approved(id_, at)
            if id_ in entries:
                author[id_] = "approved"
            continue
        if act == "remove":
            entries.pop(id_, None)
            author.pop(id_, None)
        elif (act == "write") == (id_ not in entries) and act != "leave":
            last[id_] += 1
            entries[id_] = entry(id_, last[id_])
            author[id_] = "another" if by_another else "user"
        written = written.after_turn(before, entries, {}, by_another=by_another)
        written = WrittenFor.model_validate_json(written.model_dump_json())
        assert written.unread == {i: entries[i].version for i, who in author.items() if who == "another"}


def test_only_the_version_that_was_read_is_approved() -> None:
    written = WrittenFor(unread={"a": 2, "b": 1})
    assert written.approved("a", 1) == written
    assert written.approved("a", 2).unread == {"b": 1}


def test_a_draft_that_another_person_left_is_unread_if_it_is_sent_unchanged() -> None:
    left = WrittenFor().after_draft({}, {AT: {"statement.new1": ("Å sove",)}}, by_another=True)
    assert left.typed == (AT,)
    draft = {AT: {"statement.new1": ("Å sove",), "option": ("days",)}}
    as_left = {"1": Entry("1", 1, AT, "Å sove")}
    assert left.after_turn({}, as_left, draft, by_another=False).unread == {"1": 1}
    own = {"1": Entry("1", 1, AT, "Å sove godt")}
    assert not left.after_turn({}, own, draft, by_another=False).unread
    elsewhere = {"2": Entry("2", 1, "needs/need", "Å sove")}
    assert not left.after_turn({}, elsewhere, draft, by_another=False).unread


def test_a_draft_belongs_to_the_person_who_typed_in_it_last() -> None:
    helper, mine = {AT: {"statement.new1": ("Å",)}}, {AT: {"statement.new1": ("Å sove",)}}
    left = WrittenFor().after_draft({}, helper, by_another=True)
    assert left.after_draft(helper, mine, by_another=False).typed == ()
    assert left.after_draft(helper, helper, by_another=False).typed == (AT,)
    assert left.after_draft(helper, {}, by_another=False).typed == (), "it was sent or taken away"


def test_it_ends_by_itself_in_another_session_and_when_the_user_says_so() -> None:
    on = WrittenFor().begun("here", NOW)
    assert on.is_by_another("here", NOW + STOPS_AFTER - timedelta(seconds=1))
    assert not on.is_by_another("here", NOW + STOPS_AFTER)
    assert not on.is_by_another("elsewhere", NOW)
    later = NOW + STOPS_AFTER - timedelta(minutes=1)
    assert on.acted("here", later).is_by_another("here", NOW + STOPS_AFTER), "an act begins the time again"
    assert on.acted("elsewhere", later) == on
    assert not on.ended().is_by_another("here", NOW)
    assert not on.ended().acted("here", NOW).is_by_another("here", NOW), "an old page does not begin it anew"


def words_of(snapshot: Snapshot) -> set[str]:
    entries = [one.entry for one in snapshot.first] + [e for s in snapshot.sections for e in s.entries]
    return {entry.id for entry in entries if isinstance(entry.said, str)}


@settings(max_examples=tries(100))
@given(some.data())
def test_what_is_unread_is_never_shared(data: some.DataObject) -> None:
    journey = whatever_is_told(data)
    everything = entries_in_answers(DIALOGUE, journey.answers)
    ids = data.draw(some.sets(some.sampled_from(sorted(everything)))) if everything else set()
    unread = {id_: everything[id_].version for id_ in ids}
    summary = summarise(DIALOGUE, journey, unread)
    for choice in ("share", "say"):
        sharing = SharingChoices(salt="salt", for_all=choice)
        shared = take_snapshot(summary, sharing, ON)
        assert not words_of(shared) & ids
        bare = take_snapshot(summarise(DIALOGUE, journey), sharing, ON)
        assert words_of(shared) == words_of(bare) - ids
        count = [len(s.first) + sum(len(part.entries) for part in s.sections) for s in (shared, bare)]
        assert count[0] + (waiting_in(summary) if choice == "share" else 0) == count[1]
    older = {id_: version + 1 for id_, version in unread.items()}
    assert not waiting_in(summarise(DIALOGUE, journey, older)), "a mark is for one version"


@settings(max_examples=tries(60))
@given(some.data())
def test_taking_away_an_entry_leaves_every_other_entry_as_it_was(data: some.DataObject) -> None:
    answers: dict[Address, Answer] = dict(whatever_is_told(data).answers)
    for id_, one in entries_in_answers(DIALOGUE, answers).items():
        had = entries_in_answers(DIALOGUE, answers)
        answers[one.state] = without_entry(one.state, answers[one.state], id_)
        assert entries_in_answers(DIALOGUE, answers) == {i: e for i, e in had.items() if i != id_}
    assert not any(as_given(a) for a in answers.values() if not hasattr(a, "first")), "nothing empty is left"


@pytest.mark.parametrize("axis", [Axis(level="more"), Axis(forms=("time",))])
def test_a_balance_with_nothing_left_is_skipped(axis: Axis) -> None:
    at = "balance/place"
    placed = PlacedBalance(support=axis, challenge=Axis())
    kind, chosen = ("level", axis.level) if axis.level else ("forms", axis.forms[0])
    assert without_entry(at, placed, f"{at}.support.{kind}.{chosen}") == Skipped()
