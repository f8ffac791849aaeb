"""How large the type on a printed summary is, and how much room there is for a pen.

Little is said in large type, so that a short preparation fills its sheet; much is said in smaller type, but
never in less than 11 points. It is an estimate from the number of letters: a page and a PDF use other fonts.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from math import ceil

from assistant.dialogue.model import Text
from assistant.engine.entries import MEETING, Entry
from assistant.languages import Language
from assistant.meetings.review.asking import ASKING
from assistant.meetings.summary import Summary, SummarySection
from assistant.value_class import value_class

POINTS = (15, 13, 12, 11)
"""The sizes of the type, in points."""
ROOMS = (170, 130, 90, 60, 40, 28, 20, 14, 10)
"""The heights of the room for a pen beside one entry, in millimetres."""
_SHEET = 252
"""The height of an A4 sheet without its margins, title and foot, in millimetres."""
_FULL, _HALF, _BESIDE_PEN, _BESIDE_MAP = 140.0, 66.0, 84.0, 50.0
"""The widths of a column, in millimetres."""
_MAP = 62
_MILLIMETRES = 0.3528
"""One point in millimetres."""


@value_class
class PaperFit:
    """The size of the type in points, and the height of the room for a pen in millimetres."""

    points: int
    room: int


def fit_on_paper(said: Summary, language: Language) -> PaperFit:
    """Return the largest type in which the summary fits one sheet, and then the most room for a pen; the
    smallest of both if it takes more than one sheet.
    """
    for points in POINTS:
        if _height(said, language, PaperFit(points, ROOMS[-1])) <= _SHEET:
            rooms = (PaperFit(points, room) for room in ROOMS)
            return next(fit for fit in rooms if _height(said, language, fit) <= _SHEET)
    return PaperFit(POINTS[-1], ROOMS[-1])


def _height(said: Summary, language: Language, fit: PaperFit) -> float:
    """Return the estimated height in millimetres."""
    measure = _Measure(language, fit)
    has_map = any(entry.level for chapter in said.chapters for entry in chapter.entries)
    height = measure.asked([entry for _, entry in said.first], with_origin=True) if said.first else 0.0
    for chapter in said.chapters:
        if chapter.section.id == MEETING:
            height += measure.line
        elif chapter.section.id in ASKING:
            height += measure.asked(chapter.entries)
        else:
            height += measure.told(chapter, beside_map=has_map)
            has_map = has_map and not any(entry.level for entry in chapter.entries)
    return height


@value_class
class _Measure:
    language: Language
    fit: PaperFit

    @property
    def line(self) -> float:
        return self.fit.points * _MILLIMETRES * 1.17

    @property
    def between(self) -> float:
        return self.fit.points * _MILLIMETRES * 0.5 + 0.2

    def asked(self, entries: Sequence[Entry], *, with_origin: bool = False) -> float:
        """Return the height of entries with room for a pen beside each."""
        origin = self.line if with_origin else 0
        rows = sum(
            max(self.fit.room, origin + self.words(one, _BESIDE_PEN) + self.between) for one in entries
        )
        return rows + 3

    def told(self, chapter: SummarySection, *, beside_map: bool) -> float:
        """Return the height of a section without room for a pen."""
        height = 5.0
        for block in chapter.blocks:
            named = block.head is not None or block.topic is not None
            has_map = beside_map and any(entry.level for entry in block.entries)
            sided = [entry for entry in block.entries if entry.under]
            plain = self.groups([entry for entry in block.entries if not entry.under], _FULL)
            sides = self.sides(sided, _BESIDE_MAP if has_map else _HALF)
            beside_map = beside_map and not has_map
            height += self.line * named + max(sum(plain) + sides, _MAP if has_map else 0) + self.between
        return height

    def sides(self, entries: Sequence[Entry], width: float) -> float:
        """Return the height of the groups of a balance, two beside each other."""
        heights = self.groups(entries, width)
        return sum(max(pair) for pair in zip(heights[::2], [*heights[1::2], 0.0], strict=False))

    def groups(self, entries: Sequence[Entry], width: float) -> list[float]:
        """Return the height of each group of entries; what was chosen is one run."""
        return [self.group(list(together), width) for _, together in groupby(entries, lambda e: e.under)]

    def group(self, entries: Sequence[Entry], width: float) -> float:
        """Return the height of the entries of one side of a balance, or of one question."""
        under = entries[0].under
        heading = self.lines(under.in_(self.language), width * 0.9) if under else 0
        chosen = " · ".join(e.said.in_(self.language) for e in entries if isinstance(e.said, Text))
        own = (self.words(one, width) + self.between for one in entries if not isinstance(one.said, Text))
        return (heading + self.lines(chosen, width)) * self.line + sum(own) + self.between

    def words(self, entry: Entry, width: float) -> float:
        """Return the height of one entry."""
        said = entry.said
        text = said if isinstance(said, str) else said.in_(self.language) if isinstance(said, Text) else "-"
        return self.lines(text, width) * self.line

    def lines(self, text: str, width: float) -> int:
        """Return the number of lines of a text in a column."""
        in_a_line = max(1, int(width / (self.fit.points * _MILLIMETRES * 0.5)))
        return _lines(text.splitlines(), in_a_line)


def _lines(lines: Iterable[str], in_a_line: int) -> int:
    return sum(max(1, ceil(len(line) / in_a_line)) for line in lines)
