"""A review as plain text: previewed, pasted into the record, and stored verbatim."""

from collections.abc import Iterator

from assistant.exports.review.sheet import (
    AgreementOnReviewSheet,
    EntryOnReviewSheet,
    ReviewSheet,
    ReviewSheetTopic,
    SignedText,
)
from assistant.exports.sheet import SheetText


def as_record_text(sheet: ReviewSheet) -> str:
    """Return the sheet as text. Own words are on separate lines, exactly as written; no line is wrapped."""
    return "\n\n".join(_paragraphs(sheet)) + "\n"


def _paragraphs(sheet: ReviewSheet) -> Iterator[str]:
    yield "\n".join((sheet.title, *sheet.lines))
    if sheet.empty:
        yield sheet.empty
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
        yield from sheet.silent


def _passage(passage: ReviewSheetTopic) -> Iterator[str]:
    if passage.head and passage.groups:
        yield _heading(passage.head.words.text, "-")
        if passage.head.notes:
            yield "\n".join(passage.head.notes)
        yield from map(_voice, passage.head.voices)
    elif passage.head:
        yield from _entry(passage.head)
    if passage.topic:
        yield _heading(passage.topic.text, "-")
    for group in passage.groups:
        for number, entry in enumerate(group.entries):
            yield from _entry(entry, f"{group.under}:" if group.under and number == 0 else "")


def _entry(entry: EntryOnReviewSheet, over: str = "") -> Iterator[str]:
    said = f"{entry.chosen}: {entry.words.text}" if entry.chosen else entry.words.text
    yield f"{over}\n{said}" if over else said
    if entry.notes:
        yield "\n".join(entry.notes)
    yield from map(_voice, entry.voices)


def _voice(voice: SignedText) -> str:
    lines = [voice.label, voice.words.text if voice.words else None, voice.until]
    if voice.earlier:
        lines += [voice.earlier_label, voice.earlier.text]
    return "\n".join(line for line in (*lines, voice.changed, voice.signature) if line is not None)


def _agreement(agreement: AgreementOnReviewSheet) -> str:
    facts = (f"{fact.label}: {_in_one_line(fact.said)}" for fact in agreement.facts)
    return "\n".join((agreement.what.text, *facts, *agreement.waiting))


def _in_one_line(said: SheetText) -> str:
    return " ".join(said.text.split("\n"))


def _heading(text: str, line: str = "=") -> str:
    return f"\n{text}\n{line * max(map(len, text.split(chr(10))))}"
