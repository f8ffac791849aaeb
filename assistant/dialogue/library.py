"""Read dialogue files. The only module in `dialogue` that opens files."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from assistant.dialogue.checks.issues import Issue, Source, did_you_mean, issues_of_shape
from assistant.dialogue.checks.plain_language import PlainLanguageRules, PlainWords
from assistant.dialogue.checks.structure import check
from assistant.dialogue.folder import FolderContents
from assistant.dialogue.marked_yaml import MarkedYaml, read_marked
from assistant.dialogue.model import Dialogue, Frame, Part
from assistant.dialogue.text import AsWritten, AuthoredModel
from assistant.errors import CannotStart
from assistant.languages import LANGUAGES, Language

FRAME = "dialogue.yaml"
_SIZE_LIMIT = 1 << 20

W = TypeVar("W", bound=AuthoredModel)


class DialogueBroken(CannotStart):
    """A dialogue that must not be used, with every issue that stops it."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__("\n".join(map(str, issues)))
        self.issues = issues


def read_library(folder: Path) -> Mapping[str, Dialogue]:
    """Return every dialogue under this folder by its id. Raises `DialogueBroken` with all issues that stop
    any of them.
    """
    readings = read_folders(folder)
    issues = [issue for reading in readings for issue in reading.stops()]
    if issues:
        raise DialogueBroken(issues)
    return {reading.dialogue.frame.id: reading.dialogue for reading in readings if reading.dialogue}


def dialogue_folders(folder: Path) -> list[Path]:
    """List the folder of each dialogue under this folder."""
    return [frame.parent for frame in sorted(folder.glob(f"*/{FRAME}"))]


def read_folders(folder: Path) -> list[FolderContents]:
    """Read every dialogue under this folder, or the one in it, as far as possible."""
    folders = [folder] if (folder / FRAME).is_file() else dialogue_folders(folder)
    if not folders:
        raise CannotStart(f"No dialogue was found in {folder}. Put a folder with a {FRAME} there.")
    return [read_folder(one) for one in folders]


def read_dialogue(
    folder: Path, languages: tuple[Language, ...] = LANGUAGES
) -> tuple[Dialogue | None, list[Issue]]:
    """Read one dialogue and its structural issues. The dialogue is None if its shape is wrong."""
    reading = read_folder(folder, languages)
    return reading.dialogue, reading.issues


def read_folder(folder: Path, languages: tuple[Language, ...] = LANGUAGES) -> FolderContents:
    """Read one dialogue's folder, with every structural issue in file order.

    Every wording must exist in these languages; other languages are ignored.
    """
    folder = folder.resolve()  # so that "." has a name too
    written = AsWritten(languages)
    frame, frame_marked, issues = _read(folder, FRAME, Frame, written)
    marked = {FRAME: frame_marked}
    if frame is None:
        return FolderContents(folder.name, marked, issues)
    spare = [f.stem for f in sorted(folder.glob("*.yaml")) if f.name != FRAME and f.stem not in frame.parts]
    unused = [_unused(folder, name) for name in spare]
    parts: list[Part] = []
    for number, name in enumerate(frame.parts):
        file = f"{name}.yaml"
        line, column = frame_marked.marks["parts", number]
        if file in marked:
            what, do = f"'{name}' is used twice", "give one of them another id"
            issues.append(Issue(f"{folder.name}/{FRAME}", line, column, "D201", what, do))
            continue
        if not (folder / file).is_file():
            what = f"there is no file for the part '{name}'"
            do = did_you_mean(name, spare, f"write {file} beside {FRAME}")
            issues.append(Issue(f"{folder.name}/{FRAME}", line, column, "D106", what, do))
            continue
        part, marked[file], found = _read(folder, file, Part, written)
        issues += found
        if part is not None:
            parts.append(part)
    if issues:
        in_order = sorted(issues, key=lambda issue: issue.file != f"{folder.name}/{FRAME}")
        return FolderContents(folder.name, marked, [*in_order, *unused])
    dialogue = Dialogue(frame=frame, parts=parts)
    source = Source(dialogue, folder.name, {file: m.marks for file, m in marked.items()})
    return FolderContents(folder.name, marked, [*check(source), *unused], dialogue)


def _unused(folder: Path, name: str) -> Issue:
    do = f"add '{name}' to 'parts' in {FRAME}, or remove the file"
    return Issue(f"{folder.name}/{name}.yaml", 1, 1, "D108", "this file is not a part of the dialogue", do)


def read_plain_words(locales: Path) -> PlainWords:
    """Return the plain-language rules of each language that has a `plain.yaml` beside its catalogue."""
    files = {language: locales / language / "plain.yaml" for language in LANGUAGES}
    return {language: _read_plain(file) for language, file in files.items() if file.is_file()}


def _read_plain(path: Path) -> PlainLanguageRules:
    plain, _, issues = _read(path.parent, path.name, PlainLanguageRules, AsWritten(LANGUAGES))
    if plain is None:
        raise CannotStart("\n".join(map(str, issues)))
    return plain


def _read(
    folder: Path, file: str, model: type[W], written: AsWritten
) -> tuple[W | None, MarkedYaml, list[Issue]]:
    """Read one file into its model, with the position of everything in it."""
    name = f"{folder.name}/{file}"
    try:
        if (folder / file).stat().st_size > _SIZE_LIMIT:
            return (
                None,
                MarkedYaml(),
                [Issue(name, 1, 1, "D101", "the file is over 1 MiB", "split it into parts")],
            )
        marked = read_marked((folder / file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        what = f"the file cannot be read ({type(error).__name__})"
        return (
            None,
            MarkedYaml(),
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
