"""Statements of every turn, compiled once and given straight to the driver.

They are written in SQLAlchemy as all others, and mean the same on both databases. Composing them, processing
their parameters and wrapping their rows anew at every turn takes five times as long as running them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]
_Process = Callable[[Any], Any]


class Prepared:
    """One statement, compiled for each kind of database when it is first run there."""

    def __init__(self, statement: Any | Callable[[str], Any], columns: Sequence[str] = ()) -> None:
        """Take a statement, or what makes one for a dialect; `columns` are those that it sets."""
        self._statement = statement
        self._columns = list(columns) or None
        self._compiled: dict[str, _Compiled] = {}

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Row | None:
        """Return the first row it finds."""
        compiled, cursor = self._run(connection, values)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else compiled.row(row)

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Row]:
        """Return every row it finds."""
        compiled, cursor = self._run(connection, values)
        rows = cursor.fetchall()
        cursor.close()
        return [compiled.row(row) for row in rows]

    def change(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it, and return how many rows it changed."""
        _, cursor = self._run(connection, values)
        count: int = cursor.rowcount
        cursor.close()
        return count

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> "tuple[_Compiled, Any]":
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            statement = self._statement(dialect.name) if callable(self._statement) else self._statement
            compiled = self._compiled[dialect.name] = _Compiled(statement, self._columns, dialect)
        cursor = driver_of(connection).cursor()
        try:
            cursor.execute(compiled.text, compiled.parameters(values))
        except Exception as error:
            raise as_raised_by_sqlalchemy(error, connection, compiled.text, cursor) from None
        return compiled, cursor


def driver_of(connection: Connection) -> Any:
    """Return the driver's own connection. It begins a transaction in a third of the time of SQLAlchemy."""
    return connection.connection.driver_connection


def as_raised_by_sqlalchemy(
    error: Exception, connection: Connection, text: str, cursor: Any = None
) -> BaseException:
    """Return SQLAlchemy's exception for a driver's, without the parameters, which are what people wrote."""
    dialect = connection.dialect
    assert dialect.loaded_dbapi is not None, "the dialect of a connection has its driver"
    kind: type[Exception] = dialect.loaded_dbapi.Error
    if not isinstance(error, kind):
        return error
    is_lost = dialect.is_disconnect(cast("Any", error), connection.connection.dbapi_connection, cursor)
    if is_lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        text, None, error, kind, hide_parameters=True, connection_invalidated=is_lost, dialect=dialect
    )


class _Compiled:
    """A statement as one database reads it."""

    def __init__(self, statement: Any, columns: list[str] | None, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.text = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._to_driver: dict[str, _Process] = {}
        for name, bind in compiled.binds.items():
            if process := bind.type.dialect_impl(dialect).bind_processor(dialect):
                self._to_driver[name] = process
        self._from_driver: list[tuple[int, _Process]] = []
        for place, column in enumerate(getattr(statement, "selected_columns", ())):
            if process := column.type.dialect_impl(dialect).result_processor(dialect, None):
                self._from_driver.append((place, process))

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return the parameters in the form and order of the driver."""
        if self._fixed:
            values = {**self._fixed, **values}
        process = self._to_driver
        if self._order is None:
            return {
                name: process[name](value) if name in process else value for name, value in values.items()
            }
        return [process[name](values[name]) if name in process else values[name] for name in self._order]

    def row(self, row: Row) -> Row:
        """Return a row with each value as its column's type has it."""
        if not self._from_driver:
            return row
        values = list(row)
        for place, process in self._from_driver:
            values[place] = process(values[place])
        return tuple(values)
