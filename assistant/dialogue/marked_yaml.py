"""YAML 1.2 with a line and a column for every value. Pure: text in, plain data out.

Read as 1.2, `no` is a word and `12:30` is not seven hundred and fifty. A key that stands twice is a
problem, and so are anchors and tags: a dialogue file holds wording, not cleverness.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]
Mark = tuple[int, int]
"""Line and column, both from 1."""


class _Loader(yaml.CSafeLoader):
    """The C reader, with only the YAML 1.2 core words resolved to anything but text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML copies it per class


_INTEGER = re.compile(r"^(?:0|[1-9][0-9]*)$")
_PLAIN_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_TEXT_TAG = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class Problem:
    """Something in the file's writing, before its meaning."""

    mark: Mark
    what: str
    do: str
    twice: bool = False


@dataclass
class Marked:
    """Plain data, where each piece of it stands, and what was wrong with the writing."""

    data: Any = None
    marks: dict[Path, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_marked(text: str) -> Marked:
    """Read one YAML document."""
    marked = Marked()
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "this does not follow the rules of YAML"
        do = 'look at the indentation, and put "…" round a wording that holds a colon or begins with a sign'
        marked.problems.append(Problem((mark.line + 1, mark.column + 1) if mark else (1, 1), what, do))
        return marked
    if root is not None:
        marked.data = _Reading(marked).plain((), root)
    return marked


class _Reading:
    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._seen: set[int] = set()

    def plain(self, path: Path, node: yaml.Node) -> Any:
        self._marked.marks[path] = _mark(node)
        if id(node) in self._seen:
            self._problem(node, "an anchor (&, *) is used here", "write the wording out where it is said")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.plain((*path, number), child) for number, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(path, node)
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node)

    def _mapping(self, path: Path, node: yaml.MappingNode) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in plain:
                what = f"'{key}' stands twice in the same place"
                self._marked.problems.append(Problem(_mark(key_node), what, "keep one of them", twice=True))
            plain[key] = self.plain((*path, key), value_node)
        return plain

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text = str(node.value)
        if node.tag != _TEXT_TAG:
            self._problem(node, "a tag (!) is used here", "write plain wording")
            return None
        if node.style:  # quoted or a block: text, whatever it looks like
            return text
        if _INTEGER.match(text):
            return int(text)
        return _PLAIN_WORDS.get(text, text)

    def _problem(self, node: yaml.Node, what: str, do: str) -> None:
        self._marked.problems.append(Problem(_mark(node), what, do))


def _mark(node: yaml.Node) -> Mark:
    return node.start_mark.line + 1, node.start_mark.column + 1
