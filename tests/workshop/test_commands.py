"""The workshop's commands as an author types them: files on standard output, a sentence for what is amiss."""

import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.commands import command, environment, run_here
from support.typist import had_again

from assistant.config import dialogues_folder

TALK = ("talk", "before_meeting")


def run(*arguments: str, folder: Path, typed: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment() | {"PYTHONIOENCODING": "utf-8"},
        input=typed,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_conversation_in_the_terminal_is_kept_as_a_walk(tmp_path: Path) -> None:
    typed = b"1\n/hopp\nBarna.\n\n" + b"\xff\n" + b"/kvifor\n"
    done = run(
        "talk", "before_meeting", "--language", "nn", "--keep", "walk.txt", folder=tmp_path, typed=typed
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Korleis vil du bli møtt" in done.stdout.decode()
    assert "skjult teikn" in done.stdout.decode()
    kept = (tmp_path / "walk.txt").read_text("utf-8")
    assert "\n> Barna.\n" in kept
    assert had_again(kept) == kept


def test_a_walk_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "walk.txt").write_text("min", encoding="utf-8")
    done = run_here("talk", "before_meeting", "--keep", "walk.txt", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == "Det finnes allerede noe som heter walk.txt. Velg et annet navn.\n"
    assert (tmp_path / "walk.txt").read_text("utf-8") == "min"


def test_a_folder_that_is_not_there_is_told_before_anything_is_typed(tmp_path: Path) -> None:
    done = run_here("talk", "before_meeting", "--keep", "nowhere/walk.txt", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "Velg en mappe du kan skrive i." in done.stderr.decode()


def test_the_drawing_is_a_file_of_its_own(tmp_path: Path) -> None:
    done = run_here("draw", "before_meeting", "--language", "en", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    svg = ElementTree.fromstring(done.stdout)
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert "What kind of meeting is it?" in " ".join(svg.itertext())


def test_the_drawing_is_mermaid_where_that_is_asked_for(tmp_path: Path) -> None:
    done = run_here("draw", "before_meeting", "--format", "mermaid", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines()[1] == "flowchart TD"


def test_the_script_is_a_page_of_its_own(tmp_path: Path) -> None:
    done = run_here("show", "before_meeting", "--language", "nn", "--facilitator", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().startswith('<!doctype html>\n<html lang="nn">')


def test_a_folder_of_ones_own_can_be_named(tmp_path: Path) -> None:
    shutil.copytree(dialogues_folder() / "before_meeting", tmp_path / "before_meeting")
    frame = tmp_path / "before_meeting" / "dialogue.yaml"
    frame.write_text(frame.read_text("utf-8").replace("en: Before the meeting", "en: Our own"), "utf-8")
    done = run_here("draw", "./before_meeting", "--language", "en", "--format", "mermaid", folder=tmp_path)
    assert done.stdout.decode().startswith("%% Our own, Version 4\n")


@pytest.mark.parametrize("command", ["talk", "draw", "show"])
def test_a_name_that_is_not_there_is_told_with_what_was_meant(tmp_path: Path, command: str) -> None:
    done = run_here(command, "before_meating", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "Did you mean before_meeting?" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize("command", ["talk", "draw", "show"])
def test_a_broken_dialogue_is_told_line_by_line(tmp_path: Path, command: str) -> None:
    shutil.copytree(dialogues_folder() / "before_meeting", tmp_path / "mine")
    done = run_here(command, "mine", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "mine/dialogue.yaml:3:5: D201" in done.stderr.decode()
