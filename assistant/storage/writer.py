"""The writers: threads that commit the waiting writes durably, and acknowledge them only then.

SQLite has one writer, which commits all waiting writes in one transaction. Each write is a short function in
a savepoint of its own. A write that fails rolls back only its own part and gets its own exception. When the
database itself fails, no write in the group is acknowledged. Short writes are in
`brief_writer`, and the writers of PostgreSQL in `parallel_writer`.
"""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from assistant.errors import NotSaved
from assistant.events import Event, OngoingState
from assistant.storage.engines import is_outage, symptom
from assistant.storage.prepared import driver_of

T = TypeVar("T")

WAITING_ROOM = 1000
GROUP = 200


@dataclass(slots=True, eq=False)
class Write:
    """A write that waits, and what became of it."""

    act: Callable[[Connection], Any]
    done: "asyncio.Future[Any]"
    result: Any = None
    fault: BaseException | None = None


class Writer(ABC):
    """Runs all writes, taken in the order submitted."""

    def __init__(self, engine: Engine, *, threads: int, group: int) -> None:
        self._engine = engine
        self._group = group
        self._waiting: SimpleQueue[Write | None] = SimpleQueue()
        self._door = threading.Lock()
        self._is_open = True
        self.condition = OngoingState(Event.WRITES_FAILING, Event.WRITES_AGAIN)
        self._threads = [
            threading.Thread(target=self._work, name=f"writer {number}", daemon=True)
            for number in range(1, threads + 1)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, act: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """Return the act's result after the durable commit. Raises `NotSaved` at once if the queue is
        full.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._door:
            if not self._is_open:
                raise NotSaved("the database is closed")
            if self._waiting.qsize() >= WAITING_ROOM:
                self.condition.failed("full_queue")
                raise NotSaved(f"{WAITING_ROOM} writes are waiting")
            self._waiting.put(Write(act, done))
        return done

    @property
    def waiting(self) -> int:
        """The number of writes waiting."""
        return self._waiting.qsize()

    def close(self) -> None:
        """Finish the waiting writes, accept no more, and wait until that is done."""
        with self._door:
            self._is_open = False
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def take_over(self, group: Sequence[Write]) -> None:
        """Take writes that were submitted elsewhere."""
        for write in group:
            write.result = write.fault = None
            self._waiting.put(write)

    @abstractmethod
    def _write(self, group: list[Write]) -> None:
        """Write them, and note the result or the fault of each."""

    def _let_go(self) -> None:  # noqa: B027
        """Release what the calling thread holds, after its last write."""

    def _work(self) -> None:
        going_on = True
        while going_on:
            taken = [self._waiting.get()]
            while len(taken) < self._group and not self._waiting.empty():
                taken.append(self._waiting.get_nowait())
            going_on = None not in taken
            # writes whose caller was cancelled before their turn are skipped
            group = [write for write in taken if write and not write.done.cancelled()]
            if group:
                self._write(group)
                _wake(group)
            del taken, group  # an act holds keys, which must not wait here for the next one
        self._let_go()


class GroupWriter(Writer):
    """One thread, and one transaction for all writes that wait."""

    def __init__(self, engine: Engine) -> None:
        self.database = threading.Lock()
        """Held by who writes: this writer, or `BriefWriter`."""
        self._is_writing = False
        super().__init__(engine, threads=1, group=GROUP)

    @property
    def is_at_work(self) -> bool:
        """Return whether this writer writes, or is about to."""
        return self._is_writing or self.waiting > 0

    def _write(self, group: list[Write]) -> None:
        self._is_writing = True
        try:
            with self.database, self._engine.begin() as connection:
                driver = driver_of(connection)
                for write in group:
                    attempt(connection, driver, write)
        except Exception as error:
            not_saved(group, error, self.condition)
        else:
            self.condition.works()
        finally:
            self._is_writing = False


def not_saved(group: Sequence[Write], error: Exception, condition: OngoingState) -> None:
    """Report a transaction that failed. Its writes can be retried, and none may be taken for saved: not one
    whose neighbour caused the failure either.
    """
    condition.failed(symptom(error))
    for write in group:
        write.fault = NotSaved(f"the database failed: {symptom(error)}")


def attempt(connection: Connection, driver: Any, write: Write) -> None:
    """Run one act in a savepoint; note its result, or its exception after rolling it back.

    The driver is told directly: SQLAlchemy's own savepoint takes ten times as long.
    """
    driver.execute("SAVEPOINT one_write")
    try:
        write.result = write.act(connection)
    except BaseException as fault:
        if is_outage(fault):
            raise
        # if the savepoint is lost, SQLite has rolled back the whole group, and so must we: hence no try here
        driver.execute("ROLLBACK TO SAVEPOINT one_write")
        write.fault = fault
    driver.execute("RELEASE SAVEPOINT one_write")


def _wake(group: list[Write]) -> None:
    """Acknowledge a group at once: waking an event loop costs more than a write."""
    for loop in {write.done.get_loop() for write in group}:
        with suppress(RuntimeError):  # the loop is closed, and no one waits any more
            loop.call_soon_threadsafe(acknowledge, [w for w in group if w.done.get_loop() is loop])


def acknowledge(group: Sequence[Write]) -> None:
    """Tell those who wait what became of their writes."""
    for write in group:
        if write.done.done():  # its caller was cancelled meanwhile
            continue
        if write.fault is None:
            write.done.set_result(write.result)
        else:
            write.done.set_exception(write.fault)
