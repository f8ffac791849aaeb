"""The summary is what was said: each once, in its place, and nothing of what is for the user alone."""

from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as some
from support.answers import DIALOGUE, PRIVATE, placed, told, topics, whatever_is_told
from support.effort import tries

from assistant.dialogue.model import Address, Dialogue, Text
from assistant.engine.conversation import Answer, ChosenOptions, RankedStatements, Statement, StatementsGiven
from assistant.engine.entries import Entry
from assistant.engine.journey import walk
from assistant.engine.machine import DialogueMachine
from assistant.meetings.balance_map import map_balances
from assistant.meetings.summary import Summary, summarise


def stated(**texts: str) -> StatementsGiven:
    return StatementsGiven(statements=tuple(Statement(id=id_, text=text) for id_, text in texts.items()))


def entries(summary: Summary) -> list[Entry]:
    return [entry for _, entry in summary.first] + [
        e for chapter in summary.chapters for e in chapter.entries
    ]


def test_nothing_said_is_an_empty_summary() -> None:
    assert summarise(DIALOGUE, told({})) == Summary((), (), ())


def test_what_was_put_first_stands_there_and_nowhere_else() -> None:
    answers: dict[Address, Answer] = {
        "wishes/wish": stated(a="Færre folk", b="Kurset"),
        "questions/ask": stated(c="Hvem leser dette?"),
        "first/three": RankedStatements(first=("c", "b")),
    }
    summary = summarise(DIALOGUE, told(answers))
    assert [(section.id, entry.said) for section, entry in summary.first] == [
        ("questions", "Hvem leser dette?"),
        ("wishes", "Kurset"),
    ]
    assert [(c.section.id, [e.said for e in c.entries]) for c in summary.chapters] == [
        ("wishes", ["Færre folk"])
    ]


def test_each_topic_is_one_block_under_the_words_that_named_it() -> None:
    answers = topics("days", own={"cat": "Katten <min>"}) | {
        "topic/days/say": stated(a="Jeg ligger våken."),
        "topic/days/balance": placed("more", "less", signal=Statement(id="s", text="Jeg blir stille")),
        "topic/cat/say": stated(b="Hvem passer henne?"),
    }
    (chapter,) = summarise(DIALOGUE, told(answers)).chapters
    days, cat = chapter.blocks
    assert days.head is not None
    assert days.head.id == "topics/which.days"
    assert [entry.state for entry in days.entries] == ["topic/days/say", *["topic/days/balance"] * 3]
    assert (cat.head and cat.head.said, [entry.said for entry in cat.entries]) == (
        "Katten <min>",
        ["Hvem passer henne?"],
    )


def test_a_topic_about_which_nothing_more_was_said_is_still_there() -> None:
    (chapter,) = summarise(DIALOGUE, told(topics("home"))).chapters
    (block,) = chapter.blocks
    assert block.head is not None
    assert (block.head.names, block.entries) == ("home", ())


def test_how_much_stands_before_how() -> None:
    answer = placed("more")
    answer = answer.model_copy(
        update={"support": answer.support.model_copy(update={"forms": ("time", "listen")})}
    )
    (chapter,) = summarise(DIALOGUE, told({"balance/now": answer})).chapters
    assert [entry.id.rsplit(".", 1)[1] for entry in chapter.entries] == ["more", "time", "listen"]


def test_a_topic_named_only_for_oneself_is_not_named_to_others() -> None:
    """A dialogue may ask for topics where there is no section, and let them be talked about in one."""
    parts = [
        part.model_copy(update={"states": [s.model_copy(update={"section": None}) for s in part.states]})
        if part.id == "topics"
        else part
        for part in DIALOGUE.parts
    ]
    dialogue = Dialogue(frame=DIALOGUE.frame, parts=parts)
    answers = topics(own={"cat": f"Katten {PRIVATE}"}) | {
        "topic/cat/say": stated(a="Hvem passer henne?"),
        "topic/cat/balance": placed("more", "more"),
    }
    journey = walk(DialogueMachine(dialogue), answers)
    summary = summarise(dialogue, journey)
    assert PRIVATE not in str((summary.first, summary.chapters, map_balances(summary)))
    assert [entry.said for entry in summary.private] == [f"Katten {PRIVATE}"]
    assert [block.topic for chapter in summary.chapters for block in chapter.blocks] == [None]


@settings(max_examples=tries(80))
@for_any(data=some.data())
def test_whatever_is_told_stands_once_and_what_is_private_only_apart(data: some.DataObject) -> None:
    journey = whatever_is_told(data)
    summary = summarise(DIALOGUE, journey)
    ids = [entry.id for entry in entries(summary)]
    assert len(ids) == len(set(ids))
    in_blocks = [
        entry
        for chapter in summary.chapters
        for block in chapter.blocks
        for entry in ((block.head,) if block.head else ()) + block.entries
    ]
    assert len(in_blocks) == sum(len(chapter.entries) for chapter in summary.chapters)
    assert set(in_blocks) == {entry for chapter in summary.chapters for entry in chapter.entries}
    for_others = str((summary.first, summary.chapters, map_balances(summary)))
    assert PRIVATE not in for_others
    assert [e.said for e in summary.private if not str(e.said).startswith(PRIVATE)] == []
    assert len(summary.private) == 2, "the notes"
    own = {
        s.text
        for a in journey.answers.values()
        if isinstance(a, StatementsGiven | ChosenOptions)
        for s in _statements(a)
    }
    shown = {e.said for e in (*entries(summary), *summary.private) if not isinstance(e.said, Text)}
    assert own <= shown, "every word is somewhere, as it was written"


def _statements(answer: StatementsGiven | ChosenOptions) -> tuple[Statement, ...]:
    return answer.statements if isinstance(answer, StatementsGiven) else answer.own
