"""Every issue an author can meet, told where it stands and with what to do.

Every code has a small wrong dialogue in `broken/`.
"""

import re
from pathlib import Path

import pytest
from support.broken_dialogues import BROKEN, expected, files_of

from assistant.dialogue.checks.codes import CODES
from assistant.dialogue.checks.issues import Issue
from assistant.dialogue.library import read_dialogue, read_folder, read_plain_words

HERE = Path(__file__).parent
PLAIN = read_plain_words(HERE.parents[2] / "locales")
CASES = [case for case in BROKEN if case.stem[:4] != "D601"]  # spelling is asked of another program
CODES_IN_USE = {
    code
    for path in (HERE.parents[2] / "assistant").rglob("*.py")
    if path.stem != "codes"
    for code in re.findall(r'"(D\d{3})"', path.read_text("utf-8"))
}


def issues_of(case: Path, tmp_path: Path) -> list[Issue]:
    folder = tmp_path / "broken"
    folder.mkdir()
    for name, text in files_of(case).items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_folder(folder).all_issues(PLAIN)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_wrong_dialogue_gives_exactly_the_issues_it_should(case: Path, tmp_path: Path) -> None:
    assert [str(issue) for issue in issues_of(case, tmp_path)] == expected(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case_shows_the_code_it_is_called_by(case: Path, tmp_path: Path) -> None:
    assert case.stem[:4] in {issue.code for issue in issues_of(case, tmp_path)}


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    assert {case.stem[:4] for case in BROKEN} == CODES_IN_USE == {code for code in CODES if code[0] == "D"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_issues_come_in_file_order(case: Path, tmp_path: Path) -> None:
    issues = issues_of(case, tmp_path)
    files = [f"broken/{name}" for name in files_of(case)]
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


def write_parts(folder: Path, **parts: str) -> list[str]:
    """The issues of a dialogue with these parts in this order; `Q` and `SAY` stand for the wordings."""
    words = "{nb: Ord, nn: Ord, en: Words}"
    folder.mkdir()
    (folder / "dialogue.yaml").write_text(
        f"spec: 1\nid: {folder.name}\nversion: 1\ntitle: {words}\nsections: []\nparts: [{', '.join(parts)}]\n"
    )
    for name, text in parts.items():
        written = text.replace("Q", f"prompt: {words}, why: {words}").replace(
            "SAY", f"asks: say, prompt: {words}"
        )
        (folder / f"{name}.yaml").write_text(f"id: {name}\ntopic: {words}\n{written}\n")
    return [f"{issue.file}:{issue.line} {issue.code}" for issue in read_dialogue(folder)[1]]


OPTIONS = "options: [{id: a, text: {nb: A, nn: A, en: A}}, {id: b, text: {nb: B, nn: B, en: B}}]"


def test_topics_are_asked_before_a_part_by_the_way_one_goes_and_not_by_the_order_of_the_files(
    tmp_path: Path,
) -> None:
    ask = f"states:\n- {{id: which, asks: choices, Q, {OPTIONS}, next: [{{to: each}}]}}"
    issues = write_parts(
        tmp_path / "trial",
        first="states:\n- {id: hello, SAY, next: [{to: ask}]}",
        each="for_each: ask/which\nwhen: {answered: ask/which}\nstates:\n"
        "- {id: say, asks: text, Q, next: [{to: end}]}",
        bye="states:\n- {id: bye, SAY, next: [{to: end}]}",
        ask=ask,
    )
    assert issues == []


@pytest.mark.parametrize(
    ("head", "issues"),
    [
        ("when: {chose: {first/how: a}}\n", []),
        ("for_each: first/how\n", []),
        ("", ["trial/other.yaml:4 D203"]),
    ],
)
def test_what_is_reached_only_past_a_part_that_need_not_be_had_is_reached(
    head: str, issues: list[str], tmp_path: Path
) -> None:
    found = write_parts(
        tmp_path / "trial",
        first=f"states:\n- {{id: hello, SAY}}\n- {{id: how, asks: choices, Q, {OPTIONS}}}",
        now=f"{head}states:\n- {{id: call, SAY, next: [{{to: end}}]}}",
        other="states:\n- {id: wish, asks: text, Q}",
    )
    assert found == issues


def test_what_is_wrong_with_a_part_and_with_its_states_is_told_in_the_order_it_is_written(
    tmp_path: Path,
) -> None:
    which = f"- {{id: which, asks: choices, Q, {OPTIONS}}}"
    ahead = "- {id: need, asks: text, Q,\n   next: [{when: {answered: third/more}, to: third}, {to: third}]}"
    lost = "- {id: lost, asks: text, Q}"
    states = f"states:\n{which}\n{ahead}\n{lost}"
    heads = "for_each: third/which\nwhen: {answered: third/more}"
    first, third = "states:\n- {id: hello, SAY}", f"states:\n- {{id: more, asks: text, Q}}\n{which}"
    assert write_parts(tmp_path / "above", first=first, second=f"{heads}\n{states}", third=third) == [
        "above/second.yaml:3 D210",
        "above/second.yaml:4 D206",
        "above/second.yaml:8 D206",
        "above/second.yaml:9 D203",
    ]
    assert write_parts(tmp_path / "below", first=first, second=f"{states}\n{heads}", third=third) == [
        "below/second.yaml:6 D206",
        "below/second.yaml:7 D203",
        "below/second.yaml:8 D210",
        "below/second.yaml:9 D206",
    ]


def test_a_broken_frame_is_told_before_any_part_is_read(tmp_path: Path) -> None:
    (tmp_path / "dialogue.yaml").write_text("spec: 1\nparts: [first]\n", encoding="utf-8")
    dialogue, issues = read_dialogue(tmp_path)
    assert dialogue is None
    assert {issue.code for issue in issues} == {"D103"}
    assert all(issue.file.endswith("/dialogue.yaml") for issue in issues)
