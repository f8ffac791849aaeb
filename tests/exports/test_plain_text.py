"""The summary as plain text: every word as it was written, and nothing that nobody asked for."""

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some
from support.answers import DIALOGUE, PRIVATE, whatever_is_told
from support.sheets import BOOKS, EMOJI, HEBREW, MARKUP, NOTE, laid, many_kinds

from assistant.exports.plain_text import as_text
from assistant.languages import LANGUAGES, Language
from assistant.meetings.summary import summarise


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_as_it_was_written(language: Language) -> None:
    text = as_text(laid(many_kinds(), language))
    for words in ("Å få sove", HEBREW, EMOJI, MARKUP, "to  mellomrom\n\n og linjer", "Våken til fire"):
        assert f"\n{words}\n" in text
    assert BOOKS[language].say("summary.heading") == text.splitlines()[0]


def test_what_was_put_first_stands_first_and_once() -> None:
    text = as_text(laid(many_kinds()))
    assert text.count("čáđŋ") == 1
    assert text.index(BOOKS["nb"].say("summary.first")) < text.index("čáđŋ") < text.index("Møtet\n=====")


def test_a_note_is_there_only_when_asked_for_and_last() -> None:
    assert NOTE not in as_text(laid(many_kinds()))
    text = as_text(laid(many_kinds(), with_private=True))
    assert text.index(NOTE) > text.index(BOOKS["nb"].say("take.private_line")) > text.index(MARKUP)


def test_nothing_told_is_a_sheet_that_says_so() -> None:
    assert BOOKS["nb"].say("summary.empty") in as_text(laid({}))


@for_any(data=some.data())
def test_whatever_is_told_is_there_verbatim_and_nothing_private(data: some.DataObject) -> None:
    journey = whatever_is_told(data)
    text = as_text(laid(journey))
    assert PRIVATE not in text
    said = summarise(DIALOGUE, journey)
    shown = [entry for chapter in said.chapters for entry in chapter.entries]
    for entry in (*shown, *(entry for _, entry in said.first)):
        if isinstance(entry.said, str):
            assert entry.said in text
    if said.private:
        assert all(str(e.said) in as_text(laid(journey, with_private=True)) for e in said.private)
