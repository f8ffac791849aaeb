"""Every issue an author can meet, told where it stands and with what to do.

A case in `broken/` is one small wrong dialogue in one text file: the issues it must give, in order, then
its files after `--- name.yaml`. The lines are counted from there.
"""

import re
from pathlib import Path

import pytest

from assistant.dialogue.issues import Issue
from assistant.dialogue.library import read_dialogue

HERE = Path(__file__).parent
CASES = sorted((HERE / "broken").glob("*.yaml"))
CODES_IN_USE = set(
    re.findall(
        r'"(D\d{3})"',
        "".join(p.read_text(encoding="utf-8") for p in (HERE.parents[1] / "assistant/dialogue").glob("*.py")),
    )
)


def expected(case: Path) -> list[str]:
    return re.findall(r"^# expected: (.*)$", case.read_text(encoding="utf-8"), re.MULTILINE)


def issues_of(case: Path, tmp_path: Path) -> list[Issue]:
    folder = tmp_path / "broken"
    folder.mkdir()
    _, *sections = re.split(r"^--- (.+)\n", case.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for name, text in zip(sections[::2], sections[1::2], strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    return read_dialogue(folder)[1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_wrong_dialogue_gives_exactly_the_issues_it_should(case: Path, tmp_path: Path) -> None:
    assert [str(issue) for issue in issues_of(case, tmp_path)] == expected(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case_shows_the_code_it_is_called_by(case: Path, tmp_path: Path) -> None:
    assert case.stem[:4] in {issue.code for issue in issues_of(case, tmp_path)}


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    assert {case.stem[:4] for case in CASES} == CODES_IN_USE


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_issues_come_in_file_order(case: Path, tmp_path: Path) -> None:
    issues = issues_of(case, tmp_path)
    files = ["broken/dialogue.yaml", "broken/first.yaml", "broken/second.yaml"]
    assert issues == sorted(issues, key=lambda i: (files.index(i.file), i.line, i.column))


def test_issues_of_all_parts_are_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "dialogue.yaml").write_text(
        "spec: 1\nid: broken\nversion: 1\ntitle: {nb: Prøve, nn: Prøve, en: Trial}\nsections: []\n"
        "parts: [first, second, third]\n",
        encoding="utf-8",
    )
    (folder / "first.yaml").write_text("id: first\nid: first\n", encoding="utf-8")
    (folder / "third.yaml").write_text("id: third\n", encoding="utf-8")
    dialogue, issues = read_dialogue(folder)
    assert dialogue is None
    assert [(issue.file, issue.code) for issue in issues] == [
        ("broken/dialogue.yaml", "D106"),
        ("broken/first.yaml", "D102"),
        ("broken/third.yaml", "D103"),
        ("broken/third.yaml", "D103"),
    ]


def test_a_broken_frame_is_told_before_any_part_is_read(tmp_path: Path) -> None:
    (tmp_path / "dialogue.yaml").write_text("spec: 1\nparts: [first]\n", encoding="utf-8")
    dialogue, issues = read_dialogue(tmp_path)
    assert dialogue is None
    assert {issue.code for issue in issues} == {"D103"}
    assert all(issue.file.endswith("/dialogue.yaml") for issue in issues)
