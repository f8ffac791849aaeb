"""The narrative of a FHIR section: well-formed XHTML, with every word as it was written.

Words are marked with the language of the page they were written on, if known, and with the direction of
their first letter. Characters that XML cannot hold become U+FFFD.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape

from assistant.exports.line_breaks import runs_from_right
from assistant.exports.review.sheet import (
    AgreementOnReviewSheet,
    EntryOnReviewSheet,
    EntryUnderHeading,
    ReviewSheet,
    ReviewSheetSection,
    SignedText,
)
from assistant.exports.sheet import SheetText

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def narrative(div: str, status: str = "generated") -> dict[str, str]:
    """Return a FHIR Narrative; its status is «additional» if it says more than the data."""
    return {"status": status, "div": div}


def said_plainly(text: str) -> str:
    """Return one paragraph of the program's own text."""
    return _div([_plain(text)])


def head_read(sheet: ReviewSheet) -> str:
    """Write the heading of the document."""
    return _div([_plain(sheet.title), *map(_plain, sheet.lines), _plain(sheet.empty or "")])


def first_read(first: Iterable[EntryUnderHeading]) -> str:
    """Write what the user put first."""
    return _div(
        part
        for number, one in enumerate(first, start=1)
        for part in (
            _bold(f"{number}. {one.heading}"),
            _words(one.entry.topic) if one.entry.topic else "",
            _bold(one.entry.under or ""),
            *_entry(one.entry),
        )
    )


def section_read(section: ReviewSheetSection) -> str:
    """Write a section of the summary, each entry with its result."""
    return _div(_passages(section))


def agreements_read(agreements: Iterable[AgreementOnReviewSheet]) -> str:
    """Write the agreements, and the proposals that wait for a confirmation."""
    return _div(part for agreement in agreements for part in _agreement(agreement))


def standpoints_read(sheet: ReviewSheet) -> str:
    """Write the standpoint of each side."""
    return _div(
        [*(part for voice in sheet.standpoints for part in _voice(voice)), *map(_plain, sheet.silent)]
    )


def _passages(section: ReviewSheetSection) -> Iterator[str]:
    for passage in section.passages:
        if passage.head:
            yield from _entry(passage.head)
        if passage.topic:
            yield _words(passage.topic, bold=True)
        for group in passage.groups:
            yield _bold(group.under or "")
            for entry in group.entries:
                yield from _entry(entry)


def _entry(entry: EntryOnReviewSheet) -> Iterator[str]:
    if entry.chosen:
        yield _plain(f"{entry.chosen}: {entry.words.text}")
    else:
        yield _words(entry.words)
    yield from map(_plain, entry.notes)
    for voice in entry.voices:
        yield from _voice(voice)


def _voice(voice: SignedText) -> Iterator[str]:
    yield _bold(voice.label)
    if voice.words:
        yield _words(voice.words, voice.language)
    yield _plain(voice.until or "")
    if voice.earlier:
        yield _plain(voice.earlier_label)
        yield _words(voice.earlier)
    yield _plain(voice.changed or "")
    yield _plain(voice.signature)


def _agreement(agreement: AgreementOnReviewSheet) -> Iterator[str]:
    yield _words(agreement.what, agreement.language)
    for fact in agreement.facts:
        yield _plain(f"{fact.label}:")
        yield _words(fact.said)
    yield from map(_plain, agreement.waiting)


def _div(parts: Iterable[str]) -> str:
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(parts)}</div>'


def _words(words: SheetText, language: str | None = None, *, bold: bool = False) -> str:
    if not words.own:
        return _bold(words.text) if bold else _plain(words.text)
    marked = ' dir="rtl"' if runs_from_right(words.text) else ""
    marked += f' lang="{escape(language)}" xml:lang="{escape(language)}"' if language else ""
    lines = "<br/>".join(map(_escaped, words.text.split("\n")))
    return f'<p style="white-space: pre-wrap"{marked}>{f"<b>{lines}</b>" if bold else lines}</p>'


def _plain(text: str) -> str:
    return f"<p>{_escaped(text)}</p>" if text else ""


def _bold(text: str) -> str:
    return f"<p><b>{_escaped(text)}</b></p>" if text else ""


def _escaped(text: str) -> str:
    # a bare carriage return would be read back as a line feed
    return escape(_NOT_IN_XML.sub("\ufffd", text), quote=False).replace("\r", "&#13;")
