"""Read the part of Markdown that papers use into blocks to be typeset.

Headings, paragraphs, lists, tables and notices (`> `), with **bold**, `code` and [[fields to fill in]]. A
paper is our own text, so anything else is a mistake in it and raises `NotInAPaper`.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.exports.paper_sheet import (
    Block,
    PaperFigure,
    PaperList,
    PaperRun,
    PaperSheet,
    PaperTable,
    PaperText,
    Runs,
)

_INLINE = re.compile(r"\*\*(?P<bold>[^*]+)\*\*|`(?P<code>[^`]+)`|\[\[(?P<field>[^\]]+)\]\]")
_HEADING = re.compile(r"(#{1,3}) (.+)")
_RULE = re.compile(r"\|(?:-+\|)+")
_STRAY = re.compile(r"\*\*|`|\[\[|\]\]|\n")
_NARROWEST, _WIDEST = 6, 42


class NotInAPaper(ValueError):
    """A line that is not in the part of Markdown that papers use."""


def fields_in(text: str) -> Sequence[str]:
    """Return what is left for the service to fill in."""
    return re.findall(r"\[\[([^\]]+)\]\]", text)


def read_paper(text: str, tag: str, figure: PaperFigure | None = None) -> PaperSheet:
    """Read a whole paper. Its first line is its title; a fence marks where the figure belongs."""
    blocks = [_block(lines, figure) for lines in _in_blocks(text)]
    first = blocks[0]
    if not (isinstance(first, PaperText) and first.level == 1):
        raise NotInAPaper("a paper begins with its title")
    return PaperSheet("".join(run.text for run in first.runs), tag, blocks)


def _in_blocks(text: str) -> Iterator[list[str]]:
    """Yield the lines of each block: blank lines separate them, except in a fence."""
    block: list[str] = []
    for line in text.splitlines():
        in_fence = bool(block) and block[0].startswith("```")
        if line.strip() or in_fence:
            block.append(line.rstrip())
        elif block:
            yield block
            block = []
        if in_fence and line == "```":
            yield block
            block = []
    if block:
        yield block


def _block(lines: list[str], figure: PaperFigure | None) -> Block:
    first = lines[0]
    if heading := _HEADING.fullmatch(first):
        if len(lines) > 1:
            raise NotInAPaper(f"a heading is one line: {lines[1]}")
        return PaperText("heading", _runs(heading[2]), len(heading[1]))
    if first.startswith("```"):
        if figure is None or lines[-1] != "```":
            raise NotInAPaper(first)
        return figure
    if first.startswith("|"):
        return _table(lines)
    if first.startswith("- "):
        return PaperList([_runs(item) for item in _items(lines)])
    if first.startswith("> "):
        return PaperText("notice", _runs(" ".join(line.removeprefix("> ") for line in lines)))
    if first[0] in "#>-*+|<~=" or re.match(r"\d+\. ", first):
        raise NotInAPaper(first)
    return PaperText("paragraph", _runs(" ".join(lines)))


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        elif line.startswith("  "):
            items[-1] += f" {line.strip()}"
        else:
            raise NotInAPaper(line)
    return items


def _table(lines: list[str]) -> PaperTable:
    if len(lines) < 3 or not _RULE.fullmatch(lines[1]):
        raise NotInAPaper(f"a table has a heading, a rule and a row: {lines[0]}")
    head, *rows = [_cells(line) for line in (lines[0], *lines[2:])]
    if any(len(row) != len(head) for row in rows):
        raise NotInAPaper(f"a row has too few or too many cells: {lines[0]}")
    columns = zip(head, *rows, strict=True)
    widths = [_width(column) for column in columns]
    return PaperTable([_runs(cell) for cell in head], [[_runs(cell) for cell in row] for row in rows], widths)


def _width(column: Sequence[str]) -> int:
    """Return the share of the width: room for the longest word of the heading, and for the longest cell."""
    longest_word = max(map(len, column[0].split()), default=0)
    return max(_NARROWEST, longest_word + 3, min(max(map(len, column)), _WIDEST))


def _cells(line: str) -> list[str]:
    if not (line.startswith("|") and line.endswith("|")):
        raise NotInAPaper(line)
    return [cell.strip() for cell in line[1:-1].split("|")]


def _runs(text: str) -> Runs:
    runs: list[PaperRun] = []
    at = 0
    for found in _INLINE.finditer(text):
        runs += [_plain(text[at : found.start()])]
        for style in ("bold", "code", "field"):
            if found[style]:
                runs.append(PaperRun(found[style], style))
        at = found.end()
    runs += [_plain(text[at:])]
    return [run for run in runs if run.text]


def _plain(text: str) -> PaperRun:
    if _STRAY.search(text):
        raise NotInAPaper(text)
    return PaperRun(text)
