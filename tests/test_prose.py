"""Plain English in the code and the documents: nine patterns of our older prose stay at zero."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "assistant").rglob("*.py"))
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / ".github").glob("*.md"),
    *(path for name in ("assistant", "dialogues", "locales", "tests") for path in (ROOT / name).glob("*.md")),
]
PATTERNS = {
    "a passive with «had»": r"\b(?:is|are|be|been|was|were) had\b",
    "«whoever» and its like": r"\b(?:who|what|how|which)ever\b",
    "«one's» and «oneself»": r"(?<!no )\bone(?:'s|self)\b",
    "«somebody», «nobody»": r"\b(?:some|no)body\b",
    "«lies» or «stands» for «is»": r"\b(?:lies|stands)\b",
    "an opening «What is»": r"\A(?:What|Whom|Who) (?:is|was|are|were)\b",
    "«its user»": r"\bits user\b",
    "«owed» and «come of»": r"\bowed\b|\b(?:comes?|came) of\b",
    "«None where»": r"\bNone where\b",
}


def docstrings_and_comments(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each docstring, string that documents an attribute, and comment, with its line."""
    source = path.read_text("utf-8")
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for statement in node.body:
            match statement:
                case ast.Expr(value=ast.Constant(value=str() as text)):
                    yield statement.lineno, text
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("# ")


def odd(text: str) -> list[str]:
    """Name the patterns a text matches."""
    return [name for name, pattern in PATTERNS.items() if re.search(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_docstrings_and_comments_are_plain_english(path: Path) -> None:
    pieces = docstrings_and_comments(path)
    found = [f"line {line}: {', '.join(odd(text))}" for line, text in pieces if odd(text)]
    assert not found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_are_plain_english(path: Path) -> None:
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
    assert not [f"line {number}: {', '.join(odd(line))}" for number, line in lines if odd(line)]


def test_the_patterns_find_what_they_are_meant_to_find() -> None:
    old = (
        "The part is had once for each topic",
        "Whoever acts does so by a hand",
        "choose one's own",
        "Nobody reads along",
        "It lies in the database",
        "What is wrong with it",
        "kept for its user",
        "offered, never owed",
        "None where it is not drawn",
    )
    assert all(name in odd(text) for name, text in zip(PATTERNS, old, strict=True))
    assert not odd("Return the entries of one question, or None if it was skipped.")
