"""The summary: everything that was said, once and as it was written, and nothing private among it."""

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as some
from support.effort import tries

from assistant.dialogue.library import read_dialogue
from assistant.dialogue.model import (
    Address,
    Balance,
    Choice,
    Choices,
    Day,
    Dialogue,
    OwnText,
    Part,
    Question,
    Rank,
    Say,
    Statements,
    Text,
)
from assistant.engine.conversation import (
    Answer,
    Axis,
    ChosenOptions,
    Conversation,
    OnDay,
    PlacedBalance,
    RankedStatements,
    Skipped,
    Statement,
    StatementsGiven,
)
from assistant.engine.entries import Entry, entries_of, rankable_in
from assistant.engine.journey import Journey, begin, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given
from assistant.engine.turn import Reply, take_turn
from assistant.meetings.summary import Summary, summarise, topic_named

ROOT = Path(__file__).parents[2]


def read(folder: str) -> Dialogue:
    dialogue, issues = read_dialogue(ROOT / folder)
    assert dialogue is not None, issues
    assert issues == []
    return dialogue


BEFORE_MEETING = read("dialogues/before_meeting")
SMALL = read("tests/engine/small")
WINDING = read("tests/engine/winding")


def stated(*texts: str, of: str = "s") -> StatementsGiven:
    """Statements with ids made from `of`."""
    return StatementsGiven(
        statements=tuple(Statement(id=f"{of}{n}", text=text) for n, text in enumerate(texts, 1))
    )


def summary_of(dialogue: Dialogue, answers: dict[Address, Answer]) -> Summary:
    return summarise(dialogue, walk(DialogueMachine(dialogue), answers))


def said(entries: tuple[Entry, ...]) -> list[object]:
    """What the entries say, an option by its English wording."""
    return [entry.said.in_("en") if isinstance(entry.said, Text) else entry.said for entry in entries]


def chapters_of(summary: Summary) -> dict[str, list[object]]:
    return {chapter.section.id: said(chapter.entries) for chapter in summary.chapters}


# ---- what was said, by section


def test_nothing_said_is_an_empty_summary() -> None:
    assert summary_of(WINDING, {}) == Summary((), (), ())
    assert summary_of(WINDING, {"start/wish": Skipped(), "start/more": Skipped()}) == Summary((), (), ())


def test_chapters_stand_in_the_order_of_the_sections_and_only_where_something_was_said() -> None:
    answers: dict[Address, Answer] = {
        "start/wish": stated("ro", "fred"),
        "start/which": ChosenOptions(options=("home",)),
    }
    summary = summary_of(WINDING, answers)
    assert chapters_of(summary) == {"topics": ["Housing"], "wishes": ["ro", "fred"]}
    assert [chapter.section.id for chapter in summary.chapters] == ["topics", "wishes"]


def test_every_kind_of_answer_gives_its_entries() -> None:
    answers: dict[Address, Answer] = {
        "trip/kind": ChosenOptions(options=("walk",)),
        "trip/day": OnDay(on=date(2026, 1, 5), at=time(9, 5)),
        "trip/with_whom": ChosenOptions(options=("family", "friend")),
        "me/wish": stated(" ro \n"),
        "me/balance": PlacedBalance(
            support=Axis(level="more", forms=("listen", "time"), own=Statement(id="a", text="vent")),
            challenge=Axis(own=Statement(id="b", text="spør")),
            signal=Statement(id="c", text="stille", version=3),
            then=Statement(id="d", text="pause"),
        ),
    }
    trip, me = summary_of(SMALL, answers).chapters
    assert said(trip.entries) == [
        "On foot",
        OnDay(on=date(2026, 1, 5), at=time(9, 5)),
        "A friend",
        "My family",
    ]
    assert said(me.entries) == [
        *(" ro \n", "More", "Give me time", "Listen", "vent", "spør", "stille", "pause"),
    ]
    assert [entry.under.in_("en") for entry in me.entries if entry.under] == [
        *("Support", "Support", "Support", "Support", "Challenge", "How you can tell", "Then …"),
    ]
    assert [(entry.id, entry.version) for entry in me.entries[-2:]] == [("c", 3), ("d", 1)]
    ids = [entry.id for chapter in (trip, me) for entry in chapter.entries]
    assert len(set(ids)) == len(ids)


