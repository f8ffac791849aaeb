"""What comes in that is no request at all, byte by byte."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from assistant.web.http.connections import Runner
from assistant.web.http.security_headers import HEADERS

HOST = b"Host: localhost\r\n"
RAW: dict[str, tuple[bytes, int]] = {
    "no request": (b"MARKER\r\n\r\n", 400),
    "a handshake": (b"\x16\x03\x01\x02\x00MARKER\r\n\r\n", 400),
    "a header without a colon": (b"GET /nb/ HTTP/1.1\r\n" + HOST + b"MARKER\r\n\r\n", 400),
    "a long address": (b"GET /" + b"MARKER" * 3000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a long header": (b"GET /nb/ HTTP/1.1\r\n" + HOST + b"Cookie: s=" + b"MARKER" * 3000 + b"\r\n\r\n", 400),
    "no host": (b"GET /nb/ HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET /nb/ HTTP/1.1\r\n" + HOST + b"Host: MARKER\r\n\r\n", 400),
    "two lengths": (
        b"POST /leave HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
    ),
    "no length at all": (b"POST /leave HTTP/1.1\r\n" + HOST + b"Content-Length: MARKER\r\n\r\n", 400),
    "the server itself": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "a tunnel": (b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "a whole address": (b"GET http://localhost/nb/help HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    "two slashes": (b"GET //MARKER/ HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "bytes that are no text": (
        b"GET /nb/%ff%00 HTTP/1.1\r\n" + HOST + b"Cookie: s=\xff\xfe; =;\r\n\r\n",
        404,
    ),
    "an expectation": (
        b"POST /leave HTTP/1.1\r\n" + HOST + b"Expect: much\r\nContent-Length: 0\r\n\r\n",
        417,
    ),
    "an upgrade": (
        b"GET /nb/ HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        200,
    ),
    "a strange language": (
        b"GET / HTTP/1.1\r\n" + HOST + b"Accept-Language: \xff;q=nan,;q=,x;q=9\r\n\r\n",
        302,
    ),
    "a range": (b"GET /nb/ HTTP/1.1\r\n" + HOST + b"Range: bytes=MARKER\r\nIf-None-Match: *\r\n\r\n", 200),
    "an old browser": (b"GET /nb/help HTTP/1.0\r\n" + HOST + b"\r\n", 200),
}


@pytest_asyncio.fixture
async def port(app: web.Application) -> AsyncIterator[int]:
    runner = Runner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def exchange(port: int, raw: bytes) -> tuple[int, dict[str, str], bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode()
    status, *lines = head.strip().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    body = await reader.readexactly(int(headers["Content-Length"]))
    writer.close()
    await writer.wait_closed()
    return int(status.split()[1]), headers, body


@pytest.mark.filterwarnings("ignore:Unhandled:pytest.PytestUnraisableExceptionWarning")
async def test_whatever_comes_is_answered_with_our_headers_and_never_repeated(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name, (raw, expected) in RAW.items():
        status, headers, body = await exchange(port, raw)
        assert status == expected, name
        assert HEADERS.items() <= headers.items(), name
        assert headers["Cache-Control"] == "no-store", name
        assert b"MARKER" not in body, name
        assert b"Traceback" not in body, name
    said = " ".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert "MARKER" not in said
    assert "127.0.0.1" not in said


async def test_a_visitor_who_goes_away_in_the_middle_harms_nobody(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    for raw in (b"GET /nb/", b"POST /leave HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\nMARKER", b""):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    status, _, _ = await exchange(port, b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
    assert status == 200
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
