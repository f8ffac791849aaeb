"""The entries of an answer: the statements that a summary shows, each with an id that stays the same."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice

from assistant.dialogue.model import Address, Balance, Choice, Choices, Option, Question, Text
from assistant.dialogue.model import Side as SideAsked
from assistant.engine.conversation import (
    Answer,
    Axis,
    ChosenOptions,
    OnDay,
    PlacedBalance,
    RankedStatements,
    Skipped,
    Statement,
    StatementsGiven,
)
from assistant.engine.journey import Journey
from assistant.engine.machine import DialogueMachine
from assistant.value_class import value_class

MEETING = "meeting"
"""The section that says what kind of meeting it is, and when."""


@value_class
class Entry:
    """One statement in a summary."""

    id: str
    """Stays the same when edited; a share or a mark names it together with the version."""
    version: int
    state: Address
    said: str | Text | OnDay
    """Own words verbatim, the wording of a chosen option, or a date."""
    under: Text | None = None
    """The side of a balance it belongs to."""
    topic: str | Text | None = None
    """The topic it is about: an option's wording, or the user's own."""
    about: str | None = None
    """The id of that topic."""
    names: str | None = None
    """The id of the topic whose name this entry is."""
    level: str | None = None
    """For a chosen level of a balance: the side and the level's id, as in `support.more`."""
    is_unread: bool = False
    """Another person wrote it for the user, who has not approved it yet. It is not shared before."""


def rankable_in(machine: DialogueMachine, journey: Journey, sections: Collection[str]) -> dict[str, Entry]:
    """Return the entries in these sections that can be put first, by id, in journey order."""
    return {entry.id: entry for entry in _rankable(machine, journey, sections)}


def is_something_to_rank(machine: DialogueMachine, journey: Journey, sections: Collection[str]) -> bool:
    """Return whether there are two entries at least that can be put first."""
    return len(list(islice(_rankable(machine, journey, sections), 2))) > 1


def _rankable(machine: DialogueMachine, journey: Journey, sections: Collection[str]) -> Iterator[Entry]:
    """Return the entries in these sections, without what kind of meeting it is, and when: both know it."""
    for address, answer in journey.answers.items():
        question = machine.dialogue.question(address)
        if question.section in sections:
            for entry in entries_of(address, question, answer):
                if question.section != MEETING or isinstance(entry.said, str):
                    yield entry


def entries_of(address: Address, question: Question, answer: Answer) -> Iterator[Entry]:
    """Return the entries of one answer; none for a skipped question."""
    match answer:
        case Skipped():
            return
        case StatementsGiven(statements=statements):
            yield from (_own(address, statement) for statement in statements)
        case OnDay():
            yield Entry(address, _version_of(answer), address, answer)
        case ChosenOptions(options=options, own=own):
            assert isinstance(question, Choice | Choices), "the answer was read for this question"
            yield from _chosen(address, address, question.options, options)
            yield from (_own(address, statement) for statement in own)
        case RankedStatements():
            return  # a rank adds no entries of its own
        case PlacedBalance():
            assert isinstance(question, Balance), "the answer was read for this question"
            yield from _placed(address, question, answer)


def _version_of(day: OnDay) -> int:
    """Dates have no version count; derive one, so that comments on one date do not apply to another."""
    minutes = 0 if day.at is None else 1 + day.at.hour * 60 + day.at.minute
    return day.on.toordinal() * 2_000 + minutes


def _placed(address: Address, question: Balance, answer: PlacedBalance) -> Iterator[Entry]:
    yield from _axis(address, "support", question.support, answer.support)
    yield from _axis(address, "challenge", question.challenge, answer.challenge)
    if answer.signal:
        yield _own(address, answer.signal, question.stop.signal)
    if answer.then:
        yield _own(address, answer.then, question.stop.then)


def _axis(address: Address, name: str, asked: SideAsked, axis: Axis) -> Iterator[Entry]:
    where = f"{address}.{name}"
    levels = (axis.level,) if axis.level else ()
    for entry in _chosen(address, f"{where}.level", asked.levels, levels, asked.label):
        yield replace(entry, level=f"{name}.{axis.level}")
    yield from _chosen(address, f"{where}.forms", asked.forms, axis.forms, asked.label)
    if axis.own:
        yield _own(address, axis.own, asked.label)


def _chosen(
    address: Address, where: str, offered: list[Option], picked: tuple[str, ...], under: Text | None = None
) -> Iterator[Entry]:
    for option in offered:
        if option.id in picked:
            yield Entry(f"{where}.{option.id}", 1, address, option.text, under)


def _own(address: Address, statement: Statement, under: Text | None = None) -> Entry:
    return Entry(statement.id, statement.version, address, statement.text, under)
