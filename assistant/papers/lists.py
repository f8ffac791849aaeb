"""The lists that papers print as tables: what each table, column, period, cookie, risk and flow is.

They are YAML files in `lists/`, with the languages side by side.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from assistant.dialogue.marked_yaml import read_marked
from assistant.dialogue.text import AsWritten, Text
from assistant.languages import Language

T = TypeVar("T")
_HERE = Path(__file__).parent
TEXTS = _HERE / "texts"
PAPER_LANGUAGES: tuple[Language, ...] = tuple(sorted(folder.name for folder in TEXTS.iterdir()))
"""The languages that papers are written in."""


class ListedModel(BaseModel):
    """Base of the models in the lists: unknown fields refused, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListedColumn(ListedModel):
    """A column of the database: whether it can be read, and what it shows."""

    kind: Literal["reference", "open", "sealed", "key", "digest", "public"]
    about: Text | None = None


class FlowBox(ListedModel):
    """A place where data is, and its column and row in the drawing."""

    at: tuple[Annotated[int, Field(strict=False)], Annotated[int, Field(strict=False)]]
    name: Text


class FlowArrow(ListedModel):
    """Data on its way from one place to another."""

    source: str = Field(alias="from")
    to: str
    both: bool
    what: Text
    kept: Text


class Flow(ListedModel):
    """The whole drawing of where data goes."""

    inside: Text
    boxes: Mapping[str, FlowBox]
    arrows: tuple[FlowArrow, ...]


class Risk(ListedModel):
    """A risk, what the program does about it, what is left, and the tests that hold it."""

    id: str
    sheets: tuple[int, ...]
    tests: Annotated[tuple[str, ...], Field(min_length=1)]
    risk: Text
    measure: Text
    left: Text


TextByName = dict[str, Text]


@cache
def texts_by_name(name: Literal["tables", "periods", "cookies"]) -> Mapping[str, Text]:
    """Return a list that says one thing about each name."""
    return _read(name, TypeAdapter(TextByName))


@cache
def columns() -> Mapping[str, ListedColumn]:
    """Return the columns, by `column` or by `table.column`."""
    return _read("columns", TypeAdapter(dict[str, ListedColumn]))


@cache
def flow() -> Flow:
    """Return the drawing of where data goes."""
    return _read("flow", TypeAdapter(Flow))


@cache
def risks() -> tuple[Risk, ...]:
    """Return the risks, in order."""
    return _read("risks", TypeAdapter(tuple[Risk, ...]))


def listed_column(table: str, column: str) -> ListedColumn:
    """Return what the list says about a column; the table's own row comes first."""
    return columns().get(f"{table}.{column}") or columns()[column]


def _read(name: str, shape: TypeAdapter[T]) -> T:
    marked = read_marked((_HERE / "lists" / f"{name}.yaml").read_text("utf-8"))
    assert not marked.problems, marked.problems
    return shape.validate_python(marked.data, context=AsWritten(PAPER_LANGUAGES))
