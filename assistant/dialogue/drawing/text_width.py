"""Estimate the width of text, so that lines can be broken without a font engine.

The widths are those of a broad sans serif: what fits here fits in every ordinary one.
"""

import re

_HOLDS = "\N{NO-BREAK SPACE}"
_BREAKS = str.maketrans("\n\t", "  ")
_NARROW = frozenset("iljft.,:;'|!()[]·«»“”’ " + _HOLDS)
_WIDE = frozenset("mwMW%@–—…→")


def width(text: str, size: float) -> float:
    """Return an upper bound for the width of this line at this font size."""
    return sum(map(_one, text)) * size


def _one(letter: str) -> float:
    if letter in _NARROW:
        return 0.38
    if letter in _WIDE:
        return 0.95
    return 0.72 if letter.isupper() else 0.64


def lines(text: str, size: float, room: float, at_most: int | None = None) -> list[str]:
    """Break a text into lines that fit; after `at_most` lines it ends in an ellipsis."""
    broken = [""]
    # a phone number is not broken
    for word in re.sub(r"(?<=\d)\s(?=\d)", _HOLDS, text).translate(_BREAKS).split(" "):
        while width(word, size) > room:  # a word longer than a line
            cut = next(n for n in range(len(word), 0, -1) if n == 1 or width(word[:n], size) <= room)
            broken += [word[:cut]]
            word = word[cut:]
        joined = f"{broken[-1]} {word}".strip()
        if width(joined, size) <= room:
            broken[-1] = joined
        else:
            broken.append(word)
    broken = [line for line in broken if line]
    if at_most is not None and len(broken) > at_most:
        last = broken[at_most - 1]
        while width(f"{last} …", size) > room:
            last = last.rpartition(" ")[0] or last[:-1]
        broken = [*broken[: at_most - 1], f"{last} …"]
    return broken
