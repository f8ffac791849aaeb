"""The wordings in a text file, their positions, and how to insert another language beside them.

A wording is inserted into the text of the file, and nothing else changes: no comment, order or line ending.
Pure: text in, text out. It takes the same YAML as `marked_yaml` does.
"""

import json
import re
from collections.abc import Iterator, Mapping

import yaml

from assistant.dialogue.marked_yaml import read_marked
from assistant.dialogue.positions import Mark
from assistant.language_forms import locale_of
from assistant.languages import Language
from assistant.value_class import value_class

_NOT_PLAIN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


@value_class
class LocatedWording:
    """One text in its languages, with its position in the file."""

    steps: tuple[str, ...]
    """The path to it in the file; list items by id or number."""
    mark: Mark
    said: Mapping[Language, str]
    fields: Mapping[str, str]
    """Other plain fields of the same object, such as the question's prompt."""
    _node: yaml.MappingNode

    @property
    def address(self) -> str:
        """`now/support/forms/time/text`: names the field, and stays the same when a question is inserted."""
        return "/".join(step for step in self.steps if step != "states")


def read_wordings(text: str, source: Language) -> list[LocatedWording]:
    """Return every wording in a file in this language, in file order. Requires a file that can be parsed."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    return [] if root is None else list(_worded(root, source, (), {}))


def with_wordings(text: str, source: Language, language: Language, said: Mapping[str, str]) -> str:
    """Return the file with these wordings (by address) inserted in this language, otherwise unchanged."""
    cuts: list[tuple[int, int, str]] = []
    # a byte order mark is not counted by the reader, so positions are one too small
    ahead = int(text.startswith("\ufeff"))
    for worded in read_wordings(text, source):
        if worded.address in said:
            start, end, put = _cut(text[ahead:], worded._node, language, said[worded.address])
            cuts.append((start + ahead, end + ahead, put))
    for start, end, put in reversed(cuts):
        text = text[:start] + put + text[end:]
    return text


def _worded(
    node: yaml.Node, source: Language, steps: tuple[str, ...], fields: Mapping[str, str]
) -> Iterator[LocatedWording]:
    if isinstance(node, yaml.SequenceNode):
        for number, child in enumerate(node.value, start=1):
            plain = _plain_fields(child)
            name = plain.get("id", plain.get("number", str(number)))
            yield from _worded(child, source, (*steps, name), plain)
    elif isinstance(node, yaml.MappingNode):
        said = _plain_fields(node)
        if source in said and len(said) == len(node.value) and all(map(locale_of, said)):
            at = node.start_mark
            yield LocatedWording(steps, (at.line + 1, at.column + 1), said, fields, node)
            return
        for key, child in node.value:
            yield from _worded(child, source, (*steps, str(key.value)), fields)


def _plain_fields(node: yaml.Node) -> dict[str, str]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {
        str(key.value): str(child.value) for key, child in node.value if isinstance(child, yaml.ScalarNode)
    }


def _cut(text: str, node: yaml.MappingNode, language: Language, wording: str) -> tuple[int, int, str]:
    """Return the piece of the file to replace, and its replacement."""
    there = next((child for key, child in node.value if key.value == language), None)
    if there is not None:
        start, end = there.start_mark.index, there.end_mark.index
        kept = text[start:end]
        # a block ends where the next line begins
        tail = kept[len(kept.rstrip()) :]
        space = "" if text[start - 1 : start].isspace() else " "
        return start, end, space + _scalar(wording, flow=bool(node.flow_style)) + tail
    last_key, last = node.value[-1]
    end = last.end_mark.index
    pair = f"{language}: {_scalar(wording, flow=bool(node.flow_style))}"
    if node.flow_style:
        return end, end, f", {pair}"
    column: int = last_key.start_mark.column
    ending = "\r\n" if "\r\n" in text else "\n"
    if end > 0 and text[end - 1] in "\r\n":
        return end, end, f"{' ' * column}{pair}{ending}"
    rest = re.compile(r"[^\r\n]*(\r\n|\r|\n|$)").match(text, end)
    assert rest is not None
    if rest[1]:
        return rest.end(), rest.end(), f"{' ' * column}{pair}{ending}"
    return rest.end(), rest.end(), f"{ending}{' ' * column}{pair}"


def _scalar(wording: str, *, flow: bool) -> str:
    """Write the text as a YAML scalar: plain, or quoted if YAML would misread it."""
    if "\n" not in wording and wording == wording.strip():
        read = read_marked(f"{{x: {wording}}}" if flow else f"x: {wording}")
        if not read.problems and read.data == {"x": wording}:
            return wording
    quoted = json.dumps(wording, ensure_ascii=False)
    return _NOT_PLAIN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", quoted)
