"""Notifies open screens of a write: which document and which revision, and no words.

A listener then reads through the ordinary, authorised route. A missed notification loses nothing, and a
notification reveals nothing. It is sent after commit: within this process, and with PostgreSQL to the others
that share the database. A listener that also polls learns late, never wrongly, of one that was lost.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress

from assistant.storage.database import Database
from assistant.storage.relay import Relay, Written


class Listener:
    """Waits for writes to certain documents of one notebook.

    Nothing queues up: only the newest revision of each document counts, and a listener that returns late is
    woken once.
    """

    def __init__(self, documents: Mapping[str, str]) -> None:
        """Listen to these documents, by their opaque ids."""
        self._documents = documents
        self._seen = dict.fromkeys(documents.values(), 0)
        self._woken = asyncio.Event()

    def saw(self, revisions: Mapping[str, int]) -> None:
        """Mark these revisions as seen; only newer ones wake the listener."""
        for document in self._seen:
            self._seen[document] = revisions.get(document, 0)

    def hear(self, opaque: str, revision: int) -> None:
        """Record that a document was written."""
        document = self._documents.get(opaque)
        if document is not None and self._seen[document] < revision:
            self._woken.set()

    def wake(self) -> None:
        """Wake the listener, even if it has seen everything."""
        self._woken.set()

    @property
    def is_woken(self) -> bool:
        """Return whether there is news that it was not told yet."""
        return self._woken.is_set()

    async def wait(self, at_most: float) -> None:
        """Wait for news or the timeout."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                await self._woken.wait()
        # cleared before anyone looks, so that changes while they look wake them again
        self._woken.clear()


class Broadcast:
    """All listeners in this process, by the opaque id of the notebook or other subject.

    The ids are digests under a key that the processes on one database share, so that a reader of what they
    tell each other learns no id that means anything elsewhere.
    """

    def __init__(self, key: bytes = b"") -> None:
        self._key = key
        self._listeners: dict[str, set[Listener]] = {}
        self._relay: Relay | None = None

    @contextmanager
    def listening(self, notebook_id: str, documents: tuple[str, ...], *also: str) -> Iterator[Listener]:
        """Listen while the context is open. Start listening before reading, so that no change in between is
        missed. `also` names further subjects to listen to, such as the member of staff at the screen.
        """
        listener = Listener({self._opaque(document): document for document in documents})
        subjects = [self._opaque(name) for name in (notebook_id, *also)]
        for name in subjects:
            self._listeners.setdefault(name, set()).add(listener)
        try:
            yield listener
        finally:
            for name in subjects:
                here = self._listeners[name]
                here.discard(listener)
                if not here:
                    del self._listeners[name]

    def tell(self, notebook_id: str, document: str, revision: int) -> None:
        """Announce that a document was committed at this revision."""
        self._tell(Written(self._opaque(notebook_id), self._opaque(document)), revision)

    def tell_changed(self, notebook_id: str) -> None:
        """Announce another change to the notebook: who may see it, or whether it exists."""
        self._tell(Written(self._opaque(notebook_id), ""), 0)

    @asynccontextmanager
    async def across(self, database: Database, *, listens: bool = True) -> AsyncIterator[None]:
        """Tell the other processes on this database too, and hear of what they write, while the context is
        open. A command only tells. With SQLite this does nothing.
        """
        relay = database.relay(self._hear, self._wake_all)
        if relay is None:
            yield
            return
        async with relay.running(listens=listens):
            self._relay = relay
            try:
                yield
            finally:
                self._relay = None

    @property
    def relay(self) -> Relay | None:
        """What connects this process with the others, if there is one."""
        return self._relay

    def _tell(self, written: Written, revision: int) -> None:
        self._hear(written, revision)
        if self._relay is not None:
            self._relay.send(written, revision)

    def _hear(self, written: Written, revision: int) -> None:
        for listener in self._listeners.get(written.subject, ()):
            if written.document:
                listener.hear(written.document, revision)
            else:
                listener.wake()

    def _wake_all(self) -> None:
        """Have every listener look, because notifications may have been missed."""
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.wake()

    def _opaque(self, name: str) -> str:
        return hashlib.blake2b(name.encode(), key=self._key, digest_size=12).hexdigest()

    @property
    def listened_to(self) -> int:
        """Return the number of notebooks with a listener."""
        return len(self._listeners)
