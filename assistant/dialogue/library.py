"""Reads dialogue files: the one module in `dialogue` that opens anything."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from assistant.dialogue.checks import check
from assistant.dialogue.issues import Issue, Source, issues_of_shape
from assistant.dialogue.marked_yaml import Marked, read_marked
from assistant.dialogue.model import Dialogue, Frame, Part
from assistant.dialogue.text import AsWritten, Written
from assistant.errors import CannotStart
from assistant.languages import LANGUAGES, Language

FRAME = "dialogue.yaml"
_SIZE_LIMIT = 1 << 20

W = TypeVar("W", bound=Written)


class DialogueBroken(CannotStart):
    """A dialogue that may not be put in front of anyone, with everything that is wrong in it."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__("\n".join(map(str, issues)))
        self.issues = issues


def read_library(folder: Path) -> Mapping[str, Dialogue]:
    """Every dialogue under this folder by its id. Raises `DialogueBroken` with all issues of all of them."""
    read = [read_dialogue(its_folder) for its_folder in dialogue_folders(folder)]
    if not read:
        raise CannotStart(f"No dialogue was found in {folder}. Put a folder with a {FRAME} there.")
    issues = [issue for _, found in read for issue in found]
    if issues:
        raise DialogueBroken(issues)
    return {dialogue.frame.id: dialogue for dialogue, _ in read if dialogue}


def dialogue_folders(folder: Path) -> list[Path]:
    """Where each dialogue under this folder lies."""
    return [frame.parent for frame in sorted(folder.glob(f"*/{FRAME}"))]


def read_dialogue(
    folder: Path, languages: tuple[Language, ...] = LANGUAGES
) -> tuple[Dialogue | None, list[Issue]]:
    """One dialogue and every issue in it, in file order; None where its shape alone stopped the reading.

    Every wording is asked for in these languages; in others it may be there, and is left out.
    """
    folder = folder.resolve()  # so that "." has a name too
    written = AsWritten(languages)
    frame, frame_marked, issues = _read(folder, FRAME, Frame, written)
    if frame is None:
        return None, issues
    marked = {FRAME: frame_marked}
    parts: list[Part] = []
    for number, name in enumerate(frame.parts):
        file = f"{name}.yaml"
        line, column = frame_marked.marks["parts", number]
        if file in marked:
            what, do = f"'{name}' is used twice", "give one of them another id"
            issues.append(Issue(f"{folder.name}/{FRAME}", line, column, "D201", what, do))
            continue
        if not (folder / file).is_file():
            what, do = f"there is no file for the part '{name}'", f"write {file} beside {FRAME}"
            issues.append(Issue(f"{folder.name}/{FRAME}", line, column, "D106", what, do))
            continue
        part, marked[file], found = _read(folder, file, Part, written)
        issues += found
        if part is not None:
            parts.append(part)
    if issues:
        return None, sorted(issues, key=lambda issue: issue.file != f"{folder.name}/{FRAME}")
    dialogue = Dialogue(frame=frame, parts=parts)
    return dialogue, check(Source(dialogue, folder.name, {file: m.marks for file, m in marked.items()}))


def _read(
    folder: Path, file: str, model: type[W], written: AsWritten
) -> tuple[W | None, Marked, list[Issue]]:
    """One file as the model it should have, with where everything in it stands."""
    name = f"{folder.name}/{file}"
    try:
        if (folder / file).stat().st_size > _SIZE_LIMIT:
            return (
                None,
                Marked(),
                [Issue(name, 1, 1, "D101", "the file is over 1 MiB", "split it into parts")],
            )
        marked = read_marked((folder / file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        what = f"the file cannot be read ({type(error).__name__})"
        return (
            None,
            Marked(),
            [Issue(name, 1, 1, "D101", what, "save it as UTF-8 text that this program may read")],
        )
    if marked.problems:
        return (
            None,
            marked,
            [
                Issue(name, *problem.mark, "D102" if problem.twice else "D101", problem.what, problem.do)
                for problem in marked.problems
            ],
        )
    try:
        return model.model_validate(marked.data, context=written), marked, []
    except ValidationError as error:
        return None, marked, issues_of_shape(error, name, marked.marks, model)
