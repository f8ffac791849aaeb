"""Reads a walk with the dialogues and catalogues of this checkout, and replays it.

`assistant/workshop/walks/format.py` says how to write a walk. Only the lines of support and challenge must be
typed: `ASSISTANT_UPDATE_WALKS=1 pytest tests/workshop/walks` replays every walk and rewrites the words of the
guide and the summary. `assistant talk --keep` saves a conversation from the terminal as a walk.
"""

from collections.abc import Mapping
from pathlib import Path

from assistant.engine.machine import machine_for
from assistant.languages import LANGUAGES, Language
from assistant.workshop.walks import format as walks
from assistant.workshop.walks import replay
from assistant.workshop.walks.format import Walk, WalkCommands
from support.as_read import our_catalogues, our_library

ROOT = Path(__file__).parents[2]
DIALOGUES = ROOT / "dialogues"
CATALOGUES = {language: catalogue.plain for language, catalogue in our_catalogues().items()}
DOINGS: Mapping[Language, WalkCommands] = {
    language: WalkCommands.as_said_in(CATALOGUES[language]) for language in LANGUAGES
}


def read_walk(text: str) -> Walk:
    """The heading and the person's side."""
    return walks.read_walk(text, CATALOGUES)


def have_again(walk: Walk) -> str:
    """The same conversation had once more, word for word, with the summary it ends in."""
    return replay.have_again(walk, machine_for(our_library()[walk.dialogue]), CATALOGUES[walk.language])
