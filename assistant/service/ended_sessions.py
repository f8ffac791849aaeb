"""Sessions that ended while the database refused writes: they are rejected at once and deleted later.

The list is in memory only and is lost on a restart or crash; the message to the user says so.
"""

from collections.abc import Callable

from assistant.storage.database import Connection, Database

_MOST = 100_000
"""More than the number of real browsers; bounds the memory that forged cookies can use during an outage."""


class EndedSessions:
    """The indexes of the sessions that are still to be deleted."""

    def __init__(self, database: Database, delete: Callable[[Connection, bytes], object]) -> None:
        self._database = database
        self._delete = delete
        self._indexes: set[bytes] = set()

    def __contains__(self, index: bytes) -> bool:
        return index in self._indexes

    def add(self, index: bytes) -> None:
        """Refuse this session from now on, until it is deleted."""
        if len(self._indexes) < _MOST:
            self._indexes.add(index)

    async def delete_all(self) -> None:
        """Delete the remaining sessions. Raises `NotSaved` if the database still refuses writes."""
        indexes = frozenset(self._indexes)
        if not indexes:
            return

        def write(connection: Connection) -> None:
            for index in indexes:
                self._delete(connection, index)

        await self._database.write(write)
        self._indexes -= indexes
