"""A review as plain text: pasted into the record, and stored verbatim with the kind of each line."""

from collections.abc import Iterator
from typing import NamedTuple

from assistant.exports.review.sheet import (
    AgreementOnReviewSheet,
    EntryOnReviewSheet,
    ReviewSheet,
    ReviewSheetTopic,
    SignedText,
)
from assistant.exports.sheet import SheetText
from assistant.meetings.review.record_lines import Kind


class RecordLines(NamedTuple):
    """A text for the record, and one letter for each of its lines."""

    text: str
    kinds: str


Part = tuple[Kind, str]
Paragraph = list[Part]


def as_record_text(sheet: ReviewSheet) -> str:
    """Return the sheet as text. Own words are on separate lines, exactly as written; no line is wrapped."""
    return as_record_lines(sheet).text


def as_record_lines(sheet: ReviewSheet) -> RecordLines:
    """Return the sheet as text, with the kind of each line."""
    lines: list[Part] = []
    for paragraph in _paragraphs(sheet):
        if lines:
            lines.append((Kind.BLANK, ""))
        lines += [(kind, line) for kind, text in paragraph for line in text.split("\n")]
    return RecordLines(
        "\n".join(text for _, text in lines) + "\n", "".join(kind for kind, _ in lines) + Kind.BLANK
    )


def _paragraphs(sheet: ReviewSheet) -> Iterator[Paragraph]:
    yield [(Kind.TITLE, sheet.title), *((Kind.ABOUT, line) for line in sheet.lines)]
    if sheet.empty:
        yield [(Kind.NOTE, sheet.empty)]
    if sheet.first:
        yield _heading(sheet.first_heading)
    for number, first in enumerate(sheet.first, start=1):
        of = [first.heading, first.entry.topic.text if first.entry.topic else "", first.entry.under or ""]
        yield from _entry(first.entry, f"{number}. {' · '.join(filter(None, of))}:")
    for section in sheet.sections:
        yield _heading(section.heading)
        for passage in section.passages:
            yield from _passage(passage)
    if sheet.agreements:
        yield _heading(sheet.agreements_heading)
    for agreement in sheet.agreements:
        yield _agreement(agreement)
    if sheet.standpoints:
        yield _heading(sheet.standpoints_heading)
        yield from map(_voice, sheet.standpoints)
        yield from ([(Kind.NOTE, silent)] for silent in sheet.silent)


def _passage(passage: ReviewSheetTopic) -> Iterator[Paragraph]:
    if passage.head and passage.groups:
        yield _heading(passage.head.words.text, Kind.TOPIC, "-")
        if passage.head.notes:
            yield [(Kind.NOTE, note) for note in passage.head.notes]
        yield from map(_voice, passage.head.voices)
    elif passage.head:
        yield from _entry(passage.head)
    if passage.topic:
        yield _heading(passage.topic.text, Kind.TOPIC, "-")
    for group in passage.groups:
        for number, entry in enumerate(group.entries):
            yield from _entry(entry, f"{group.under}:" if group.under and number == 0 else "")


def _entry(entry: EntryOnReviewSheet, over: str = "") -> Iterator[Paragraph]:
    label: Paragraph = [(Kind.LABEL, over)] if over else []
    if entry.chosen:
        yield [*label, (Kind.CHOSEN, f"{entry.chosen}: {entry.words.text}")]
    else:
        yield [*label, (Kind.OWN, entry.words.text)]
    if entry.notes:
        yield [(Kind.NOTE, note) for note in entry.notes]
    yield from map(_voice, entry.voices)


def _voice(voice: SignedText) -> Paragraph:
    parts: list[tuple[Kind, str | None]] = [
        (Kind.VOICE, voice.label),
        (Kind.OWN, voice.words.text if voice.words else None),
        (Kind.FACT, voice.until),
    ]
    if voice.earlier:
        parts += [(Kind.LABEL, voice.earlier_label), (Kind.OWN, voice.earlier.text)]
    parts += [(Kind.NOTE, voice.changed), (Kind.SIGNED, voice.signature)]
    return [(kind, text) for kind, text in parts if text is not None]


def _agreement(agreement: AgreementOnReviewSheet) -> Paragraph:
    facts = ((Kind.FACT, f"{fact.label}: {_in_one_line(fact.said)}") for fact in agreement.facts)
    return [(Kind.WHAT, agreement.what.text), *facts, *((Kind.NOTE, line) for line in agreement.waiting)]


def _in_one_line(said: SheetText) -> str:
    return " ".join(said.text.split("\n"))


def _heading(text: str, kind: Kind = Kind.HEADING, line: str = "=") -> Paragraph:
    return [
        (Kind.BLANK, ""),
        (kind, text),
        (Kind.RULE, line * max(map(len, text.split(chr(10))))),
    ]
