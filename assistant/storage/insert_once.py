"""Insert a row that may exist already, or whose notebook may just have been deleted."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from assistant.errors import NotFound


def insert_once(connection: Connection, table: Table, **values: Any) -> bool:
    """Insert and return True; False if the key is taken. Raises `NotFound` if the notebook is gone."""
    try:
        result = connection.execute(_statement(connection.dialect.name, table), values)
    except IntegrityError:
        raise NotFound("the notebook is gone") from None
    return result.rowcount == 1


@cache
def _statement(dialect: str, table: Table) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    # drivers do not count an insert unless asked to
    return insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
