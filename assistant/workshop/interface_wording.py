"""Checks the wording of the interface as `assistant check` checks the dialogues.

`web/authoring/catalogue_report.py` checks the keys. This module checks the sentences: words of another
language, words to avoid, forms other than the chosen ones, long sentences, and spelling with hunspell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from assistant.dialogue.checks.issues import Issue
from assistant.dialogue.checks.plain_language import wording_issues
from assistant.dialogue.checks.wordings import Wording
from assistant.dialogue.library import read_plain_words
from assistant.languages import Language, catalogue_file
from assistant.workshop.spelling import read_our_words, spelling_issues

_CODES: Mapping[str, str] = {
    "D303": "C201",
    "D404": "C202",
    "D406": "C203",
    "D601": "C204",
    "D401": "C205",
}
"""The codes of the dialogues that are looked for here too, and what they are called in a catalogue."""


def wording_of_the_interface(
    locales: Path, dialogues: Path, languages: Sequence[Language]
) -> tuple[list[Issue], list[str]]:
    """List the wording issues of all sentences, and the checks that could not run.

    `words.txt` beside the dialogues holds the words no dictionary knows.
    """
    plain = read_plain_words(locales)
    said = [wording for one in languages if one in plain for wording in _wordings(locales, one)]
    misspelled, notes = spelling_issues(said, plain, read_our_words({dialogues}))
    found = [*wording_issues(said, plain), *misspelled]
    told = [replace(issue, code=_CODES[issue.code]) for issue in found if issue.code in _CODES]
    return sorted(told, key=lambda issue: (issue.file, issue.line, issue.code)), notes


def _wordings(locales: Path, language: Language) -> Iterator[Wording]:
    """Every sentence of a catalogue; none of one that cannot be read, which is told elsewhere."""
    path = catalogue_file(locales, language)
    try:
        with path.open("rb") as opened:
            messages = [message for message in read_po(opened, abort_invalid=True) if message.id]
    except (OSError, PoFileError, ValueError):
        return
    for message in messages:
        if text := str(message.string).strip():
            file, place = str(path.relative_to(locales.parent)), {language: (message.lineno or 1, 1)}
            yield Wording(file, (str(message.id),), {language: text}, place, ())
