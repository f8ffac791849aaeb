"""Whole conversations, word for word. What a walk is, and how to write one: `assistant/meetings/walk.py`."""

import os
from pathlib import Path

import pytest
from walk import DIALOGUES, DOINGS, have_again, read_walk

from assistant.dialogue.library import read_dialogue
from assistant.languages import LANGUAGES, Language
from assistant.meetings.walk import Walk

HERE = Path(__file__).parent
WALKS = sorted(HERE.glob("*.txt"))
KINDS = ["skips_everything", "answers_everything", "goes_through_everything", "changes_their_mind"]


def text_of(language: str, kind: str) -> str:
    """The walk of this kind, as it is written."""
    return (HERE / f"{language}_{kind}.txt").read_text(encoding="utf-8")


def walk_of(language: str, kind: str) -> Walk:
    """The walk of this kind, read."""
    return read_walk(text_of(language, kind))


@pytest.mark.parametrize("file", WALKS, ids=lambda file: file.stem)
def test_the_conversation_goes_as_it_is_written(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    told = have_again(read_walk(text))
    if os.environ.get("ASSISTANT_UPDATE_WALKS") == "1":
        file.write_text(told, encoding="utf-8")
    else:
        assert told == text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_language_has_a_walk_of_each_kind(language: str, kind: str) -> None:
    assert walk_of(language, kind).language == language
    assert len(WALKS) == len(LANGUAGES) * len(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_skips_everything_does_nothing_else_and_has_nothing_in_the_summary(language: Language) -> None:
    *skips, last = walk_of(language, "skips_everything").turns
    assert {turn.doing() for turn in skips} == {DOINGS[language].skips}
    assert last.doing() == DOINGS[language].rounds_off
    assert text_of(language, "skips_everything").endswith(f"({DOINGS[language].rounds_off})\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_goes_through_everything_is_asked_all_there_is(language: Language) -> None:
    dialogue, _ = read_dialogue(DIALOGUES / "before_meeting")
    assert dialogue is not None
    told = text_of(language, "goes_through_everything")
    lines = {line.split(": ", 1)[-1] for line in told.splitlines()} | set(told.splitlines())
    assert not [a for a, state in dialogue.states.items() if state.prompt.in_(language) not in lines]
    say = dialogue.question("topic/say").prompt.in_(language)
    assert len([line for line in told.splitlines() if line.endswith(f": {say}")]) == 3


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
