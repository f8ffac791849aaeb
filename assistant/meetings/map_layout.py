"""The shapes of the support–challenge map: where each name, arrow and line is drawn.

All lengths are in the drawing's own unit, about a CSS pixel on a phone 360 pixels wide, from the upper left
corner. Support grows to the right and challenge upwards. The same names in the same cells give the same
drawing. Names in the same cell form a stack with one arrow, which ends at the nearest of them.
"""

import unicodedata
from collections.abc import Sequence
from math import hypot

from assistant.value_class import value_class

WIDTH = 344
TEXT = 15.0
"""The size of a name."""
LEFT, RIGHT, TOP, FOOT = 22.0, 322.0, 24.0, 24.0
"""The edges of the frame; outside it are the names of the axes. FOOT counts from the lower edge."""
INSET, GAP, LINE, PADDING = 5.0, 6.0, 17.0, 8.0
"""Inside the frame, between the pills of a stack, from line to line, and around the text of a pill."""
WIDE, BESIDE, NARROW = 136.0, 118.0, 82.0
"""The greatest width of a pill: above and below the centre, beside it, and in a row with names in the middle
as well as at a side.
"""
_MOST_LINES = 3
_REACH = 52.0
"""The shortest distance from the centre to the rows above and below."""
_CORNER = 14.0
"""How far in from a pill's corner an arrow from above or below ends."""
_HEAD = (9.0, 4.5)
"""The length of an arrowhead and half its width."""
_CENTRE = (LEFT + RIGHT) / 2


@value_class
class Pill:
    """A name in a rounded box."""

    index: int
    """Which of the given names it is."""
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[str, float], ...]
    """Each line of the name, and the height of its baseline."""


@value_class
class MapArrow:
    """A line from the centre to a stack of pills; the head's tip is the end of the line."""

    start: tuple[float, float]
    end: tuple[float, float]
    head: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    """The corners of the head, with the tip first."""
    to: tuple[int, ...]
    """The names in the stack, from the one where the arrow ends."""


@value_class
class MapLayout:
    """A whole drawing."""

    height: float
    pills: tuple[Pill, ...]
    arrows: tuple[MapArrow, ...]
    stems: tuple[tuple[float, float, float], ...]
    """The lines that hold a stack together behind its pills: x, and from which y to which."""
    centre: tuple[float, float]
    is_centre_free: bool
    """Whether no name is at the centre, so that a dot can be drawn there."""

    @property
    def label(self) -> tuple[float, float] | None:
        """Return the middle and baseline of the centre's name, beside the dot where no arrow passes; None
        if there is no such place.
        """
        taken = {(a.end[0] > _CENTRE, a.end[1] > self.centre[1]) for a in self.arrows if a.end[0] != _CENTRE}
        places = [(right, below) for below in (True, False) for right in (True, False)]
        free = next((place for place in places if place not in taken), None)
        if free is None or not self.is_centre_free:
            return None
        right, below = free
        return (self.centre[0] + (16 if right else -16), self.centre[1] + (17 if below else -9))

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """Return x, y, width and height of the frame."""
        return (LEFT, TOP, RIGHT - LEFT, self.height - TOP - FOOT)


def lay_out_map(names: Sequence[tuple[str, tuple[int, int]]], *, with_arrows: bool = True) -> MapLayout:
    """Place the names by their cells, from the least to the most support and challenge (0, 1, 2)."""
    stacks = _stacks(names)
    tall = {cell: sum(h for _, _, _, h in stack) + GAP * (len(stack) - 1) for cell, stack in stacks.items()}
    middle = max((tall[cell] / 2 for cell in stacks if cell[1] == 1), default=0)
    reach = max(_REACH, middle + 24, _clear_of_the_sides(stacks, middle))
    outer = max((tall[cell] for cell in stacks if cell[1] != 1), default=0)
    half = max(reach + outer, middle) + 2 * INSET
    centre = (_CENTRE, TOP + half)
    pills = {cell: _placed(cell, stack, centre[1], reach, tall[cell]) for cell, stack in stacks.items()}
    arrows = [
        _arrow(centre, cell, stack, pills.get((1, 1), []))
        for cell, stack in pills.items()
        if with_arrows and cell != (1, 1)
    ]
    return MapLayout(
        height=round(TOP + 2 * half + FOOT, 1),
        pills=tuple(sorted((pill for stack in pills.values() for pill in stack), key=lambda p: p.index)),
        arrows=tuple(arrows),
        stems=tuple(_stem(stack) for stack in pills.values() if len(stack) > 1),
        centre=centre,
        is_centre_free=(1, 1) not in stacks,
    )


_Sized = tuple[int, tuple[str, ...], float, float]
"""A name with its lines, and the width and height of its pill."""


