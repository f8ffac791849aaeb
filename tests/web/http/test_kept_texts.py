"""Texts are read once: what a start finds kept is what reading the files gives."""

import os
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant import kept_results
from assistant.config import dialogues_folder, locales_folder, service_file
from assistant.dialogue import library, marked_yaml
from assistant.dialogue.library import read_library
from assistant.errors import CannotStart
from assistant.kept_results import kept_or_read
from assistant.languages import read_catalogues
from assistant.web.http import kept_texts
from assistant.web.http import service_file as service_module
from assistant.web.http.kept_texts import catalogues_as_read, library_as_read, service_as_read
from assistant.web.http.service_file import Service, read_service


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where texts are kept, by the process that reads them unless a test says otherwise."""
    monkeypatch.setattr(kept_results, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    return tmp_path / "kept"


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have another process read what is not kept."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """The file of a service."""
    return Path(shutil.copy(service_file(), tmp_path / "service.yaml"))


class Reading:
    """Counts how often something is read."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.times, self._found = 0, found

    def __call__(self) -> Mapping[str, Any]:
        self.times += 1
        return self._found


def refuse(*_: object) -> None:
    raise AssertionError("this is not done again")


def test_what_is_kept_is_what_the_files_say(monkeypatch: pytest.MonkeyPatch) -> None:
    dialogues, catalogues = read_library(dialogues_folder()), read_catalogues(locales_folder())
    library_as_read(), catalogues_as_read()

    monkeypatch.setattr(library, "read_library", refuse)
    monkeypatch.setattr(kept_texts, "read_catalogues", refuse)
    kept = library_as_read()
    assert list(kept) == list(dialogues)
    assert kept == dialogues
    assert [one.digest for one in kept.values()] == [one.digest for one in dialogues.values()]
    assert catalogues_as_read() == catalogues


def test_a_service_file_is_not_read_again_until_it_changes(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = read_service(service)
    assert service_as_read(service) == written
    with monkeypatch.context() as patch:
        patch.setattr(marked_yaml, "read_marked", refuse)
        assert service_as_read(service) == written
    service.write_text(service.read_text("utf-8") + "\nzone: Atlantic/Reykjavik\n", "utf-8")
    assert service_as_read(service).zone == "Atlantic/Reykjavik"


def test_a_wrong_service_file_is_told_of_in_full_and_nothing_of_it_is_kept(
    service: Path, folder: Path
) -> None:
    service.write_text("contacts: 5\nzone: ''\n", "utf-8")
    for _ in range(2):
        with pytest.raises(CannotStart, match=r"(?s)service\.yaml:1.*service\.yaml:2"):
            service_as_read(service)
    assert not list(folder.glob("service*"))


def test_a_service_file_that_the_program_no_longer_takes_is_told_of_with_its_lines(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service_as_read(service)

    class Stricter(Service):
        unheard_of: int

    monkeypatch.setattr(service_module, "Service", Stricter)
    with pytest.raises(CannotStart, match=r"service\.yaml:\d+.*unheard_of"):
        service_as_read(service)


def test_what_is_kept_is_readable_for_no_more_people_than_its_files(service: Path, folder: Path) -> None:
    service.chmod(0o640)
    service_as_read(service)
    (kept,) = folder.glob("service*")
    assert kept.stat().st_mode & 0o777 & ~0o640 == 0


@pytest.mark.usefixtures("apart")
def test_another_process_reads_what_is_not_kept_and_leaves_nothing_here(folder: Path) -> None:
    reading = Reading({"a": "å"})
    assert kept_or_read("texts", [], [], reading) == {"a": "å"}
    assert reading.times == 0
    assert len(list(folder.iterdir())) == 1


@pytest.mark.usefixtures("apart")
def test_what_is_wrong_is_said_here_alone(service: Path, capfd: pytest.CaptureFixture[str]) -> None:
    service.write_text("contacts: 5\n", "utf-8")
    with pytest.raises(CannotStart):
        service_as_read(service)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("apart")
def test_where_nothing_can_be_kept_no_other_process_begins(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_text("in the way", "utf-8")
    monkeypatch.setattr(os, "fork", refuse)
    assert kept_or_read("texts", [], [], Reading({"a": "b"})) == {"a": "b"}


def test_a_changed_file_or_program_is_read_anew_and_only_the_newest_are_kept(folder: Path) -> None:
    text, program = folder.with_name("a.yaml"), folder.with_name("b.py")
    reading = Reading({"a": "å"})
    for file, content in ((text, "one"), (program, "one"), (text, "two"), (program, "two")):
        file.write_text(content, "utf-8")
        files = [one for one in (text, program) if one.exists()]
        for _ in range(2):
            assert kept_or_read("texts", files[:1], files[1:], reading) == {"a": "å"}
    assert reading.times == 4
    first, *_ = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    for many in range(kept_results.MOST):
        text.write_text(str(many), "utf-8")
        kept_or_read("texts", [text], [program], reading)
    assert len(list(folder.iterdir())) == kept_results.MOST
    assert not first.exists()


def test_a_copy_in_another_folder_is_not_read_again_but_a_file_with_another_name_is(folder: Path) -> None:
    reading = Reading({"a": "b"})
    for place, name in (("one", "a"), ("two", "a"), ("two", "b")):
        files = [folder.with_name(place) / "x" / "first.yaml", folder.with_name(place) / name / "second.yaml"]
        for file in files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("text", "utf-8")
        kept_or_read("texts", files, [], reading)
    assert reading.times == 2


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
