"""No string from a dialogue file is ever imported or called.

`transitions` imports and calls any dotted string it is given as a condition or callback. So only one
module knows it, and that module hands on functions of our own and addresses, nothing else.
"""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.dialogue.checks.issues import Issue
from assistant.dialogue.library import read_dialogue
from assistant.engine.machine import DialogueMachine

ROOT = Path(__file__).parents[2]
MACHINE = ROOT / "assistant" / "engine" / "machine.py"
CALLBACKS = {"conditions", "unless", "before", "after", "prepare", "on_enter", "on_exit", "on_final"}
CALLBACKS |= {"before_state_change", "after_state_change", "prepare_event", "finalize_event", "on_exception"}


def imported_by(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_one_module_alone_imports_transitions() -> None:
    importers = [f for f in (ROOT / "assistant").rglob("*.py") if "transitions" in imported_by(f)]
    assert importers == [MACHINE]


def test_the_machine_hands_transitions_no_callback_but_the_guard() -> None:
    calls = [n for n in ast.walk(ast.parse(MACHINE.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    given = [
        (keyword.arg, ast.unparse(keyword.value))
        for call in calls
        for keyword in call.keywords
        if keyword.arg is None or keyword.arg in CALLBACKS
    ]
    assert given == [("conditions", "guard")]


def test_every_condition_in_a_machine_is_one_of_our_functions() -> None:
    dialogue, _ = read_dialogue(ROOT / "tests" / "engine" / "small")
    assert dialogue is not None
    events = DialogueMachine(dialogue)._machine.events
    assert set(events) == {"reply", "pass"}
    ways = [way for event in events.values() for lists in event.transitions.values() for way in lists]
    conditions = [condition.func for way in ways for condition in way.conditions]
    assert conditions
    assert {condition.__module__ for condition in conditions} == {"assistant.dialogue.guards"}
    assert not any(callback for way in ways for callback in (*way.prepare, *way.before, *way.after))


@pytest.mark.parametrize(
    "when",
    [
        "os.getcwd",
        "[os.getcwd]",
        "{os.getcwd: true}",
        "{conditions: os.getcwd}",
        "{chose: os.getcwd}",
        "{chose: {os.getcwd: walk}}",
        "{chose: {how: os.getcwd}}",
        "{answered: os.getcwd}",
        "{answered: os/getcwd}",
        "!!python/name:os.getcwd",
    ],
)
def test_a_dotted_string_where_a_guard_should_be_is_an_issue(
    when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (issue,) = issues_with(
        f"next:\n      - when: {when}\n        to: end\n      - to: end", "", tmp_path, monkeypatch
    )
    assert issue.line in (12, 13)
    assert issue.code in ("D101", "D103", "D107", "D206")


@pytest.mark.parametrize(
    "head",
    [
        "when: os.getcwd",
        "when: {os.getcwd: true}",
        "when: {chose: {how: os.getcwd}}",
        "when: {answered: os.getcwd}",
        "when: {answered: os/getcwd}",
        "for_each: os.getcwd",
        "for_each: os/getcwd",
        "for_each: !!python/name:os.getcwd",
    ],
)
def test_a_dotted_string_over_a_whole_part_is_an_issue(
    head: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (issue,) = issues_with("", f"{head}\n", tmp_path, monkeypatch)
    assert issue.line == 3
    assert issue.code in ("D101", "D103", "D107", "D206", "D210")


def issues_with(next_: str, head: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Issue]:
    """The issues of a small dialogue with this written in it; calling `os.getcwd` meanwhile is a failure."""

    def called() -> str:
        raise AssertionError("a string from a dialogue file was called")

    words = "{nb: Ord, nn: Ord, en: Words}"
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "dialogue.yaml").write_text(
        f"spec: 1\nid: trial\nversion: 1\ntitle: {words}\nsections: []\nparts: [first]\n"
    )
    (tmp_path / "trial" / "first.yaml").write_text(
        f"id: first\ntopic: {words}\n{head}states:\n  - {{id: hello, asks: say, prompt: {words}}}\n"
        f"  - id: how\n    asks: choice\n    prompt: {words}\n    why: {words}\n"
        f"    options:\n      - {{id: walk, text: {words}}}\n      - {{id: talk, text: {words}}}\n"
        f"    {next_}\n"
    )
    folder = (tmp_path / "trial").resolve()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getcwd", called)
        return read_dialogue(folder)[1]
