"""Spelling, asked of hunspell where it is installed: a program of its own, with a dictionary a language."""

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable

from assistant.dialogue.issues import Issue
from assistant.dialogue.plain import PlainWords
from assistant.dialogue.said import Wording, words
from assistant.languages import Language


class NotAsked(Exception):
    """Nobody could be asked how words are spelled, and why."""


def spelling_issues(
    said: Iterable[Wording], plain: PlainWords, ours: frozenset[str]
) -> tuple[list[Issue], list[str]]:
    """Every word no dictionary knows where it stands, and why some languages were not looked at."""
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
            unknown = unknown_words(used[language].keys() - ours, dictionary)
        except NotAsked as reason:
            unasked[str(reason)] = None
            continue
        for word in unknown:
            what = f"'{word}' is not spelled as '{language}' is in {dictionary}"
            do = "correct it, or add it to words.txt beside the dialogues"
            issues += [wording.issue(language, "D601", what, do, at=word) for wording in used[language][word]]
    return issues, list(unasked)


def spelled_words(text: str) -> list[str]:
    """The words of a text that have letters only."""
    return [word for word in words(text) if not any(letter.isdigit() for letter in word)]


def unknown_words(asked: Iterable[str], dictionary: str) -> list[str]:
    """Those of these words that are not in this dictionary. Raises `NotAsked`."""
    program = shutil.which("hunspell")
    if program is None:
        raise NotAsked("Spelling was not looked at: hunspell is not installed.")
    done = subprocess.run(  # noqa: S603 - the name of a dictionary has the shape of one
        [program, "-l", "-i", "utf-8", "-d", dictionary],
        input="\n".join(sorted(asked)),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0 or "Can't open" in done.stderr:
        raise NotAsked(f"Spelling was not looked at: hunspell has no dictionary called {dictionary}.")
    return done.stdout.split()