def _stacks(names: Sequence[tuple[str, tuple[int, int]]]) -> dict[tuple[int, int], list[_Sized]]:
    """Return the names by cell, each broken into lines that fit the row."""
    cells = [cell for _, cell in names]
    found: dict[tuple[int, int], list[_Sized]] = {cell: [] for cell in sorted(set(cells))}
    for index, (name, cell) in enumerate(names):
        columns = {other[0] for other in cells if other[1] == cell[1]}
        widest = NARROW if 1 in columns and len(columns) > 1 else BESIDE if cell[1] == 1 else WIDE
        lines = broken(name, widest - 2 * PADDING)
        width = max(30.0, max(width_of(line) for line in lines) + 2 * PADDING)
        found[cell].append((index, lines, round(width, 1), LINE * len(lines) + PADDING))
    return found


def _clear_of_the_sides(stacks: dict[tuple[int, int], list[_Sized]], middle: float) -> float:
    """Return how far away the rows above and below are when no arrow to them passes over a name beside the
    centre.
    """
    room = (RIGHT - LEFT) / 2 - INSET
    beside = [width for cell in ((0, 1), (2, 1)) for _, _, width, _ in stacks.get(cell, [])]
    ends = [
        room - width + min(_CORNER, width / 2)
        for cell, ((_, _, width, _), *_) in stacks.items()
        if cell[0] != 1 and cell[1] != 1
    ]
    return (middle + 8) * max(ends) / (room - max(beside)) if beside and ends else 0


def _placed(
    cell: tuple[int, int], stack: list[_Sized], middle: float, reach: float, tall: float
) -> list[Pill]:
    """Return a cell's pills, from the one nearest to the centre."""
    pills: list[Pill] = []
    y = middle - tall / 2 if cell[1] == 1 else middle + reach
    for index, lines, width, height in stack:
        x = {0: LEFT + INSET, 1: _CENTRE - width / 2, 2: RIGHT - INSET - width}[cell[0]]
        top = y if cell[1] < 2 else 2 * middle - y - height
        baselines = (round(top + PADDING / 2 + LINE * number + 13.5, 1) for number in range(len(lines)))
        written = tuple(zip(lines, baselines, strict=True))
        pills.append(Pill(index, round(x, 1), round(top, 1), width, height, written))
        y += height + GAP
    return pills


def _arrow(
    centre: tuple[float, float], cell: tuple[int, int], stack: list[Pill], at_centre: list[Pill]
) -> MapArrow:
    """Return the arrow to a stack: to its inner edge, or in the middle row to its inner side."""
    # beside the centre, the widest is nearest to it
    near = max(stack, key=lambda pill: pill.width) if cell[1] == 1 else stack[0]
    x = {0: near.x + near.width, 1: _CENTRE, 2: near.x}[cell[0]]
    if cell[1] == 1:
        end = (x - (cell[0] - 1) * 2, near.y + near.height / 2)
    else:
        end = (
            x + (cell[0] - 1) * min(_CORNER, near.width / 2),
            near.y - 2 if cell[1] == 0 else near.y + near.height + 2,
        )
    across, down = end[0] - centre[0], end[1] - centre[1]
    length = hypot(across, down)
    across, down = across / length, down / length
    away = 9.0
    if at_centre:
        wide = max(pill.width for pill in at_centre) / 2
        high = (at_centre[-1].y + at_centre[-1].height - at_centre[0].y) / 2
        away = 3 + min(wide / abs(across) if across else length, high / abs(down) if down else length)
    back, out = _HEAD
    foot = (end[0] - across * back, end[1] - down * back)
    head = (
        end,
        (foot[0] - down * out, foot[1] + across * out),
        (foot[0] + down * out, foot[1] - across * out),
    )
    first, second, third = ((round(a, 1), round(b, 1)) for a, b in head)
    others = [pill.index for pill in stack if pill is not near]
    start = (round(centre[0] + across * away, 1), round(centre[1] + down * away, 1))
    return MapArrow(start, first, (first, second, third), (near.index, *others))


def _stem(stack: list[Pill]) -> tuple[float, float, float]:
    middles = [pill.y + pill.height / 2 for pill in stack]
    narrowest = min(stack, key=lambda pill: pill.width)
    return (round(narrowest.x + narrowest.width / 2, 1), min(middles), max(middles))


def width_of(text: str) -> float:
    """Return a generous estimate of a text's width: fonts differ, and no letter may leave its pill."""
    return sum(_width(letter) for letter in text) * TEXT


def _width(letter: str) -> float:
    if letter in "iljtfrI.,:;!'’()|- ":
        return 0.38
    if unicodedata.category(letter)[0] == "M":
        return 0.0
    if letter in "mwMW" or ord(letter) > 0x24F or unicodedata.east_asian_width(letter) in "WF":
        return 1.0 if ord(letter) < 0x2E80 else 1.2
    return 0.74 if letter.isupper() else 0.6


def broken(name: str, room: float) -> tuple[str, ...]:
    """Break a name into at most three lines of this width; «…» where it does not fit."""
    lines = [""]
    for word in name.split():
        joined = f"{lines[-1]} {word}".strip()
        if width_of(joined) <= room or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]} …"]
    return tuple(_cut(line, room) for line in lines)


def _cut(line: str, room: float) -> str:
    if width_of(line) <= room:
        return line
    line = line.removesuffix(" …")
    while line and width_of(f"{line}…") > room:
        line = line[:-1]
    return f"{line.rstrip()}…"
