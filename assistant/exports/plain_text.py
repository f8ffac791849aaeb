"""The summary as plain text, which opens anywhere, can be read aloud by any screen reader, and can be
pasted.
"""

from collections.abc import Iterator

from assistant.exports.sheet import SheetGroup, SheetSection, SheetText, SheetTopic, SummarySheet


def as_text(sheet: SummarySheet) -> str:
    """Return the sheet as text. Own words are on separate lines, exactly as written; no line is wrapped."""
    return "\n\n".join(paragraph for paragraph in _paragraphs(sheet) if paragraph) + "\n"


def _paragraphs(sheet: SummarySheet) -> Iterator[str]:
    yield f"{sheet.title}\n{sheet.line}"
    yield sheet.empty or ""
    if sheet.first:
        yield _heading(sheet.first_heading)
    for number, first in enumerate(sheet.first, start=1):
        of = f"{first.heading} · {first.topic.text}" if first.topic else first.heading
        yield f"{number}. {of}:\n{_words(first.entry)}"
    for section in sheet.sections:
        yield from _section(section)
    if sheet.private:
        yield from _section(sheet.private, sheet.private_line)
    numbers = "\n".join(f"{number} {who}" for number, who in sheet.contacts)
    yield f"{sheet.help}\n{numbers}"


def _section(section: SheetSection, line: str = "") -> Iterator[str]:
    yield _heading(section.heading)
    yield line
    for passage in section.passages:
        yield from _passage(passage)


def _passage(passage: SheetTopic) -> Iterator[str]:
    # a topic without entries is a line like any other
    if passage.topic:
        yield f"{_words(passage.topic)}:" if passage.groups else _words(passage.topic)
    for group in passage.groups:
        yield _group(group)


def _words(words: SheetText) -> str:
    """Return the words on their own line, and the mark below them."""
    return f"{words.text}\n({words.mark})" if words.mark else words.text


def _group(group: SheetGroup) -> str:
    said = ("\n\n" if any(words.own for words in group.entries) else "\n").join(
        _words(words) for words in group.entries
    )
    return f"{group.under}:\n{said}" if group.under else said


def _heading(text: str) -> str:
    return f"\n{text}\n{'=' * len(text)}"
