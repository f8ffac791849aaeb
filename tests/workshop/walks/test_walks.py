"""Whole conversations, word for word; `assistant/workshop/walks/format.py` says how to write one."""

import os
from pathlib import Path

import pytest
from support.as_read import our_library
from support.walk import DOINGS, have_again, read_walk

from assistant.languages import LANGUAGES, Language
from assistant.workshop.walks.format import Walk

HERE = Path(__file__).parents[2] / "walks"
WALKS = sorted(HERE.glob("*.txt"))
KINDS = [
    "skips_everything",
    "answers_everything",
    "goes_through_everything",
    "changes_their_mind",
    "since_last",
]
LIBRARY = our_library()
OWN_PARTS = {
    "first_meeting",
    "follow_up",
    "care_team",
    "inter_service",
    "individual_plan",
    "crisis_plan",
    "medication",
    "review",
    "discharge",
    "network",
}
"""The parts that only one kind of meeting has; each has a walk of its own, called by its name."""


def text_of(language: str, kind: str) -> str:
    """The walk of this kind, as it is written."""
    return (HERE / f"{language}_{kind}.txt").read_text(encoding="utf-8")


def said_in(text: str) -> set[str]:
    """The lines of a walk, and what stands in them after a topic."""
    return {line.split(": ", 1)[-1] for line in text.splitlines()} | set(text.splitlines())


def all_walks() -> list[tuple[Walk, str]]:
    """Every walk, read and as it is written."""
    texts = [file.read_text(encoding="utf-8") for file in WALKS]
    return [(read_walk(text), text) for text in texts]


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LIBRARY)
def test_every_dialogue_has_two_walks_or_more_in_every_language(name: str, language: str) -> None:
    assert len([w for w, _ in all_walks() if (w.dialogue, w.language) == (name, language)]) >= 2


def test_every_kind_of_meeting_has_a_walk_and_the_languages_share_them() -> None:
    walked = {file.stem.split("_", 1)[1]: file.stem[:2] for file in WALKS if file.stem[3:] in OWN_PARTS}
    assert set(walked) == OWN_PARTS
    assert set(walked.values()) == set(LANGUAGES)


@pytest.mark.parametrize("name", LIBRARY)
def test_nothing_is_written_that_is_said_in_no_walk(name: str) -> None:
    walks = [(walk, text) for walk, text in all_walks() if walk.dialogue == name]
    lines: dict[Language, set[str]] = {language: set() for language in LANGUAGES}
    for walk, text in walks:
        lines[walk.language] |= said_in(text)
    unsaid = [
        address
        for address, state in LIBRARY[name].states.items()
        if not any(state.prompt.in_(language) in lines[language] for language in lines)
    ]
    assert unsaid == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_skips_everything_does_nothing_else_and_has_nothing_in_the_summary(language: Language) -> None:
    *skips, last = walk_of(language, "skips_everything").turns
    assert {turn.doing() for turn in skips} == {DOINGS[language].skips}
    assert last.doing() == DOINGS[language].rounds_off
    assert text_of(language, "skips_everything").endswith(f"({DOINGS[language].rounds_off})\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_goes_through_everything_is_asked_all_there_is(language: Language) -> None:
    dialogue = LIBRARY["before_meeting"]
    told = text_of(language, "goes_through_everything")
    lines = said_in(told)
    # one kind of meeting a conversation, agreements where there are, and a start only at a first meeting
    there = [a for a in dialogue.states if a.split("/")[0] not in (OWN_PARTS | {"since_last"})]
    there.remove("balance/start")
    assert not [a for a in there if dialogue.states[a].prompt.in_(language) not in lines]
    say = dialogue.question("topic/say").prompt.in_(language)
    assert len([line for line in told.splitlines() if line.endswith(f": {say}")]) == 3


@pytest.mark.parametrize("file", WALKS, ids=lambda file: file.stem)
def test_one_letter_changed_in_the_guides_words_is_noticed(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    changed = text.replace("113", "911")
    assert changed != text
    assert have_again(read_walk(changed)) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_facilitators_pointer_moves_nobody(language: Language) -> None:
    text = text_of(language, "in_a_group")
    lines = [line for line in text.split("\n\n") if line.startswith("[Peder")]
    assert len(lines) == 2
    for line in lines:
        text = text.replace(f"{line}\n\n", "")
    assert have_again(read_walk(text)) == text


def test_a_facilitator_cannot_point_at_what_is_not_asked() -> None:
    text = text_of("nb", "in_a_group").replace("viser: Hva er viktig for deg nå?", "viser: Hva heter du?")
    with pytest.raises(AssertionError, match="nobody can point at this: Hva heter du"):
        have_again(read_walk(text))


def test_a_walk_that_never_rounds_off_is_noticed() -> None:
    text = WALKS[0].read_text(encoding="utf-8")
    walk = read_walk(text)
    del walk.turns[-1]
    with pytest.raises(AssertionError, match="never rounds off"):
        have_again(walk)
