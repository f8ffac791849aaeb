"""A dialogue's folder as far as it could be read, with its issues."""

import re
from collections.abc import Iterable, Iterator, Mapping

from assistant.dialogue.checks.codes import Severity
from assistant.dialogue.checks.issues import Issue, Source
from assistant.dialogue.checks.plain_language import PlainWords, grades, placeholders, wording_issues
from assistant.dialogue.checks.reachability import compared_with_now
from assistant.dialogue.checks.safety import emergency_line, folded_away, private_place, told_of_skipping
from assistant.dialogue.checks.wordings import Wording, wordings
from assistant.dialogue.marked_yaml import MarkedYaml
from assistant.dialogue.model import Dialogue
from assistant.value_class import value_class

_MEANT = re.compile(r"#\s*meant:((?:[\s,]*D\d{3})+)\s*$")


@value_class
class FolderContents:
    """The contents of a folder: its structural issues, and the dialogue, or None if its shape is wrong."""

    folder: str
    marked: Mapping[str, MarkedYaml]
    issues: list[Issue]
    dialogue: Dialogue | None = None

    @property
    def name(self) -> str:
        """The name shown by `assistant check`."""
        assert self.dialogue is not None, "only what could be read has a version"
        return f"{self.dialogue.frame.id} {self.dialogue.frame.version}"

    def wordings(self) -> Iterator[Wording]:
        """Return every wording in file order, whether or not the shape is valid."""
        for file, marked in self.marked.items():
            yield from wordings(f"{self.folder}/{file}", marked)

    def stops(self) -> list[Issue]:
        """Return the issues that stop a server. They need no word lists."""
        return [issue for issue in self._without_word_lists() if issue.weight is Severity.STOPS]

    def all_issues(self, plain: PlainWords) -> list[Issue]:
        """Return every issue except spelling."""
        found = [*self._without_word_lists(), *wording_issues(self.wordings(), plain)]
        if (source := self._source()) is not None:
            title = next(wording for wording in self.wordings() if wording.path == ("title",))
            found += [*told_of_skipping(source, plain), *grades(self.wordings(), title, plain)]
            found += [*folded_away(source, plain), *compared_with_now(source, plain)]
        return self.told(found)

    def told(self, found: Iterable[Issue]) -> list[Issue]:
        """Return these issues in file order, without those silenced by `# meant`."""
        order = {f"{self.folder}/{file}": number for number, file in enumerate(self.marked)}
        kept = [issue for issue in found if not self._is_meant(issue)]
        return sorted(kept, key=lambda i: (order.get(i.file, len(order)), i.file, i.line, i.column, i.code))

    def _without_word_lists(self) -> list[Issue]:
        found = [*self.issues, *placeholders(self.wordings())]
        if (source := self._source()) is not None:
            found += [*emergency_line(source), *private_place(source)]
        return self.told(found)

    def _source(self) -> Source | None:
        if self.dialogue is None:
            return None
        return Source(self.dialogue, self.folder, {file: m.marks for file, m in self.marked.items()})

    def _is_meant(self, issue: Issue) -> bool:
        """Return True if `# meant: CODE` is at the end of the line or alone above it. Issues that stop a
        server cannot be silenced.
        """
        if issue.weight is not Severity.FAILS:
            return False
        marked = self.marked.get(issue.file.removeprefix(f"{self.folder}/"), MarkedYaml())
        lines = marked.text.split("\n")
        above = [line for line in lines[max(issue.line - 2, 0) : issue.line - 1] if line.strip()[:1] == "#"]
        marks = [_MEANT.search(line) for line in [*above, *lines[issue.line - 1 : issue.line]]]
        return any(mark and issue.code in mark.group(1) for mark in marks)
