"""The database: reading beside each other, writing one group after another."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from assistant.errors import CannotStart, NotSaved
from assistant.events import Event, OngoingState, note
from assistant.storage.engines import READERS, Engines, connect, explain, is_outage, symptom, verify
from assistant.storage.heartbeat import beat
from assistant.storage.migrations import migrate, see_that_it_is_current
from assistant.storage.tombstones import add_graves
from assistant.storage.writer import Writer

__all__ = ["Connection", "Database"]  # a caller that reads and writes here names the argument's type

T = TypeVar("T")


class Database:
    """One open database. An act it is given is short, and waits for nothing but its connection."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._writer = Writer(engines.writing)
        self._reading = OngoingState(Event.DATABASE_LOST, Event.DATABASE_BACK)
        self.graves: Path | None = None
        """The file that remembers what was deleted, where there is one."""
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")

    @classmethod
    def open(cls, address: str, *, upgrade: bool = True) -> "Database":
        """Connect, see that acknowledged is on the disk, and bring the tables up to date; or CannotStart.

        Without `upgrade` nothing is made or changed: CannotStart where the tables are not this version's.
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
        """What the act finds, all of it as at one moment; NotSaved if the database did not answer."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, act)

    def look(self, act: Callable[[Connection], T]) -> T:
        """What the act finds, before anything is served: this waits for the database."""
        return self._read(act)

    def let_go(self) -> None:
        """Close, where nothing is served yet."""
        self._close()

    async def write(self, act: Callable[[Connection], T]) -> T:
        """What the act gives, once it is on the disk, or the act's own exception with nothing of it written.

        NotSaved if the database failed; then it may all the same be on the disk, as after a power cut just
        before the answer, and the request id tells on trying again.
        """
        return await asyncio.wrap_future(self._writer.submit(act))

    async def beat(self) -> None:
        """Write one row, to see whether writing works. Raises `NotSaved`."""
        await self.write(beat)

    async def scrub(self) -> None:
        """Remove deleted content from the files too.

        SQLite overwrites it at once, and here its log, which holds the pages as they were, is emptied into
        the file and cut to nothing; unless a reader holds an old state; then the next scrub does it.
        PostgreSQL keeps deleted rows until the table is rewritten, and its log until that is recycled: there
        this does nothing, and the operator runs VACUUM FULL every night. Neither reaches backups, nor what
        an SSD has set aside.
        """
        if self._engines.reading.dialect.name == "sqlite":
            await asyncio.get_running_loop().run_in_executor(self._readers, self._empty_log)

    async def bury(self, *gone: tuple[str, str]) -> None:
        """Remember, outside the database, that these kinds and ids are gone, for when it is restored."""
        if self.graves is not None and gone:
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(self._readers, add_graves, self.graves, gone)
            except OSError as error:  # what was deleted is deleted; only a restore would bring it back
                note(Event.DELETIONS_NOT_KEPT, symptom=type(error).__name__)

    @property
    def kind(self) -> str:
        """Which kind of database this is: sqlite or postgresql."""
        return self._engines.reading.dialect.name

    @property
    def waiting(self) -> int:
        """How many writes wait for their turn."""
        return self._writer.waiting

    @property
    def failed_writes(self) -> int:
        """How often writing has failed since the start."""
        return self._writer.condition.failures

    async def close(self) -> None:
        """Write what is waiting, then let go of the database."""
        await asyncio.to_thread(self._close)

    def _read(self, act: Callable[[Connection], T]) -> T:
        try:
            with self._engines.reading.connect() as connection:
                found = act(connection)
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
            # writers wait while this waits for readers, so not for long
            cursor.execute("PRAGMA busy_timeout = 500")
            with suppress(sqlite3.OperationalError):
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
            cursor.close()
        finally:
            connection.close()

    def _close(self) -> None:
        self._writer.close()
        self._readers.shutdown()
        self._engines.dispose()
