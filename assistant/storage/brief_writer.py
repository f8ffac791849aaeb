"""Short writes to SQLite: the event loop runs their statements, and a thread only commits them.

A thread that runs statements hands the interpreter over at each, and waits for the event loop to hand it
back: with many people at once, that takes longer than the statements. What waits during a commit is in the
next one. Whatever is unusual is left to `GroupWriter`: another process holds the database, `GroupWriter`
itself is at work, or a statement finds the database failing.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import Transaction
from sqlalchemy.exc import DBAPIError

from assistant.storage.writer import WAITING_ROOM, GroupWriter, Write, acknowledge, attempt, not_saved

T = TypeVar("T")

GROUP = 32
"""Writes in one commit: they hold the event loop for a few milliseconds at most."""


@dataclass(frozen=True)
class _Made:
    """Writes whose statements have run, with the transaction that is to be committed."""

    group: Sequence[Write]
    transaction: Transaction
    loop: asyncio.AbstractEventLoop


class BriefWriter:
    """Runs short writes, in the order submitted."""

    def __init__(self, engine: Engine, rest: GroupWriter) -> None:
        self._engine = engine
        self._rest = rest
        self._coming: deque[Write] = deque()
        self._taking = threading.Lock()
        self._made: SimpleQueue[_Made | None] = SimpleQueue()
        self._is_open = True
        self._is_committing = False
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._commit_all, name="committer", daemon=True)
        self._thread.start()

    def submit(self, act: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """Return the act's result after the durable commit. Raises `NotSaved` at once if too many wait."""
        if not self._is_open or self.waiting >= WAITING_ROOM:
            return self._rest.submit(act)  # it refuses, and reports why
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._coming.append(Write(act, done))
        self._go_on(loop)
        return done

    @property
    def waiting(self) -> int:
        """The number of writes waiting."""
        return len(self._coming)

    def close(self) -> None:
        """Finish the commit that is under way, and leave what is waiting to the other writer."""
        with self._rest.database:
            self._is_open = False
        self._made.put(None)
        self._thread.join()
        self._rest.take_over(self._taken(len(self._coming)))
        self._give_up()

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run the statements of what waits. During a commit do nothing: this is called again after it."""
        if self._is_committing or not self._coming:
            return
        group = self._taken(GROUP)
        if self._rest.is_at_work or not self._rest.database.acquire(blocking=False):
            self._rest.take_over(group)
            return
        transaction = self._run(group) if self._is_open else None
        if transaction is None:
            self._rest.database.release()
            self._rest.take_over(group)
            return
        self._is_committing = True
        self._made.put(_Made(group, transaction, loop))

    def _taken(self, most: int) -> list[Write]:
        with self._taking:
            taken = [self._coming.popleft() for _ in range(min(most, len(self._coming)))]
        # writes whose caller was cancelled before their turn are skipped
        return [write for write in taken if not write.done.cancelled()]

    def _run(self, group: Sequence[Write]) -> Transaction | None:
        """Run the statements of each. Return their transaction, or None if it was rolled back: then none of
        them has been made.
        """
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            transaction = self._connection.begin()
        except DBAPIError:
            self._give_up()
            return None
        driver: Any = self._connection.connection.driver_connection
        try:
            for write in group:
                attempt(self._connection, driver, write)
        except Exception:
            self._give_up()
            return None
        return transaction

    def _commit_all(self) -> None:
        while (made := self._made.get()) is not None:
            try:
                made.transaction.commit()
            except Exception as error:
                self._give_up()
                not_saved(made.group, error, self._rest.condition)
            else:
                self._rest.condition.works()
            self._rest.database.release()
            self._is_committing = False
            with suppress(RuntimeError):  # the loop is closed, and no one waits any more
                made.loop.call_soon_threadsafe(self._committed, made)

    def _committed(self, made: _Made) -> None:
        acknowledge(made.group)
        self._go_on(made.loop)

    def _give_up(self) -> None:
        """Close the connection, which rolls back what it has not committed; the next write opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError):
                connection.invalidate()
                connection.close()
