"""Short writes to SQLite: the event loop runs their statements, and a thread only commits them.

A thread that runs statements hands the interpreter over at each, and waits for the event loop to hand it
back: with many people at once, that takes longer than the statements. Writes that come while the event loop
has more to do, or during a commit, share one. `GroupWriter` makes a write if another process holds the
database, if it is at work itself, or if a statement finds the database failing.
"""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from assistant.storage.engines import discard
from assistant.storage.prepared import driver_of
from assistant.storage.writer import WAITING_ROOM, GroupWriter, Write, acknowledge, attempt, not_saved

T = TypeVar("T")

GROUP = 32
"""Writes in one commit."""
_LONGEST = 0.01
"""Seconds that a commit waits for other writes while the event loop is busy."""
_IDLE = 0.0002
"""Seconds that a pass of the event loop takes at most when it has nothing else to do."""


@dataclass(frozen=True, eq=False)
class _Made:
    """Writes whose statements have run, with the connection of their transaction."""

    connection: Connection
    loop: asyncio.AbstractEventLoop
    due: float
    """When it is committed even if the event loop is busy."""
    group: list[Write] = field(default_factory=list)


class BriefWriter:
    """Runs short writes, in the order submitted."""

    def __init__(self, engine: Engine, rest: GroupWriter) -> None:
        self._engine = engine
        self._rest = rest
        self._door = threading.Lock()
        self._is_open = True
        self._coming: deque[Write] = deque()
        self._made: _Made | None = None
        """The writes of the open transaction."""
        self._is_committing = False
        self._commits: SimpleQueue[_Made | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._commit_all, name="committer", daemon=True)
        self._thread.start()

    def submit(self, act: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """Return the act's result after the durable commit. Raises `NotSaved` at once if too many wait."""
        loop = asyncio.get_running_loop()
        with self._door:
            if self._is_open and self.waiting < WAITING_ROOM:
                done: asyncio.Future[T] = loop.create_future()
                self._coming.append(Write(act, done))
                self._go_on(loop)
                return done
        return self._rest.submit(act)

    @property
    def waiting(self) -> int:
        """The number of writes waiting."""
        return len(self._coming)

    def close(self) -> None:
        """Commit what has been made, and leave what is waiting to the other writer."""
        with self._door:
            self._is_open = False
            self._commit()
            self._rest.take_over(self._taken(len(self._coming)))
        self._commits.put(None)
        self._thread.join()
        self._give_up()

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run the statements of what waits. During a commit do nothing: this is called again after it."""
        while self._coming and not self._is_committing:
            made = self._made or self._begin(loop)
            group = self._taken(GROUP - len(made.group) if made else GROUP)
            if made is None:
                self._rest.take_over(group)
            elif not self._run(made, group):
                self._give_up()
                self._made = None
                self._rest.database.release()
                self._rest.take_over([*made.group, *group])
            elif len(made.group) == GROUP or made.loop is not loop:  # the other loop may be closed
                self._commit()

    def _begin(self, loop: asyncio.AbstractEventLoop) -> _Made | None:
        """Begin a transaction; return None if that is for the other writer."""
        if self._rest.is_at_work or not self._rest.database.acquire(blocking=False):
            return None
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            driver_of(self._connection).execute("BEGIN IMMEDIATE")
        except (DBAPIError, sqlite3.Error):
            self._give_up()
            self._rest.database.release()
            return None
        now = loop.time()
        self._made = _Made(self._connection, loop, now + _LONGEST)
        loop.call_soon(self._commit_when_idle, self._made, now)
        return self._made

    def _taken(self, most: int) -> list[Write]:
        taken = [self._coming.popleft() for _ in range(min(most, len(self._coming)))]
        # writes whose caller was cancelled before their turn are skipped
        return [write for write in taken if not write.done.cancelled()]

    def _run(self, made: _Made, group: list[Write]) -> bool:
        """Run the statements of each write; return whether the database did."""
        driver = driver_of(made.connection)
        try:
            for write in group:
                attempt(made.connection, driver, write)
        except Exception:  # of the database: those of a write are its result
            return False
        made.group.extend(group)
        return True

    def _commit_when_idle(self, made: _Made, before: float) -> None:
        """Have it committed if the pass of the event loop since `before` was a short one."""
        with self._door:
            if made is not self._made:
                return
            now = made.loop.time()
            if now - before < _IDLE or now > made.due:
                self._commit()
            else:
                made.loop.call_soon(self._commit_when_idle, made, now)

    def _commit(self) -> None:
        if self._made is not None:
            self._is_committing = True
            self._commits.put(self._made)
            self._made = None

    def _commit_all(self) -> None:
        while (made := self._commits.get()) is not None:
            self._commit_one(made)
            del made  # an act holds keys, which must not wait here for the next one

    def _commit_one(self, made: _Made) -> None:
        try:
            if made.connection.in_transaction():  # a write ran a statement that SQLAlchemy began it for
                made.connection.commit()
            driver_of(made.connection).commit()
        except Exception as error:
            self._give_up()
            not_saved(made.group, error, self._rest.condition)
        else:
            self._rest.condition.works()
        self._rest.database.release()
        self._is_committing = False
        for loop in {made.loop, *(write.done.get_loop() for write in made.group)}:
            with suppress(RuntimeError):  # the loop is closed, and no one waits any more
                loop.call_soon_threadsafe(self._committed, made, loop)

    def _committed(self, made: _Made, loop: asyncio.AbstractEventLoop) -> None:
        acknowledge([write for write in made.group if write.done.get_loop() is loop])
        with self._door:
            self._go_on(loop)

    def _give_up(self) -> None:
        """Close the connection; the next write opens another."""
        connection, self._connection = self._connection, None
        discard(connection)
