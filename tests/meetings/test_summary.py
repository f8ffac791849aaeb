"""The summary holds what was said, in order, character for character, and nothing else."""

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as some

from assistant.config import dialogues_folder
from assistant.dialogue.library import read_library
from assistant.engine.conversation import Answer, Axis, Chosen, OnDay, Placed, Skipped, Stated, Statement
from assistant.engine.journey import walk
from assistant.engine.machine import DialogueMachine
from assistant.meetings.summary import Chapter, Entry, summarise

MACHINE = DialogueMachine(read_library(dialogues_folder())["before_meeting"])


def own(name: str, text: str, version: int = 1) -> Statement:
    return Statement(id=name, text=text, version=version)


def stated(*texts: str) -> Stated:
    return Stated(statements=tuple(own(f"s{number}", text) for number, text in enumerate(texts)))


def chapters(**answers: Answer) -> tuple[Chapter, ...]:
    """The summary of these answers; `matters__now` is `matters/now`."""
    return summarise(
        MACHINE.dialogue, walk(MACHINE, {name.replace("__", "/"): answer for name, answer in answers.items()})
    )


def entries(**answers: Answer) -> list[Entry]:
    return [entry for chapter in chapters(**answers) for entry in chapter.entries]


def test_where_nothing_is_said_there_is_nothing() -> None:
    assert chapters() == ()
    assert chapters(matters__now=Skipped(), balance__now=Skipped(), meeting__day=Skipped()) == ()


def test_sections_stand_in_the_authors_order_and_only_where_something_is_said() -> None:
    found = chapters(questions__ask=stated("Hvem?"), needs__need=Skipped(), matters__now=stated("Barna"))
    assert [chapter.section.id for chapter in found] == ["matters", "questions"]


@given(some.lists(some.text(), min_size=1, max_size=5))
def test_own_words_are_the_same_string(texts: list[str]) -> None:
    found = entries(matters__now=stated(*texts))
    assert [entry.said for entry in found] == texts
    assert [entry.id for entry in found] == [f"s{number}" for number in range(len(texts))]


def test_an_entry_keeps_its_id_and_counts_its_versions() -> None:
    (entry,) = entries(matters__now=Stated(statements=(own("abc", "Datteren min", 3),)))
    assert (entry.id, entry.version, entry.state) == ("abc", 3, "matters/now")


def test_what_was_chosen_is_said_in_the_words_of_the_option() -> None:
    (entry,) = entries(meeting__kind=Chosen(options=("medication",)))
    question = MACHINE.dialogue.question("meeting/kind")
    wording = next(option.text for option in question.options if option.id == "medication")  # type: ignore[union-attr]
    assert entry.said is wording
    assert entry.id == "meeting/kind.medication"


def test_a_day_is_a_day() -> None:
    day = OnDay(on=date(2027, 1, 5), at=time(9, 5))
    assert [entry.said for entry in entries(meeting__day=day)] == [day]


def test_a_balance_says_each_thing_under_the_side_it_belongs_to() -> None:
    placed = Placed(
        support=Axis(level="more", forms=("listen", "beside"), own=own("a", "Bli med")),
        challenge=Axis(own=own("b", "Spør meg")),
        signal=own("c", "Jeg ler"),
        then=own("d", "ta en pause"),
    )
    found = entries(balance__now=placed)
    under = [entry.under.nb if entry.under else "" for entry in found]
    assert under[:4] == ["Støtte"] * 4
    assert under[4] == "Utfordring"
    assert [entry.said for entry in found if isinstance(entry.said, str)] == [
        "Bli med",
        "Spør meg",
        "Jeg ler",
        "ta en pause",
    ]
    assert len({entry.id for entry in found}) == len(found) == 7


def test_half_a_balance_is_half_a_balance() -> None:
    (entry,) = entries(balance__now=Placed(support=Axis(), challenge=Axis(level="less")))
    assert entry.id == "balance/now.challenge.level.less"


def test_what_was_set_aside_is_not_in_it() -> None:
    aside = {"meeting__own_kind": stated("Torsdagspraten")}
    assert entries(meeting__kind=Chosen(options=("first",)), **aside)[0].id == "meeting/kind.first"
    assert len(entries(meeting__kind=Chosen(options=("first",)), **aside)) == 1
    assert len(entries(meeting__kind=Chosen(options=("other",)), **aside)) == 2
