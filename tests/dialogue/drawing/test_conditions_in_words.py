"""Conditions told in words: the same that the guards decide."""

from pathlib import Path

import pytest
from support.as_read import our_catalogues, our_library

from assistant.dialogue.drawing.conditions_in_words import part_in_words, states_in_words
from assistant.dialogue.library import read_dialogue
from assistant.dialogue.model import Dialogue
from assistant.languages import Language

CATALOGUES = our_catalogues()
ENGINE = Path(__file__).parents[2] / "engine"


def dialogue_in(folder: Path) -> Dialogue:
    dialogue, issues = read_dialogue(folder)
    assert dialogue is not None, issues
    return dialogue


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nb", "Dette kommer hvis du svarer «Et annet møte» på «Hva slags møte er det?»."),
        ("nn", "Dette kjem om du svarer «Eit anna møte» på «Kva slags møte er det?»."),
        ("en", "This comes up if you answer “Another kind of meeting” to “What kind of meeting is it?”."),
    ],
)
def test_a_question_behind_a_condition_says_which(language: Language, sentence: str) -> None:
    told = states_in_words(our_library()["before_meeting"], CATALOGUES[language])
    assert told["meeting/own_kind"] == [sentence]
    with_a_condition = [address for address, sentences in told.items() if sentences]
    assert with_a_condition == [
        *("meeting/own_kind", "balance/now", "balance/start", "topic/balance", "topic/start")
    ]


def test_what_is_passed_by_and_what_only_follows_say_so_too() -> None:
    told = states_in_words(dialogue_in(ENGINE / "small"), CATALOGUES["en"])
    assert told["trip/aboard"] == ["This comes up if you answer “By boat” to “What kind of trip?”."]
    assert told["trip/own_kind"] == ["This comes up if you answer “Something else” to “What kind of trip?”."]
    assert told["trip/day"] == []


def test_a_part_says_when_it_is_had_and_how_often() -> None:
    dialogue = dialogue_in(ENGINE / "winding")
    told = {part.id: part_in_words(part, dialogue, CATALOGUES["en"]) for part in dialogue.parts}
    assert told["start"] == []
    assert told["each"] == ["This part comes up once for each answer to “Which topics?”."]
    assert told["again"] == [
        "This part only comes up if you answer “More about the topics” to “Anything more?”.",
        "This part comes up once for each answer to “Which topics?”.",
    ]
