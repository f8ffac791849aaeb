"""The dialogues and catalogues of the repository, read once in each process. Nothing may change them."""

from collections.abc import Mapping
from functools import cache

from assistant.dialogue.model import Dialogue
from assistant.languages import Catalogue, Language
from assistant.web.http.kept_texts import catalogues_as_read, library_as_read


@cache
def our_library() -> Mapping[str, Dialogue]:
    """Every dialogue by its id, as a server has it."""
    return library_as_read()


@cache
def our_catalogues() -> Mapping[Language, Catalogue]:
    """The catalogue of each language, as a server has it."""
    return catalogues_as_read()
