"""Connections that say nothing cost nobody else theirs."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from aiohttp import web
from support.quick import LOW_COST, our_texts

from assistant.config import Settings
from assistant.web.app import make_app
from assistant.web.http.connections import QuietAccepting, Runner, Server

ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
OK = b"HTTP/1.1 200 OK"
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Listening:
    """A server, the port it is at, and who is connected to it."""

    server: Server
    port: int
    streams: list[Stream] = field(default_factory=list)

    async def connect(self) -> Stream:
        stream = await asyncio.open_connection("127.0.0.1", self.port)
        self.streams.append(stream)
        return stream


@asynccontextmanager
async def listen(app: web.Application) -> AsyncIterator[Listening]:
    runner = Runner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    assert isinstance(runner.server, Server)
    listening = Listening(runner.server, runner.addresses[0][1])
    yield listening
    for _, writer in listening.streams:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    await runner.cleanup()


@pytest_asyncio.fixture
async def listening(app: web.Application) -> AsyncIterator[Listening]:
    async with listen(app) as server:
        yield server


async def ask(stream: Stream, what: bytes = ASK) -> bytes:
    """Send a request and give the first line of the answer; nothing when it was closed."""
    reader, writer = stream
    writer.write(what)
    try:
        line, length = await reader.readline(), 0
        while (header := await reader.readline()).strip():
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        await reader.readexactly(length)
    except ConnectionError:
        return b""
    return line.strip()


async def is_closed(stream: Stream) -> bool:
    try:
        return await asyncio.wait_for(stream[0].read(), 5) == b""
    except ConnectionError:
        return True


async def test_when_there_is_no_room_the_one_that_never_asked_is_closed(listening: Listening) -> None:
    listening.server.at_most = 4
    silent = [await listening.connect() for _ in range(2)]
    newcomers = [await listening.connect() for _ in range(7)]
    assert [await ask(stream) for stream in newcomers[-2:]] == [OK] * 2
    assert all([await is_closed(stream) for stream in silent])
    assert listening.server.open == 4


async def test_one_address_has_no_more_than_its_part(listening: Listening) -> None:
    listening.server.each = 2
    first, second = await listening.connect(), await listening.connect()
    assert await ask(second) == OK
    third = await listening.connect()
    assert await ask(third) == OK
    assert await is_closed(first)


async def test_a_proxy_has_all_the_connections_there_are(settings: Settings) -> None:
    behind = settings.model_copy(update={"proxies": frozenset({"127.0.0.1"})})
    async with listen(make_app(behind, texts=our_texts(), cost=LOW_COST)) as listening:
        listening.server.each = 2
        streams = [await listening.connect() for _ in range(5)]
        assert [await ask(stream) for stream in streams] == [OK] * 5


@pytest.mark.parametrize("asked_before", [False, True])
@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nHost: loc"])
async def test_headers_that_do_not_come_in_time_end_the_connection(
    listening: Listening, asked_before: bool, sent: bytes
) -> None:
    listening.server.headers_within = 0.05
    stream = await listening.connect()
    if asked_before:
        assert await ask(stream) == OK
        if not sent:
            await asyncio.sleep(0.1)
            assert await ask(stream) == OK, "an open page may be at rest for longer"
            return
    stream[1].write(sent)
    assert await is_closed(stream)


async def test_nothing_is_unpacked_not_even_to_be_dropped(
    listening: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    packed = gzip.compress(bytes(16 << 20))
    head = (
        b"POST /nb/start HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(packed)
    )
    stream = await listening.connect()
    assert (await ask(stream, head + packed)).startswith(b"HTTP/1.1 400")
    assert await ask(stream) == OK, "the connection goes on as if it was never sent"
    broken = await listening.connect()
    assert (await ask(broken, head + b"x" * len(packed))).startswith(b"HTTP/1.1 400")
    assert await ask(broken) == OK
    assert caplog.records == []


def test_the_log_is_not_flooded_when_there_are_no_files(caplog: pytest.LogCaptureFixture) -> None:
    quiet, loop = QuietAccepting(), asyncio.new_event_loop()
    for _ in range(1000):
        quiet(loop, {"message": "socket.accept() out of system resource", "exception": OSError(24, "x")})
    loop.close()
    assert [(r.levelno, r.getMessage()) for r in caplog.records] == [(logging.ERROR, "no_file_free")]
