"""Notifies open screens of a write: which document and which revision, and no words.

A listener then reads through the ordinary, authorised route. A missed notification loses nothing, and a
notification reveals nothing. It is sent after commit and within this process; a listener that also polls
learns late, never wrongly, of what another process wrote.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress


class Listener:
    """Waits for writes to certain documents of one notebook.

    Nothing queues up: only the newest revision of each document counts, and a listener that returns late is
    woken once.
    """

    def __init__(self, documents: tuple[str, ...]) -> None:
        self._seen = dict.fromkeys(documents, 0)
        self._woken = asyncio.Event()

    def saw(self, revisions: Mapping[str, int]) -> None:
        """Mark these revisions as seen; only newer ones wake the listener."""
        for document in self._seen:
            self._seen[document] = revisions.get(document, 0)

    def hear(self, document: str, revision: int) -> None:
        """Record that a document was written."""
        if self._seen.get(document, revision) < revision:
            self._woken.set()

    def wake(self) -> None:
        """Wake the listener, even if it has seen everything."""
        self._woken.set()

    async def wait(self, at_most: float) -> None:
        """Wait for news or the timeout."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                await self._woken.wait()
        # cleared before anyone looks, so that changes while they look wake them again
        self._woken.clear()


class Broadcast:
    """All listeners in this process, by notebook."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}

    @contextmanager
    def listening(self, notebook_id: str, documents: tuple[str, ...], *also: str) -> Iterator[Listener]:
        """Listen while the context is open. Start listening before reading, so that no change in between is
        missed. `also` names further subjects to listen to, such as the member of staff at the screen.
        """
        listener = Listener(documents)
        for name in (notebook_id, *also):
            self._listeners.setdefault(name, set()).add(listener)
        try:
            yield listener
        finally:
            for name in (notebook_id, *also):
                here = self._listeners[name]
                here.discard(listener)
                if not here:
                    del self._listeners[name]

    def tell(self, notebook_id: str, document: str, revision: int) -> None:
        """Announce that a document was committed at this revision."""
        for listener in self._listeners.get(notebook_id, ()):
            listener.hear(document, revision)

    def tell_changed(self, notebook_id: str) -> None:
        """Announce another change to the notebook: who may see it, or whether it exists."""
        for listener in self._listeners.get(notebook_id, ()):
            listener.wake()

    @property
    def listened_to(self) -> int:
        """Return the number of notebooks with a listener."""
        return len(self._listeners)
