"""Insert a row that may exist already, or whose notebook may just have been deleted."""

from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.exc import IntegrityError

from assistant.errors import NotFound
from assistant.storage.prepared import Prepared


def insert_once(connection: Connection, table: Table, **values: Any) -> bool:
    """Insert and return True; False if the key is taken. Raises `NotFound` if the notebook is gone."""
    try:
        inserted = _statement(table, tuple(values)).change(connection, values)
    except IntegrityError:
        raise NotFound("the notebook is gone") from None
    return inserted == 1


@cache
def _statement(table: Table, columns: tuple[str, ...]) -> Prepared:
    def written_for(dialect: str) -> Executable:
        statement: Executable = insert_of(dialect)(table).on_conflict_do_nothing()
        return statement

    return Prepared(written_for, columns)


def insert_of(dialect: str) -> Any:
    """Return the `insert` of a database; the dialect of the other is not imported."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert
