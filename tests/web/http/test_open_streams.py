"""What an open stream keeps, and how its connection ends."""

import asyncio
import gc
import logging
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import FunctionType, ModuleType

import pytest
from aiohttp import web
from aiohttp.http import HttpRequestParser
from support.page import Page
from support.person import Person
from support.waiting import until

from assistant.service.broadcast import Listener
from assistant.service.queueing import ask_as
from assistant.service.services import Services
from assistant.vault.key_stretching import ASKER, Asker
from assistant.web.http.connections import Connection, Server
from assistant.web.http.event_stream import stream
from assistant.web.http.open_streams import STREAMS, EventStreams, OpenStream

pytestmark = pytest.mark.one_application
STREAM_COSTS = 4_000
"""Bytes that a waiting stream and all it refers to may take, its connection included."""
SHARED = (
    type,
    ModuleType,
    FunctionType,
    asyncio.BaseEventLoop,
    asyncio.AbstractServer,
    Server,
    EventStreams,
    Services,
)
KEPT_BY_A_HANDLER = (web.Request, web.StreamResponse, Connection, HttpRequestParser, asyncio.Task)


@pytest.fixture
def streams(app: web.Application) -> EventStreams:
    return app[STREAMS]


def events_of(page: Page) -> str:
    return page.root.one("main").attributes["data-live"]


def request_of(person: Person, path: str, version: str = "1.1") -> bytes:
    cookie = next(iter(person.client.session.cookie_jar))
    return f"GET {path} HTTP/{version}\r\nHost: localhost\r\nCookie: s={cookie.value}\r\n\r\n".encode()


@asynccontextmanager
async def asking(person: Person, sent: bytes, receives: int | None = None) -> AsyncIterator[socket.socket]:
    """Send this to the server on a connection of its own, with a small buffer to receive in if given."""
    with socket.socket() as client:
        if receives is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(client, (person.client.host, person.client.port))
        await loop.sock_sendall(client, sent)
        yield client


async def read_until(client: socket.socket, end: bytes = b"") -> bytes:
    """What the server sends up to this, or up to the end of the connection."""
    read, loop = b"", asyncio.get_running_loop()
    async with asyncio.timeout(30):
        while not end or end not in read:
            some = await loop.sock_recv(client, 65_536)
            if not some:
                assert not end, read
                break
            read += some
    return read


def server_of(person: Person) -> Server:
    runner = person.client.server.runner
    assert runner is not None
    assert isinstance(runner.server, Server)
    return runner.server


def kept_by_handlers() -> Counter[str]:
    """The objects of each kind that a handler keeps, and the timers."""
    gc.collect()
    found = gc.get_objects()
    kinds = Counter(kind.__name__ for one in found for kind in KEPT_BY_A_HANDLER if isinstance(one, kind))
    kinds["timers"] = sum(isinstance(one, asyncio.TimerHandle) and not one.cancelled() for one in found)
    return kinds


def size_of(stream: OpenStream) -> int:
    """The bytes of a stream and all it refers to, without what all streams share."""
    found: dict[int, object] = {}
    looked_at: list[object] = [stream]
    while looked_at:
        one = looked_at.pop()
        if id(one) not in found and not isinstance(one, SHARED):
            found[id(one)] = one
            looked_at += gc.get_referents(one)
    return sum(map(sys.getsizeof, found.values()))


async def test_a_waiting_stream_keeps_no_request_no_task_and_no_timer(
    person: Person, streams: EventStreams
) -> None:
    page = await person.reach("matters/now")
    streams.at_most, asked = 100, request_of(person, events_of(page))
    async with AsyncExitStack() as clients:
        await read_until(await clients.enter_async_context(asking(person, asked)), b"data: ")
        before = kept_by_handlers()
        for _ in range(20):
            await read_until(await clients.enter_async_context(asking(person, asked)), b"data: ")
        after = kept_by_handlers()
        assert streams.open == 21
    assert after.pop("timers") - before.pop("timers") < 5, "a few of other parts at most"
    assert after == before


async def test_a_waiting_stream_is_small(person: Person, streams: EventStreams) -> None:
    page = await person.reach("matters/now")
    async with asking(person, request_of(person, events_of(page))) as client:
        await read_until(client, b"data: ")
        (stream,) = streams._open
        assert size_of(stream) < STREAM_COSTS


