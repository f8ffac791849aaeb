"""Report every interface text: where it is used, in which languages, and its issues.

Texts are looked up by key from templates and Python. The sources of both are scanned, so unused and missing
keys are found. The tests and `assistant catalogue` share this.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import jinja2
from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po
from jinja2 import nodes

from assistant.dialogue.checks.issues import Issue
from assistant.languages import LANGUAGES, Language, catalogue_file, placeholders, turned_round
from assistant.value_class import value_class

_PACKAGE = Path(__file__).parents[2]
_KEY = re.compile(r"[a-z_]+\.[A-Za-z_]+")
_WILD = re.compile(r"[a-z_]+\.[*a-z_]*\*[*a-z_]*")
_FILES = (".html", ".css", ".js", ".svg", ".yaml", ".po")


@value_class
class KeyUse:
    """A place where a key is looked up; `*` replaces interpolated parts."""

    key: str
    place: str
    is_lookup: bool
    """Certainly a lookup, not just a string that resembles a key."""


@value_class
class Sentence:
    """One text of the interface."""

    key: str
    said: Mapping[Language, str]
    places: tuple[str, ...]


@value_class
class CatalogueReport:
    """All texts of the interface, with their issues."""

    sentences: tuple[Sentence, ...]
    issues: tuple[Issue, ...]


@value_class
class _Written:
    """A text as written in its file."""

    message: Message
    file: str

    def issue(self, code: str, what: str, do: str) -> Issue:
        return Issue(self.file, self.message.lineno or 1, 1, code, what, do)


def check_catalogues(folder: Path, languages: tuple[Language, ...] = LANGUAGES) -> CatalogueReport:
    """Read the catalogues under this folder; compare them with each other and with the lookups."""
    catalogues: dict[Language, dict[str, _Written]] = {}
    issues: list[Issue] = []
    for language in languages:
        catalogues[language], found = _read(folder, language)
        issues += found
    keys = tuple(dict.fromkeys(key for catalogue in catalogues.values() for key in catalogue))
    for language, catalogue in catalogues.items():
        if catalogue:  # an unreadable catalogue has been reported already
            issues += _of_one(language, catalogue, catalogues, keys)
    places: dict[str, dict[str, None]] = {key: {} for key in keys}
    meant = {used: _meant(used, places) for used in {use.key for use in uses()}}
    for use in uses():
        for key in meant[use.key]:
            places[key][use.place] = None
    for key in keys:
        if not places[key]:
            one = next(catalogue[key] for catalogue in catalogues.values() if key in catalogue)
            issues.append(one.issue("C107", f"'{key}' is never used", "remove it in every language"))
    issues += _missing(keys, meant)
    said = {
        key: {
            language: str(catalogue[key].message.string)
            for language, catalogue in catalogues.items()
            if key in catalogue
        }
        for key in keys
    }
    sentences = tuple(Sentence(key, said[key], tuple(places[key])) for key in keys)
    return CatalogueReport(
        sentences, tuple(sorted(issues, key=lambda issue: (issue.file, issue.line, issue.code)))
    )


def _read(folder: Path, language: Language) -> tuple[dict[str, _Written], list[Issue]]:
    path = catalogue_file(folder, language)
    file = str(path.relative_to(folder.parent))
    try:
        text = path.read_text("utf-8")
        with path.open("rb") as opened:
            messages = [m for m in read_po(opened, abort_invalid=True) if m.id]
    except PoFileError as error:
        found = re.search(r"on (\d+)", str(error))
        line = int(found[1]) + 1 if found else 1
        what = "this is not valid in a catalogue"
        return {}, [Issue(file, line, 1, "C101", what, "look at the quotation marks in and above this line")]
    except (OSError, ValueError) as error:
        what = f"the catalogue cannot be read ({type(error).__name__})"
        return {}, [Issue(file, 1, 1, "C101", what, "save it there as UTF-8 that this program may read")]
    seen: dict[str, int] = defaultdict(int)
    issues: list[Issue] = []
    for number, line_text in enumerate(text.splitlines(), start=1):
        if found := re.fullmatch(r'msgid "(.+)"', line_text):
            seen[found[1]] += 1
            if seen[found[1]] == 2:
                issues.append(
                    Issue(file, number, 1, "C102", f"'{found[1]}' is given twice", "keep one of them")
                )
    return {str(m.id): _Written(m, file) for m in messages}, issues


def _of_one(
    language: Language,
    catalogue: Mapping[str, _Written],
    catalogues: Mapping[Language, Mapping[str, _Written]],
    keys: Sequence[str],
) -> Iterator[Issue]:
    """List the issues of one catalogue."""
    file = next(iter(catalogue.values())).file
    for key in keys:
        if key not in catalogue:
            yield Issue(
                file, 1, 1, "C103", f"'{key}' is missing in {language}", "write it, as its own language"
            )
            continue
        one, text = catalogue[key], str(catalogue[key].message.string)
        if not text.strip():
            yield one.issue("C104", f"'{key}' is empty", "write it, as its own language")
            continue
        if one.message.fuzzy:
            yield one.issue("C105", f"'{key}' is marked fuzzy", "check it, and remove the mark")
        if number := turned_round(text, language):
            yield one.issue(
                "C109", f"'{key}' would show {number} backwards", "put no-break spaces (U+00A0) in it"
            )
        other = next(lang for lang, known in catalogues.items() if key in known and known[key].message.string)
        wanted = placeholders(str(catalogues[other][key].message.string))
        if placeholders(text) != wanted:
            names = ", ".join(sorted(wanted)) or "none"
            yield one.issue(
                "C106", f"'{key}' has other words in braces than {other}", f"use exactly: {names}"
            )


def _missing(keys: Sequence[str], meant: Mapping[str, Sequence[str]]) -> Iterator[Issue]:
    """List the keys that are looked up but are in no catalogue."""
    prefixes = {key.partition(".")[0] for key in keys}
    for use in uses():
        # in a template, nothing else resembles a key
        is_key = use.is_lookup or (".html:" in use.place and use.key.partition(".")[0] in prefixes)
        if is_key and not meant[use.key]:
            place, _, line = use.place.rpartition(":")
            do = "write it in every language, or correct the key"
            yield Issue(place, int(line), 1, "C108", f"'{use.key}' is used here but is in no catalogue", do)


def report_lines(report: CatalogueReport, languages: tuple[Language, ...]) -> Iterator[str]:
    """Return the report as lines for a translator: each text with its places, in each language."""
    for sentence in report.sentences:
        yield sentence.key
        yield f"    used at  {', '.join(sentence.places) or 'nowhere'}"
        for language in languages:
            text = sentence.said.get(language, "").replace("\n", "\n" + " " * 13)
            yield f"    {language:<8} {text or '(not written yet)'}"
        yield ""


def _meant(used: str, known: Mapping[str, object]) -> Sequence[str]:
    """Return the keys that one spelling looks up: one, or all that a `*` may be."""
    if "*" in used and _WILD.fullmatch(used):
        return [key for key in known if fnmatchcase(key, used)]
    return [used] if used in known else []


@cache
def uses() -> tuple[KeyUse, ...]:
    """Return every string in the program that is or may be a key."""
    found: list[KeyUse] = []
    environment = jinja2.Environment(autoescape=True)
    for path in sorted(_PACKAGE.rglob("templates/**/*.html")):
        tree = environment.parse(path.read_text("utf-8"))
        found += (KeyUse(key, _place(path, line), sure) for key, line, sure in _in_template(tree))
    for path in sorted(_PACKAGE.rglob("*.py")):
        module = ast.parse(path.read_text("utf-8"))
        found += (KeyUse(key, _place(path, line), sure) for key, line, sure in _in_code(module))
    return tuple(use for use in found if "." in use.key and not use.key.endswith(_FILES))


def _place(path: Path, line: int) -> str:
    return f"{path.relative_to(_PACKAGE.parent)}:{line}"


def _in_template(tree: nodes.Template) -> Iterator[tuple[str, int, bool]]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say":
            key = _spelled(call.args[0])
            yield key, call.lineno, "." in key
    # keys passed under a name, or chosen between; interpolated keys are handled above
    for const in tree.find_all(nodes.Const):
        if _KEY.fullmatch(str(const.value)) and not str(const.value).endswith("_"):
            yield str(const.value), const.lineno, False


def _spelled(node: nodes.Expr) -> str:
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.Concat):
        return "".join(map(_spelled, node.nodes))
    return "*"


def _in_code(module: ast.Module) -> Iterator[tuple[str, int, bool]]:
    said = {
        id(node.args[0])
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and node.args
        and (getattr(node.func, "id", None) == "say" or getattr(node.func, "attr", None) == "say")
    }
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in node.values)
            if _WILD.fullmatch(text):
                yield text, node.lineno, id(node) in said
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _KEY.fullmatch(node.value):
            yield node.value, node.lineno, id(node) in said
