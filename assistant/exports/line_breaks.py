"""Split text into lines for the typesetter, with the direction of each and break points in very long words.

No character is added or removed: the pieces of a line concatenate to the line.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import TypedDict

_WHOLE = 26
"""A run without spaces that is longer than this may be broken; nearly every real word is shorter."""
_PIECE = 12
_JOINERS = ("\u200d", "\u2060", "\ufe0e", "\ufe0f")


class TextLine(TypedDict):
    """One line of the original text."""

    rtl: bool
    pieces: list[str]


def lines_of(text: str) -> list[TextLine]:
    """Split the text into lines, each with the direction of its first letter (like `dir=auto`)."""
    return [TextLine(rtl=runs_from_right(line), pieces=list(_pieces(line))) for line in text.split("\n")]


def runs_from_right(text: str) -> bool:
    """Return whether the first letter with a direction runs from right to left."""
    ways = (unicodedata.bidirectional(character) for character in text)
    return next((way in ("R", "AL") for way in ways if way in ("L", "R", "AL")), False)


def _pieces(line: str) -> Iterator[str]:
    """Split the line where it may be broken without a space, and around each tab."""
    whole = ""
    for run in re.split(r"(\s+)", line):
        if len(run) <= _WHOLE and "\t" not in run:
            whole += run
            continue
        if whole:
            yield whole
        whole = ""
        yield from _broken(run) if not run.isspace() else re.split(r"(?<=\t)(?=.)|(?<=.)(?=\t)", run)
    if whole:
        yield whole


def _broken(run: str) -> Iterator[str]:
    piece = ""
    for character in run:
        if len(piece) >= _PIECE and not (_hangs_on(character) or piece.endswith("\u200d")):
            yield piece
            piece = ""
        piece += character
    yield piece


def _hangs_on(character: str) -> bool:
    """Return whether a character belongs to the one before it: an accent, a joiner, a skin tone, half of a
    flag.
    """
    return (
        unicodedata.category(character)[0] == "M"
        or character in _JOINERS
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U0001f1e6" <= character <= "\U0001f1ff"
    )
