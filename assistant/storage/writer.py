"""The writer: a single thread that commits all waiting writes durably in one transaction, and acknowledges
them only then.

Each write is a short function in a savepoint of its own. A write that fails rolls back only its own part and
gets its own exception. When the database itself fails, no write in the group is acknowledged.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Full, Queue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from assistant.errors import NotSaved
from assistant.events import Event, OngoingState
from assistant.storage.engines import is_outage, symptom

T = TypeVar("T")

WAITING_ROOM = 1000
GROUP = 200


@dataclass(frozen=True)
class _Write:
    act: Callable[[Connection], Any]
    done: Future[Any]


class Writer:
    """Runs all writes, in the order submitted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: Queue[_Write | None] = Queue(WAITING_ROOM)
        self._door = threading.Lock()
        self._is_open = True
        self.condition = OngoingState(Event.WRITES_FAILING, Event.WRITES_AGAIN)
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def submit(self, act: Callable[[Connection], T]) -> Future[T]:
        """Return the act's result after the durable commit. Raises `NotSaved` at once if the queue is
        full.
        """
        done: Future[T] = Future()
        with self._door:
            if not self._is_open:
                raise NotSaved("the database is closed")
            try:
                self._waiting.put_nowait(_Write(act, done))
            except Full:
                self.condition.failed("full_queue")
                raise NotSaved(f"{WAITING_ROOM} writes are waiting") from None
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
            group = [write for write in taken if write and write.done.set_running_or_notify_cancel()]
            if group:
                self._write_together(group)

    def _write_together(self, group: list[_Write]) -> None:
        try:
            with self._engine.begin() as connection:
                outcomes = [_attempt(connection, write.act) for write in group]
        except Exception as error:
            self.condition.failed(symptom(error))
            # includes writes whose neighbour caused the failure: they can be retried, and none may be taken
            # for saved
            for write in group:
                write.done.set_exception(NotSaved(f"the database failed: {symptom(error)}"))
            return
        self.condition.works()
        for write, (result, fault) in zip(group, outcomes, strict=True):
            if fault is None:
                write.done.set_result(result)
            else:
                write.done.set_exception(fault)


def _attempt(connection: Connection, act: Callable[[Connection], Any]) -> tuple[Any, BaseException | None]:
    """Run one act in a savepoint; return its result, or its exception after rolling it back."""
    savepoint = connection.begin_nested()
    try:
        result = act(connection)
    except BaseException as fault:
        if is_outage(fault):
            raise
        # if the savepoint is lost, SQLite has rolled back the whole group, and so must we: hence no try here
        savepoint.rollback()
        return None, fault
    savepoint.commit()
    return result, None
