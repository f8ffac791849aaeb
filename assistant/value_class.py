"""The decorator of most dataclasses: what is only read, and equal to what holds the same."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

Kind = TypeVar("Kind")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value_class(kind: type[Kind]) -> type[Kind]:
    """Make the class a dataclass that is only read, and compared and hashed by its fields.

    Python writes and compiles six methods for a frozen dataclass, half a millisecond at each start. Here it
    compiles one, `__init__`, and the others are ready. So the class is frozen for the type checker alone;
    what must stay as it was checked, such as permissions and keys, is frozen by Python itself.
    """
    dataclass(eq=False, repr=False)(kind)
    names = [one.name for one in fields(kind) if one.compare]  # type: ignore[arg-type]  # it is one now
    held = attrgetter(*names) if names else _nothing
    for name, method in (("__eq__", _equal(held)), ("__hash__", _hash(held)), ("__repr__", _shown)):
        setattr(kind, name, method)
    return kind


def _nothing(_: object) -> tuple[()]:
    return ()


def _equal(held: Callable[[Any], object]) -> Callable[[Any, object], bool]:
    def equal(one: Any, other: object) -> bool:
        return held(one) == held(other) if other.__class__ is one.__class__ else NotImplemented

    return equal


def _hash(held: Callable[[Any], object]) -> Callable[[Any], int]:
    return lambda one: hash(held(one))


def _shown(one: Any) -> str:
    said = ", ".join(f"{each.name}={getattr(one, each.name)!r}" for each in fields(one) if each.repr)
    return f"{type(one).__qualname__}({said})"