def test_what_one_named_oneself_stands_after_what_one_chose() -> None:
    own = (Statement(id="t1", text="lyset"),)
    (chapter,) = summary_of(WINDING, {"start/which": ChosenOptions(options=("work",), own=own)}).chapters
    assert said(chapter.entries) == ["Work", "lyset"]
    assert chapter.entries[1].id == "t1"


def test_what_was_set_aside_is_not_in_it_and_is_again_when_the_way_comes_back() -> None:
    answers: dict[Address, Answer] = {
        "start/which": ChosenOptions(options=("home",)),
        "each/home/say": stated("et rom"),
        "each/work/say": stated("fri", of="w"),
        "start/more": ChosenOptions(options=("again",)),
        "calm/note": stated("pust", of="n"),
    }
    assert chapters_of(summary_of(WINDING, answers)) == {"topics": ["Housing", "et rom"]}
    assert summary_of(WINDING, answers).private == ()
    answers["start/which"] = ChosenOptions(options=("home", "work"))
    answers["start/more"] = ChosenOptions(options=("calm",))
    assert chapters_of(summary_of(WINDING, answers)) == {"topics": ["Housing", "Work", "et rom", "fri"]}
    assert said(summary_of(WINDING, answers).private) == ["pust"]


def test_a_skipped_answer_and_what_is_put_first_have_no_entries_of_their_own() -> None:
    rank, wish = WINDING.question("first/three"), WINDING.question("start/wish")
    assert list(entries_of("first/three", rank, RankedStatements(first=("s1",)))) == []
    assert list(entries_of("start/wish", wish, Skipped())) == []


# ---- topics


def test_an_entry_knows_the_topic_it_was_said_about() -> None:
    answers: dict[Address, Answer] = {
        "start/wish": stated("ro"),
        "start/which": ChosenOptions(options=("home",), own=(Statement(id="t1", text="Lyset om natten"),)),
        "each/home/say": stated("et rom", of="h"),
        "each/t1/say": stated("Det må stå på.", of="l"),
        "each/t1/rest": stated("nattlampa", of="p"),
    }
    summary = summary_of(WINDING, answers)
    entries = {entry.id: entry for chapter in summary.chapters for entry in chapter.entries}
    home = WINDING.question("start/which")
    assert isinstance(home, Choices)
    assert entries["h1"].topic == home.options[0].text
    assert entries["l1"].topic == "Lyset om natten"
    assert entries["s1"].topic is None
    assert entries["t1"].topic is None
    assert [(entry.said, entry.topic) for entry in summary.private] == [("nattlampa", "Lyset om natten")]


def test_a_topic_is_named_for_each_address_on_the_way() -> None:
    answers: dict[Address, Answer] = {"start/which": ChosenOptions(options=("work",))}
    journey = walk(DialogueMachine(WINDING), answers)
    work = topic_named(WINDING, journey, "each/work/now")
    assert work == topic_named(WINDING, journey, "last/work/day")
    assert topic_named(WINDING, journey, "start/which") is None
    assert topic_named(WINDING, journey, "first/three") is None


# ---- what is put first


def test_what_is_put_first_stands_first_in_its_order_and_nowhere_else() -> None:
    answers: dict[Address, Answer] = {
        "start/wish": stated("ro", "fred"),
        "start/which": ChosenOptions(options=("home",)),
        "each/home/say": stated("et rom", of="h"),
        "first/three": RankedStatements(first=("h1", "s2")),
    }
    summary = summary_of(WINDING, answers)
    assert [(section.id, entry.said) for section, entry in summary.first] == [
        ("topics", "et rom"),
        ("wishes", "fred"),
    ]
    assert chapters_of(summary) == {"topics": ["Housing"], "wishes": ["ro"]}


def test_a_chapter_with_everything_put_first_is_not_there() -> None:
    answers: dict[Address, Answer] = {
        "start/wish": stated("ro"),
        "first/three": RankedStatements(first=("s1",)),
    }
    summary = summary_of(WINDING, answers)
    assert (said(tuple(entry for _, entry in summary.first)), summary.chapters) == (["ro"], ())


def test_what_was_put_first_and_later_removed_or_set_aside_counts_as_not_there() -> None:
    answers: dict[Address, Answer] = {
        "start/wish": stated("ro"),
        "start/which": Skipped(),
        "each/home/say": stated("et rom", of="h"),
        "first/three": RankedStatements(first=("gone", "h1", "s1")),
    }
    summary = summary_of(WINDING, answers)
    assert said(tuple(entry for _, entry in summary.first)) == ["ro"]
    answers["start/which"] = ChosenOptions(options=("home",))
    summary = summary_of(WINDING, answers)
    assert said(tuple(entry for _, entry in summary.first)) == ["et rom", "ro"]
    answers["start/wish"] = Skipped()
    answers["start/which"] = Skipped()
    assert summary_of(WINDING, answers).first == ()


