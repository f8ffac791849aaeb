"""The documents are true: every path, command, option, issue code and environment name in them exists."""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from mutation import TARGETS

from assistant.cli import main
from assistant.dialogue.checks.codes import CODES

ROOT = Path(__file__).parent.parent
DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in [
        *ROOT.glob("*.md"),
        *(ROOT / ".github").glob("*.md"),
        *(
            p
            for folder in ("assistant", "dialogues", "locales", "tests")
            for p in (ROOT / folder).glob("*.md")
        ),
    ]
}
EXPECTED = {
    "README.md",
    "assistant/README.md",
    "assistant/DECISIONS.md",
    "assistant/OPERATING.md",
    "assistant/CHANGES.md",
    "dialogues/README.md",
    "locales/README.md",
    "tests/README.md",
    ".github/CONTRIBUTING.md",
    ".github/SECURITY.md",
}
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:[\w.-]+/)+(?:[\w.-]+)?|[\w-]+\.(?:py|md|toml|yaml|txt|po|js|css)")
_COMMAND = re.compile(r"\bassistant ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)")
_MODULE = re.compile(r"python -m (tests(?:\.\w+)+)([^`#|&\n]*)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_ENVIRONMENT = re.compile(r"\bASSISTANT_[A-Z_]+\b")
_ISSUE_CODE = re.compile(r"\b[DS]\d{3}\b")
_ROUTE = re.compile(r"\A/|\{|<|\Athat/|\A\.venv/")
_OTHERS_OPTIONS = {"--no-access-log", "--dist", "--timeout", "--minutes"}
"""Options of other programs, and of checks."""


def commands(group: click.Group = main, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name."""
    context = click.Context(group)
    for own in group.list_commands(context):
        command = group.get_command(context, own)
        assert command is not None
        full = f"{name} {own}".strip()
        yield full, command
        if isinstance(command, click.Group):
            yield from commands(command, full)


_COST = re.compile(r"\bCost:\s")

COMMANDS = dict(commands())
OPTIONS = {opt for c in (main, *COMMANDS.values()) for p in c.params for opt in (*p.opts, *p.secondary_opts)}


def code_in(text: str) -> Iterator[str]:
    """Yield inline code and the lines of code blocks."""
    for number, block in enumerate(text.split("```")):
        yield from block.splitlines()[1:] if number % 2 else _CODE.findall(block)


def test_each_document_is_beside_what_it_describes() -> None:
    assert set(DOCUMENTS) == EXPECTED


def test_the_readme_is_short() -> None:
    assert len(DOCUMENTS["README.md"].splitlines()) <= 120


def test_the_changes_begin_with_the_version_that_the_program_says_it_is() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    first = next(line for line in DOCUMENTS["assistant/CHANGES.md"].splitlines() if line.startswith("## "))
    assert first == f"## {project['version']}"


def test_each_decision_is_a_paragraph_with_what_it_costs() -> None:
    paragraphs = DOCUMENTS["assistant/DECISIONS.md"].split("\n\n")[2:]
    assert [text[:60] for text in paragraphs if not text.startswith("**20")] == []
    joined = [text[:60] for text in paragraphs if "\n**20" in text or not _COST.search(text)]
    assert joined == []


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_path_in_it_exists(name: str) -> None:
    here = (ROOT / name).parent
    inline = (code for block in DOCUMENTS[name].split("```")[::2] for code in _CODE.findall(block))
    paths = {code for code in inline if _PATH.fullmatch(code) and not _ROUTE.search(code)}
    known = {
        f"{path.name}{'/' if path.is_dir() else ''}" for path in ROOT.rglob("*") if ".venv" not in path.parts
    }
    missing = {
        path
        for path in paths
        if not any((base / path).exists() for base in (ROOT, here, ROOT / "assistant")) and path not in known
    }
    assert missing <= MADE_WHEN_RUNNING


MADE_WHEN_RUNNING = {
    "data/",
    "data/keys",
    "data/words.db",
    "data/deleted",
    "data/keys/pepper",
    "data/keys/salt",
}
MADE_WHEN_RUNNING |= {"words.db", "words.db-wal", "dialogues/mine", "mine.txt", "Europe/Oslo"}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_command_and_option_in_it_exists(name: str) -> None:
    for code in code_in(DOCUMENTS[name]):
        for said in _COMMAND.findall(code):
            assert said.split(" ")[0] in COMMANDS, said
        if re.search(r"\bassistant\b", code) or code.startswith("--"):
            assert set(_OPTION.findall(code)) <= OPTIONS | _OTHERS_OPTIONS, code


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_code_and_environment_name_in_it_exists(name: str) -> None:
    assert set(_ISSUE_CODE.findall(DOCUMENTS[name])) <= set(CODES)
    assert set(_ENVIRONMENT.findall(DOCUMENTS[name])) <= environment_names()


def environment_names() -> set[str]:
    """Collect the names the program, its tests and CI read."""
    sources = [*(ROOT / "assistant").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / ".ci" / "run"]
    named = {name for path in sources for name in _ENVIRONMENT.findall(path.read_text("utf-8"))}
    automatic = {
        "_".join(["ASSISTANT", *command.upper().replace("-", "_").split(), (param.name or "").upper()])
        for command, found in COMMANDS.items()
        for param in found.params
    }
    return named | automatic


def python_commands() -> Iterator[tuple[str, list[str]]]:
    """Yield every `python -m tests…` in the documents: the module, and what follows it."""
    for text in DOCUMENTS.values():
        for code in code_in(text):
            for module, given in _MODULE.findall(code):
                yield module, given.split()


def test_every_module_of_the_tests_in_them_can_be_run() -> None:
    for module, _ in python_commands():
        path = ROOT / module.replace(".", "/")
        assert path.name == "NAME" or path.with_suffix(".py").exists() or (path / "__main__.py").exists(), (
            module
        )


def test_every_release_check_is_in_the_table_with_its_command_and_figure() -> None:
    rows = [line.strip("| ").split(" | ") for line in release_checks().splitlines() if line.startswith("|")]
    head, _, *promises = rows
    assert head == ["promise", "figure", "test"]
    named = set()
    for _, figure, command in promises:
        assert re.search(r"\d|A\+|not run", figure), figure
        ((module, given),) = _MODULE.findall(command)
        name, *options = given.split()
        source = ROOT / f"{module.replace('.', '/')}.py"
        source = source if source.exists() else source.with_suffix("") / "__main__.py"
        for option in options:
            assert not option.startswith("--") or f'"{option}"' in source.read_text("utf-8"), option
        named.add((module, name))
    checks = ROOT / "tests" / "release_checks" / "__main__.py"
    (offered,) = re.findall(r"^CHECKS.*?^\}", checks.read_text("utf-8"), re.M | re.S)
    names = {("tests.release_checks", name) for name in re.findall(r'^    "([a-z-]+)": ', offered, re.M)}
    assert named == names | {("tests.mutation", name) for name in TARGETS}


def release_checks() -> str:
    """The section of that name."""
    return DOCUMENTS["assistant/OPERATING.md"].partition("\n## Release checks\n")[2].partition("\n## ")[0]


def test_every_command_is_documented() -> None:
    said = "\n".join(DOCUMENTS.values())
    leaves = [name for name, command in COMMANDS.items() if not isinstance(command, click.Group)]
    assert [name for name in leaves if f"assistant {name}" not in said] == []


def test_every_option_of_the_server_is_documented() -> None:
    said = DOCUMENTS["assistant/OPERATING.md"]
    options = {opt for param in COMMANDS["serve"].params for opt in param.opts}
    assert {opt for opt in options if opt not in said} == set()


def test_every_issue_code_is_documented() -> None:
    assert [code for code in CODES if code not in DOCUMENTS["dialogues/README.md"]] == []


def test_the_documents_name_no_machine() -> None:
    assert not any(os.fspath(Path.home()) in text for text in DOCUMENTS.values() if Path.home() != Path("/"))
