"""Tells the other processes on the same PostgreSQL that something was written: opaque ids and revisions.

A notification is sent after the commit, so it is not part of a transaction, and may be lost with its sender;
those who listen also look at intervals. Whenever the connection that listens has been made anew, they all
look once, because notifications were missed meanwhile.
"""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.events import Event, OngoingState
from assistant.storage.engines import symptom

if TYPE_CHECKING:
    from psycopg import AsyncConnection

CHANNEL = "for_motet"
TOGETHER = 0.01
"""Seconds for which the sender waits for more to send with the first."""
_FIRST_REST, _LONGEST_REST = 0.1, 5.0
_PATIENCE = 2.0
"""Seconds that closing waits for what is not sent yet."""
_MOST = 5_000
"""Written subjects that wait while the sender has no connection; with more, everyone is told to look."""
_PAYLOAD = 7_900
"""Bytes of one notification; PostgreSQL takes less than 8,000."""
_ALL = "*"
# a connection that only listens notices a dead network by these alone
_TERMS = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


class Written(NamedTuple):
    """A written document, by opaque ids; without a document, something else about the subject changed."""

    subject: str
    document: str


class Relay:
    """One connection that listens and one that sends."""

    def __init__(
        self,
        terms: Mapping[str, Any],
        hear: Callable[[Written, int], None],
        missed: Callable[[], None],
    ) -> None:
        self._terms = {**terms, **_TERMS, "autocommit": True}
        self._hear = hear
        self._missed = missed
        self._me = secrets.token_hex(4)
        self._waiting: dict[Written, int] = {}
        self._has_news, self._is_sent = asyncio.Event(), asyncio.Event()
        self._is_sent.set()
        self.is_listening = asyncio.Event()
        self.condition = OngoingState(Event.RELAY_LOST, Event.RELAY_BACK)

    def send(self, written: Written, revision: int) -> None:
        """Tell the other processes soon. Of each document only the newest revision counts."""
        if len(self._waiting) >= _MOST:
            self._waiting.clear()
            written, revision = Written(_ALL, ""), 0
        if Written(_ALL, "") not in self._waiting:
            self._waiting[written] = max(revision, self._waiting.get(written, 0))
        self._is_sent.clear()
        self._has_news.set()

    @asynccontextmanager
    async def running(self, *, listens: bool = True) -> AsyncIterator[None]:
        """Send, and listen, while the context is open. At its end, what waits is still sent."""
        acts = [self._send_news, self._listen] if listens else [self._send_news]
        tasks = [asyncio.create_task(self._again_and_again(act)) for act in acts]
        try:
            yield
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await self._is_sent.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _again_and_again(self, act: "Callable[[AsyncConnection[Any]], Any]") -> None:
        """Run the act on a connection, and again on another whenever that is lost."""
        from psycopg import AsyncConnection, Error

        rest = _FIRST_REST
        while True:
            try:
                async with await AsyncConnection.connect(**self._terms) as connection:
                    rest = _FIRST_REST
                    self.condition.works()
                    await act(connection)
            except (Error, OSError) as error:
                self.condition.failed(symptom(error))
            # at random, so that many processes do not all come back in the same moment
            await asyncio.sleep(rest * random.uniform(0.5, 1))  # noqa: S311
            rest = min(2 * rest, _LONGEST_REST)

    async def _send_news(self, connection: "AsyncConnection[Any]") -> None:
        while True:
            await self._has_news.wait()
            await asyncio.sleep(TOGETHER)
            sent = dict(self._waiting)
            for payload in _payloads(self._me, sent):
                await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
            # only now: what a lost connection did not send is sent on the next one
            for written, revision in sent.items():
                if self._waiting.get(written) == revision:
                    del self._waiting[written]
            if not self._waiting:
                self._has_news.clear()
                self._is_sent.set()

    async def _listen(self, connection: "AsyncConnection[Any]") -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        self._missed()
        self.is_listening.set()
        try:
            async for notice in connection.notifies():
                sender, _, news = notice.payload.partition(" ")
                if sender != self._me:
                    self._take(news)
        finally:
            self.is_listening.clear()

    def _take(self, news: str) -> None:
        """Hear what another process wrote. What it sent in another form is passed over."""
        for one in news.split(";"):
            match one.split(","):
                case [subject, _, _] if subject == _ALL:
                    self._missed()
                case [subject, document, revision] if revision.isdecimal():
                    self._hear(Written(subject, document), int(revision))


def _payloads(sender: str, sent: Mapping[Written, int]) -> list[str]:
    """Return them in as few notifications as they fit."""
    payloads: list[str] = []
    size = _PAYLOAD
    for (subject, document), revision in sent.items():
        one = f"{subject},{document},{revision}"
        if size + len(one) + 1 > _PAYLOAD:
            payloads.append(f"{sender} {one}")
            size = len(payloads[-1])
        else:
            payloads[-1] += f";{one}"
            size += len(one) + 1
    return payloads