def test_what_is_put_first_in_two_places_stands_first_once() -> None:
    *parts, first, last = WINDING.parts
    twice = [state.model_copy(update={"id": id_}) for state in first.states for id_ in ("three", "again")]
    dialogue = Dialogue(frame=WINDING.frame, parts=[*parts, first.model_copy(update={"states": twice}), last])
    summary = summary_of(
        dialogue,
        {
            "start/wish": stated("ro", "fred"),
            "first/three": RankedStatements(first=("s2",)),
            "first/again": RankedStatements(first=("s1", "s2")),
        },
    )
    assert said(tuple(entry for _, entry in summary.first)) == ["fred", "ro"]


# ---- what is for the person alone


def test_own_words_without_a_section_are_private_and_several_choices_without_one_are_nowhere() -> None:
    answers: dict[Address, Answer] = {
        "more/about": ChosenOptions(options=("private",)),
        "private/notes": stated("pust ut", "ta med nøkkelen"),
    }
    summary = summary_of(BEFORE_MEETING, answers)
    assert (summary.first, summary.chapters) == ((), ())
    assert said(summary.private) == ["pust ut", "ta med nøkkelen"]


def test_nothing_private_is_put_first_even_if_its_id_is_there() -> None:
    answers: dict[Address, Answer] = {
        "start/more": ChosenOptions(options=("calm",)),
        "calm/note": stated("pust"),
        "first/three": RankedStatements(first=("s1",)),
    }
    summary = summary_of(WINDING, answers)
    assert (summary.first, summary.chapters) == ((), ())
    assert said(summary.private) == ["pust"]


def test_own_words_in_any_kind_of_question_without_a_section_are_private() -> None:
    placed = PlacedBalance(support=Axis(own=Statement(id="b1", text="vent")), challenge=Axis(level="more"))
    answers: dict[Address, Answer] = {
        "start/which": ChosenOptions(options=("home",), own=(Statement(id="t1", text="lyset"),)),
    }
    assert said(summary_of(without_sections(WINDING, {"start/which"}), answers).private) == ["lyset"]
    (entry,) = summary_of(without_sections(SMALL, {"me/balance"}), {"me/balance": placed}).private
    assert (entry.said, entry.under and entry.under.in_("en")) == ("vent", "Support")


# ---- for every conversation


def without_sections(dialogue: Dialogue, addresses: set[Address]) -> Dialogue:
    """The same dialogue with these questions, and what the check then wants too, kept out of the summary."""

    def rewritten(part: Part) -> Part:
        named = dialogue.resolve(part.for_each, part.id) if part.for_each else None
        states = [
            state.model_copy(update={"section": None})
            if not isinstance(state, Say) and (named in addresses or f"{part.id}/{state.id}" in addresses)
            else state
            for state in part.states
        ]
        return part.model_copy(update={"states": states})

    return Dialogue(frame=dialogue.frame, parts=[rewritten(part) for part in dialogue.parts])


def a_form(question: Question, words: Iterator[str], rankable: list[str]) -> some.SearchStrategy[Given]:
    """A form that can be taken; each text in it is one nobody wrote anywhere else."""
    fields: dict[str, some.SearchStrategy[tuple[str, ...]]] = {}

    def picked(
        ids: list[str], at_most: int | None, at_least: int = 0
    ) -> some.SearchStrategy[tuple[str, ...]]:
        ids_picked = some.lists(some.sampled_from(ids), min_size=at_least, max_size=at_most, unique=True)
        return ids_picked.map(tuple)

    def own(*names: str) -> dict[str, some.SearchStrategy[tuple[str, ...]]]:
        return {name: some.just((next(words),)) for name in names}

    match question:
        case Choice():
            fields = {"option": picked([option.id for option in question.options], 1, 1)}
        case Choices():
            fields = {"option": picked([option.id for option in question.options], 2, 1)}
            fields |= own("statement.own") if question.own else {}
        case OwnText():
            fields = own("statement.1")
        case Statements():
            fields = own("statement.1", "statement.2")
        case Balance():
            fields = own("support.own", "challenge.own", "signal", "then")
            fields["support.level"] = picked([option.id for option in question.support.levels], 1)
            fields["challenge.forms"] = picked([option.id for option in question.challenge.forms], None)
        case Day():
            fields = {"on": some.just(("2026-01-05",))}
        case Rank():
            fields = {"first": picked(rankable, question.at_most, 1)}
    return some.fixed_dictionaries(fields)


