"""Notifies open screens of a write: which document and which revision, and no words.

A listener then reads through the ordinary, authorised route. A missed notification loses nothing, and a
notification reveals nothing. It is sent after commit: within this process, and with PostgreSQL to the others
that share the database. A listener that also polls learns late, never wrongly, of one that was lost.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

from assistant.storage.database import Database
from assistant.storage.relay import Relay, Written


class Listener:
    """Is called when certain documents of one notebook are written.

    Nothing queues up: only the newest revision of each document counts, and a listener that looks late is
    called once. It is called, not awaited: thousands wait, and a task for each takes much more memory.
    """

    __slots__ = ("_call", "_documents", "_seen", "is_woken", "subjects")

    def __init__(
        self, documents: Mapping[str, str], subjects: tuple[str, ...], call: Callable[[], None]
    ) -> None:
        """Listen to these documents, by their opaque ids, among what is told about these subjects."""
        self._documents, self.subjects, self._call = documents, subjects, call
        self._seen = dict.fromkeys(documents.values(), 0)
        self.is_woken = False
        """Whether there is news that was not taken yet."""

    def saw(self, revisions: Mapping[str, int]) -> None:
        """Mark these revisions as seen; only newer ones wake the listener."""
        for document in self._seen:
            self._seen[document] = revisions.get(document, 0)

    def hear(self, opaque: str, revision: int) -> None:
        """Record that a document was written."""
        document = self._documents.get(opaque)
        if document is not None and self._seen[document] < revision:
            self.wake()

    def wake(self) -> None:
        """Wake the listener, even if it has seen everything."""
        if not self.is_woken:
            self.is_woken = True
            self._call()

    def take_news(self) -> bool:
        """Return whether there is news. Take it before looking: a change during the look wakes again."""
        is_woken, self.is_woken = self.is_woken, False
        return is_woken

    def stop(self) -> None:
        """Call no more."""
        self._call = _nothing


def _nothing() -> None:
    """What a listener calls that only says when asked."""


class Broadcast:
    """All listeners in this process, by the opaque id of the notebook or other subject.

    The ids are digests under a key that the processes on one database share, so that a reader of what they
    tell each other learns no id that means anything elsewhere.
    """

    def __init__(self, key: bytes = b"") -> None:
        self._key = key
        self._listeners: dict[str, set[Listener]] = {}
        self._relay: Relay | None = None

    def listen(
        self,
        notebook_id: str,
        documents: tuple[str, ...],
        *also: str,
        call: Callable[[], None] = _nothing,
    ) -> Listener:
        """Listen until `stop`. Start listening before reading, so that no change in between is missed. `also`
        names further subjects to listen to, such as the member of staff at the screen.
        """
        subjects = tuple(self._opaque(name) for name in (notebook_id, *also))
        listener = Listener({self._opaque(document): document for document in documents}, subjects, call)
        for name in subjects:
            self._listeners.setdefault(name, set()).add(listener)
        return listener

    def stop(self, listener: Listener) -> None:
        """Listen no more."""
        listener.stop()
        for name in listener.subjects:
            here = self._listeners[name]
            here.discard(listener)
            if not here:
                del self._listeners[name]

    @contextmanager
    def listening(self, notebook_id: str, documents: tuple[str, ...], *also: str) -> Iterator[Listener]:
        """Listen while the context is open, to what `listen` names."""
        listener = self.listen(notebook_id, documents, *also)
        try:
            yield listener
        finally:
            self.stop(listener)

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
