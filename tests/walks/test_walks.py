"""Whole conversations, word for word. What a walk is, and how to write one, stands in `walk.py`."""

import os
from pathlib import Path

import pytest
from walk import have_again, read_walk

from assistant.languages import LANGUAGES

HERE = Path(__file__).parent
WALKS = sorted(HERE.glob("*.txt"))


@pytest.mark.parametrize("file", WALKS, ids=lambda file: file.stem)
def test_the_conversation_goes_as_it_is_written(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    told = have_again(read_walk(text))
    if os.environ.get("ASSISTANT_UPDATE_WALKS") == "1":
        file.write_text(told, encoding="utf-8")
    else:
        assert told == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_walk_that_answers_and_one_that_changes_its_mind(language: str) -> None:
    walks = [file.stem for file in WALKS if read_walk(file.read_text(encoding="utf-8")).language == language]
    assert f"{language}_answers_everything" in walks
    assert f"{language}_changes_their_mind" in walks


@pytest.mark.parametrize("file", WALKS, ids=lambda file: file.stem)
def test_one_letter_changed_in_the_guides_words_is_noticed(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    changed = text.replace("113", "911")
    assert changed != text
    assert have_again(read_walk(changed)) == text


def test_a_walk_that_never_rounds_off_is_noticed() -> None:
    text = WALKS[0].read_text(encoding="utf-8")
    walk = read_walk(text)
    del walk.turns[-1]
    with pytest.raises(AssertionError, match="never rounds off"):
        have_again(walk)
