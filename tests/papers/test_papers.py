"""The papers themselves: drafts in three languages, as Markdown and PDF, with fields for the service."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.commands import run
from support.need import need
from support.person import Person

from assistant.config import dialogues_folder, locales_folder, service_file
from assistant.dialogue.checks.plain_language import wording_issues
from assistant.dialogue.checks.wordings import Wording
from assistant.dialogue.library import read_plain_words
from assistant.languages import Language
from assistant.papers.commands import papers
from assistant.papers.lists import PAPER_LANGUAGES, TEXTS
from assistant.papers.printing import PAPERS, Paper, print_paper
from assistant.web.http.service_file import Service, read_service
from assistant.workshop.spelling import read_our_words, spelled_words, unknown_words

OURS = Path(__file__).parents[1] / "workshop" / "service.yaml"
DRAFT = {"nb": "> **Utkast.**", "nn": "> **Utkast.**", "en": "> **Draft.**"}


def bare() -> Service:
    """The service file that comes with the program: it says nothing about who is responsible."""
    return read_service(service_file())


def prose(paper: Paper) -> str:
    """The paper without names of commands, tables and tests."""
    return re.sub(r"`[^`]*`", "", paper.text)


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
@pytest.mark.parametrize("name", PAPERS)
def test_each_paper_says_that_it_is_a_draft_right_below_its_title(name: str, language: Language) -> None:
    title, _, second, *_ = print_paper(name, language, bare()).text.splitlines()
    assert title.startswith("# ")
    assert second.startswith(DRAFT[language])


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_has_the_same_parts_and_the_same_fields_in_every_language(name: str) -> None:
    printed = [print_paper(name, language, bare()) for language in PAPER_LANGUAGES]
    shapes = {tuple(re.findall(r"^(?:#+|\||-|>)(?= )", paper.text, re.MULTILINE)) for paper in printed}
    assert len(shapes) == 1
    assert len({len(paper.left_open) for paper in printed}) == 1
    assert len({paper.text for paper in printed}) == len(printed)


def test_every_template_is_printed_in_every_language() -> None:
    for language in PAPER_LANGUAGES:
        there = {path.stem for path in (TEXTS / language).iterdir()}
        assert there == {*PAPERS, "_draft", "_insight", "_keys", "_who"}


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
def test_what_the_service_file_says_is_filled_in(language: Language) -> None:
    ours = read_service(OURS)
    for name in ("dpia", "risk", "record", "processor", "accessibility", "access", "incident"):
        open_, filled = print_paper(name, language, bare()), print_paper(name, language, ours)
        assert len(filled.left_open) < len(open_.left_open), name
        assert re.search("Eksempel kommune, 12 34 56 78|Personvernombudet, ombud@", filled.text), name
    assert "https://uustatus.example/nb/1" in print_paper("accessibility", language, ours).text


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
async def test_the_paper_for_the_people_concerned_says_what_the_public_page_says(
    person: Person, language: Language
) -> None:
    page = await person.open(f"/{language}/privacy")
    said = print_paper("information", language, bare()).text.split("\n\n")
    first = next(number for number, block in enumerate(said) if block.startswith("## "))
    blocks = [block.removeprefix("## ").strip() for block in said[first:-2]]
    assert len(blocks) > 20
    assert [block for block in blocks if block not in page.main] == []


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
def test_the_papers_are_in_one_language_and_spelled_as_it_is(hunspell: str, language: Language) -> None:
    plain = read_plain_words(locales_folder())
    known = read_our_words({dialogues_folder(), TEXTS.parent})
    words: set[str] = set()
    for name in PAPERS:
        text = prose(print_paper(name, language, bare()))
        words |= set(spelled_words(text))
        for number, line in enumerate(filter(None, text.splitlines()), start=1):
            said = Wording(name, (str(number),), {language: line.strip()}, {language: (number, 1)}, ())
            wrong = [issue for issue in wording_issues([said], plain) if issue.code in ("D303", "D406")]
            assert wrong == [], line
    assert [word for word in unknown_words(words, plain[language].spelling) if word not in known] == []


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
def test_each_paper_is_a_tagged_pdf_with_the_same_words(language: Language) -> None:
    need("poppler-utils", "ASSISTANT_REQUIRE_POPPLER", is_there=shutil.which("pdftotext") is not None)
    for name in PAPERS:
        paper = print_paper(name, language, bare())
        pdf = paper.pdf()
        assert b"pdfuaid:part" in pdf, f"{name} does not conform to PDF/UA-1"
        done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
        said = "".join(done.stdout.decode().split())
        for open_ in paper.left_open:
            assert "".join(f"[{open_}]".split()).replace("-", "") in said.replace("-", ""), (name, open_)
        assert "".join(paper.title.split()) in said


def test_the_commands_list_the_papers_and_print_one(tmp_path: Path) -> None:
    made = run("papers", "show", "flow", "--format", "pdf", "--output", "flow.pdf", folder=tmp_path)
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    assert (tmp_path / "flow.pdf").read_bytes().startswith(b"%PDF-")
    listed = CliRunner().invoke(papers, ["list", "--language", "nn", "--service", str(OURS)])
    of_papers, _, _ = listed.output.partition("\n\n")
    assert [line.split()[0] for line in of_papers.splitlines()] == list(PAPERS)
    assert re.search(
        r"^dpia +Vurdering av personvernkonsekvensar  \(\d+ to fill in\)$", listed.output, re.MULTILINE
    )
    shown = CliRunner().invoke(papers, ["show", "flow", "--language", "en"])
    assert shown.output == print_paper("flow", "en", bare()).text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "dpa"), "choose from dpia, risk"),
        (("show", "dpia", "--language", "pl"), "'pl' is none of"),
        (("show", "dpia", "--service", "nowhere.yaml"), "nowhere.yaml:1:1: D101"),
        (("show", "flow", "--output", "no/such/folder.md"), "cannot be written"),
    ],
)
def test_a_slip_is_answered_with_one_sentence(arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(papers, arguments)
    assert done.exit_code in (1, 2)
    assert done.stdout == ""
    assert said in done.stderr
    assert done.exception is None or isinstance(done.exception, SystemExit)
