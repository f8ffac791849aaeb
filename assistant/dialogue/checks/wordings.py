"""The wordings in a dialogue file, read from the raw data so that a file of the wrong shape can be checked
too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from assistant.dialogue.checks.issues import Issue
from assistant.dialogue.marked_yaml import MarkedYaml
from assistant.dialogue.positions import Mark, Path
from assistant.languages import LANGUAGES, Language
from assistant.value_class import value_class

PLACEHOLDER = re.compile(r"\{\w*\}")
_NO_WORDS = re.compile(r"\{\w*\}|\w+\.\w{2}\b")
"""Placeholders and addresses: each counts as one word and is not spell-checked."""
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_STOP = re.compile(r"(?:(?<=[.?!…])|(?<=[.?!…][»”)]))\s+(?=[«“(]?(\w))|\n+")


@value_class
class Wording:
    """One text of a dialogue in the languages it is written in."""

    file: str
    path: Path
    texts: Mapping[Language, str]
    marks: Mapping[Language, Mark]
    lines: tuple[str, ...] = field(repr=False)

    @property
    def kind(self) -> str:
        """The field it is in: `prompt`, `why`, `text` …"""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    def issue(self, language: Language, code: str, what: str, do: str, at: str = "") -> Issue:
        """Build an issue for the text in this language, at these words if the line contains them."""
        line, column = self.marks[language]
        # YAML knows more line breaks than Python's `split("\n")`
        written = "".join(self.lines[line - 1 : line])[column - 1 :]
        text = self.texts[language]
        opening = 0 if written.startswith(text) else 1  # after the opening quotation mark
        if written[opening:].startswith(text):
            column += opening + max(text.find(at), 0) if at else 0
        return Issue(self.file, line, column, code, what, do)


def wordings(file: str, marked: MarkedYaml) -> Iterator[Wording]:
    """Return every wording in a file, in the order written."""
    lines = tuple(marked.text.split("\n"))

    def under(path: Path, node: object) -> Iterator[Wording]:
        if isinstance(node, dict):
            if node and node.keys() <= set(LANGUAGES):
                said = {
                    language: node[language].strip()
                    for language in LANGUAGES
                    if isinstance(node.get(language), str) and node[language].strip()
                }
                yield Wording(file, path, said, {one: marked.marks[*path, one] for one in said}, lines)
                return
            for key, child in node.items():
                yield from under((*path, key), child)
        elif isinstance(node, list):
            for number, child in enumerate(node):
                yield from under((*path, number), child)

    return under((), marked.data)


def words(text: str) -> list[str]:
    """Return the words of a text, numbers included; each placeholder counts as `0`."""
    return _WORD.findall(_NO_WORDS.sub(" 0 ", text))


def sentences(text: str) -> list[str]:
    """Split a text into sentences. `kl. 9` and `ca. ti` do not end one: no sentence begins with a number or
    in lower case.
    """
    found: list[str] = []
    begun = 0
    for stop in _STOP.finditer(text):
        following = stop.group(1) or ""
        if not (following.islower() or following.isdigit()):
            found.append(text[begun : stop.start()])
            begun = stop.end()
    return [sentence for sentence in [*found, text[begun:]] if words(sentence)]


def lix(texts: list[str]) -> float:
    """Return the LIX readability score (Björnsson): words per sentence plus the percentage of words over six
    letters.
    """
    all_words = [word for text in texts for word in words(text)]
    long = sum(len(word) > 6 for word in all_words)
    return len(all_words) / sum(len(sentences(text)) for text in texts) + 100 * long / len(all_words)
