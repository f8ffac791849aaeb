"""`assistant check`: what an author is shown, and what stops a server."""

import os
import shutil
from pathlib import Path

import pytest
from support.broken_dialogues import BROKEN, expected, files_of

from assistant.config import dialogues_folder, locales_folder
from assistant.dialogue.checks.codes import CODES, Severity
from assistant.dialogue.checks.issues import Issue
from assistant.dialogue.library import DialogueBroken, read_library
from assistant.errors import CannotStart
from assistant.workshop.check import Checked, check_folder, codes_explained
from assistant.workshop.spelling import unknown_words


def written(case: str, folder: Path) -> Path:
    """A library with one of the broken dialogues in it."""
    (folder / "broken").mkdir()
    (path,) = [path for path in BROKEN if path.stem == case]
    for name, text in files_of(path).items():
        (folder / "broken" / name).write_text(text, encoding="utf-8")
    return folder


def checked(folder: Path) -> Checked:
    return check_folder(folder, dialogues_folder(), locales_folder())


def test_our_own_dialogues_are_clean(hunspell: str) -> None:
    found = checked(dialogues_folder())
    assert (found.issues, found.notes) == ([], [])
    assert not found.has_failed
    assert [line.split()[0] for line in found.lines()] == list(read_library(dialogues_folder()))


def test_a_word_that_no_dictionary_knows_is_told_where_it_stands(hunspell: str, tmp_path: Path) -> None:
    found = checked(written("D601", tmp_path))
    (case,) = [path for path in BROKEN if path.stem == "D601"]
    assert list(found.lines()) == expected(case)
    assert found.has_failed


def test_our_own_words_may_lie_beside_the_dialogues_or_in_the_folder_of_one(
    hunspell: str, tmp_path: Path
) -> None:
    library = written("D601", tmp_path)
    (library / "words.txt").write_text("ønsjer\n", encoding="utf-8")
    assert [issue.what.split("'")[1] for issue in checked(library / "broken").issues] == ["freind"]
    (library / "broken" / "words.txt").write_text("freind\n", encoding="utf-8")
    assert checked(library / "broken").issues == []


def test_our_own_words_may_begin_a_sentence(hunspell: str, tmp_path: Path) -> None:
    library = written("D601", tmp_path)
    part = library / "broken" / "first.yaml"
    part.write_text(part.read_text("utf-8").replace("Du ønsjer.", "Ønsjer du."), "utf-8")
    (library / "words.txt").write_text("freind ønsjer\n", encoding="utf-8")
    assert checked(library).issues == []


def test_one_dialogue_is_checked_in_its_own_folder(tmp_path: Path) -> None:
    library = written("D401", tmp_path)
    shutil.copytree(library / "broken", library / "other")
    assert {issue.file for issue in checked(library / "broken").issues} == {"broken/first.yaml"}


def test_without_the_spell_checker_the_rest_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    found = checked(dialogues_folder())
    assert not found.has_failed
    assert list(found.lines())[-1] == "Spelling was not checked: hunspell is not installed."
    assert checked(written("D401", tmp_path)).has_failed


def test_without_one_dictionary_it_is_named(
    hunspell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locales = tmp_path / "locales"
    shutil.copytree(locales_folder(), locales)
    plain = locales / "nn" / "plain.yaml"
    plain.write_text(plain.read_text("utf-8").replace("spelling: nn_NO", "spelling: xx_XX"), "utf-8")
    found = check_folder(dialogues_folder(), dialogues_folder(), locales)
    assert found.notes == ["Spelling was not checked: hunspell has no dictionary called xx_XX."]


def test_what_is_only_said_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.dialogue.checks.issues.CODES", {"D999": (Severity.WARNS, "for this test")})
    found = Checked([Issue("service.yaml", 1, 1, "D999", "old", "ring them")], ["all well"])
    assert not found.has_failed
    assert list(found.lines()) == ["service.yaml:1:1: D999 old → ring them", "all well"]


@pytest.mark.parametrize("case", [path.stem for path in BROKEN if path.stem != "D601"])
def test_a_server_is_stopped_by_what_would_hurt_people_and_by_nothing_else(case: str, tmp_path: Path) -> None:
    library = written(case, tmp_path)
    weights = {CODES[line.split(" ")[1]][0] for line in expected(next(p for p in BROKEN if p.stem == case))}
    if Severity.STOPS in weights:
        with pytest.raises(DialogueBroken) as broken:
            read_library(library)
        assert {issue.weight for issue in broken.value.issues} == {Severity.STOPS}
    else:
        assert list(read_library(library)) == ["broken"]


def test_every_code_is_explained_in_one_line() -> None:
    lines = codes_explained()
    assert [line[:4] for line in lines] == list(CODES)
    assert all(weight.value in "\n".join(lines) for weight in (Severity.STOPS, Severity.FAILS))


def test_a_new_language_is_checked_before_it_has_told_what_is_plain_in_it(
    hunspell: str, tmp_path: Path
) -> None:
    locales = tmp_path / "locales"
    shutil.copytree(locales_folder(), locales)
    (locales / "nn" / "plain.yaml").unlink()
    found = check_folder(dialogues_folder(), dialogues_folder(), locales)
    assert (found.issues, found.has_failed) == ([], False)
    assert found.notes == ["'nn' was only checked for structure: nn/plain.yaml does not exist."]


def test_what_a_language_tells_is_read_as_strictly_as_a_dialogue(tmp_path: Path) -> None:
    locales = tmp_path / "locales"
    shutil.copytree(locales_folder(), locales)
    plain = locales / "nn" / "plain.yaml"
    plain.write_text(plain.read_text("utf-8").replace("sentence_words: 20", "sentence_words: many"), "utf-8")
    with pytest.raises(CannotStart, match=r"^nn/plain\.yaml:7:17: D103 .* → write a whole number$"):
        check_folder(dialogues_folder(), dialogues_folder(), locales)


@pytest.mark.parametrize("word", ["e-ppost", "ønsjer", "nb-onlyy"])
def test_an_unknown_word_is_told_whole(hunspell: str, word: str) -> None:
    assert unknown_words({word, "hva"}, "nb_NO") == [word]
