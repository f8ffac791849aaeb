"""Sessions that were ended while the database took no write: they are refused at once, and deleted later.

They are held in memory only, so they outlive neither a restart nor a crash; what people are told says so.
"""

from collections.abc import Callable

from assistant.storage.database import Connection, Database

_MOST = 100_000
"""More than there are browsers; made-up cookies fill no memory while the database is away."""


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
        """Delete those that are left. Raises `NotSaved` where the database still takes no write."""
        indexes = frozenset(self._indexes)
        if not indexes:
            return

        def write(connection: Connection) -> None:
            for index in indexes:
                self._delete(connection, index)

        await self._database.write(write)
        self._indexes -= indexes
