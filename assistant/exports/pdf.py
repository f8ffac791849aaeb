"""Typeset a sheet as PDF. The only module that imports the typesetter.

Words are passed as data, never as markup. The PDF conforms to PDF/UA-1, which typst itself checks. If no
installed font has a character, or the standard forbids it, the PDF is made without that conformance: a box
in place of one letter is better than no sheet. Typesetting reads only its own layouts and the installed
fonts, and does not use the network.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.engine.conversation import StoredModel
from assistant.exports.line_breaks import lines_of
from assistant.exports.paper_sheet import PaperSheet
from assistant.exports.review.outcome import OutcomeSheet
from assistant.exports.review.sheet import ReviewSheet
from assistant.exports.sheet import EntryCard, SummarySheet

if TYPE_CHECKING:
    import typst

Size = Literal["ordinary", "large"]
_LAYOUTS = Path(__file__).parent / "layouts"
_INVISIBLE = "\ufeff"
"""A byte order mark: invisible, and forbidden by PDF/UA-1. The pages keep it as written."""
_ALWAYS_THERE = "\u017f"
"""The last Latin letter (covering Norwegian and Sami) that the fonts bundled with typst have."""
_MOST_LETTERS = 4000
_EXAMPLES = 12
_LAYOUT: Mapping[type, str] = {
    SummarySheet: "sheet",
    EntryCard: "card",
    ReviewSheet: "review",
    OutcomeSheet: "outcome",
    PaperSheet: "paper",
}


Sheet = SummarySheet | EntryCard | ReviewSheet | OutcomeSheet | PaperSheet


def job_of(what: Sheet, size: Size = "ordinary") -> bytes:
    """Serialise a typesetting job for another process."""
    job = {"layout": _LAYOUT[type(what)], "large": size == "large", "content": _with_lines(asdict(what))}
    return json.dumps(job, ensure_ascii=False).replace(_INVISIBLE, "").encode("utf-8", "replace")


def typeset(job: bytes, fonts: "typst.Fonts | None" = None) -> bytes:
    """Return the PDF. The same job gives the same bytes on machines with the same fonts, because it contains
    no date.
    """
    import typst  # in the process that typesets only: the server has no use for its 84 MB

    try:
        return _compiled(job, fonts or _fonts(), ["ua-1"])
    except typst.TypstError:  # without the standard, which forbids a character
        return _compiled(job, fonts or _fonts(), [])


def letters_to_look_for(text: str) -> str:
    """Return the distinct visible characters of the text that a font may lack."""
    return "".join(
        sorted(c for c in set(text) if c > _ALWAYS_THERE and unicodedata.category(c)[0] not in "CZM")
    )


def job_to_look_for(letters: str) -> bytes:
    """Serialise the question which of these letters no font has, for another process."""
    return json.dumps({"layout": "letters", "letters": letters[:_MOST_LETTERS]}, ensure_ascii=False).encode()


def printed(job: bytes) -> bytes:
    """Return the result of a job: the PDF of a sheet, or the letters that no font has."""
    asked = json.loads(job)
    # an empty block would mean that the job was refused
    return f" {lacking(asked['letters'])}".encode() if asked["layout"] == "letters" else typeset(job)


def lacking(letters: str, fonts: "typst.Fonts | None" = None) -> str:
    """Return a few of these letters that no font has, as examples to show."""
    import typst  # in the process that typesets only: the server has no use for its 84 MB

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


def _compiled(job: bytes, fonts: "typst.Fonts", standards: list[Literal["ua-1"]]) -> bytes:
    import typst  # in the process that typesets only: the server has no use for its 84 MB

    layout = (_LAYOUTS / f"{json.loads(job)['layout']}.typ").read_bytes()
    # a compiler that has refused a text is of no use any more
    compiler = typst.Compiler(layout, root=_LAYOUTS, font_paths=fonts, sys_inputs={"job": job.decode()})
    made = compiler.compile(format="pdf", pdf_standards=[*standards])
    assert isinstance(made, bytes), "a PDF is one file"
    return made


@cache
def _fonts() -> "typst.Fonts":
    """Return the fonts bundled with typst, and the installed ones for what these lack, such as emoji."""
    import typst  # in the process that typesets only: the server has no use for its 84 MB

    return typst.Fonts()


def _with_lines(node: Any) -> Any:
    """Return the data with every text of a person or a dialogue split into lines. Fields that are not
    printed stay.
    """
    if isinstance(node, Mapping):
        if {"text", "own"} <= set(node):
            said = {"own": node["own"], "length": len(node["text"]), "lines": lines_of(node["text"])}
            return said | {"mark": node.get("mark", "")}
        read = {name: child for name, child in node.items() if not isinstance(child, StoredModel | date)}
        return {name: _with_lines(child) for name, child in read.items()}
    if isinstance(node, list | tuple):
        return [_with_lines(child) for child in node]
    return node