def had(machine: DialogueMachine, data: some.DataObject) -> Conversation:
    """A conversation in which most was answered, some skipped, and some of it changed."""
    words = (f"‹{number}› et ord" for number in range(10_000))
    now = begin(machine)
    for _ in range(2):
        waiting, been = list(walk(machine, now.answers).questions), set[Address]()
        while waiting:
            been.add(waiting[0])
            now = one_turn(machine, now, waiting[0], words, data)
            waiting = [address for address in walk(machine, now.answers).questions if address not in been]
    return now


def one_turn(
    machine: DialogueMachine, now: Conversation, at: Address, words: Iterator[str], data: some.DataObject
) -> Conversation:
    journey = walk(machine, now.answers)
    question = machine.dialogue.question(at)
    rankable = list(rankable_in(machine, journey, question.among)) if isinstance(question, Rank) else []
    move = data.draw(some.sampled_from(["answer", "answer", "answer", "skip", "leave"]), label=at)
    if move == "answer" and (rankable or not isinstance(question, Rank)):
        form = data.draw(a_form(question, words, rankable), label="form")
        return take_turn(machine, now, Reply(now.turn, at, "answer", form), f"t{now.turn}.")
    return now if move == "leave" else take_turn(machine, now, Reply(now.turn, at, "skip"), "s")


def own_words_in(dialogue: Dialogue, answers: dict[Address, Answer], *, private: bool) -> list[str]:
    return [
        entry.said
        for address, answer in answers.items()
        for entry in entries_of(address, dialogue.question(address), answer)
        if isinstance(entry.said, str) and (dialogue.question(address).section is None) is private
    ]


def shown_to_others(summary: Summary) -> list[Entry]:
    return [entry for _, entry in summary.first] + [e for c in summary.chapters for e in c.entries]


@pytest.mark.parametrize("dialogue", [BEFORE_MEETING, WINDING, SMALL], ids=lambda dialogue: dialogue.frame.id)
@settings(max_examples=tries(30))
@for_any(data=some.data())
def test_own_words_stand_once_where_they_belong_and_private_ones_only_among_the_private(
    dialogue: Dialogue, data: some.DataObject
) -> None:
    asking = [address for address, state in dialogue.states.items() if not isinstance(state, Say)]
    dropped = data.draw(some.sets(some.sampled_from(asking), max_size=4), label="without a section")
    dialogue = without_sections(dialogue, dropped)
    machine = DialogueMachine(dialogue)
    now = had(machine, data)
    journey: Journey = walk(machine, now.answers)
    summary = summarise(dialogue, journey)

    seen = shown_to_others(summary)
    words = own_words_in(dialogue, journey.answers, private=False)
    private = own_words_in(dialogue, journey.answers, private=True)
    assert sorted(str(entry.said) for entry in seen if isinstance(entry.said, str)) == sorted(words)
    assert [entry.said for entry in summary.private if isinstance(entry.said, str)] == private
    picked = [entry.state for entry in summary.private if not isinstance(entry.said, str)]
    assert all(isinstance(dialogue.question(state), Choice) for state in picked)
    everything_seen = repr((summary.first, summary.chapters))
    assert not [text for text in private if text in everything_seen]
    aside = own_words_in(dialogue, journey.set_aside, private=False)
    aside += own_words_in(dialogue, journey.set_aside, private=True)
    assert not [text for text in aside if text in repr(summary)]

    ids = [entry.id for entry in (*seen, *summary.private)]
    assert len(set(ids)) == len(ids)
    ranked = [id_ for a in journey.answers.values() if isinstance(a, RankedStatements) for id_ in a.first]
    assert [entry.id for _, entry in summary.first] == [id_ for id_ in ranked if id_ in ids]
    for section, entry in summary.first:
        assert dialogue.question(entry.state).section == section.id
    for chapter in summary.chapters:
        assert chapter.entries
        assert {dialogue.question(entry.state).section for entry in chapter.entries} == {chapter.section.id}
