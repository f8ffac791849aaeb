"""The data-flow drawing, as SVG for the PDF and as Mermaid for the Markdown, from one list."""

from collections.abc import Iterator
from html import escape
from math import hypot

from assistant.languages import Language
from assistant.papers.lists import Flow, FlowArrow

_WIDE, _HIGH = 178, 50
_ACROSS, _DOWN = 226, 92
_LEFT, _TOP = 12, 14
_FONT = "Libertinus Serif"
_LINE = 24
"""The most letters on a line of a box."""
_HEAD = 9
"""The length of an arrow's head."""


def as_mermaid(flow: Flow, language: Language) -> str:
    """Return the drawing as text that many editors show as a drawing."""
    boxes = [f'    {name}["{box.name.in_(language)}"]' for name, box in flow.boxes.items()]
    arrows = [
        f"    {arrow.source} {'<-->' if arrow.both else '-->'}|{number}| {arrow.to}"
        for number, arrow in enumerate(flow.arrows, start=1)
    ]
    return "\n".join(["```mermaid", "flowchart TD", *boxes, *arrows, "```"])


def as_svg(flow: Flow, language: Language) -> str:
    """Return the drawing: boxes on a grid, numbered arrows, and a frame around what the service runs."""
    rows = 1 + max(box.at[1] for box in flow.boxes.values())
    width, height = 2 * _LEFT + 2 * _ACROSS + _WIDE, 2 * _TOP + (rows - 1) * _DOWN + _HIGH + 12
    inner = _TOP + 2 * _DOWN - 22
    frame = (
        f'<rect x="2" y="{inner}" width="{width - 4}" height="{height - inner - 2}" rx="6" '
        'fill="#f3f6f5" stroke="#2f5d50" stroke-dasharray="5 4"/>'
        f'<text x="10" y="{inner + 15}" font-size="12" fill="#2f5d50">'
        f"{escape(flow.inside.in_(language))}</text>"
    )
    parts = [frame, *_arrows(flow), *_boxes(flow, language)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="{_FONT}">'
        f"{''.join(parts)}</svg>"
    )


def _corner(flow: Flow, name: str) -> tuple[int, int]:
    column, row = flow.boxes[name].at
    return _LEFT + column * _ACROSS, _TOP + row * _DOWN


def _boxes(flow: Flow, language: Language) -> Iterator[str]:
    for name, box in flow.boxes.items():
        x, y = _corner(flow, name)
        yield (
            f'<rect x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="5" fill="#ffffff" stroke="#333333"/>'
        )
        lines = _in_lines(box.name.in_(language))
        first = y + _HIGH / 2 + 5 - 8 * (len(lines) - 1)
        for number, line in enumerate(lines):
            yield (
                f'<text x="{x + _WIDE / 2}" y="{first + 16 * number}" font-size="14" text-anchor="middle">'
                f"{escape(line)}</text>"
            )


def _in_lines(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > _LINE and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _arrows(flow: Flow) -> Iterator[str]:
    for number, arrow in enumerate(flow.arrows, start=1):
        (x1, y1), (x2, y2) = _ends(flow, arrow)
        yield f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#333333" stroke-width="1.3"/>'
        yield _head(x1, y1, x2, y2)
        if arrow.both:
            yield _head(x2, y2, x1, y1)
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        yield f'<circle cx="{x}" cy="{y}" r="9" fill="#2f5d50"/>'
        yield (
            f'<text x="{x}" y="{y + 4}" font-size="12" fill="#ffffff" text-anchor="middle">{number}</text>'
        )


def _ends(flow: Flow, arrow: FlowArrow) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where the line between the middles of two boxes leaves the one and meets the other."""
    centres = [
        (x + _WIDE / 2, y + _HIGH / 2) for x, y in (_corner(flow, name) for name in (arrow.source, arrow.to))
    ]
    (x1, y1), (x2, y2) = centres
    across, down = x2 - x1, y2 - y1
    part = min(_WIDE / 2 / abs(across) if across else 1.0, _HIGH / 2 / abs(down) if down else 1.0)
    return (
        (round(x1 + part * across, 1), round(y1 + part * down, 1)),
        (round(x2 - part * across, 1), round(y2 - part * down, 1)),
    )


def _head(x1: float, y1: float, x2: float, y2: float) -> str:
    length = hypot(x2 - x1, y2 - y1)
    along, aside = (x2 - x1) / length * _HEAD, (y2 - y1) / length * _HEAD
    left = f"{x2 - along + aside / 2:.1f} {y2 - aside - along / 2:.1f}"
    right = f"{x2 - along - aside / 2:.1f} {y2 - aside + along / 2:.1f}"
    return f'<path d="M{x2} {y2}L{left}L{right}Z" fill="#333333"/>'
