"""From a sheet to a PDF. The one place that knows the typesetter.

The words go in as data and are never markup. The result is tagged after PDF/UA-1, which typst itself checks;
where no font on the machine has a character, the standard cannot be kept, and the PDF is made without that
promise: a box in place of one letter is better than no sheet.

It looks at no files but its own layouts and the machine's fonts, and asks nothing of the network.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from assistant.engine.conversation import Kept
from assistant.exports.lines import lines_of
from assistant.exports.review_sheet import ReviewSheet
from assistant.exports.sheet import Card, Sheet

Size = Literal["ordinary", "large"]
_LAYOUTS = Path(__file__).parent / "layouts"
_LAYOUT: Mapping[type, str] = {Sheet: "sheet", Card: "card", ReviewSheet: "review"}


def job_of(what: Sheet | Card | ReviewSheet, size: Size = "ordinary") -> bytes:
    """What is to be set, as bytes that can be handed to another process."""
    job = {"layout": _LAYOUT[type(what)], "large": size == "large", "content": _with_lines(asdict(what))}
    return json.dumps(job, ensure_ascii=False).encode()


def typeset(job: bytes, fonts: typst.Fonts | None = None) -> bytes:
    """The PDF. The same job gives the same bytes on machines with the same fonts: no date is in it."""
    try:
        return _compiled(job, fonts or _fonts(), ["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
    return _compiled(job, fonts or _fonts(), [])


def _compiled(job: bytes, fonts: typst.Fonts, standards: list[Literal["ua-1"]]) -> bytes:
    layout = (_LAYOUTS / f"{json.loads(job)['layout']}.typ").read_bytes()
    # a compiler that has refused a text is of no use any more
    compiler = typst.Compiler(layout, root=_LAYOUTS, font_paths=fonts, sys_inputs={"job": job.decode()})
    made = compiler.compile(format="pdf", pdf_standards=[*standards])
    assert isinstance(made, bytes), "a PDF is one file"
    return made


@cache
def _fonts() -> typst.Fonts:
    """The fonts that come with typst, and those of the machine for what these lack, such as emoji."""
    return typst.Fonts()


def _with_lines(node: Any) -> Any:
    """The same, with every text of a person's or a dialogue's as its lines. Facts that are not read stay."""
    if isinstance(node, Mapping):
        if set(node) == {"text", "own"}:
            return {"own": node["own"], "length": len(node["text"]), "lines": lines_of(node["text"])}
        read = {name: child for name, child in node.items() if not isinstance(child, Kept | date)}
        return {name: _with_lines(child) for name, child in read.items()}
    if isinstance(node, list | tuple):
        return [_with_lines(child) for child in node]
    return node
