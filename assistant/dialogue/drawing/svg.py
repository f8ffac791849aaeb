"""Draw a diagram as SVG with lines and text. Nothing depends on colour.

Styles are in `web/static/drawing.css`: a page links to it, and a separate file embeds it.
"""

from collections.abc import Iterator
from html import escape

from assistant.dialogue.drawing.diagram import Diagram
from assistant.dialogue.drawing.layout import Arrow, Box, LabelLine, Layout, lay_out


def draw(diagram: Diagram, title: str, described: str, *, language: str, style: str | None = None) -> str:
    """Return the SVG; with a style, as a complete file."""
    layout = lay_out(diagram, headed=style is not None)
    return "\n".join(_svg(layout, title, described, language, style)) + "\n"


def _svg(layout: Layout, title: str, described: str, language: str, style: str | None) -> Iterator[str]:
    width, height = _n(layout.width), _n(layout.height)
    alone = f' xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"' if style else ""
    yield (
        f'<svg class="drawing"{alone} viewBox="0 0 {width} {height}" role="group" lang="{escape(language)}" '
        'aria-labelledby="drawing-title" aria-describedby="drawing-desc">'
    )
    yield f'<title id="drawing-title">{escape(title)}</title>'
    yield f'<desc id="drawing-desc">{escape(described)}</desc>'
    if style:
        yield f"<style>{style}</style>"
        yield f'<rect class="ground" width="{width}" height="{height}"/>'
    yield from map(_line, layout.heading)
    for frame in layout.frames:
        yield _rectangle(frame, 14)
    yield '<g aria-hidden="true">'
    for arrow in layout.arrows:
        yield from _arrow(arrow)
    yield "</g>"
    # text comes last, so that no line crosses it, and in reading order
    yield from _read(layout)
    yield "</svg>"


def _read(layout: Layout) -> Iterator[str]:
    for box in [*layout.boxes, layout.end]:
        yield _rectangle(box, 20 if box.look == "end" else 8)
    lines = [line for box in [*layout.frames, *layout.boxes, layout.end] for line in box.lines]
    for line in sorted([*lines, *layout.labels], key=lambda line: line.y):
        yield _line(line)


def _rectangle(box: Box, corner: int) -> str:
    return (
        f'<rect class="{box.look}" x="{_n(box.x)}" y="{_n(box.y)}" '
        f'width="{_n(box.width)}" height="{_n(box.height)}" rx="{corner}"/>'
    )


def _line(line: LabelLine) -> str:
    turned = f' transform="rotate(-90 {_n(line.x)} {_n(line.y)})"' if "upright" in line.look else ""
    return f'<text class="{line.look}" x="{_n(line.x)}" y="{_n(line.y)}"{turned}>{escape(line.text)}</text>'


def _arrow(arrow: Arrow) -> Iterator[str]:
    (x, y), (before_x, before_y) = arrow.points[-1], arrow.points[-2]
    # the head is a separate shape: programs draw SVG markers differently
    along = ((x > before_x) - (x < before_x), (y > before_y) - (y < before_y))
    back_x, back_y = x - 9 * along[0], y - 9 * along[1]
    side_x, side_y = 4.5 * along[1], 4.5 * along[0]
    drawn = _path((*arrow.points[:-1], (back_x, back_y)))
    yield f'<path class="{f"line {arrow.look}".strip()}" d="{drawn}"/>'
    yield (
        f'<path class="head" d="M{_n(x)} {_n(y)}L{_n(back_x - side_x)} {_n(back_y - side_y)}'
        f'L{_n(back_x + side_x)} {_n(back_y + side_y)}Z"/>'
    )


def _path(points: tuple[tuple[float, float], ...]) -> str:
    """Return an SVG path through the points, with slightly rounded corners."""
    drawn = f"M{_n(points[0][0])} {_n(points[0][1])}"
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(here, before), _towards(here, after)
        drawn += f"L{_n(near[0])} {_n(near[1])}Q{_n(here[0])} {_n(here[1])} {_n(far[0])} {_n(far[1])}"
    return drawn + f"L{_n(points[-1][0])} {_n(points[-1][1])}"


def _towards(here: tuple[float, float], there: tuple[float, float]) -> tuple[float, float]:
    length = abs(there[0] - here[0]) + abs(there[1] - here[1])
    part = min(7.0, length / 2) / length if length else 0.0
    return here[0] + (there[0] - here[0]) * part, here[1] + (there[1] - here[1]) * part


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
