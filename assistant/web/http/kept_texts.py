"""Texts as they were read last time, beside the program's compiled modules, as Python keeps those.

Reading an author's files, with a mark at each word for the messages about them, takes several times as long
as reading the result. A digest of those files, and of the program that read them, is in the name. If the
folder cannot be written, each start reads them anew.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from assistant.config import dialogues_folder, locales_folder
from assistant.dialogue.model import Dialogue
from assistant.languages import LANGUAGES, OFFERED, Catalogue, Language, catalogue_file, read_catalogues

_PROGRAM = Path(__file__).parents[2]
FOLDER = Path(__file__).with_name("__pycache__") / "texts"


def library_as_read() -> Mapping[str, Dialogue]:
    """Return the dialogues in use. Raises `DialogueBroken` with all issues that stop any of them."""

    def read() -> Mapping[str, Any]:
        from assistant.dialogue.library import read_library  # what checks dialogues is not needed otherwise

        return {id_: one.model_dump_json() for id_, one in read_library(dialogues_folder()).items()}

    files = [*dialogues_folder().rglob("*.yaml"), locales_folder() / OFFERED]
    program = [*(_PROGRAM / "dialogue").rglob("*.py"), _PROGRAM / "languages.py"]
    found = kept_or_read("dialogues", files, program, read)
    return {id_: Dialogue.model_validate_json(one) for id_, one in found.items()}


def catalogues_as_read() -> Mapping[Language, Catalogue]:
    """Return the catalogue of each language."""

    def read() -> Mapping[str, Any]:
        catalogues = read_catalogues(locales_folder())
        return {language: dict(catalogue.written) for language, catalogue in catalogues.items()}

    files = [catalogue_file(locales_folder(), language) for language in LANGUAGES]
    found = kept_or_read("catalogues", files, [_PROGRAM / "languages.py"], read)
    return {language: Catalogue(language, found[language]) for language in LANGUAGES}


def kept_or_read(
    name: str, files: Iterable[Path], program: Iterable[Path], read: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Return what was kept under this name of just these files, read by just this program; else read it, and
    keep it. Only what JSON returns as it was can be kept.
    """
    try:
        kept = FOLDER / f"{name}-{_digest(sorted(files), sorted(program))}.json"
    except OSError:
        return read()  # it says what is wrong with the file
    with suppress(OSError, ValueError):
        found: Mapping[str, Any] = json.loads(kept.read_bytes())
        return found
    found = read()
    with suppress(OSError):
        _keep(kept, name, json.dumps(found, ensure_ascii=False))
    return found


def _digest(*groups: Sequence[Path]) -> str:
    """Name each file by its place among the others of its group: a copy elsewhere reads the same."""
    digest = sha256()
    for files in groups:
        whole = os.path.commonpath([file.parent for file in files]) if files else ""
        for file in files:
            content = file.read_bytes()
            digest.update(f"{os.path.relpath(file, whole)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:32]


def _keep(kept: Path, name: str, text: str) -> None:
    """Write it at once or not at all, and remove what was kept before."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(f".{token_hex(8)}")
    try:
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, kept)
    finally:
        draft.unlink(missing_ok=True)
    for old in FOLDER.glob(f"{name}-*.json"):
        if old != kept:
            old.unlink(missing_ok=True)
