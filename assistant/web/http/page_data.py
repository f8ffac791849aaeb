"""The decorator of everything a template is given."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

Kind = TypeVar("Kind")


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=False)
def page_data(kind: type[Kind]) -> type[Kind]:
    """Make the class a dataclass that is built once, by keywords, and only read.

    It is frozen for the type checker alone: a dataclass that Python itself freezes takes three times as long
    to define, at each start, and longer to build, at each page.
    """
    return dataclass(kw_only=True, eq=False, repr=False)(kind)
