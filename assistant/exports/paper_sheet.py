"""A paper of the service, such as a record of processing, as blocks to be typeset."""

from collections.abc import Sequence
from typing import Literal

from assistant.value_class import value_class


@value_class
class PaperRun:
    """Words in one style. A `field` is left for the service to fill in."""

    text: str
    style: Literal["plain", "bold", "code", "field"] = "plain"


Runs = Sequence[PaperRun]


@value_class
class PaperText:
    """A heading, a paragraph or a notice in a frame."""

    kind: Literal["heading", "paragraph", "notice"]
    runs: Runs
    level: int = 0


@value_class
class PaperList:
    """A list with a dot before each item."""

    items: Sequence[Runs]
    kind: Literal["list"] = "list"


@value_class
class PaperTable:
    """A table with a row of headings, and the relative widths of its columns."""

    head: Sequence[Runs]
    rows: Sequence[Sequence[Runs]]
    widths: Sequence[int]
    kind: Literal["table"] = "table"


@value_class
class PaperFigure:
    """A drawing as SVG, and what it shows, for those who cannot see it."""

    svg: str
    alternative: str
    kind: Literal["figure"] = "figure"


Block = PaperText | PaperList | PaperTable | PaperFigure


@value_class
class PaperSheet:
    """The whole paper."""

    title: str
    language: str
    """The BCP 47 tag."""
    blocks: Sequence[Block]
