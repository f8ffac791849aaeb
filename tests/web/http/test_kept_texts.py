"""Texts are read once: what a start finds kept is what reading the files gives."""

import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant import kept_results
from assistant.config import dialogues_folder, locales_folder
from assistant.dialogue import library
from assistant.dialogue.library import read_library
from assistant.kept_results import kept_or_read
from assistant.languages import read_catalogues
from assistant.web.http import kept_texts
from assistant.web.http.kept_texts import catalogues_as_read, library_as_read


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where texts are kept; a test's own process reads them, so that it can count."""
    monkeypatch.setattr(kept_results, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    return tmp_path / "kept"


class Reading:
    """Counts how often something is read."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.times, self._found = 0, found

    def __call__(self) -> Mapping[str, Any]:
        self.times += 1
        return self._found


def test_what_is_kept_is_what_the_files_say(monkeypatch: pytest.MonkeyPatch) -> None:
    dialogues, catalogues = read_library(dialogues_folder()), read_catalogues(locales_folder())
    library_as_read(), catalogues_as_read()

    def refuse(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(library, "read_library", refuse)
    monkeypatch.setattr(kept_texts, "read_catalogues", refuse)
    kept = library_as_read()
    assert list(kept) == list(dialogues)
    assert kept == dialogues
    assert [one.digest for one in kept.values()] == [one.digest for one in dialogues.values()]
    assert catalogues_as_read() == catalogues


def test_a_changed_file_or_program_is_read_anew_and_nothing_older_is_kept(folder: Path) -> None:
    text, program = folder.with_name("a.yaml"), folder.with_name("b.py")
    reading = Reading({"a": "å"})
    for file, content in ((text, "one"), (program, "one"), (text, "two"), (program, "two")):
        file.write_text(content, "utf-8")
        files = [one for one in (text, program) if one.exists()]
        for _ in range(2):
            assert kept_or_read("texts", files[:1], files[1:], reading) == {"a": "å"}
    assert reading.times == 4
    assert len(list(folder.iterdir())) == 1


def test_a_copy_in_another_folder_is_not_read_again_but_a_file_with_another_name_is(folder: Path) -> None:
    reading = Reading({"a": "b"})
    for place, name in (("one", "a"), ("two", "a"), ("two", "b")):
        files = [folder.with_name(place) / "x" / "first.yaml", folder.with_name(place) / name / "second.yaml"]
        for file in files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("text", "utf-8")
        kept_or_read("texts", files, [], reading)
    assert reading.times == 2


def test_a_child_reads_what_is_not_kept_also_where_nothing_can_be_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    reading = Reading({"a": "å"})
    assert kept_or_read("texts", [], [], reading) == {"a": "å"}
    assert len(list(folder.iterdir())) == 1
    shutil.rmtree(folder)
    folder.write_text("in the way", "utf-8")
    assert kept_or_read("texts", [], [], reading) == {"a": "å"}
    assert reading.times == 0


def test_a_damaged_file_is_read_anew(folder: Path) -> None:
    reading = Reading({"a": "b"})
    kept_or_read("texts", [], [], reading)
    next(folder.iterdir()).write_bytes(b'{"a": "')
    for _ in range(2):
        assert kept_or_read("texts", [], [], reading) == {"a": "b"}
    assert reading.times == 2


def test_a_folder_that_cannot_be_written_only_costs_time(folder: Path) -> None:
    folder.write_text("in the way", "utf-8")
    reading = Reading({"a": "b"})
    for _ in range(2):
        assert kept_or_read("texts", [], [], reading) == {"a": "b"}
    assert reading.times == 2


def test_a_text_that_cannot_be_read_is_left_to_its_reader(folder: Path) -> None:
    reading = Reading({"a": "b"})
    assert kept_or_read("texts", [folder / "nowhere.yaml"], [], reading) == {"a": "b"}
    assert reading.times == 1
