"""Check spelling with hunspell if it is installed: a separate program, with one dictionary per language."""

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from assistant.dialogue.checks.issues import Issue
from assistant.dialogue.checks.plain_language import PlainWords
from assistant.dialogue.checks.wordings import Wording, words
from assistant.languages import Language

WORDS = "words.txt"
"""Our own words, one per line, beside the dialogues that use them."""
_HALVES = re.compile(r"[’'-]")


class NotAsked(Exception):
    """Spelling could not be checked, and why."""


def spelling_issues(
    said: Iterable[Wording], plain: PlainWords, ours: frozenset[str]
) -> tuple[list[Issue], list[str]]:
    """Report every unknown word with its position, and why some languages were not checked."""
    used: defaultdict[Language, dict[str, list[Wording]]] = defaultdict(dict)
    for wording in said:
        for language, text in wording.texts.items():
            for word in dict.fromkeys(spelled_words(text)):
                used[language].setdefault(word, []).append(wording)
    issues: list[Issue] = []
    unasked: dict[str, None] = {}
    for language in plain:
        dictionary = plain[language].spelling
        try:
            unknown = unknown_words(_not_in(ours, used[language]), dictionary)
        except NotAsked as reason:
            unasked[str(reason)] = None
            continue
        for word in unknown:
            issues += _told_once(word, language, dictionary, used[language][word])
    return issues, list(unasked)


def _told_once(word: str, language: Language, dictionary: str, said: list[Wording]) -> Iterator[Issue]:
    """Report each unknown word once per dialogue: it is one mistake, or one word for the list."""
    for _, places in groupby(said, key=lambda wording: wording.file.split("/")[0]):
        first, *others = places
        again = f", in {len(others) + 1} places" if others else ""
        what = f"'{word}' is not in the dictionary {dictionary} for '{language}'{again}"
        yield first.issue(language, "D601", what, "correct it, or add it to words.txt", at=word)


def spelled_words(text: str) -> list[str]:
    """Return the words of a text that consist only of letters."""
    return [word for word in words(text) if not any(letter.isdigit() for letter in word)]


def read_our_words(places: Iterable[Path]) -> frozenset[str]:
    """Return the words in `words.txt` of these folders, which no dictionary knows."""
    files = [place / WORDS for place in places]
    return frozenset(word for file in files if file.is_file() for word in file.read_text("utf-8").split())


def _not_in(ours: frozenset[str], used: Iterable[str]) -> list[str]:
    """Return the words that are not in our list; a listed word may begin a sentence."""
    return [word for word in used if ours.isdisjoint({word, word[0].lower() + word[1:]})]


_known: defaultdict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
"""The answers so far, by program and dictionary: to read a dictionary takes a tenth of a second."""


def unknown_words(asked: Iterable[str], dictionary: str) -> list[str]:
    """Return the words that are not in this dictionary. Raises `NotAsked`."""
    asked = sorted(asked)
    program = shutil.which("hunspell")
    if program is None:
        raise NotAsked("Spelling was not checked: hunspell is not installed.")
    known = _known[program, dictionary]
    if new := [word for word in asked if word not in known]:
        unknown = _ask(program, dictionary, new)
        # for a hyphenated word, hunspell may report the half it does not know
        known |= {word: unknown.isdisjoint({word, *_HALVES.split(word)}) for word in new}
    return [word for word in asked if not known[word]]


def _ask(program: str, dictionary: str, words: list[str]) -> set[str]:
    """Return what hunspell reports of these words. Raises `NotAsked` without the dictionary."""
    done = subprocess.run(  # noqa: S603 - the name of a dictionary has the shape of one
        [program, "-l", "-i", "utf-8", "-d", dictionary],
        input="\n".join(words),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0 or "Can't open" in done.stderr:
        raise NotAsked(f"Spelling was not checked: hunspell has no dictionary called {dictionary}.")
    return set(done.stdout.split())
