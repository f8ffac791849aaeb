"""Change the program in one place at a time, and see whether the tests notice.

    python -m tests.mutation                      every change to keys, the guard and permissions
    python -m tests.mutation permissions --most 40
    python -m tests.mutation keys --only trail_keys.py --tests tests/vault/test_audit_keys.py --minutes 10

A change that no test notices (a survivor) is a promise without a test, or a line without a purpose. The
program is changed in a copy, never in place. Written here rather than taken from mutmut or cosmic-ray: both
want the whole suite and a configuration of their own; this is one file that knows which tests belong to what.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("assistant", "tests", "dialogues", "locales", "pyproject.toml")
TARGETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "keys": (
        "assistant/vault/*.py",
        ("tests/vault", "tests/histories", "tests/service/notebook/test_access.py"),
    ),
    "guard": ("assistant/web/middleware.py", ("tests/test_errors.py", "tests/web/test_middleware.py")),
    "permissions": ("assistant/meetings/permissions.py", ("tests/meetings/test_permissions.py",)),
}
"""What is changed, and the tests that should notice."""
LONGEST = 300
"""Seconds that one run of the tests may take: a change that hangs them is noticed too."""

_OTHER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Mutant:
    """The program with one change."""

    path: Path
    line: int
    what: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def mutants_of(path: Path, source: str) -> Iterator[Mutant]:
    """Every change to one module."""
    tree = ast.parse(source)
    kept = set(map(id, _not_changed(tree)))
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in kept:
            continue
        if what := _what_changes(node):
            changed = copy.deepcopy(tree)
            there = next(n for at, n in enumerate(ast.walk(changed)) if at == place)
            _change(changed, there)
            text = ast.unparse(ast.fix_missing_locations(changed))
            yield Mutant(path, getattr(node, "lineno", 0), what, text)


def _not_changed(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, types and the texts of errors: no behaviour hangs on them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from ast.walk(node)
        for field in ("annotation", "returns"):
            if isinstance(found := getattr(node, field, None), ast.AST):
                yield from ast.walk(found)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
            yield from ast.walk(node)
        if isinstance(node, ast.Raise | ast.Assert):
            yield from (below for below in ast.walk(node) if below is not node)


def _what_changes(node: ast.AST) -> str | None:
    """What can be changed about a node; None for nothing."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _OTHER:
            return f"{type(op).__name__} → {_OTHER[type(op)].__name__}"
        case ast.BoolOp():
            return "and ↔ or"
        case ast.If() | ast.IfExp():
            return "the condition is turned round"
        case ast.UnaryOp(op=ast.Not()):
            return "not is left out"
        case ast.Constant(value=bool()):
            return "True ↔ False"
        case ast.Constant(value=int()):
            return "one more"
        case ast.Constant(value=str() as text) if text:
            return "another text"
        case ast.Constant(value=bytes() as content) if content:
            return "other bytes"
        case ast.Raise():
            return "nothing is raised"
        case ast.Expr(value=ast.Call()):
            return "the call is left out"
        case ast.Return(value=ast.Constant(value=None)):
            return None
        case ast.Return(value=ast.AST()):
            return "returns None"
    return None


def _change(tree: ast.AST, node: ast.AST) -> None:
    """Make the change."""
    match node:
        case ast.Compare(ops=[op]):
            node.ops = [_OTHER[type(op)]()]
        case ast.BoolOp(op=op):
            node.op = ast.Or() if isinstance(op, ast.And) else ast.And()
        case ast.If(test=test) | ast.IfExp(test=test):
            node.test = ast.UnaryOp(ast.Not(), test)
        case ast.UnaryOp(operand=operand):
            _put(tree, node, operand)
        case ast.Constant(value=bool() as value):
            node.value = not value
        case ast.Constant(value=int() as value):
            node.value = value + 1
        case ast.Constant(value=str() as value):
            node.value = f"{value}x"
        case ast.Constant(value=bytes() as value):
            node.value = value + b"x"
        case ast.Raise() | ast.Expr():
            _put(tree, node, ast.Pass())
        case ast.Return():
            node.value = ast.Constant(None)


def _put(tree: ast.AST, node: ast.AST, instead: ast.AST) -> None:
    """Put something else where the node is."""
    for above in ast.walk(tree):
        for name, value in ast.iter_fields(above):
            if value is node:
                setattr(above, name, instead)
            elif isinstance(value, list) and any(one is node for one in value):
                value[[one is node for one in value].index(True)] = instead


def is_noticed(copied: Path, mutant: Mutant, tests: tuple[str, ...]) -> bool:
    """Whether the tests fail with this change."""
    there = copied / mutant.path
    before = there.read_text()
    there.write_text(mutant.source)
    try:
        return not passes(copied, tests)
    finally:
        there.write_text(before)


def own_first(tests: tuple[str, ...], changed: Path) -> tuple[str, ...]:
    """The tests, first those of the changed module itself: they notice most changes soonest."""
    own = [
        f"{place}/test_{changed.name}" for place in tests if (ROOT / place / f"test_{changed.name}").exists()
    ]
    return (*own, *tests)


def passes(copied: Path, tests: tuple[str, ...]) -> bool:
    """Whether the tests pass on the copy as it is."""
    asked = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        *tests,
    ]
    own = os.environ | {"PYTHONPATH": str(copied), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ran = subprocess.run(asked, cwd=copied, env=own, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return False
    return ran.returncode == 0


def main() -> int:
    """Try them, and name the survivors."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("target", nargs="*", choices=[*TARGETS, []], help="what to change; all if left out")
    asked.add_argument("--only", default="", help="only the modules with this name")
    asked.add_argument("--tests", nargs="+", help="the tests that should notice, where only some should")
    asked.add_argument("--most", type=int, default=10_000, help="how many, drawn evenly")
    asked.add_argument("--minutes", type=float, default=600.0, help="stop after so long")
    asked.add_argument("--seed", type=int, default=1)
    chosen = asked.parse_args()
    until, survivors, tried = time.monotonic() + 60 * chosen.minutes, [], 0
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder)
        for name in COPIED:
            source, to = ROOT / name, copied / name
            shutil.copytree(source, to) if source.is_dir() else shutil.copy(source, to)
        for target in chosen.target or TARGETS:
            pattern, tests = TARGETS[target]
            tests = tuple(chosen.tests or tests)
            if not passes(copied, tests):
                print(f"{target}: the tests fail without any change")
                return 2
            found = [
                mutant
                for path in sorted(ROOT.glob(pattern))
                if chosen.only in ("", path.name)
                for mutant in mutants_of(path.relative_to(ROOT), path.read_text())
            ]
            random.Random(chosen.seed).shuffle(found)
            for mutant in found[: chosen.most]:
                if time.monotonic() > until:
                    break
                tried += 1
                if not is_noticed(copied, mutant, own_first(tests, mutant.path)):
                    survivors.append(mutant)
                    print(f"survived: {mutant}", flush=True)
    print(f"{tried} tried, {tried - len(survivors)} noticed, {len(survivors)} survived")
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main())
