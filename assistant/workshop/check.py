"""`assistant check`: every issue in every dialogue, in the order an author fixes them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.dialogue.checks.codes import CODES, Severity
from assistant.dialogue.checks.issues import Issue
from assistant.dialogue.library import read_folders, read_plain_words
from assistant.languages import LANGUAGES
from assistant.workshop.spelling import read_our_words, spelling_issues


@dataclass
class Checked:
    """The result of a check."""

    issues: list[Issue] = field(default_factory=list)
    clean: list[str] = field(default_factory=list)
    """A line for each dialogue without issues."""
    notes: list[str] = field(default_factory=list)
    """What could not be checked; notes do not fail the check."""

    @property
    def has_failed(self) -> bool:
        """Return whether there is something for an author to fix."""
        return any(issue.weight is not Severity.WARNS for issue in self.issues)

    def lines(self) -> Iterator[str]:
        """Return the lines to print: the issues, or that there are none."""
        yield from map(str, self.issues)
        if not self.has_failed:
            yield from self.clean
        yield from self.notes


def check_folder(folder: Path, our_dialogues: Path, locales: Path) -> Checked:
    """Check every dialogue under a folder, or the one in it. Raises `CannotStart` if there is none."""
    plain = read_plain_words(locales)
    ours = read_our_words({our_dialogues, folder, folder.resolve().parent})
    readings = read_folders(folder)
    misspelled, notes = spelling_issues((w for r in readings for w in r.wordings()), plain, ours)
    silent = [language for language in LANGUAGES if language not in plain]
    notes += [f"'{one}' was only checked for structure: {one}/plain.yaml does not exist." for one in silent]
    checked = Checked(notes=notes)
    for reading in readings:
        here = [issue for issue in misspelled if issue.file.startswith(f"{reading.folder}/")]
        issues = reading.told([*reading.all_issues(plain), *here])
        checked.issues += issues
        if not issues and reading.dialogue is not None:
            checked.clean.append(f"{reading.name}: no issues in {len(reading.dialogue.states)} states")
    return checked


def codes_explained() -> list[str]:
    """Return every code with its severity and meaning."""
    width = max(len(weight.value) for weight in Severity)
    return [f"{code}  {weight.value:<{width}}  {means}" for code, (weight, means) in CODES.items()]
