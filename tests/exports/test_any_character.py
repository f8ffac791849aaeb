"""Whatever was typed, the PDF is made; and a font that lacks letters is known before the sheet is fetched."""

import sys
import unicodedata
from collections import defaultdict
from functools import cache

import pytest
import typst
from hypothesis import given as for_any
from hypothesis import settings as trying
from hypothesis import strategies as some
from support.answers import DIALOGUE
from support.effort import tries
from support.reviews_gone_through import KARI, GoingThrough, id_of, shared, sheet_of
from support.sheets import BOOKS, laid, stated

from assistant.engine.reply import without_hidden
from assistant.exports.pdf import _compiled, _fonts, job_of, lacking, typeset
from assistant.exports.pdf_worker import PdfWorker
from assistant.exports.sheet import card_of
from assistant.meetings.review.acts import GiveAnswer
from assistant.meetings.summary import summarise

MARK = "\ufeff"


@cache
def by_category() -> dict[str, str]:
    """Every character a person can store, by its Unicode category."""
    found = defaultdict(list)
    for character in map(chr, range(sys.maxunicode + 1)):
        found[unicodedata.category(character)].append(character)
    kept = {name: without_hidden("".join(all_)) for name, all_ in found.items()}
    return {name: text for name, text in kept.items() if text}


def sheet_with(text: str) -> bytes:
    return job_of(laid({"wishes/wish": stated("a", text)}))


def is_made(job: bytes) -> bool:
    return typeset(job).startswith(b"%PDF")


@pytest.mark.parametrize(
    "category", ["Cc", "Cf", "Mc", "Me", "Nd", "Nl", "Pc", "Pd", "Pf", "Pi", "Sk", "Zl", "Zp", "Zs"]
)
def test_a_sheet_with_every_character_of_a_category_is_made(category: str) -> None:
    assert is_made(sheet_with(by_category()[category]))


@trying(max_examples=tries(25))
@for_any(some.text(some.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_a_sheet_with_any_characters_is_made(text: str) -> None:
    assert is_made(sheet_with(text))


@pytest.mark.parametrize(
    "text", [f"{MARK}Jeg vil sove", f"sove{MARK}", MARK, f"{MARK}ሰላም", "\uffff", "\U0010fffe"]
)
def test_no_single_character_stops_any_kind_of_sheet(text: str) -> None:
    answers = {"wishes/wish": stated("a", text)}
    sheet = laid(answers)
    for size in ("ordinary", "large"):
        assert is_made(job_of(sheet, size))
    from support.answers import told

    chapter = summarise(DIALOGUE, told(answers)).chapters[0]
    assert is_made(job_of(card_of(chapter.section.heading, chapter.entries[0], BOOKS["nb"])))
    through = GoingThrough(shared(sleep=text))
    through.do(KARI, GiveAnswer(id_of(through.snapshot, text), "can", f"{text} ja", None, 0))
    assert is_made(job_of(sheet_of(through.review, through.snapshot)))


def test_a_byte_order_mark_costs_no_accessibility() -> None:
    # PDF/UA-1 would refuse the mark; without it the sheet is tagged as any other
    assert MARK.encode() not in sheet_with(f"{MARK}Jeg vil{MARK} sove")
    assert _compiled(sheet_with(f"{MARK}Jeg vil{MARK} sove"), _fonts(), ["ua-1"]).startswith(b"%PDF")


def test_the_letters_no_font_has_are_found_one_by_one() -> None:
    bare = typst.Fonts(include_system_fonts=False)
    assert set(lacking("ሰЖ比", bare)) == {"ሰ", "比"}
    assert lacking("Жß", bare) == ""


def test_the_letters_taken_for_granted_are_in_the_fonts_that_come_along() -> None:
    bare = typst.Fonts(include_system_fonts=False)
    latin = "".join(c for c in map(chr, range(0x21, 0x180)) if c.isprintable())
    assert lacking(latin, bare) == ""


async def test_the_press_tells_what_is_lacking_and_prints_on() -> None:
    press = PdfWorker()
    try:
        assert await press.letters_lacking("Jeg vil sove bedre, čáđŋ") == ""
        assert press._process is None  # nothing has to be asked for those
        # a letter of Unicode 14, which no font of Debian has yet
        assert set(await press.letters_lacking("hei \U0001e290 Ж")) == {"\U0001e290"}
        assert await press.letters_lacking("Ж") == ""
        assert (await press.printed(sheet_with("hei"))).startswith(b"%PDF")
    finally:
        press.close()
