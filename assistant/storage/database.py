"""The database: reads, and writes.

SQLite is read on the event loop, where a look-up by key takes less time than handing it to a thread, and
short writes run there too, but for their commit. PostgreSQL is read and written in threads, over several
connections.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from assistant.errors import CannotStart, NotSaved
from assistant.events import Event, OngoingState, note
from assistant.storage.brief_writer import BriefWriter
from assistant.storage.engines import (
    CONNECTING,
    READERS,
    Engines,
    connect,
    explain,
    is_outage,
    symptom,
    verify,
)
from assistant.storage.heartbeat import beat
from assistant.storage.inline_reader import InlineReader, Locked
from assistant.storage.migrations import migrate, see_that_it_is_current
from assistant.storage.parallel_writer import ParallelWriter
from assistant.storage.relay import Relay, Written
from assistant.storage.sole_holder import sole_holder
from assistant.storage.tombstones import add_graves
from assistant.storage.writer import GroupWriter, Writer

__all__ = ["Connection", "Database"]  # callers that both read and write name the argument's type

T = TypeVar("T")


class Database:
    """One open database. The functions it runs must be short and wait for nothing but their connection."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        is_one_file = engines.writing.dialect.name == "sqlite"
        self._writer: Writer = (GroupWriter if is_one_file else ParallelWriter)(engines.writing)
        self._brief: BriefWriter | None = None
        if engines.brief is not None and isinstance(self._writer, GroupWriter):
            self._brief = BriefWriter(engines.brief, self._writer)
        self._reading = OngoingState(Event.DATABASE_LOST, Event.DATABASE_BACK)
        self.graves: Path | None = None
        """The file that remembers what was deleted, if there is one."""
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._inline = None if engines.inline is None else InlineReader(engines.inline)

    @classmethod
    def open(cls, address: str, *, upgrade: bool = True) -> "Database":
        """Connect, verify that commits are durable, and migrate the tables. Raises `CannotStart`. Without
        `upgrade` nothing is created or changed, and tables of another version raise `CannotStart`.
        """
        engines = connect(address, make=upgrade)
        try:
            for engine in (engines.writing, engines.reading):
                with engine.connect() as connection:
                    verify(connection)
            if upgrade:
                migrate(engines.writing)
            else:
                see_that_it_is_current(engines.reading)
        except DBAPIError as error:
            engines.dispose()
            raise explain(error) from None
        except CannotStart:
            engines.dispose()
            raise
        return cls(engines)

    async def read(self, act: Callable[[Connection], T]) -> T:
        """Run `act` in one read transaction and return its result. Raises `NotSaved` if the database did not
        answer.
        """
        if self._inline is not None:
            with suppress(Locked):
                return self._reported(self._inline.read, act)
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, act)

    def look(self, act: Callable[[Connection], T]) -> T:
        """Read synchronously, before anything is served: it blocks until the database answers."""
        return self._read(act)

    def let_go(self) -> None:
        """Close synchronously, when nothing is served yet."""
        self._close()

    async def write(self, act: Callable[[Connection], T]) -> T:
        """Run `act` in a writer thread. Return its result after a durable commit; if it raises, roll it back
        and re-raise. It must depend on nothing but its connection, because PostgreSQL may have it run again.

        Raises `NotSaved` if the database failed. The write may still have been committed, as after a power
        cut just before the answer; the request id shows that on a retry.
        """
        return await self._writer.submit(act)

    async def write_briefly(self, act: Callable[[Connection], T]) -> T:
        """Write as `write` does, an act of a few statements that find their rows by key: with SQLite, the
        event loop runs it.
        """
        return await (self._brief or self._writer).submit(act)

    async def beat(self) -> None:
        """Write one row, to see whether writing works. Raises `NotSaved`."""
        await self.write(beat)

    async def scrub(self) -> None:
        """Remove deleted content from the files too.

        SQLite overwrites it at once, and here its write-ahead log, which contains old pages, is checkpointed
        and truncated; if a reader holds an old state, the next scrub does it. PostgreSQL keeps deleted rows
        until the table is rewritten, and its log until that is recycled: there this does nothing, and the
        operator runs VACUUM FULL every night. Neither affects backups, or blocks that an SSD has retired.
        """
        if self._engines.reading.dialect.name == "sqlite":
            await asyncio.get_running_loop().run_in_executor(self._readers, self._empty_log)

    async def bury(self, *gone: tuple[str, str]) -> None:
        """Record outside the database that these ids are deleted, for when a backup is restored."""
        if self.graves is not None and gone:
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(self._readers, add_graves, self.graves, gone)
            except OSError as error:  # the data is deleted; only a restore would bring it back
                note(Event.DELETIONS_NOT_KEPT, symptom=type(error).__name__)

    def relay(self, hear: Callable[[Written, int], None], missed: Callable[[], None]) -> Relay | None:
        """Return what tells other processes of writes, and hears of theirs; None with SQLite, which is read
        and written by one process.
        """
        return None if self.kind == "sqlite" else Relay(self._terms(), hear, missed)

    @asynccontextmanager
    async def sole_holder(self, what: str) -> AsyncIterator[bool]:
        """Yield whether no other process on this database does this now. Raises `OSError`."""
        if self.kind == "sqlite":
            yield True
            return
        async with sole_holder(self._terms(), what) as is_ours:
            yield is_ours

    def _terms(self) -> dict[str, Any]:
        """Return what the driver needs for a connection of its own."""
        engine = self._engines.reading
        _, terms = engine.dialect.create_connect_args(engine.url)
        return {**terms, **CONNECTING}

    @property
    def kind(self) -> str:
        """The kind of database: sqlite or postgresql."""
        return self._engines.reading.dialect.name

    @property
    def waiting(self) -> int:
        """The number of writes waiting in the queue."""
        return self._writer.waiting + (self._brief.waiting if self._brief else 0)

    @property
    def failed_writes(self) -> int:
        """The number of failed writes since the start."""
        return self._writer.condition.failures

    async def close(self) -> None:
        """Finish the waiting writes, then close the database."""
        await asyncio.to_thread(self._close)

    def _read(self, act: Callable[[Connection], T]) -> T:
        return self._reported(self._read_pooled, act)

    def _read_pooled(self, act: Callable[[Connection], T]) -> T:
        with self._engines.reading.connect() as connection, connection.begin():
            return act(connection)

    def _reported(self, read: Callable[[Callable[[Connection], T]], T], act: Callable[[Connection], T]) -> T:
        """Read, and note whether the database answers."""
        try:
            found = read(act)
        except DBAPIError as error:
            if is_outage(error):
                self._reading.failed(symptom(error))
                raise NotSaved(f"the database did not answer: {symptom(error)}") from None
            raise
        self._reading.works()
        return found

    def _empty_log(self) -> None:
        connection = self._engines.reading.raw_connection()
        try:
            cursor = connection.cursor()
            patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            # a checkpoint blocks writers while it waits for readers, so the wait is short
            cursor.execute("PRAGMA busy_timeout = 500")
            with suppress(sqlite3.OperationalError):
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
            cursor.close()
        finally:
            connection.close()

    def _close(self) -> None:
        if self._brief is not None:
            self._brief.close()
        self._writer.close()
        self._readers.shutdown()
        if self._inline is not None:
            self._inline.close()
        self._engines.dispose()
