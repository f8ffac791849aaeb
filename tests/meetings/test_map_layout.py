"""The shapes of the map: names apart, arrows that end at them, and nothing outside the frame."""

from itertools import combinations, product
from math import hypot

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as some
from support.effort import tries

from assistant.meetings.map_layout import MapArrow, MapLayout, Pill, broken, lay_out_map, width_of

CELLS = list(product(range(3), range(3)))
NAMES = ("Generelt", "Psykisk helse", "Søvn og hverdag", "Arbeid eller skole", "Økonomi")
NAMED = some.tuples(some.text(min_size=1, max_size=60), some.sampled_from(CELLS))


def corners(pill: Pill) -> tuple[float, float, float, float]:
    return pill.x, pill.y, pill.x + pill.width, pill.y + pill.height


def crosses(arrow: MapArrow, pill: Pill) -> bool:
    """Whether the arrow passes over a pill."""
    left, top, right, foot = corners(pill)
    (x, y), (to_x, to_y) = arrow.start, arrow.end
    steps = [step / 200 for step in range(201)]
    return any(left < x + (to_x - x) * t < right and top < y + (to_y - y) * t < foot for t in steps)


def distance(point: tuple[float, float], pill: Pill) -> float:
    left, top, right, foot = corners(pill)
    return hypot(max(left - point[0], 0, point[0] - right), max(top - point[1], 0, point[1] - foot))


def assert_clear(layout: MapLayout, names: list[tuple[str, tuple[int, int]]]) -> None:
    assert [pill.index for pill in layout.pills] == list(range(len(names))), "one pill for each name"
    x, y, width, height = layout.frame
    for pill in layout.pills:
        left, top, right, foot = corners(pill)
        assert x < left < right < x + width
        assert y < top < foot < y + height
        assert all(width_of(line) <= pill.width for line, _ in pill.lines)
    for one, other in combinations(layout.pills, 2):
        apart = max(
            max(one.x, other.x) - min(one.x + one.width, other.x + other.width),
            max(one.y, other.y) - min(one.y + one.height, other.y + other.height),
        )
        assert apart >= 5, (one, other)
    reached = [index for arrow in layout.arrows for index in arrow.to]
    assert sorted(reached) == [index for index, (_, cell) in enumerate(names) if cell != (1, 1)]
    for arrow in layout.arrows:
        cells = {names[index][1] for index in arrow.to}
        assert len(cells) == 1, "an arrow goes to one place"
        assert distance(arrow.end, layout.pills[arrow.to[0]]) <= 2.2, "it ends at its pill"
        assert hypot(arrow.end[0] - arrow.start[0], arrow.end[1] - arrow.start[1]) > 11, "its head has room"
        (support, challenge) = cells.pop()
        assert (arrow.end[0] > arrow.start[0]) == (support == 2) or support == 1
        assert (arrow.end[1] < arrow.start[1]) == (challenge == 2) or challenge == 1
        for pill in layout.pills:
            assert not crosses(arrow, pill), (arrow, pill)


@pytest.mark.parametrize("number", range(1, 6))
def test_topics_in_the_same_place_stand_apart_behind_one_arrow(number: int) -> None:
    for cell in CELLS:
        names = [(name, cell) for name in NAMES[:number]]
        layout = lay_out_map(names)
        assert_clear(layout, names)
        assert len(layout.arrows) == (cell != (1, 1))


def test_every_place_at_once_is_clear() -> None:
    names = [(f"{name} {cell}", cell) for name, cell in zip(NAMES * 2, CELLS, strict=False)]
    assert_clear(lay_out_map(names), names)


@settings(max_examples=tries(150))
@for_any(names=some.lists(NAMED, min_size=1, max_size=8))
def test_whatever_the_names_no_two_pills_overlap_and_every_arrow_ends_at_its_own(
    names: list[tuple[str, tuple[int, int]]],
) -> None:
    layout = lay_out_map(names)
    assert_clear(layout, names)
    assert lay_out_map(names) == layout, "the same names give the same drawing"


def test_the_same_as_now_is_at_the_centre_without_an_arrow() -> None:
    layout = lay_out_map([("Generelt", (1, 1))])
    (pill,) = layout.pills
    assert (pill.x + pill.width / 2, pill.y + pill.height / 2) == pytest.approx(layout.centre, abs=0.1)
    assert not layout.arrows
    assert not layout.is_centre_free


def test_without_a_now_to_start_from_no_arrow_is_drawn() -> None:
    assert not lay_out_map([("Generelt", (2, 2))], with_arrows=False).arrows


def test_the_name_of_the_centre_is_where_no_arrow_passes() -> None:
    layout = lay_out_map([("Generelt", (2, 0)), ("Økonomi", (2, 2))])
    assert layout.label is not None
    assert layout.label[0] < layout.centre[0]
    everywhere = lay_out_map([("x", cell) for cell in product((0, 2), (0, 2))])
    assert everywhere.label is None


def test_a_long_name_is_cut_visibly_and_a_short_one_never() -> None:
    assert broken("Søvn og hverdag", 100) == ("Søvn og", "hverdag")
    assert broken("a" * 400, 100)[0].endswith("…")
    lines = broken("ord " * 90, 90)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert not any("…" in line for line in broken("Psykisk helse", 64))
