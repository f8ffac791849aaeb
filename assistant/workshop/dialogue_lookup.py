"""Find the dialogue an author means, and the catalogue for displaying it."""

from difflib import get_close_matches
from pathlib import Path

from assistant.config import dialogues_folder, locales_folder
from assistant.dialogue.library import FRAME, DialogueBroken, read_dialogue
from assistant.dialogue.model import Dialogue
from assistant.errors import CannotStart
from assistant.languages import Catalogue, Language, read_catalogues


def dialogue_called(name: str) -> Dialogue:
    """Return the dialogue with this name, or in this folder. Raises `CannotStart` with advice."""
    folder = Path(name) if (Path(name) / FRAME).is_file() else dialogues_folder() / name
    if not (folder / FRAME).is_file():
        known = sorted(frame.parent.name for frame in dialogues_folder().glob(f"*/{FRAME}"))
        close = get_close_matches(name, known, n=1)
        hint = f"Did you mean {close[0]}?" if close else f"There is: {', '.join(known)}."
        raise CannotStart(f"There is no dialogue {name}. {hint} You can also give a folder with a {FRAME}.")
    dialogue, issues = read_dialogue(folder)
    if dialogue is None or issues:
        raise DialogueBroken(issues)
    return dialogue


def words_of(language: Language) -> Catalogue:
    """Return the catalogue of this language for a terminal or a file."""
    return read_catalogues(locales_folder())[language].plain
