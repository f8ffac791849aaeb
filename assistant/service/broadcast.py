"""Telling the open screens that something has been written: which document, which revision, and no words.

Whoever hears of it looks for themselves, by the ordinary, authorised way. So nothing is lost if it is not
heard, and nothing is learnt by hearing it. It is told after commit and in this process only; a listener that
also looks by itself now and then hears late, never wrongly, of what another process wrote.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress


class Listener:
    """One who wants to know when certain documents of one notebook have been written.

    Nothing queues up here: of each document only the newest revision counts, and whoever comes back late is
    woken once.
    """

    def __init__(self, documents: tuple[str, ...]) -> None:
        self._seen = dict.fromkeys(documents, 0)
        self._woken = asyncio.Event()

    def saw(self, revisions: Mapping[str, int]) -> None:
        """These revisions have been looked at; what is no newer than they are is no news."""
        for document in self._seen:
            self._seen[document] = revisions.get(document, 0)

    def hear(self, document: str, revision: int) -> None:
        """A document has been written."""
        if self._seen.get(document, revision) < revision:
            self._woken.set()

    def wake(self) -> None:
        """Look again, whatever was seen."""
        self._woken.set()

    async def wait(self, at_most: float) -> None:
        """Until there is news, or the time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                await self._woken.wait()
        # before anyone looks: what is heard while they do wakes them again
        self._woken.clear()


class Broadcast:
    """Everybody who listens in this process, by the notebook they listen to."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}

    @contextmanager
    def listening(self, notebook_id: str, documents: tuple[str, ...], *also: str) -> Iterator[Listener]:
        """Listen for as long as it lasts. Listen first and look then: what comes in between is heard.

        `also` names what else a change is heard of, such as the member of staff whose screen it is.
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
        """A document is on the disk at this revision."""
        for listener in self._listeners.get(notebook_id, ()):
            listener.hear(document, revision)

    def tell_changed(self, notebook_id: str) -> None:
        """Something else has changed about the notebook: who may see it, or whether it is there at all."""
        for listener in self._listeners.get(notebook_id, ()):
            listener.wake()

    @property
    def listened_to(self) -> int:
        """How many notebooks somebody listens to."""
        return len(self._listeners)
