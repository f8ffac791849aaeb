"""The PDF as others will have it: its text, its pages, its title; and nothing in it that was not chosen."""

import re
import shutil
import subprocess
import unicodedata
from datetime import date
from pathlib import Path

import pytest
import typst
from support.answers import DIALOGUE, told
from support.need import need
from support.preparing import BALANCE, ORDINARY
from support.sheets import BOOKS, HEBREW, MARKUP, NOTE, laid, many_kinds, stated

from assistant.dialogue.model import Address
from assistant.engine.conversation import (
    Answer,
    Axis,
    ChosenOptions,
    OnDay,
    PlacedBalance,
    Statement,
    StatementsGiven,
)
from assistant.exports.pdf import Size, job_of, typeset
from assistant.exports.sheet import card_of
from assistant.languages import LANGUAGES, Language
from assistant.meetings.summary import summarise

_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What poppler puts around letters that run from the right."""


@pytest.fixture(scope="module", autouse=True)
def poppler() -> None:
    """The programs that read a PDF back."""
    need("poppler-utils", "ASSISTANT_REQUIRE_POPPLER", is_there=shutil.which("pdftotext") is not None)


def read(pdf: bytes, *options: str) -> str:
    """The text layer, in one line."""
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", *options, "-", "-"], input=pdf, capture_output=True, check=True
    )
    return " ".join(_TURNS.sub("", done.stdout.decode()).replace("\f", " ").split())


def facts(pdf: bytes) -> dict[str, str]:
    """What the file says of itself."""
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    pairs = (line.partition(":") for line in done.stdout.decode().splitlines())
    return {name: value.strip() for name, _, value in pairs}


@pytest.mark.parametrize("size", ["ordinary", "large"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_own_words_stand_in_the_text_as_they_were_written(language: Language, size: Size) -> None:
    need(
        "a font with emoji",
        "ASSISTANT_REQUIRE_POPPLER",
        is_there="Noto Color Emoji" in typst.Fonts().families(),
    )
    pdf = typeset(job_of(laid(many_kinds(), language), size))
    text = read(pdf)
    for words in (
        "Å få sove",
        HEBREW,
        MARKUP,
        "to mellomrom",
        "og linjer",
        "čáđŋ ł ž Привет",
        "Jeg blir stille",
    ):
        assert words in text
    for sign in "😴👍🇳❤":
        assert sign in text
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    about = facts(pdf)
    assert (about["Tagged"], about["Title"]) == ("yes", BOOKS[language].say("summary.heading"))
    assert "CreationDate" not in about
    assert (
        f"/Lang ({'en-GB' if language == 'en' else language}".encode() in pdf
        or f"<rdf:li>{language}".encode() in pdf
    )


def test_a_note_is_in_it_only_when_asked_for_and_on_a_sheet_of_its_own() -> None:
    assert NOTE not in read(typeset(job_of(laid(many_kinds()))))
    pdf = typeset(job_of(laid(many_kinds(), with_private=True)))
    pages = int(facts(pdf)["Pages"])
    assert NOTE in read(pdf, "-f", str(pages))
    shown = read(pdf, "-l", str(pages - 1))
    assert NOTE not in shown
    assert shown == read(typeset(job_of(laid(many_kinds())))), "and nothing tells that there is one more"


def placed_with_words(id_: str) -> PlacedBalance:
    """Support and challenge with everything that can be said about them."""
    return PlacedBalance(
        support=Axis(
            level="more", forms=("time", "listen", "beside"), own=Statement(id=f"{id_}s", text=BALANCE[0])
        ),
        challenge=Axis(
            level="same",
            forms=("ask_on", "be_clear", "not_take_over"),
            own=Statement(id=f"{id_}c", text=BALANCE[1]),
        ),
        signal=Statement(id=f"{id_}w", text=BALANCE[2]),
        then=Statement(id=f"{id_}t", text=BALANCE[3]),
    )


def ordinary_answers() -> dict[Address, Answer]:
    """One to three sentences to each question of the short way, and one topic."""
    return {
        "meeting/kind": ChosenOptions(options=("care_team",)),
        "meeting/day": OnDay(on=date(2027, 2, 5)),
        **{state: stated(state, *texts) for state, texts in ORDINARY.items()},
        "balance/now": placed_with_words("b"),
        "more/about": ChosenOptions(options=("topics",)),
        "topics/which": ChosenOptions(options=("days",)),
        "topic/days/say": stated("t", "Jeg ligger våken til fire. Om dagen sover jeg når de andre er ute."),
        "topic/days/balance": placed_with_words("d"),
    }


def lowest(pdf: bytes, page: int = 1) -> float:
    """How far down a sheet the last word is, as a part of its height."""
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-f", str(page), "-l", str(page), "-", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return max(float(y) for y in re.findall(r'yMax="([\d.]+)"', boxes)) / 842


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_ordinary_preparation_with_its_map_is_one_page(language: Language) -> None:
    sheet = laid(ordinary_answers(), language)
    pdf = typeset(job_of(sheet))
    text = read(pdf)
    print(f"{language}: {sheet.fit}, {facts(pdf)['Pages']} page, filled to {lowest(pdf):.0%}")
    assert facts(pdf)["Pages"] == "1"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    for said in (t for texts in (*ORDINARY.values(), BALANCE) for t in texts):
        assert " ".join(said.split()[:2]) in text, "everything said is on it"
    for key in ("what_now", "more_challenge", "less_challenge"):
        assert BOOKS[language].say(f"map.{key}") in text
    assert BOOKS[language].say("sheet.answer") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_preparation_fills_most_of_its_sheet(language: Language) -> None:
    answers = {state: stated(state, texts[0]) for state, texts in ORDINARY.items()}
    for said in (answers, {"wishes/wish": answers["wishes/wish"]}):
        sheet = laid(said, language)
        pdf = typeset(job_of(sheet))
        print(f"{language}: {len(said)} entries, {sheet.fit}, filled to {lowest(pdf):.0%}")
        assert facts(pdf)["Pages"] == "1"
        assert lowest(pdf) > 2 / 3


def test_room_for_a_pen_is_a_cell_of_a_table_with_headings() -> None:
    answers = {"wishes/wish": stated("a", "Jeg vil sove."), "needs/need": stated("b", "Ro.")}
    pdf = typeset(job_of(laid(answers)))
    tags = subprocess.run(
        ["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode(errors="replace")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    named = re.findall(r"^ *(Table|TH|TD|TR)\b", tags, re.MULTILINE)
    print(" ".join(named))
    assert named.count("Table") == 1
    assert named.count("TR") == 3
    assert named.count("TH") == 3
    assert named.count("TD") == 6, "a heading, words and an empty cell in each row"


def test_no_heading_is_left_alone_at_the_foot_of_a_page() -> None:
    for number in (14, 17, 19, 21):
        answers = ordinary_answers() | {"wishes/wish": stated("w", *["Jeg vil sove. " * 9] * number)}
        sheet = laid(answers)
        pdf = typeset(job_of(sheet))
        assert int(facts(pdf)["Pages"]) > 1
        pages = [read(pdf, "-f", str(n), "-l", str(n)) for n in range(1, int(facts(pdf)["Pages"]) + 1)]
        for section in sheet.sections:
            first = next(e for p in section.passages for g in p.groups for e in g.entries)
            if section.kind != "meeting":
                together = [page for page in pages if section.heading in page]
                assert " ".join(first.text.split()[:3]) in together[0], (number, section.heading)


@pytest.mark.parametrize("size", ["ordinary", "large"])
def test_a_character_no_font_has_costs_the_standard_and_not_the_sheet(size: Size) -> None:
    bare = typst.Fonts(include_system_fonts=False)
    pdf = typeset(job_of(laid(many_kinds()), size), bare)
    text = read(pdf)
    for words in ("Å få sove", HEBREW, MARKUP, "čáđŋ ł ž Привет", "godt"):
        assert words in text
    assert b"pdfuaid:part" not in pdf, "what is not kept is not claimed"
    assert facts(pdf)["Tagged"] == "yes"


def test_without_emoji_the_typesetters_own_fonts_are_enough() -> None:
    bare = typst.Fonts(include_system_fonts=False)
    pdf = typeset(job_of(laid(many_kinds() | {"matters/now": stated("a", HEBREW, "بيت جديد")})), bare)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_a_word_without_an_end_stays_on_the_paper() -> None:
    pdf = typeset(job_of(laid({"matters/now": stated("a", "x" * 6000)})))
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    rights = [float(right) for right in re.findall(r'xMax="([\d.]+)"', boxes)]
    assert max(rights) <= 595
    assert facts(pdf)["Pages"] == "2"
    assert re.sub("[ 0-9/]", "", read(pdf)).count("x" * 6000) == 1


def test_the_same_sheet_twice_is_the_same_file() -> None:
    job = job_of(laid(many_kinds()))
    assert typeset(job) == typeset(job)


def test_a_card_holds_one_entry_and_no_other() -> None:
    said = summarise(DIALOGUE, told(many_kinds()))
    for chapter in said.chapters:
        for entry in chapter.entries:
            card = card_of(chapter.section.heading, entry, BOOKS["nb"])
            pdf = typeset(job_of(card))
            text = read(pdf)
            others = {str(e.said) for c in said.chapters for e in c.entries if isinstance(e.said, str)}
            for other in others - {card.entry.text, card.topic.text if card.topic else ""}:
                assert other not in text
            if card.entry.text.isascii():
                assert " ".join(card.entry.text.split()) in text
            assert facts(pdf)["Pages"] == "1"


def test_a_card_is_in_print_to_be_read_across_a_table() -> None:
    said = summarise(DIALOGUE, told({"needs/need": stated("a", "Ro", "Mye å si. " * 60)}))
    sizes = []
    for entry in said.chapters[0].entries:
        pdf = typeset(job_of(card_of(said.chapters[0].section.heading, entry, BOOKS["nb"])))
        boxes = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
        ).stdout.decode()
        heights = [float(b) - float(a) for a, b in re.findall(r'yMin="([\d.]+)".*yMax="([\d.]+)"', boxes)]
        sizes.append(max(heights))
    assert sizes[0] > 90
    assert sizes[1] > 23


def test_the_layouts_never_read_words_as_markup() -> None:
    folder = Path(__file__).parents[2] / "assistant" / "exports" / "layouts"
    for layout in folder.glob("*.typ"):
        assert not re.search(r"\beval\b|\bread\(|#include|@preview|plugin", layout.read_text("utf-8"))


def test_arabic_is_set_with_its_letters_joined() -> None:
    text = read(
        typeset(
            job_of(laid({"matters/now": StatementsGiven(statements=(Statement(id="a", text="بيت جديد"),))}))
        )
    )
    assert "بيت جديد" in unicodedata.normalize("NFKC", text)
