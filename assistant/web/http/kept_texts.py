"""Texts as they were read last time.

Reading an author's files, with a mark at each word for the messages about them, takes several times as long
as reading the result.
"""

from collections.abc import Mapping
from typing import Any

from assistant.config import dialogues_folder, locales_folder
from assistant.dialogue.model import Dialogue
from assistant.kept_results import PROGRAM, kept_or_read
from assistant.languages import LANGUAGES, OFFERED, Catalogue, Language, catalogue_file, read_catalogues


def library_as_read() -> Mapping[str, Dialogue]:
    """Return the dialogues in use. Raises `DialogueBroken` with all issues that stop any of them."""

    def read() -> Mapping[str, Any]:
        from assistant.dialogue.library import read_library  # what checks dialogues is not needed otherwise

        return {id_: one.model_dump_json() for id_, one in read_library(dialogues_folder()).items()}

    files = [*dialogues_folder().rglob("*.yaml"), locales_folder() / OFFERED]
    program = [*(PROGRAM / "dialogue").rglob("*.py"), PROGRAM / "languages.py"]
    found = kept_or_read("dialogues", files, program, read)
    return {id_: Dialogue.model_validate_json(one) for id_, one in found.items()}


def catalogues_as_read() -> Mapping[Language, Catalogue]:
    """Return the catalogue of each language."""

    def read() -> Mapping[str, Any]:
        catalogues = read_catalogues(locales_folder())
        return {language: dict(catalogue.written) for language, catalogue in catalogues.items()}

    files = [catalogue_file(locales_folder(), language) for language in LANGUAGES]
    found = kept_or_read("catalogues", files, [PROGRAM / "languages.py"], read)
    return {language: Catalogue(language, found[language]) for language in LANGUAGES}
