"""The summary: the user's own entries, in order, as one page.

It is worked out from the answers and holds nothing else. Own words are passed on as the same string, so
what is shown is, character for character, what was written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

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
    topic_of,
)
from assistant.dialogue.model import Side as SideAsked
from assistant.engine.conversation import (
    Answer,
    Axis,
    Chosen,
    OnDay,
    Placed,
    Ranked,
    Skipped,
    Stated,
    Statement,
)
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
    topic: str | Text | None = None
    """The topic it was said about: an option's wording, or the user's own."""


@dataclass(frozen=True)
class Chapter:
    """A section of the summary with what the user said in it."""

    section: Section
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Summary:
    """The user's entries: what they put first, the rest by section, and what is for them alone."""

    first: tuple[tuple[Section, Entry], ...]
    chapters: tuple[Chapter, ...]
    private: tuple[Entry, ...]
    """Own words from questions without a section. They stand on no page that anyone else is shown."""


def summarise(dialogue: Dialogue, journey: Journey) -> Summary:
    """The summary of what was said on the way; what was set aside is not in it."""
    said = {
        address: [
            replace(entry, topic=topic_named(dialogue, journey, address))
            for entry in entries_of(address, dialogue.question(address), answer)
        ]
        for address, answer in journey.answers.items()
    }
    in_section: dict[str | None, list[Entry]] = {}
    for address, entries in said.items():
        in_section.setdefault(dialogue.question(address).section, []).extend(entries)
    chapters = [Chapter(s, tuple(in_section[s.id])) for s in dialogue.frame.sections if s.id in in_section]
    by_id = {entry.id: (chapter.section, entry) for chapter in chapters for entry in chapter.entries}
    first = {id_: by_id[id_] for id_ in _put_first(journey) if id_ in by_id}
    rest = [replace(c, entries=tuple(e for e in c.entries if e.id not in first)) for c in chapters]
    return Summary(
        tuple(first.values()),
        tuple(chapter for chapter in rest if chapter.entries),
        tuple(entry for entry in in_section.get(None, ()) if isinstance(entry.said, str)),
    )


def topic_named(dialogue: Dialogue, journey: Journey, address: Address) -> str | Text | None:
    """The topic an address belongs to, as it was chosen or named; None where its part is had once."""
    topic = topic_of(address)
    names = dialogue.part_of(address).for_each
    if topic is None or names is None:
        return None
    asked_at = dialogue.resolve(names, dialogue.part_of(address).id)
    question, answer = dialogue.question(asked_at or ""), journey.answers[asked_at or ""]
    assert isinstance(question, Choices), "the check lets only choices name topics"
    assert isinstance(answer, Chosen), "a topic was chosen where topics are named"
    wordings: dict[str, str | Text] = {option.id: option.text for option in question.options}
    return wordings.get(topic) or next(own.text for own in answer.own if own.id == topic)


def _put_first(journey: Journey) -> tuple[str, ...]:
    return tuple(id_ for a in journey.answers.values() if isinstance(a, Ranked) for id_ in a.first)


def entries_of(address: Address, question: Question, answer: Answer) -> Iterator[Entry]:
    """The entries one answer gives; none where the question was skipped."""
    match answer:
        case Skipped():
            return
        case Stated(statements=statements):
            yield from (_own(address, statement) for statement in statements)
        case OnDay():
            yield Entry(address, 1, address, answer)
        case Chosen(options=options, own=own):
            assert isinstance(question, Choice | Choices), "the answer was read for this question"
            yield from _chosen(address, address, question.options, options)
            yield from (_own(address, statement) for statement in own)
        case Ranked():
            return  # it says no more than what it puts first
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
