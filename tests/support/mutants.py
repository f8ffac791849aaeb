"""A module with one change: what a test should notice.

No change is made where it can be no other program: docstrings, types and the names in a `Literal` or in
`__all__` (mypy reads those), the texts of errors (nobody is shown them), `return None`, and a condition
turned round where the change of its comparison or its `not` is the same.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

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
_ORDER = ast.Lt | ast.LtE | ast.Gt | ast.GtE
"""Comparisons whose change is not their opposite."""


@dataclass(frozen=True)
class Mutant:
    """The program with one change."""

    path: Path
    line: int
    what: str
    within: tuple[int, int] | None
    """First and last line of the function it is in; None where it changes what runs at import, or what is
    kept from one test to the next.
    """
    original: str = field(repr=False)
    place: int
    """The place of the changed node among those that `ast.walk` finds."""

    @property
    def source(self) -> str:
        """The whole module with the change."""
        tree = ast.parse(self.original)
        _change(tree, next(node for at, node in enumerate(ast.walk(tree)) if at == self.place))
        return ast.unparse(ast.fix_missing_locations(tree))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def mutants_of(path: Path, source: str) -> Iterator[Mutant]:
    """Every change to one module."""
    tree = ast.parse(source)
    kept = set(map(id, _not_changed(tree)))
    within = dict(_bodies(tree))
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in kept:
            continue
        if what := _what_changes(node):
            yield Mutant(path, getattr(node, "lineno", 0), what, within.get(id(node)), source, place)


def _not_changed(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, types and the texts of errors: no behaviour depends on them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from ast.walk(node)
        for of_type in ("annotation", "returns"):
            if isinstance(found := getattr(node, of_type, None), ast.AST):
                yield from ast.walk(found)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
            yield from ast.walk(node)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            yield from ast.walk(node)
        if isinstance(node, ast.Assert) and node.msg:
            yield from ast.walk(node.msg)
        if isinstance(node, ast.Raise):
            yield from (n for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _bodies(tree: ast.AST) -> Iterator[tuple[int, tuple[int, int]]]:
    """The nodes in the body of a function, with the first and last line of the outermost one."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_kept(node):
            lines = (node.body[0].lineno, node.end_lineno or node.lineno)
            yield from ((id(below), lines) for statement in node.body for below in ast.walk(statement))
        elif isinstance(node, ast.ClassDef):
            yield from _bodies(node)


def _is_kept(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it runs only in the first test that asks for its result."""
    return any("cache" in ast.unparse(decorator) for decorator in function.decorator_list)


def _what_changes(node: ast.AST) -> str | None:
    """What can be changed about a node; None for nothing."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _OTHER:
            return f"{type(op).__name__} → {_OTHER[type(op)].__name__}"
        case ast.BoolOp():
            return "and ↔ or"
        case ast.If(test=test) | ast.IfExp(test=test) if not _has_an_opposite(test):
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


def _has_an_opposite(test: ast.AST) -> bool:
    """Whether the change of the condition itself turns it round already."""
    match test:
        case ast.Compare(ops=[op]):
            return not isinstance(op, _ORDER)
        case ast.UnaryOp(op=ast.Not()):
            return True
    return False


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
