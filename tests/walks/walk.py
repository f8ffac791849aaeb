"""Reads a walk on the dialogues and in the words of this checkout, and has it again.

What a walk is, and how to write one, stands in `assistant/workshop/walks/format.py`. Nothing the guide says needs to
be typed, but for the lines of a support and challenge: `ASSISTANT_UPDATE_WALKS=1 pytest tests/walks` has
every conversation again and writes the guide's words, and the summary, anew. `assistant talk --keep` keeps
a conversation had in the terminal as a walk.
"""

from collections.abc import Mapping
from pathlib import Path

from assistant.dialogue.library import read_dialogue
from assistant.engine.machine import DialogueMachine
from assistant.languages import LANGUAGES, Language, read_catalogues
from assistant.workshop.walks import format as walks
from assistant.workshop.walks import replay
from assistant.workshop.walks.format import Walk, WalkCommands

ROOT = Path(__file__).parents[2]
DIALOGUES = ROOT / "dialogues"
CATALOGUES = read_catalogues(ROOT / "locales")
DOINGS: Mapping[Language, WalkCommands] = {
    language: WalkCommands.as_said_in(CATALOGUES[language]) for language in LANGUAGES
}


def read_walk(text: str) -> Walk:
    """The heading and the person's side."""
    return walks.read_walk(text, CATALOGUES)


def have_again(walk: Walk) -> str:
    """The same conversation had once more, word for word, with the summary it ends in."""
    dialogue, issues = read_dialogue(DIALOGUES / walk.dialogue)
    assert dialogue is not None, issues
    return replay.have_again(walk, DialogueMachine(dialogue), CATALOGUES[walk.language])
