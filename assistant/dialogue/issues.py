"""What is wrong with a dialogue, all of it at once, each with where it stands and what to do.

An author should be able to mend a whole dialogue after one look; so a check is a list, never an exception.
Every code has a small wrong dialogue in `tests/dialogue/broken/`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.dialogue.marked_yaml import Mark, Path
from assistant.dialogue.model import (
    Address,
    Balance,
    Choice,
    Choices,
    Dialogue,
    Option,
    Question,
    Say,
    When,
)
from assistant.languages import LANGUAGES

_FRAME = "dialogue.yaml"

_IN_PLAIN_WORDS: Mapping[str, str] = {
    "string_pattern_mismatch": "use small letters a-z, digits and _, and begin with a letter",
    "string_type": 'write words; where they look like a number, put "…" round them',
    "list_type": "write a list, each line beginning with '-'",
    "int_type": "write a whole number",
    "too_short": "there is too little in this list",
    "model_type": "write named fields under it",
    "model_attributes_type": "write named fields under it",
    "dict_type": "write named fields under it",
}
"""What to do about the kinds of slip that pydantic tells in a programmer's words."""


@dataclass(frozen=True)
class Issue:
    """One thing an author should change before the dialogue may be used."""

    file: str
    line: int
    column: int
    code: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.code} {self.what} → {self.do}"


@dataclass(frozen=True)
class Source:
    """A dialogue together with where everything in it was written."""

    dialogue: Dialogue
    folder: str
    marks: Mapping[str, Mapping[Path, Mark]]

    def issue(self, file: str, path: Path, code: str, what: str, do: str) -> Issue:
        """An issue at a place; where the place itself was left out, at what it should stand in."""
        while path not in self.marks[file]:
            path = path[:-1]
        line, column = self.marks[file][path]
        return Issue(f"{self.folder}/{file}", line, column, code, what, do)

    def states(self) -> Iterator[tuple[Address, Say | Question, str, Path]]:
        """Every state as written, with the file and the path it stands at; doubles too."""
        # the file is the one the frame names: what a part calls itself may be the mistake
        for name, part in zip(self.dialogue.frame.parts, self.dialogue.parts, strict=True):
            for number, state in enumerate(part.states):
                yield f"{part.id}/{state.id}", state, f"{name}.yaml", ("states", number)


def issues_of_shape(
    error: ValidationError, file: str, marks: Mapping[Path, Mark], model: type[BaseModel]
) -> list[Issue]:
    """What pydantic found, in an author's words and at the author's line."""
    found = [_issue_of_shape(dict(detail), file, marks, model) for detail in error.errors(include_url=False)]
    return sorted(found, key=lambda issue: (issue.line, issue.column))


def check(source: Source) -> list[Issue]:
    """Every issue in a dialogue of the right shape, in file order."""
    doubles = list(_doubles(source))
    found = [*doubles, *_folder(source), *_sections(source), *_opening(source)]
    if not doubles:  # with two states of one name, no way between them means anything
        unknown = [*_targets(source), *_conditions(source)]
        found += unknown or [*_reach(source), *_endless(source)]
        found += [*_last_ways(source), *_blocked_ways(source)]
    order = {file: number for number, file in enumerate(source.marks)}
    return sorted(
        found, key=lambda i: (order[i.file.removeprefix(f"{source.folder}/")], i.line, i.column, i.code)
    )


def _issue_of_shape(
    detail: dict[str, Any], file: str, marks: Mapping[Path, Mark], model: type[BaseModel]
) -> Issue:
    path: Path = ()
    for step in detail["loc"]:  # pydantic's own steps, such as the kind of a state, stand in no file
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
    elif kind == "extra_forbidden" and "when" in path:
        code, what, do = "D107", f"there is no guard called '{last}'", "use chose or answered"
    elif kind == "extra_forbidden":
        code, what, do = (
            "D103",
            f"'{last}' means nothing here",
            "take it away, or look for a slip in its spelling",
        )
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        kinds = detail.get("ctx", {}).get(
            "expected_tags", "say, choice, choices, text, statements, balance, date"
        )
        code, what = "D105", "'asks' is missing or is no kind of question"
        do = f"use one of {kinds}".replace("'", "")
    elif not path and not detail["loc"]:
        code, what, do = (
            "D103",
            "the file is empty or is not a list of fields",
            f"begin a {model.__name__.lower()}",
        )
    else:
        code, what = "D103", f"'{last}' is not written as it should be"
        do = _IN_PLAIN_WORDS.get(kind, detail["msg"].lower())
    return Issue(file, line, column, code, what, do)


def _named(names: Iterable[tuple[str, str, Path]]) -> Iterator[tuple[str, str, Path]]:
    """Those that repeat an earlier name."""
    seen: Counter[str] = Counter()
    for name, file, path in names:
        seen[name] += 1
        if seen[name] > 1:
            yield name, file, path


def _option_lists(source: Source) -> Iterator[tuple[str, Path, list[Option]]]:
    for _, state, file, path in source.states():
        if isinstance(state, Choice | Choices):
            yield file, (*path, "options"), state.options
        elif isinstance(state, Balance):
            for side in ("support", "challenge"):
                for group in ("levels", "forms"):
                    yield file, (*path, side, group), getattr(getattr(state, side), group)


