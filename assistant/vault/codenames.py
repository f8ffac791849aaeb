"""The codename: seven everyday words that open a notebook, easy to say, write down and type.

Our word list is ``codenames.txt``: Norwegian and English words, with the letters a to z only, so that every
keyboard has them. Any two differ by at least two letters, so one typing error never gives another codename,
and a misspelt word can be recognised from the list alone.
"""

import math
import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path

from assistant.vault.pasted import LONGEST as LONGEST_PASTED

WORDS = 7
"""The number of words in a codename."""
LONGEST = 200
"""More letters than a codename can have in any spelling; longer input is not searched."""

_LIST = Path(__file__).with_name("codenames.txt")
_NEAR = 2
_SUGGESTED = 3
_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCES = re.compile(r"[.:;!?()<>«»\"]|\n\s*\n")
_LIKELY = 4
"""With this many words of the list, the input was probably meant as a codename."""


@cache
def words() -> tuple[str, ...]:
    """Return the word list."""
    return tuple(_LIST.read_text("ascii").split())


@cache
def _known() -> frozenset[str]:
    return frozenset(words())


def entropy() -> float:
    """Return the bits a guesser faces who knows the word list."""
    return WORDS * math.log2(len(words()))


def new_codename() -> str:
    """Return seven new random words."""
    return " ".join(secrets.choice(words()) for _ in range(WORDS))


@dataclass(frozen=True)
class MisreadCodename:
    """Input that was meant as a codename but is none."""

    unknown: tuple[int, ...]
    """The positions, from 1, of words that are not on the list."""
    count: int
    """The number of words."""
    instead: tuple[str, ...] = field(repr=False)
    """Whole codenames that may have been meant, the nearest first."""


def read_codename(typed: str) -> str | None:
    """Return the codename in typed text, or None.

    Capitals, hyphens, commas, line breaks and spaces are ignored.
    """
    typed_words = _split(typed)
    if len(typed_words) == WORDS and _known().issuperset(typed_words):
        return " ".join(typed_words)
    together = "".join(typed_words)
    found = list(_cut(together)) if WORDS * 3 <= len(together) <= WORDS * 8 else []
    return found[0] if len(found) == 1 else None


def codename_within(typed: str) -> str | None:
    """Return the one codename that other words are typed around, or None.

    It is a run of exactly seven words of the list; in a longer run, the start of the codename is ambiguous.
    """
    if len(typed) > LONGEST_PASTED:
        return None
    parts = [typed, *_SENTENCES.split(typed)]
    runs = [run for part in parts for run in _known_runs(part) if len(run) == WORDS]
    found = {" ".join(run) for run in runs}
    return found.pop() if len(found) == 1 else None


def _known_runs(text: str) -> Iterator[list[str]]:
    """Yield each run of adjacent words of the list."""
    for is_known, run in groupby(_words_of(text), key=_known().__contains__):
        if is_known:
            yield list(run)


def misread(typed: str) -> MisreadCodename | None:
    """Return the likely codename behind a near miss; None if it is not a near miss.

    Only the word list is used, never a database, so an attacker learns nothing from it.
    """
    typed_words = _split(typed)
    unknown = tuple(place for place, word in enumerate(typed_words, start=1) if word not in _known())
    if len(typed_words) - len(unknown) < _LIKELY:
        return None
    instead = _instead(typed_words) if unknown and len(typed_words) == WORDS else ()
    return MisreadCodename(unknown, len(typed_words), instead)


def differences(codename: str, typed: str) -> tuple[int, ...]:
    """Return the positions, from 1, where the typed text differs from the codename; empty if it is right."""
    if read_codename(typed) == codename:
        return ()
    right, given = codename.split(), _split(typed)
    given += [""] * (len(right) - len(given))
    wrong = tuple(place for place, word in enumerate(right, start=1) if given[place - 1] != word)
    # complete, followed by something else
    return wrong or (len(right) + 1,)


def _split(typed: str) -> list[str]:
    if len(typed) > LONGEST:
        return []
    return _words_of(typed)


def _words_of(typed: str) -> list[str]:
    return _LETTERS.findall(unicodedata.normalize("NFKC", typed).lower())


def _cut(letters: str) -> Iterator[str]:
    """Split letters without spaces into codenames; stop at two, because then it is ambiguous."""

    @cache
    def ways(at: int, left: int) -> tuple[str, ...]:
        if left == 0:
            return ("",) if at == len(letters) else ()
        found: list[str] = []
        for end in range(at + 3, min(at + 8, len(letters)) + 1):
            if letters[at:end] in _known():
                found += [f"{letters[at:end]} {rest}".strip() for rest in ways(end, left - 1)]
        return tuple(found[:2])

    yield from ways(0, WORDS)


def _instead(typed_words: Sequence[str]) -> tuple[str, ...]:
    nearest = [(word,) if word in _known() else _nearest(word) for word in typed_words]
    if not all(nearest):
        return ()
    first = [choices[0] for choices in nearest]
    doubtful = [place for place, choices in enumerate(nearest) if len(choices) > 1]
    if len(doubtful) != 1:
        return (" ".join(first),)
    (place,) = doubtful
    return tuple(" ".join([*first[:place], word, *first[place + 1 :]]) for word in nearest[place])


def _nearest(typed: str) -> tuple[str, ...]:
    """Return the nearest words of the list within the distance limit."""
    by_distance: dict[int, list[str]] = {}
    for word in words():
        if abs(len(word) - len(typed)) <= _NEAR:
            by_distance.setdefault(distance(word, typed), []).append(word)
    least = min(by_distance, default=_NEAR + 1)
    return tuple(by_distance[least][:_SUGGESTED]) if least <= _NEAR else ()


def distance(one: str, other: str) -> int:
    """Return the edit distance: insertions, deletions, substitutions and swaps of neighbouring letters."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
