"""Reading dialogue folders: what is found, what is refused, and what a library holds."""

import json
from pathlib import Path

import pytest

from assistant.dialogue.library import DialogueBroken, read_dialogue, read_library
from assistant.dialogue.model import Dialogue, Say
from assistant.errors import CannotStart

FRAME = """\
spec: 1
id: {id}
version: 1
title: {{nb: Prøve, nn: Prøve, en: Trial}}
sections: []
parts: [first]
"""
FIRST = """\
id: first
topic: {nb: Først, nn: Først, en: First}
states:
  - id: hello
    asks: say
    prompt: {nb: Ring 113 eller hopp over., nn: Ring 113 eller hopp over., en: Call 113 or skip.}
  - id: wish
    asks: text
    prompt: {nb: Hva?, nn: Kva?, en: What?}
    why: {nb: Fordi., nn: Fordi., en: Because.}
"""


def write(folder: Path, first: str = FIRST) -> Path:
    folder.mkdir()
    (folder / "dialogue.yaml").write_text(FRAME.format(id=folder.name), encoding="utf-8")
    (folder / "first.yaml").write_text(first, encoding="utf-8")
    return folder


def read(folder: Path) -> Dialogue:
    dialogue, issues = read_dialogue(folder)
    assert issues == []
    assert dialogue is not None
    return dialogue


def test_a_dialogue_with_nothing_wrong_has_no_issues(tmp_path: Path) -> None:
    dialogue = read(write(tmp_path / "trial"))
    assert list(dialogue.states) == ["first/hello", "first/wish"]


def test_a_library_holds_every_dialogue_by_its_id(tmp_path: Path) -> None:
    write(tmp_path / "one")
    write(tmp_path / "two")
    (tmp_path / "notes").mkdir()
    library = read_library(tmp_path)
    assert list(library) == ["one", "two"]
    assert library["two"].frame.id == "two"


def test_a_library_tells_the_issues_of_all_its_dialogues(tmp_path: Path) -> None:
    write(tmp_path / "one", FIRST.replace("asks: text", "asks: poem"))
    write(tmp_path / "two")
    write(tmp_path / "three", FIRST.replace("en: Call 113 or skip.", ""))
    with pytest.raises(DialogueBroken) as broken:
        read_library(tmp_path)
    assert [(issue.file, issue.code) for issue in broken.value.issues] == [
        ("one/first.yaml", "D105"),
        ("three/first.yaml", "D104"),
    ]
    assert str(broken.value) == "\n".join(str(issue) for issue in broken.value.issues)


def test_two_dialogues_cannot_go_by_one_id(tmp_path: Path) -> None:
    write(tmp_path / "one")
    copied = write(tmp_path / "two") / "dialogue.yaml"
    copied.write_text(FRAME.format(id="one"), encoding="utf-8")
    with pytest.raises(DialogueBroken, match=r"^two/dialogue\.yaml:2:5: D201 "):
        read_library(tmp_path)


def test_a_folder_without_dialogues_cannot_start(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"Put a folder with a dialogue\.yaml there"):
        read_library(tmp_path)


def test_a_folder_may_be_named_from_inside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path / "trial"))
    read(Path())


def test_windows_line_ends_and_a_byte_order_mark_give_the_same_dialogue(tmp_path: Path) -> None:
    plain = read(write(tmp_path / "trial"))
    for file in (tmp_path / "trial").iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert read(tmp_path / "trial") == plain


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_that_is_not_utf_8_is_an_issue(tmp_path: Path, encoding: str) -> None:
    file = write(tmp_path / "trial") / "first.yaml"
    file.write_text(FIRST, encoding=encoding)
    dialogue, (issue,) = read_dialogue(tmp_path / "trial")
    assert dialogue is None
    assert str(issue).startswith("trial/first.yaml:1:1: D101 the file cannot be read")
    assert "UTF-8" in issue.do


def test_a_folder_without_a_frame_is_an_issue(tmp_path: Path) -> None:
    dialogue, (issue,) = read_dialogue(tmp_path)
    assert dialogue is None
    assert (issue.code, issue.file) == ("D101", f"{tmp_path.name}/dialogue.yaml")


def test_a_file_of_one_mebibyte_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    file = write(tmp_path / "trial") / "first.yaml"
    file.write_bytes(FIRST.encode().ljust((1 << 20) - 1) + b"\n")
    read(tmp_path / "trial")
    file.write_bytes(FIRST.encode().ljust(1 << 20) + b"\n")
    dialogue, (issue,) = read_dialogue(tmp_path / "trial")
    assert dialogue is None
    assert str(issue) == "trial/first.yaml:1:1: D101 the file is over 1 MiB → split it into parts"


def test_a_part_may_not_be_the_frame_itself(tmp_path: Path) -> None:
    frame = write(tmp_path / "trial") / "dialogue.yaml"
    frame.write_text(FRAME.format(id="trial").replace("first", "dialogue"), encoding="utf-8")
    assert [issue.code for issue in read_dialogue(tmp_path / "trial")[1]] == ["D201", "D108"]


@pytest.mark.parametrize("name", ["../first", "first.yaml", "/etc/passwd", "First"])
def test_a_part_is_named_by_a_plain_word_and_never_by_a_path(tmp_path: Path, name: str) -> None:
    frame = write(tmp_path / "trial") / "dialogue.yaml"
    frame.write_text(FRAME.format(id="trial").replace("first", name), encoding="utf-8")
    assert [issue.code for issue in read_dialogue(tmp_path / "trial")[1]] == ["D103"]


def test_a_dialogue_kept_as_json_is_the_same_dialogue_with_the_same_digest(tmp_path: Path) -> None:
    dialogue = read(write(tmp_path / "trial"))
    kept = Dialogue.model_validate_json(dialogue.model_dump_json())
    assert kept == dialogue
    assert kept.digest == dialogue.digest
    assert list(kept.states) == list(dialogue.states)


def test_a_dialogue_kept_before_parts_could_be_repeated_or_offered_is_read(tmp_path: Path) -> None:
    dialogue = read(write(tmp_path / "trial"))
    kept = json.loads(dialogue.model_dump_json())
    for part in kept["parts"]:
        assert (part.pop("when"), part.pop("for_each")) == (None, None)
        for state in part["states"]:
            assert state.pop("offered", False) is False
    assert Dialogue.model_validate_json(json.dumps(kept)) == dialogue


def test_one_letter_more_in_a_wording_is_another_digest(tmp_path: Path) -> None:
    before = read(write(tmp_path / "trial")).digest
    (tmp_path / "trial" / "first.yaml").write_text(FIRST.replace("Ring", "Slå", 1), encoding="utf-8")
    assert read(tmp_path / "trial").digest != before


def test_a_wording_is_given_in_each_language_and_a_question_is_known_from_a_say(tmp_path: Path) -> None:
    dialogue = read(write(tmp_path / "trial"))
    wish = dialogue.question("first/wish")
    assert (wish.prompt.in_("nb"), wish.prompt.in_("nn"), wish.prompt.in_("en")) == ("Hva?", "Kva?", "What?")
    assert dialogue.part_of("first/wish").id == "first"
    assert [said.id for said in dialogue.opening()] == ["hello"]
    assert isinstance(dialogue.states["first/hello"], Say)
