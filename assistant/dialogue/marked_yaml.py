"""YAML 1.2 with a line and a column for every value. Pure: text in, plain data out.

Read as 1.2, `no` is a word and `12:30` is not seven hundred and fifty. A duplicate key is a problem, and so
are anchors and tags: a dialogue file holds wording, not cleverness. They are looked for before anything is
built, so a file made to expand without end costs no more than its own length.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from assistant.dialogue.positions import Mark, Path
from assistant.value_class import value_class


class _Loader(yaml.CSafeLoader):
    """The C reader, with only the YAML 1.2 core words resolved to anything but text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML copies it per class


_INTEGER = re.compile(r"^(?:0|[1-9][0-9]{0,17})$")
_PLAIN_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_DEPTH_LIMIT = 30
"""The deepest wording in a dialogue is at level 8; PyYAML itself fails at some thousands."""


@value_class
class YamlProblem:
    """A syntax problem in the file, found before its meaning is looked at."""

    mark: Mark
    what: str
    do: str
    twice: bool = False


@dataclass
class MarkedYaml:
    """Plain data, the position of each piece, and what was wrong with the YAML."""

    text: str = field(default="", compare=False, repr=False)
    data: Any = None
    marks: dict[Path, Mark] = field(default_factory=dict)
    problems: list[YamlProblem] = field(default_factory=list)


def read_marked(text: str) -> MarkedYaml:
    """Read one YAML document."""
    marked = MarkedYaml(text)
    try:
        marked.problems = _cleverness(text)
        if marked.problems:
            return marked
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        marked.problems.append(_refused(error))
        return marked
    if root is not None:
        marked.data = _Reading(marked).plain((), root)
    return marked


def _refused(error: yaml.YAMLError) -> YamlProblem:
    """Turn PyYAML's own refusal into a problem with advice.

    From libyaml 0.2.6 its scanner counts nesting itself, and can do so before `_cleverness` sees an event.
    """
    at = getattr(error, "problem_mark", None)
    mark = (at.line + 1, at.column + 1) if at else (1, 1)
    what = getattr(error, "problem", None) or "this does not follow the rules of YAML"
    if what.startswith("exceeded maximum nesting"):
        return _too_deep(mark)
    do = 'look at the indentation, and put "…" round a wording that holds a colon or begins with a sign'
    return YamlProblem(mark, what, do)


def _too_deep(mark: Mark) -> YamlProblem:
    return YamlProblem(mark, "this is nested too deeply", "use fewer levels")


def _cleverness(text: str) -> list[YamlProblem]:
    """Yield a problem for each anchor, tag and excessive nesting."""
    problems: list[YamlProblem] = []
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH_LIMIT:
            return [*problems, _too_deep(_mark(event))]
        if getattr(event, "anchor", None):
            what, do = "an anchor (&, *) is used here", "write the wording out where it is said"
            problems.append(YamlProblem(_mark(event), what, do))
        if getattr(event, "tag", None):
            problems.append(YamlProblem(_mark(event), "a tag (!) is used here", "write plain wording"))
    return problems


class _Reading:
    def __init__(self, marked: MarkedYaml) -> None:
        self._marked = marked

    def plain(self, path: Path, node: yaml.Node) -> Any:
        self._marked.marks[path] = _mark(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain((*path, number), child) for number, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(path, node)
        assert isinstance(node, yaml.ScalarNode)
        return _scalar(node)

    def _mapping(self, path: Path, node: yaml.MappingNode) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                what = "a list or a group is used where a name should be"
                do = 'put "…" round a wording with braces'
                self._marked.problems.append(YamlProblem(_mark(key_node), what, do))
                continue
            key = str(key_node.value)
            if key in plain:
                what = f"'{key}' is given twice in the same place"
                self._marked.problems.append(
                    YamlProblem(_mark(key_node), what, "keep one of them", twice=True)
                )
            plain[key] = self.plain((*path, key), value_node)
        return plain


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style:  # quoted or a block scalar: always text
        return text
    if _INTEGER.match(text):
        return int(text)
    return _PLAIN_WORDS.get(text, text)


def _mark(written: yaml.Node | yaml.Event) -> Mark:
    at = written.start_mark
    assert at is not None, "the C reader marks all it reads"
    return at.line + 1, at.column + 1
