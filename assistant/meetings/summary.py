"""The summary: the user's own entries, in order, as one page.

It is worked out from the answers and holds nothing else. Own words are passed on as the same string, so
what is shown is, character for character, what was written.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.dialogue.model import (
    Address,
    Balance,
    Choice,
    Choices,
    Dialogue,
    Option,
    Question,
    Section,
    Text,
)
from assistant.dialogue.model import Side as SideAsked
from assistant.engine.conversation import Answer, Axis, Chosen, OnDay, Placed, Skipped, Stated, Statement
from assistant.engine.journey import Journey


@dataclass(frozen=True)
class Entry:
    """One statement in a summary."""

    id: str
    """Survives edits; a share or a mark names it together with the version."""
    version: int
    state: Address
    said: str | Text | OnDay
    """Own words verbatim, the wording of an option that was chosen, or a day."""
    under: Text | None = None
    """The side of a balance it belongs to."""


@dataclass(frozen=True)
class Chapter:
    """A section of the summary with what the user said in it."""

    section: Section
    entries: tuple[Entry, ...]


def summarise(dialogue: Dialogue, journey: Journey) -> tuple[Chapter, ...]:
    """Every section something was said in, in the author's order; what was set aside is not in it."""
    chapters: list[Chapter] = []
    for section in dialogue.frame.sections:
        entries: list[Entry] = []
        for address in journey.questions:
            question = dialogue.question(address)
            if question.section == section.id and address in journey.answers:
                entries += entries_of(address, question, journey.answers[address])
        if entries:
            chapters.append(Chapter(section, tuple(entries)))
    return tuple(chapters)


def entries_of(address: Address, question: Question, answer: Answer) -> Iterator[Entry]:
    """The entries one answer gives; none where the question was skipped."""
    match answer:
        case Skipped():
            return
        case Stated(statements=statements):
            yield from (_own(address, statement) for statement in statements)
        case OnDay():
            yield Entry(address, 1, address, answer)
        case Chosen(options=options):
            assert isinstance(question, Choice | Choices), "the answer was read for this question"
            yield from _chosen(address, address, question.options, options)
        case Placed():
            assert isinstance(question, Balance), "the answer was read for this question"
            yield from _placed(address, question, answer)


def _placed(address: Address, question: Balance, answer: Placed) -> Iterator[Entry]:
    yield from _axis(address, "support", question.support, answer.support)
    yield from _axis(address, "challenge", question.challenge, answer.challenge)
    if answer.signal:
        yield _own(address, answer.signal, question.stop.signal)
    if answer.then:
        yield _own(address, answer.then, question.stop.then)


def _axis(address: Address, name: str, asked: SideAsked, axis: Axis) -> Iterator[Entry]:
    where = f"{address}.{name}"
    levels = (axis.level,) if axis.level else ()
    yield from _chosen(address, f"{where}.forms", asked.forms, axis.forms, asked.label)
    yield from _chosen(address, f"{where}.level", asked.levels, levels, asked.label)
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
