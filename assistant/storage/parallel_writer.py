"""The writers of PostgreSQL: several connections, and one transaction for each write.

PostgreSQL groups commits itself. A write that it refuses because of another one, of this process or of any
other, is tried again, and so is one whose connection is lost before its commit: an act depends on nothing
but its connection, so trying it again is safe. Once the commit is sent nothing is tried again, because it
may have been made.
"""

import random
import time
from contextlib import suppress
from threading import local
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import Transaction
from sqlalchemy.exc import DBAPIError

from assistant.errors import NotSaved
from assistant.storage.engines import WRITERS, is_outage, symptom
from assistant.storage.writer import Write, Writer

TRIES = 12
_LONGEST_REST = 0.25
_PATIENCE = 6.0
"""Seconds after which a write is not tried again: longer than waiting for one lock."""
_HINDERED = {"40001", "40P01", "55P03"}
"""The write and another one cannot both be made now: serialisation, deadlock, lock not available."""
_UNIQUE = "23505"
_NUMBERED = {"share_acts_pkey"}
"""Keys that a write counts up itself; two that count at once try for the same one."""


class ParallelWriter(Writer):
    """Writes, each with a transaction of its own, in as many threads as there are connections."""

    def __init__(self, engine: Engine, writers: int = WRITERS) -> None:
        self._mine = local()
        super().__init__(engine, threads=writers, group=1)

    def _write(self, group: list[Write]) -> None:
        for write in group:
            try:
                self._try(write)
            except BaseException as fault:
                write.fault = self._reported(fault)
            else:
                self.condition.works()

    def _reported(self, fault: BaseException) -> BaseException:
        """Return what the caller is told of a write that failed."""
        if not (is_outage(fault) or (isinstance(fault, DBAPIError) and _is_hindered(fault))):
            self.condition.works()  # the database answered, and the act refused
            return fault
        self.condition.failed(symptom(fault))
        return NotSaved(f"the database failed: {symptom(fault)}")

    def _try(self, write: Write) -> None:
        """Run the act and commit, again after a hindrance. Raises what the last try raised."""
        began = time.monotonic()
        for tries in range(1, TRIES + 1):
            sent: list[bool] = []
            try:
                write.result = self._run(write, sent)
            except DBAPIError as error:
                may_try = _is_hindered(error) or (not sent and error.connection_invalidated)
                if not may_try or tries == TRIES or time.monotonic() - began > _PATIENCE:
                    raise
            else:
                return
            # at random, so that two that hindered each other do not meet again
            time.sleep(random.uniform(0, min(_LONGEST_REST, 0.002 * 2**tries)))  # noqa: S311

    def _run(self, write: Write, sent: list[bool]) -> Any:
        """Return the act's result after its commit; note in `sent` that the commit was sent."""
        connection = self._connection()
        transaction = connection.begin()
        try:
            result = write.act(connection)
            sent.append(True)
            transaction.commit()
        except BaseException:
            self._roll_back(connection, transaction)
            raise
        return result

    def _roll_back(self, connection: Connection, transaction: Transaction) -> None:
        """Roll back. A connection that cannot is given up, so that it does not fail the writes after it."""
        try:
            transaction.rollback()
        except DBAPIError:
            self._mine.connection = None
            with suppress(DBAPIError):
                connection.invalidate()
                connection.close()

    def _connection(self) -> Connection:
        """Return this thread's own connection, opened at its first write."""
        connection: Connection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = self._engine.connect()
        return connection

    def _let_go(self) -> None:
        if (connection := getattr(self._mine, "connection", None)) is not None:
            connection.close()


def _is_hindered(error: DBAPIError) -> bool:
    """Return whether the same act may succeed when it is tried again."""
    code = symptom(error)
    if code == _UNIQUE:
        diagnosis = getattr(error.orig, "diag", None)
        return getattr(diagnosis, "constraint_name", None) in _NUMBERED
    return code in _HINDERED
