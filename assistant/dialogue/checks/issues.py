"""Issues in a dialogue: all of them at once, each with its position and what to do.

An author should be able to fix a whole dialogue after one run, so checks return lists and never raise. Every
code has a small wrong dialogue in `tests/dialogue/broken/`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.dialogue.checks.codes import CODES, Severity
from assistant.dialogue.model import Address, Dialogue, Part, Question, Say, When
from assistant.dialogue.positions import Mark, Path
from assistant.languages import LANGUAGES
from assistant.value_class import value_class

_IN_PLAIN_WORDS: Mapping[str, str] = {
    "string_pattern_mismatch": "use small letters a-z, digits and _, and begin with a letter",
    "string_type": 'write words; where they look like a number, put "…" round them',
    "list_type": "write a list, each line beginning with '-'",
    "tuple_type": "write a list, each line beginning with '-'",
    "int_type": "write a whole number",
    "bool_type": "write true or false",
    "too_short": "add an item; this list is too short",
    "date_from_datetime_parsing": "write a day, as 2026-11-22",
    "date_from_datetime_inexact": "write a day, as 2026-11-22",
    "date_type": "write a day, as 2026-11-22",
    "model_type": "write named fields under it",
    "model_attributes_type": "write named fields under it",
    "dict_type": "write named fields under it",
}
"""Advice for pydantic's error types, whose own messages are written for programmers."""


_FORCING = frozenset({"required", "mandatory", "obligatory", "optional", "skip", "skippable", "can_skip"})
"""Field names that authors may know from other forms and that would force an answer."""


@value_class
class Issue:
    """One thing an author should change before the dialogue is used."""

    file: str
    line: int
    column: int
    code: str
    what: str
    do: str

    @property
    def weight(self) -> Severity:
        """Return the severity of the issue's code."""
        return CODES[self.code][0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.code} {self.what} → {self.do}"


@value_class
class Condition:
    """A condition and its position: on a part, on a state, or on a transition out of a state."""

    when: When
    part: Part
    state: Address | None
    file: str
    path: Path

    @property
    def is_over_a_state(self) -> bool:
        """Return True if the condition decides before the state is asked, when its own answer is unknown."""
        return self.state is not None and "next" not in self.path

    @property
    def names(self) -> list[str]:
        """Return the questions in the condition as the author named them, without duplicates."""
        return list(dict.fromkeys([*(self.when.chose or {}), *filter(None, [self.when.answered])]))


@value_class
class Source:
    """A dialogue with the file and position of every value."""

    dialogue: Dialogue
    folder: str
    marks: Mapping[str, Mapping[Path, Mark]]

    def issue(self, file: str, path: Path, code: str, what: str, do: str) -> Issue:
        """Build an issue at a path; if nothing is written there, at the nearest parent."""
        while path not in self.marks[file]:
            path = path[:-1]
        line, column = self.marks[file][path]
        return Issue(f"{self.folder}/{file}", line, column, code, what, do)

    def states(self) -> Iterator[tuple[Address, Say | Question, str, Path]]:
        """Yield every state as written, duplicates too, with its file and path."""
        # use the file listed in `dialogue.yaml`: the part's own id may be the mistake
        for name, part in zip(self.dialogue.frame.parts, self.dialogue.parts, strict=True):
            for number, state in enumerate(part.states):
                yield f"{part.id}/{state.id}", state, f"{name}.yaml", ("states", number)

    def conditions(self) -> Iterator[Condition]:
        """Yield every condition. Requires a dialogue without duplicate names."""
        for part in self.dialogue.parts:
            if part.when is not None:
                yield Condition(part.when, part, None, f"{part.id}.yaml", ("when",))
        for address, state, file, path in self.states():
            if state.when is not None:
                part = self.dialogue.part_of(address)
                yield Condition(state.when, part, address, file, (*path, "when"))
            for number, way in enumerate(state.next or []):
                if way.when is not None:
                    place = (*path, "next", number, "when")
                    yield Condition(way.when, self.dialogue.part_of(address), address, file, place)


def issues_of_shape(
    error: ValidationError, file: str, marks: Mapping[Path, Mark], model: type[BaseModel]
) -> list[Issue]:
    """Convert pydantic's errors into issues with an author's words and line numbers."""
    found = [_issue_of_shape(dict(detail), file, marks, model) for detail in error.errors(include_url=False)]
    return sorted(found, key=lambda issue: (issue.line, issue.column))


def _issue_of_shape(
    detail: dict[str, Any], file: str, marks: Mapping[Path, Mark], model: type[BaseModel]
) -> Issue:
    path: Path = ()
    # some steps of pydantic's location, such as a state's kind, are not in the file
    for step in detail["loc"]:
        if (*path, step) in marks:
            path = (*path, step)
    kind = detail["type"]
    if kind == "union_tag_invalid":
        path = (*path, "asks")
    line, column = marks.get(path, (1, 1))
    last = next((str(s) for s in reversed(detail["loc"]) if isinstance(s, str) and s != "[key]"), "")
    if last in LANGUAGES and kind == "missing":
        code, what, do = "D104", f"the wording in '{last}' is missing", "write it, as its own language"
    elif last in LANGUAGES and (kind == "string_too_short" or detail["input"] is None):
        code, what, do = "D104", f"the wording in '{last}' is empty", "write it, as its own language"
    elif kind == "missing":
        code, what, do = "D103", f"'{last}' is missing here", f"add '{last}:'"
    elif kind == "extra_forbidden" and "when" in path and last != "when":
        code, what = "D107", f"there is no guard called '{last}'"
        do = did_you_mean(last, When.model_fields, f"use {' or '.join(When.model_fields)}")
    elif kind == "extra_forbidden" and last in _FORCING:
        code, what = "D503", f"'{last}' says whether this can be skipped"
        do = "remove it; everything can be skipped"
    elif kind == "extra_forbidden":
        code, what = "D103", f"'{last}' means nothing here"
        fields = _fields(model)
        do = did_you_mean(last, fields - {last}, "remove it, or check its spelling")
        if last in fields:
            do = "remove it; it belongs elsewhere"
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        kinds = detail.get("ctx", {}).get(
            "expected_tags", "say, choice, choices, text, statements, balance, date, rank"
        )
        code, what = "D105", "'asks' is missing or is not a kind of question"
        kinds = kinds.replace("'", "")
        do = did_you_mean(detail.get("ctx", {}).get("tag", ""), kinds.split(", "), f"use one of {kinds}")
    elif not path and not detail["loc"]:
        code, what, do = (
            "D103",
            "the file is empty or is not a list of fields",
            f"begin a {model.__name__.lower()}",
        )
    else:
        outside = kind == "period_outside"
        code, what = "D103", f"'{last}' is {'out of bounds' if outside else 'not written as it should be'}"
        do = _IN_PLAIN_WORDS.get(kind, detail["msg"].lower())
    return Issue(file, line, column, code, what, do)


def _fields(model: type[BaseModel]) -> set[str]:
    """Return all field names used in this file's kind of file."""
    names: set[str] = set()
    # one top-level model covers every field in files of one kind
    waiting = [one for one in model.__mro__ if issubclass(one, BaseModel) and one.__base__ is BaseModel]
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        names |= model.model_fields.keys()
    return names - {"dialogue"}


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """Suggest a fix for an unknown name: the nearest known name, or else `otherwise`."""
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(name, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else otherwise
