"""Reads SQLite where they are asked for, on one kept connection, without a thread."""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from assistant.storage.engines import discard, is_outage, symptom
from assistant.storage.prepared import as_raised_by_sqlalchemy, driver_of

T = TypeVar("T")


class Locked(Exception):
    """Something else holds the database or the connection for a moment: read in a thread instead."""


class InlineReader:
    """One connection, and one read on it at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._is_taken = Lock()

    def read(self, act: Callable[[Connection], T]) -> T:
        """Run `act` in one read transaction. Raises `Locked`, and `DBAPIError`."""
        if not self._is_taken.acquire(blocking=False):
            raise Locked
        try:
            return self._read(act)
        except DBAPIError as error:
            if is_outage(error):
                self._give_up()
            if symptom(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise Locked from None
            raise
        finally:
            self._is_taken.release()

    def _read(self, act: Callable[[Connection], T]) -> T:
        if self._connection is None:
            self._connection = self._engine.connect()
        connection = self._connection
        driver = driver_of(connection)
        try:
            driver.execute("BEGIN")
        except Exception as error:
            raise as_raised_by_sqlalchemy(error, connection, "BEGIN") from None
        try:
            return act(connection)
        finally:
            if connection.in_transaction():  # SQLAlchemy thinks that it began it
                connection.rollback()
            if driver.in_transaction:
                driver.execute("ROLLBACK")

    def _give_up(self) -> None:
        """Close the connection; the next read opens another."""
        connection, self._connection = self._connection, None
        discard(connection)

    def close(self) -> None:
        """Close the connection."""
        with self._is_taken:
            self._give_up()
