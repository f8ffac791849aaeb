"""From a sheet to a PDF. The one place that knows the typesetter.

The words go in as data and are never markup. The result is tagged after PDF/UA-1, which typst itself checks;
where no font on the machine has a character, or the standard forbids one, it cannot be kept, and the PDF is
made without that promise: a box in place of one letter is better than no sheet.

It looks at no files but its own layouts and the machine's fonts, and asks nothing of the network.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from assistant.engine.conversation import StoredModel
from assistant.exports.line_breaks import lines_of
from assistant.exports.review.sheet import ReviewSheet
from assistant.exports.sheet import EntryCard, SummarySheet

Size = Literal["ordinary", "large"]
_LAYOUTS = Path(__file__).parent / "layouts"
_INVISIBLE = "\ufeff"
"""A byte order mark: it shows nothing, and PDF/UA-1 forbids it. The screen keeps it as it was written."""
_ALWAYS_THERE = "\u017f"
"""The last of the letters (Latin, as Norwegian and Sami have it) that typst's own fonts have."""
_MOST_LETTERS = 4000
_EXAMPLES = 12
_LAYOUT: Mapping[type, str] = {SummarySheet: "sheet", EntryCard: "card", ReviewSheet: "review"}


def job_of(what: SummarySheet | EntryCard | ReviewSheet, size: Size = "ordinary") -> bytes:
    """Serialise what is to be typeset, for another process."""
    job = {"layout": _LAYOUT[type(what)], "large": size == "large", "content": _with_lines(asdict(what))}
    return json.dumps(job, ensure_ascii=False).replace(_INVISIBLE, "").encode("utf-8", "replace")


def typeset(job: bytes, fonts: typst.Fonts | None = None) -> bytes:
    """The PDF. The same job gives the same bytes on machines with the same fonts: no date is in it."""
    try:
        return _compiled(job, fonts or _fonts(), ["ua-1"])
    except typst.TypstError:  # whatever the standard has against it
        return _compiled(job, fonts or _fonts(), [])


def letters_to_look_for(text: str) -> str:
    """Return the distinct characters of the text that have a shape of their own and may lack a font."""
    return "".join(
        sorted(c for c in set(text) if c > _ALWAYS_THERE and unicodedata.category(c)[0] not in "CZM")
    )


def job_to_look_for(letters: str) -> bytes:
    """Return the question which of these letters no font has, as bytes for another process."""
    return json.dumps({"layout": "letters", "letters": letters[:_MOST_LETTERS]}, ensure_ascii=False).encode()


def printed(job: bytes) -> bytes:
    """Return what this job asks for: the PDF of a sheet, or the letters that no font has."""
    asked = json.loads(job)
    # an empty block would say that the job was refused
    return f" {lacking(asked['letters'])}".encode() if asked["layout"] == "letters" else typeset(job)


def lacking(letters: str, fonts: typst.Fonts | None = None) -> str:
    """Return those of these letters that no font has, a few at the most: they are shown as examples."""
    found = ""
    while len(found) < _EXAMPLES:
        job = json.dumps({"layout": "letters", "letters": letters}, ensure_ascii=False).encode()
        try:
            _compiled(job, fonts or _fonts(), ["ua-1"])
        except typst.TypstError as error:
            named = [c for c in letters if c in error.message.partition("`")[2].rpartition("` could not")[0]]
            if not named:
                return found
            found += named[0]
            letters = letters.replace(named[0], "")
        else:
            return found
    return found


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
        read = {name: child for name, child in node.items() if not isinstance(child, StoredModel | date)}
        return {name: _with_lines(child) for name, child in read.items()}
    if isinstance(node, list | tuple):
        return [_with_lines(child) for child in node]
    return node
