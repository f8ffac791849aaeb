"""The lines of a text for the record: what each one is, so that a page can set the text that is stored.

What people write can have any form, so the kinds cannot be found again in the text itself.
"""

from collections.abc import Sequence
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
    """Lines of the text that belong together."""

    kind: Kind
    text: str


class RecordParagraph(NamedTuple):
    """Blocks with no blank line between them: an entry, an answer, an agreement, a heading."""

    kind: Kind
    """What it begins with."""
    blocks: Sequence[RecordBlock]


def paragraphs_of(text: str, kinds: str) -> list[RecordParagraph]:
    """Return the text to be set on a page; one that was stored without its kinds is one block."""
    lines = text.split("\n")
    if len(lines) != len(kinds) or not set(kinds) <= set(Kind):
        return [RecordParagraph(Kind.OWN, [RecordBlock(Kind.OWN, text)])]
    found: list[RecordParagraph] = []
    marked = zip(map(Kind, kinds), lines, strict=True)
    for is_blank, together in groupby(marked, key=lambda line: line[0] == Kind.BLANK):
        if not is_blank:
            blocks = [
                RecordBlock(kind, "\n".join(line for _, line in lines_of))
                for kind, lines_of in groupby(together, key=lambda line: line[0])
                if kind != Kind.RULE
            ]
            found.append(RecordParagraph(blocks[0].kind, blocks))
    return found