def _doubles(source: Source) -> Iterator[Issue]:
    frame = source.dialogue.frame
    lists: list[list[tuple[str, str, Path]]] = [
        [(section.id, _FRAME, ("sections", n, "id")) for n, section in enumerate(frame.sections)],
        [(address, file, (*path, "id")) for address, _, file, path in source.states()],
    ]
    for file, path, options in _option_lists(source):
        lists.append([(option.id, file, (*path, n, "id")) for n, option in enumerate(options)])
    for names in lists:
        for name, file, path in _named(names):
            yield source.issue(file, path, "D201", f"'{name}' is used twice", "give one of them another id")
    for part, name in zip(source.dialogue.parts, frame.parts, strict=True):
        if part.id != name:
            do = f"call it '{name}', as its file is called"
            yield source.issue(f"{name}.yaml", ("id",), "D201", f"this part calls itself '{part.id}'", do)


def _folder(source: Source) -> Iterator[Issue]:
    called = source.dialogue.frame.id
    if called != source.folder:
        do = f"call it '{source.folder}', as its folder is called"
        yield source.issue(_FRAME, ("id",), "D201", f"this dialogue calls itself '{called}'", do)


def _sections(source: Source) -> Iterator[Issue]:
    known = [section.id for section in source.dialogue.frame.sections]
    for _, state, file, path in source.states():
        if not isinstance(state, Say) and state.section is not None and state.section not in known:
            do = _did_you_mean(state.section, known, f"add it to 'sections' in {_FRAME}")
            yield source.issue(file, (*path, "section"), "D207", f"there is no section '{state.section}'", do)


def _opening(source: Source) -> Iterator[Issue]:
    if not any(True for _ in source.dialogue.opening()):
        file = f"{source.dialogue.frame.parts[0]}.yaml"
        do = "begin with a 'say': what this is, who sees it, and whom to call when it is urgent"
        yield source.issue(file, ("states", 0), "D208", "the dialogue asks before it has said what it is", do)


def _targets(source: Source) -> Iterator[Issue]:
    known = source.dialogue.states
    for address, _, file, path in source.states():
        for number, (_, to) in enumerate(source.dialogue.transitions_from(address)):
            if to is not None and to not in known:
                do = _did_you_mean(to, known, "name a state, a part, or 'end'")
                place = (*path, "next", number, "to")
                yield source.issue(file, place, "D202", f"there is no state '{to}'", do)


def _conditions(source: Source) -> Iterator[Issue]:
    dialogue = source.dialogue
    asking = [address for address, state in dialogue.states.items() if not isinstance(state, Say)]
    for address, _, file, path in source.states():
        for number, (when, _) in enumerate(dialogue.transitions_from(address)):
            if when is None:
                continue
            place = (*path, "next", number, "when")
            part = address.split("/")[0]
            named = dict.fromkeys([*(when.chose or {}), *([when.answered] if when.answered else [])])
            for name in named:
                looked_at = dialogue.resolve(name, part)
                state = dialogue.states.get(looked_at or "")
                if state is None or isinstance(state, Say):
                    do = _did_you_mean(looked_at or name, asking, "name a state that asks something")
                    yield source.issue(
                        file, place, "D206", f"the guard looks at '{name}', which asks nothing", do
                    )
                    continue
                option = (when.chose or {}).get(name)
                options = [o.id for o in state.options] if isinstance(state, Choice | Choices) else []
                if option is not None and option not in options:
                    do = _did_you_mean(option, options, "name an option of that question")
                    yield source.issue(file, place, "D206", f"'{name}' offers no option '{option}'", do)


def _blocked_ways(source: Source) -> Iterator[Issue]:
    """Ways that stand behind one that is always taken."""
    for _, state, file, path in source.states():
        ways = state.next or []
        for number, way in enumerate(ways[:-1]):
            if way.when is None or way.when == When():
                what = "the ways after this one are never taken, for it has no condition"
                do = "give it a 'when', or let it stand last"
                yield source.issue(file, (*path, "next", number), "D209", what, do)


def _last_ways(source: Source) -> Iterator[Issue]:
    for address, state, file, path in source.states():
        if state.next is not None and (not state.next or state.next[-1].when is not None):
            what = f"'{address}' can only be left under a condition"
            do = "let the last line of 'next' stand without 'when'"
            yield source.issue(file, (*path, "next"), "D204", what, do)


def _reach(source: Source) -> Iterator[Issue]:
    reached = _reached(source.dialogue, [next(iter(source.dialogue.states))])
    for address, _, file, path in source.states():
        if address not in reached:
            do = "let some 'next' lead here, or take it away"
            yield source.issue(file, path, "D203", f"no way leads to '{address}'", do)


def _endless(source: Source) -> Iterator[Issue]:
    """Ways that lead back to where they have been. A question is answered once, so such a way has no end."""
    dialogue = source.dialogue
    beyond = {
        address: _reached(dialogue, (to for _, to in dialogue.transitions_from(address)))
        for address in dialogue.states
    }
    told: set[Address] = set()
    for address, _, file, path in source.states():
        if address in beyond[address] and address not in told:
            told |= {other for other in beyond[address] if address in beyond[other]}
            what = f"a way from '{address}' leads back to it and never ends"
            yield source.issue(file, (*path, "next"), "D205", what, "lead on to a later state, or to 'end'")


def _reached(dialogue: Dialogue, starts: Iterable[Address | None]) -> set[Address]:
    """Every state that some way leads to from here, whatever the guards say."""
    reached: set[Address] = set()
    waiting = list(starts)
    while waiting:
        address = waiting.pop()
        if address is not None and address not in reached:
            reached.add(address)
            waiting += [to for _, to in dialogue.transitions_from(address)]
    return reached


def _did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else otherwise
