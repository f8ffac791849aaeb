"""The writer: a single thread that commits all waiting writes durably in one transaction, and acknowledges
them only then.

Each write is a short function in a savepoint of its own. A write that fails rolls back only its own part and
gets its own exception. When the database itself fails, no write in the group is acknowledged.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from assistant.errors import NotSaved
from assistant.events import Event, OngoingState
from assistant.storage.engines import is_outage, symptom

T = TypeVar("T")

WAITING_ROOM = 1000
GROUP = 200


@dataclass(slots=True, eq=False)
class _Write:
    act: Callable[[Connection], Any]
    done: "asyncio.Future[Any]"
    result: Any = None
    fault: BaseException | None = None


class Writer:
    """Runs all writes, in the order submitted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: SimpleQueue[_Write | None] = SimpleQueue()
        self._door = threading.Lock()
        self._is_open = True
        self.condition = OngoingState(Event.WRITES_FAILING, Event.WRITES_AGAIN)
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

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
            self._waiting.put(_Write(act, done))
        return done

    @property
    def waiting(self) -> int:
        """The number of writes waiting."""
        return self._waiting.qsize()

    def close(self) -> None:
        """Finish the waiting writes, accept no more, and wait until that is done."""
        with self._door:
            self._is_open = False
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        going_on = True
        while going_on:
            taken = [self._waiting.get()]
            while len(taken) < GROUP and not self._waiting.empty():
                taken.append(self._waiting.get_nowait())
            going_on = None not in taken
            # writes whose caller was cancelled before their turn are skipped
            group = [write for write in taken if write and not write.done.cancelled()]
            if group:
                self._write_together(group)
                _wake(group)

    def _write_together(self, group: list[_Write]) -> None:
        try:
            with self._engine.begin() as connection:
                driver: Any = connection.connection.driver_connection
                for write in group:
                    _attempt(connection, driver, write)
        except Exception as error:
            self.condition.failed(symptom(error))
            # includes writes whose neighbour caused the failure: they can be retried, and none may be taken
            # for saved
            for write in group:
                write.fault = NotSaved(f"the database failed: {symptom(error)}")
            return
        self.condition.works()


def _attempt(connection: Connection, driver: Any, write: _Write) -> None:
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


def _wake(group: list[_Write]) -> None:
    """Acknowledge a group at once: waking an event loop costs more than a write."""
    for loop in {write.done.get_loop() for write in group}:
        with suppress(RuntimeError):  # the loop is closed, and no one waits any more
            loop.call_soon_threadsafe(_acknowledge, [w for w in group if w.done.get_loop() is loop])


def _acknowledge(group: list[_Write]) -> None:
    for write in group:
        if write.done.done():  # its caller was cancelled meanwhile
            continue
        if write.fault is None:
            write.done.set_result(write.result)
        else:
            write.done.set_exception(write.fault)
