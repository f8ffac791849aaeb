"""A share holds what was chosen and nothing else, whatever was told and whatever was chosen."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from support.answers import DIALOGUE, PRIVATE, told, topics, whatever_is_told
from support.effort import tries

from assistant.engine.conversation import (
    Answer,
    ChosenOptions,
    OnDay,
    RankedStatements,
    Statement,
    StatementsGiven,
)
from assistant.engine.entries import Entry
from assistant.meetings.share import (
    CHOICES,
    Choice,
    SharingChoices,
    Snapshot,
    entries_in,
    take_snapshot,
)
from assistant.meetings.share_ends import last_day, opens_until
from assistant.meetings.summary import Summary, SummarySection, summarise
from assistant.retention import RELEASED

ON = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


def planted(summary: Summary) -> tuple[Summary, Mapping[str, str]]:
    """The same summary with other own words in every entry, each found nowhere else; and which in which."""
    own = [entry for _, entry in entries_in(summary) if isinstance(entry.said, str)]
    words = {entry.id: f"MERKE{number}SLUTT" for number, entry in enumerate(own)}
    names = {entry.names: words[entry.id] for entry in own if entry.names is not None}

    def plant(entry: Entry) -> Entry:
        said = words.get(entry.id, entry.said)
        return replace(entry, said=said, topic=names.get(entry.about or "", entry.topic))

    first = tuple((section, plant(entry)) for section, entry in summary.first)
    chapters = tuple(SummarySection(c.section, tuple(map(plant, c.entries))) for c in summary.chapters)
    return Summary(first, chapters, summary.private), words


def choosing(for_all: Choice | None, exceptions: Mapping[str, Choice] | None = None) -> SharingChoices:
    return SharingChoices(salt="salt", explained=True, for_all=for_all, exceptions=dict(exceptions or {}))


@settings(max_examples=tries(150))
@given(some.data())
def test_what_is_not_shared_is_absent_whatever_is_chosen(data: some.DataObject) -> None:
    summary, words = planted(summarise(DIALOGUE, whatever_is_told(data)))
    entries = [entry for _, entry in entries_in(summary)]
    ids = some.sampled_from([entry.id for entry in entries]) if entries else some.nothing()
    exceptions = data.draw(some.dictionaries(ids, some.sampled_from(CHOICES)))
    sharing = choosing(data.draw(some.sampled_from(CHOICES)), exceptions)
    kept = take_snapshot(summary, sharing, ON).model_dump_json()
    shared = {entry.id for entry in entries if sharing.choice(entry) == "share"}
    assert {id_ for id_, marker in words.items() if marker in kept} == shared & words.keys()
    assert PRIVATE not in kept
    assert [e for e in entries if e.id in kept] == [
        e for e in entries if e.id in shared and isinstance(e.said, str)
    ], "an option's id would say which it was"
    for state in {entry.state for entry in entries}:
        assert state not in kept


@settings(max_examples=tries(60))
@given(some.data())
def test_everything_shared_is_the_whole_summary(data: some.DataObject) -> None:
    summary = summarise(DIALOGUE, whatever_is_told(data))
    again = Snapshot.model_validate_json(take_snapshot(summary, choosing("share"), ON).model_dump_json())
    told_in = [(s.id, s.heading, e.said, e.under, e.version) for s, e in entries_in(summary)]
    shown = [(s.id, s.heading, e.said, e.under, e.version) for s, e in entries_in(again.summary)]
    assert shown == told_in
    assert [len(c.blocks) for c in again.summary.chapters] == [len(c.blocks) for c in summary.chapters]


def test_a_topic_that_is_kept_back_names_nothing_that_is_shared() -> None:
    answers = topics("days", own={"t1": "Hemmelig tema"})
    answers |= {
        "topic/t1/say": StatementsGiven(statements=(Statement(id="s1", text="Om det hemmelige"),)),
        "topic/days/say": StatementsGiven(statements=(Statement(id="s2", text="Om dagene"),)),
    }
    summary = summarise(DIALOGUE, told(answers))
    said = {entry.id for _, entry in entries_in(summary)}
    if not {"s1", "s2"} <= said:
        pytest.skip("the dialogue asks otherwise about topics")
    kept = take_snapshot(summary, choosing("keep", {"s1": "share", "s2": "share"}), ON)
    spelled = kept.model_dump_json()
    assert "Om det hemmelige" in spelled
    assert "Hemmelig tema" not in spelled
    assert "days" not in spelled


def test_what_one_would_rather_say_is_told_of_without_words_or_number() -> None:
    answers = {
        "matters/now": StatementsGiven(statements=tuple(Statement(id=f"s{n}", text=f"Ord {n}") for n in "12"))
    }
    summary = summarise(DIALOGUE, told(answers))
    one = take_snapshot(summary, choosing("keep", {"s1": "say"}), ON)
    both = take_snapshot(summary, choosing("say"), ON)
    assert one == both
    assert both.more_to_say
    assert both.is_empty


def test_nothing_is_shared_until_something_is_chosen() -> None:
    answers = {"matters/now": StatementsGiven(statements=(Statement(id="s1", text="Ord"),))}
    assert take_snapshot(summarise(DIALOGUE, told(answers)), choosing(None), ON).is_empty


def test_an_exception_is_kept_through_an_edit_and_through_another_choice_for_all() -> None:
    entry = Entry("s1", 1, "matters/now", "Ord")
    sharing = choosing("share").choosing({"s1": "keep"})
    assert sharing.choice(replace(entry, version=2, said="Andre ord")) == "keep"
    assert sharing.model_copy(update={"for_all": "say"}).choice(entry) == "keep"
    assert sharing.choosing({"s1": "share"}).exceptions == {}


def test_what_was_put_first_stands_first_without_what_is_kept() -> None:
    said = StatementsGiven(statements=tuple(Statement(id=f"s{n}", text=f"Ord {n}") for n in "123"))
    summary = summarise(
        DIALOGUE, told({"wishes/wish": said, "first/three": RankedStatements(first=("s3", "s1"))})
    )
    if not summary.first:
        pytest.skip("the dialogue ranks otherwise")
    kept = take_snapshot(summary, choosing("share", {"s3": "keep"}), ON)
    assert [first.entry.said for first in kept.first] == ["Ord 1"]


def test_the_print_tells_whether_anything_is_otherwise() -> None:
    def of(text: str, on: date = ON) -> str:
        answers = {"matters/now": StatementsGiven(statements=(Statement(id="s1", text=text),))}
        return take_snapshot(summarise(DIALOGUE, told(answers)), choosing("share"), on).digest

    assert of("Ord") == of("Ord", ON + timedelta(days=1))
    assert of("Ord") != of("Ord ")


def test_a_day_and_an_option_come_back_as_they_were() -> None:
    answers: dict[str, Answer] = {
        "meeting/kind": ChosenOptions(options=("care_team",)),
        "meeting/day": OnDay(on=date(2027, 2, 5)),
    }
    kept = take_snapshot(summarise(DIALOGUE, told(answers)), choosing("share"), ON)
    assert Snapshot.model_validate_json(kept.model_dump_json()) == kept


@pytest.mark.parametrize(
    ("meeting_on", "last"),
    [
        (date(2026, 12, 1), date(2026, 12, 20)),
        (None, date(2026, 12, 6)),
        (date(2026, 11, 1), date(2026, 12, 6)),
    ],
    ids=["after the meeting", "no day told", "a day that has been"],
)
def test_what_is_sent_ahead_is_open_two_weeks_after_the_meeting_to_the_end_of_that_week(
    meeting_on: date | None, last: date
) -> None:
    until = opens_until("ahead", NOW, meeting_on, RELEASED)
    assert last_day(until) == last
    assert until == datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=UTC)


def test_what_is_opened_together_is_open_for_twelve_hours_at_most() -> None:
    assert opens_until("together", NOW, date(2027, 1, 1), RELEASED) == NOW + timedelta(hours=12)
