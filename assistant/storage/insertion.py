"""Putting in a row that may be there already, or whose notebook may just have been deleted."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from assistant.errors import NotFound


def insert_once(connection: Connection, table: Table, **values: Any) -> bool:
    """Whether the row went in; False if its key is taken. NotFound if the notebook it hangs on is gone."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(values).on_conflict_do_nothing()
    try:
        # drivers do not count an insert unless asked to
        result = connection.execute(statement.execution_options(preserve_rowcount=True))
    except IntegrityError:
        raise NotFound("the notebook is gone") from None
    return result.rowcount == 1