async def test_a_stream_counts_as_a_connection_until_it_is_gone(
    person: Person, streams: EventStreams
) -> None:
    page = await person.reach("matters/now")
    await person.client.get("/healthz")  # a connection that is idle afterwards, and makes room
    server = server_of(person)
    before = server.open
    async with asking(person, request_of(person, events_of(page))) as client:
        await read_until(client, b"data: ")
        assert (server.open, streams.open) == (before + 1, 1)
        server.at_most = before + 1
        async with asking(person, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") as other:
            assert (await read_until(other, b"\r\n")).startswith(b"HTTP/1.1 200")
        await until(lambda: server.open <= before)
        assert streams.open == 1, "it is not closed to make room"
    await until(lambda: (server.open, streams.open) == (before - 1, 0))


@pytest.mark.parametrize("version", ["1.0", "1.1"])
async def test_the_response_is_complete_and_its_connection_closed(person: Person, version: str) -> None:
    page = await person.reach("matters/now")
    async with asking(person, request_of(person, events_of(page), version)) as client:
        begun = await read_until(client, b"data: ")
        await person.send(page.form("leave").press())
        whole = begun + await read_until(client)
    head, _, body = whole.partition(b"\r\n\r\n")
    assert (b"Connection: close" in head) == (b"Transfer-Encoding: chunked" in head) == (version == "1.1")
    ended = b"event: ended\ndata:\n\n"
    assert body.endswith(b"14\r\n%b\r\n0\r\n\r\n" % ended if version == "1.1" else b"\n\n" + ended)


@pytest.mark.parametrize("sent", ["with the request", "later"])
async def test_nothing_more_is_answered_on_the_connection_of_a_stream(
    person: Person, streams: EventStreams, sent: str
) -> None:
    page = await person.reach("matters/now")
    asked, more = request_of(person, events_of(page)), request_of(person, page.path)
    is_later = sent == "later"
    async with asking(person, asked if is_later else asked + more) as client:
        read = await read_until(client, b"\n\n\r\n")
        if is_later:
            await asyncio.get_running_loop().sock_sendall(client, more)
        else:
            await person.send(page.form("leave").press())
        read += await read_until(client)
    assert read.count(b"HTTP/1.1 ") == 1
    assert read.endswith(b"0\r\n\r\n") != is_later, "who sends more is dropped"
    await until(lambda: streams.open == 0)


async def test_it_is_noticed_when_a_client_that_sent_many_requests_at_once_is_gone(
    person: Person, streams: EventStreams
) -> None:
    page = await person.reach("matters/now")
    streams.heartbeat = 1_000
    asked, more = request_of(person, events_of(page)), request_of(person, page.path)
    async with asking(person, asked + 40 * more) as client:  # more than aiohttp reads ahead
        await read_until(client, b"data: ")
        assert streams.open == 1
    await until(lambda: streams.open == 0)


async def test_a_client_that_has_not_read_the_answer_before_gets_no_stream(
    person: Person, streams: EventStreams, caplog: pytest.LogCaptureFixture
) -> None:
    page = await person.reach("matters/now")
    streams.patience = 0.2
    server = server_of(person)
    before = server.open
    async with asking(person, b"", receives=1) as client:
        await until(lambda: server.open == before + 1)
        (*_, there) = server.connections
        assert there.transport is not None
        there.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        asked = request_of(person, page.path) + request_of(person, events_of(page))
        await asyncio.get_running_loop().sock_sendall(client, asked)
        await until(lambda: server.open == before)
        read = await read_until(client)
    assert read.startswith(b"HTTP/1.1 200")
    assert b"event-stream" not in read
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


class OwnLook:
    """A stream of the test's own, at `/own`, about `own`, which looks as the test says."""

    def __init__(self) -> None:
        self.may_see, self.looks, self.seen, self.askers = asyncio.Event(), 0, 0, set[Asker]()
        self.may_see.set()

    async def look(self, _: Listener) -> str:
        self.looks += 1
        self.askers.add(ASKER.get())
        await self.may_see.wait()
        self.seen += 1
        return str(self.looks)

    async def events(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, "secret", "own", (), self.look)


@pytest.fixture
def own(app: web.Application) -> OwnLook:
    own = OwnLook()
    app.router.add_get("/own", own.events)
    return own


ASK_OWN = b"GET /own HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def test_what_changes_during_a_look_is_looked_at_afterwards_once(
    own: OwnLook, person: Person, streams: EventStreams
) -> None:
    async with asking(person, ASK_OWN) as client:
        await read_until(client, b"data: 1\n\n")
        own.may_see.clear()
        streams.broadcast.tell_changed("own")
        await until(lambda: own.looks == 2)
        for _ in range(5):
            streams.broadcast.tell_changed("own")
        await asyncio.sleep(0.1)
        assert own.looks == 2, "one look at a time"
        own.may_see.set()
        await read_until(client, b"data: 3\n\n")
        await asyncio.sleep(0.1)
        assert own.looks == 3


async def test_a_look_is_not_done_on_behalf_of_the_person_who_wrote(
    own: OwnLook, person: Person, streams: EventStreams
) -> None:
    async with asking(person, ASK_OWN) as client:
        await read_until(client, b"data: 1\n\n")
        ask_as("somebody else")
        streams.broadcast.tell_changed("own")
        await read_until(client, b"data: 2\n\n")
    assert own.askers == {Asker()}


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_server_that_stops_waits_for_looks_but_not_for_long(
    own: OwnLook, app: web.Application, person: Person, streams: EventStreams, is_late: bool
) -> None:
    if is_late:
        streams.patience = 0.1
    async with asking(person, ASK_OWN) as client:
        await read_until(client, b"data: 1\n\n")
        own.may_see.clear()
        streams.broadcast.tell_changed("own")
        await until(lambda: own.looks == 2)
        stopping = asyncio.create_task(streams.hang_up(app))
        assert (await read_until(client)).endswith(b"0\r\n\r\n"), "it is told at once"
        assert is_late or not stopping.done()
        if not is_late:
            own.may_see.set()
        await stopping
        await until(lambda: not streams._looks)
    assert own.seen == (1 if is_late else 2)


async def test_a_server_that_stops_begins_no_stream(
    own: OwnLook, app: web.Application, person: Person, streams: EventStreams
) -> None:
    await streams.hang_up(app)
    async with asking(person, ASK_OWN) as client:
        assert (await read_until(client)).endswith(b"retry: 4000\n\n\r\n0\r\n\r\n")
    assert (own.looks, streams.open) == (0, 0)


async def test_each_stream_looks_once_in_a_heartbeat(
    own: OwnLook, person: Person, streams: EventStreams
) -> None:
    streams.heartbeat, now = 0.2, asyncio.get_running_loop().time
    async with asking(person, ASK_OWN) as client, asking(person, ASK_OWN) as other:
        for one in (client, other):
            await read_until(one, b"data: ")
        began = now()
        await until(lambda: own.looks >= 10)
        assert now() - began > 0.7, "four heartbeats, the first of which began before"
        for one in (client, other):
            await asyncio.sleep(0.1)
            assert (await read_until(one, b"data: ")).count(b"data: ") >= 4
