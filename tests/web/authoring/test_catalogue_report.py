"""What may be wrong in a catalogue of the interface, each told where it stands; and a translator's list."""

import re
import shutil
from pathlib import Path

import pytest
from support.commands import run_here

from assistant.config import TEXTS, dialogues_folder, locales_folder
from assistant.languages import LANGUAGES
from assistant.web.authoring.catalogue_report import check_catalogues, report_lines, uses
from assistant.workshop.spelling import WORDS

ROOT = Path(__file__).parents[3]
LEAVE = 'msgid "site.leave"\nmsgstr "Forlat sida"\n'


@pytest.fixture
def nynorsk(tmp_path: Path) -> Path:
    """The catalogue of one language, in a copy of all."""
    shutil.copytree(locales_folder(), tmp_path / "locales")
    (tmp_path / "dialogues").mkdir()
    shutil.copy(dialogues_folder() / WORDS, tmp_path / "dialogues" / WORDS)
    return tmp_path / "locales/nn/LC_MESSAGES/messages.po"


def issues(catalogue: Path) -> list[str]:
    return [str(issue) for issue in check_catalogues(catalogue.parents[2]).issues]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (LEAVE.replace("Forlat sida", ""), "C104 'site.leave' is empty → write it, as its own language"),
        ("#, fuzzy\n" + LEAVE, "C105 'site.leave' is marked fuzzy → check it, and remove the mark"),
        (
            LEAVE.replace("sida", "{side}"),
            "C106 'site.leave' has other words in braces than nb → use exactly: none",
        ),
        (LEAVE + "\n" + LEAVE, "C102 'site.leave' is given twice → keep one of them"),
        (
            LEAVE + '\nmsgid "site.dream"\nmsgstr "Draum"\n',
            "C107 'site.dream' is never used → remove it in every language",
        ),
    ],
    ids=["empty", "fuzzy", "braces", "twice", "unused"],
)
def test_what_is_wrong_with_a_sentence_is_told_at_its_line(nynorsk: Path, broken: str, says: str) -> None:
    text = nynorsk.read_text("utf-8")
    nynorsk.write_text(text.replace(LEAVE, broken), "utf-8")
    line = line_of(
        nynorsk.read_text("utf-8"), 'msgid "site.dream"' if "dream" in says else 'msgid "site.leave"'
    )
    if "twice" in says:
        line += 3
    found = issues(nynorsk)
    assert f"locales/nn/LC_MESSAGES/messages.po:{line}:1: {says}" in found
    others = {issue.split(" ")[1] for issue in found} - {says[:4]}
    assert others == ({"C103"} if "dream" in says else set())


def test_what_is_not_written_in_one_language_is_told(nynorsk: Path) -> None:
    nynorsk.write_text(nynorsk.read_text("utf-8").replace(LEAVE, ""), "utf-8")
    says = "C103 'site.leave' is missing in nn → write it, as its own language"
    assert issues(nynorsk) == [f"locales/nn/LC_MESSAGES/messages.po:1:1: {says}"]


def test_what_is_said_and_stands_nowhere_is_told_where_it_is_said(nynorsk: Path) -> None:
    for language in LANGUAGES:
        file = nynorsk.parents[2] / language / "LC_MESSAGES/messages.po"
        text = file.read_text("utf-8")
        file.write_text(re.sub(r'msgid "site\.leave"\nmsgstr ".*"\n', "", text), "utf-8")
    found = issues(nynorsk)
    assert found
    for issue in found:
        assert re.fullmatch(
            r"assistant/web/templates/\w+/\w+\.html:\d+:1: C108 'site\.leave' is used here but .+ → .+",
            issue,
        )


@pytest.mark.parametrize("text", [None, b"\xe6\xf8\xe5", "hei\n"])
def test_a_catalogue_that_cannot_be_read_is_one_issue(nynorsk: Path, text: str | bytes | None) -> None:
    if text is None:
        nynorsk.unlink()
    else:
        nynorsk.write_bytes(text if isinstance(text, bytes) else text.encode())
    (issue,) = issues(nynorsk)
    assert re.match(r"locales/nn/LC_MESSAGES/messages\.po:\d+:1: C101 ", issue)


def test_a_number_that_would_be_read_backwards_is_told(nynorsk: Path) -> None:
    arabic = nynorsk.parents[2] / "ar" / "LC_MESSAGES" / "messages.po"
    arabic.parent.mkdir(parents=True)
    arabic.write_text(nynorsk.read_text("utf-8").replace(LEAVE, LEAVE.replace("sida", "116 117")), "utf-8")
    (issue,) = check_catalogues(nynorsk.parents[2], (*LANGUAGES, "ar")).issues
    assert str(issue).split(": ", 1)[1] == (
        "C109 'site.leave' would show 116 117 backwards → put no-break spaces (U+00A0) in it"
    )


def test_a_key_that_is_put_together_is_found_where_it_is() -> None:
    found = {use.key for use in uses()}
    assert "trouble.*_heading" in found
    assert "map.*" in found


def test_each_sentence_is_told_with_its_places_in_every_language() -> None:
    report = check_catalogues(locales_folder())
    assert all(sentence.places for sentence in report.sentences)
    lines = list(report_lines(report, LANGUAGES))
    place = lines.index("site.leave")
    assert re.fullmatch(r"    used at  assistant/web/templates/http/base\.html:\d+", lines[place + 1])
    assert lines[place + 2 : place + 5] == [
        "    nb       Forlat siden",
        "    nn       Forlat sida",
        "    en       Leave this page",
    ]


def test_the_command_says_how_it_stands_and_fails_where_something_is_wrong(
    nynorsk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def catalogue(*arguments: str) -> tuple[int, str]:
        done = run_here("catalogue", *arguments, folder=ROOT)
        assert done.stderr == b""
        return done.returncode, done.stdout.decode()

    monkeypatch.setenv(TEXTS, str(nynorsk.parents[3]))
    code, said = catalogue("--issues")
    assert code == 0
    assert re.fullmatch(r"\d+ sentences in nb, nn, en: no issues\n", said)
    nynorsk.write_text(nynorsk.read_text("utf-8").replace(LEAVE, "#, fuzzy\n" + LEAVE), "utf-8")
    code, said = catalogue()
    assert code == 1
    assert "C105 'site.leave' is marked fuzzy" in said
    assert said.endswith(": 1 issues\n")
    code, said = catalogue("--issues", "--language", "pl")
    assert code == 1
    assert "locales/pl/LC_MESSAGES/messages.po:1:1: C101 the catalogue cannot be read" in said
