"""A language is added by its texts alone, and may be written from right to left."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.pseudo_language import PSEUDO, ROOT, add_pseudo_language, assistant, environment, in_pseudo

from assistant.language_forms import locale_of
from assistant.languages import LANGUAGES, NAMES, TAGS, direction

IN_EACH_LANGUAGE = [
    f"tests/web/{name}.py" for name in ("user/test_short_way", "test_every_page", "authoring/test_reload")
]
PHYSICAL = re.compile(
    r"(?:margin|padding|border|(?<!area-)inset|scroll-margin|scroll-padding)-(?:left|right)|(?<![\w-])(?:left|right)\s*:"
    r"|text-align:\s*(?:left|right)|(?:float|clear):\s*(?:left|right)(?!; float: inline)"
)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All texts, with one language more."""
    folder = tmp_path_factory.mktemp("texts")
    add_pseudo_language(folder)
    return folder


def test_a_language_is_added_without_a_line_of_python(texts: Path) -> None:
    """The tests of the pages themselves, in that language: every page, and the short way by HTTP."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", PSEUDO, *IN_EACH_LANGUAGE],
        cwd=ROOT,
        env=environment(texts),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"^5 passed", done.stdout, re.MULTILINE), done.stdout[-500:]


def test_the_checks_know_the_language_too(texts: Path) -> None:
    assert "no issues" in assistant(texts, "check")
    assert f"in nb, nn, en, {PSEUDO}: no issues" in assistant(texts, "catalogue", "--issues")
    part = texts / "dialogues" / "before_meeting" / "private.yaml"
    whole = part.read_text("utf-8")
    part.write_text(re.sub(rf",? ?{PSEUDO}: .*?(?=\}}|\n)", "", whole), "utf-8")
    try:
        with pytest.raises(AssertionError, match=f"D104 the wording in '{PSEUDO}' is missing"):
            assistant(texts, "check")
    finally:
        part.write_text(whole, "utf-8")


def names_of_languages(tree: ast.AST) -> Iterator[tuple[int, str]]:
    named = {*LANGUAGES, *TAGS.values(), *NAMES.values()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in named:
            yield node.lineno, str(node.value)
        elif isinstance(node, ast.Attribute) and node.attr in LANGUAGES:
            yield node.lineno, f".{node.attr}"


@pytest.mark.parametrize("path", sorted((ROOT / "assistant").rglob("*.py")), ids=lambda path: path.stem)
def test_no_line_of_python_names_a_language(path: Path) -> None:
    assert list(names_of_languages(ast.parse(path.read_text("utf-8")))) == []


def test_a_name_of_a_language_would_be_found() -> None:
    tree = ast.parse('x = {"nb": 1}\nif text.en: pass\n"""In nb."""')
    assert set(names_of_languages(tree)) == {(1, "nb"), (2, ".en")}


def test_the_style_knows_no_left_and_no_right() -> None:
    for path in (ROOT / "assistant/web/static").glob("*.css"):
        css = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert PHYSICAL.findall(css) == [], path.name
        for name, values in re.findall(r"\b(margin|padding)\s*:\s*([^;}]+)", css):
            sides = re.findall(r"(?:[^\s(]|\([^)]*\))+", values)
            assert len(sides) < 4 or sides[1] == sides[3], f"{name}: {values}"


@pytest.mark.parametrize(
    "wrong", ["padding-left: 1rem", "a { left: 0 }", "text-align: right", "float: left; x"]
)
def test_a_left_or_a_right_would_be_found(wrong: str) -> None:
    assert PHYSICAL.search(wrong)


def test_directions_come_from_the_languages_themselves() -> None:
    assert {direction(language) for language in LANGUAGES} == {"ltr"}
    for tag, expected in (("ar", "rtl"), (PSEUDO, "rtl"), ("he", "rtl"), ("se", "ltr"), ("pt-BR", "ltr")):
        locale = locale_of(tag)
        assert locale is not None
        assert locale.text_direction == expected


def test_the_language_nobody_speaks_keeps_what_is_put_in() -> None:
    assert "{number}" in in_pseudo("Question {number} of 12")
    assert " 12" in in_pseudo("Question {number} of 12")
