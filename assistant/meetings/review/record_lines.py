"""The lines of a text for the record: what each one is, so that a page can set the text that is stored.

What people write can have any form, so the kinds cannot be found again in the text itself.
"""

from enum import StrEnum
from itertools import groupby
from typing import NamedTuple


class Kind(StrEnum):
    """What a line of the text is."""

    TITLE = "t"
    ABOUT = "a"
    """Whose words they are, when they were shared, and where."""
    HEADING = "h"
    TOPIC = "o"
    RULE = "="
    """The line below a heading, which only plain text has."""
    LABEL = "l"
    """What the next entry is about."""
    OWN = "w"
    CHOSEN = "c"
    NOTE = "n"
    VOICE = "v"
    """Whose answer, comment or standpoint it is, and the chosen part of it."""
    SIGNED = "s"
    WHAT = "g"
    """What an agreement says."""
    FACT = "f"
    BLANK = "_"


class RecordBlock(NamedTuple):
    """Lines of the text that belong together, to be set on a page."""

    kind: Kind
    text: str


def record_blocks(text: str, kinds: str) -> list[RecordBlock]:
    """Return the text as blocks; a text that was stored without its kinds is one block of own words."""
    lines = text.split("\n")
    if len(lines) != len(kinds) or not set(kinds) <= set(Kind):
        return [RecordBlock(Kind.OWN, text)]
    blocks = groupby(zip(map(Kind, kinds), lines, strict=True), key=lambda line: line[0])
    return [
        RecordBlock(kind, "\n".join(line for _, line in together))
        for kind, together in blocks
        if kind not in (Kind.BLANK, Kind.RULE)
    ]
