"""Attacks by a stranger, and how long the next visitor waits meanwhile.

    python -m tests.benchmarks.attacks                 # all of them
    python -m tests.benchmarks.attacks gzip percent    # some

Each is run against a server of its own on loopback, bounded in count and time. Beside it one visitor opens a
page again and again; p50 and p95 are compared with a quiet run just before. Ends with 1 when a p95 is over
0.3 s. On a machine with other work, `chrt -r 1` before the command keeps that out of the figures.
"""

import asyncio
import gzip
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

SECONDS = 5.0
ALLOWED = 0.3
"""Seconds of the 95th percentile."""
_PATIENCE = 60
_ATTACK = "--attack"
_READY = re.compile(r"^Ready: (\S+?)/?\n", re.MULTILINE)
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n"


@asynccontextmanager
async def serving(folder: Path, files: int | None) -> AsyncIterator[tuple[str, Path]]:
    """Serve on a free port with so many open files; its address, and the file with what it says."""
    limit = [] if files is None else ["prlimit", f"--nofile={files}"]
    said = folder / "said"
    with said.open("wb") as out:
        server = await asyncio.create_subprocess_exec(
            *limit,
            *(sys.executable, "-m", "assistant", "serve", "--port", "0", "--data", str(folder / "data")),
            stdout=out,
            stderr=out,
        )
    try:
        async with asyncio.timeout(_PATIENCE):
            while not (ready := _READY.search(said.read_text())):  # noqa: ASYNC110 -- another process
                await asyncio.sleep(0.05)
        yield ready[1], said
    finally:
        server.kill()
        await server.wait()


class Target:
    """The server under attack."""

    def __init__(self, address: str) -> None:
        self.host, self.port = address.removeprefix("http://").split(":")

    def head(self, what: str, length: int | None = None, more: bytes = b"") -> bytes:
        """The head of a request, with a body of this length."""
        size = b"" if length is None else b"Content-Length: %d\r\n" % length
        return f"{what} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n".encode() + size + more + b"\r\n"

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A new connection."""
        return await asyncio.open_connection(self.host, int(self.port))

    async def ask(self, request: bytes) -> int:
        """Send it on a connection of its own, read the answer, give its status; 0 when it was closed."""
        reader, writer = await self.connect()
        try:
            writer.write(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            answer = await reader.read()
            return int(answer.split(b" ", 2)[1]) if answer else 0
        except ConnectionError:
            return 0
        finally:
            writer.close()


Attack = Callable[[Target], Coroutine[Any, Any, None]]


async def packed(target: Target) -> None:
    """Ten times 1 MiB that unpacks to 1 GiB."""
    body = gzip.compress(bytes(1 << 30), 6)
    await _at_once(target, 10, _post(target, "/nb/start", body, b"Content-Encoding: gzip\r\n"))


async def percent(target: Target) -> None:
    """4 MiB of percent codes ten times to a form of nobody's, 1 MiB ten and fifty times elsewhere."""
    whole, small = b"%41" * ((4 << 20) // 3), b"%41" * ((1 << 20) // 3)
    await _at_once(target, 10, _post(target, f"/meetings/{'0' * 32}/form", whole))
    await _at_once(target, 10, _post(target, "/nb/start", small))
    await _at_once(target, 50, _post(target, "/nb/r", small))


async def allowed(target: Target) -> None:
    """Two hundred times as much as is read of anybody, 64 KiB of percent codes."""
    body = b"link=" + b"%41" * 21_000
    for _ in range(10):
        await _at_once(target, 20, _post(target, "/nb/r", body))


async def scripts(target: Target) -> None:
    """Eighty script pages at once, then sixty slow readers with twenty pipelined ones each."""
    page = target.head("GET /nb/script/before_meeting")
    await _at_once(target, 80, page)
    await asyncio.gather(*(_read_slowly(target, page * 20) for _ in range(60)))


async def slow(target: Target) -> None:
    """Two hundred bodies and headers that come a byte at a time."""

    async def drip(start: bytes) -> None:
        _, writer = await target.connect()
        with suppress(ConnectionError):
            writer.write(start)
            for _ in range(int(SECONDS) * 4):
                writer.write(b"a")
                await asyncio.sleep(0.25)
        writer.close()

    head = target.head("POST /nb/r", 60_000, _FORM)
    await asyncio.gather(*(drip(start) for start in [head, head[:-2]] * 100))


async def silent(target: Target) -> None:
    """Eleven hundred connections that say nothing, against a server with 1,024 open files."""
    kept = []
    for _ in range(1_100):
        with suppress(OSError):
            kept.append(await target.connect())
    await asyncio.sleep(SECONDS)
    for _, writer in kept:
        writer.close()


async def guesses(target: Target) -> None:
    """Codenames and passwords that open nothing, twelve at a time from one address."""
    words = b"link=acorn+tulip+kaffe+notebook+fjell+gitar+lanterne"
    staff = b"name=Ingen+Slik+%d&password=galt+passord+her&code=000000"
    until, number = time.monotonic() + SECONDS, 0
    while time.monotonic() < until:
        number += 1
        requests = [_post(target, "/nb/r", words), _post(target, "/nb/staff", staff % number)] * 6
        await asyncio.gather(*(target.ask(request) for request in requests))


async def cookies(target: Target) -> None:
    """Two hundred headers with 1,900 cookies each; parsing one takes 25 ms."""
    full = b"\r\nCookie: " + b"a=b;" * 1_900 + b"\r\n\r\n"
    await _at_once(target, 200, target.head("GET /desk").replace(b"\r\n\r\n", full))


async def chunks(target: Target) -> None:
    """Twenty bodies of 60,000 chunks of one byte."""
    head = target.head("POST /nb/r", None, _FORM + b"Transfer-Encoding: chunked\r\n")
    await _at_once(target, 20, head + b"1\r\na\r\n" * 60_000 + b"0\r\n\r\n")


ATTACKS: dict[str, Attack] = {
    "gzip": packed,
    "percent": percent,
    "allowed": allowed,
    "scripts": scripts,
    "slow": slow,
    "silent": silent,
    "guesses": guesses,
    "cookies": cookies,
    "chunks": chunks,
}


def _post(target: Target, path: str, body: bytes, more: bytes = b"") -> bytes:
    return target.head(f"POST {path}", len(body), _FORM + more) + body


async def _at_once(target: Target, number: int, request: bytes) -> None:
    await asyncio.gather(*(target.ask(request) for _ in range(number)))


async def _read_slowly(target: Target, requests: bytes) -> None:
    reader, writer = await target.connect()
    with suppress(ConnectionError, TimeoutError):
        writer.write(requests)
        async with asyncio.timeout(SECONDS):
            while await reader.read(4096):  # noqa: ASYNC110 -- it is slow on purpose
                await asyncio.sleep(0.01)
    writer.close()


async def _visit(target: Target, waits: list[float]) -> None:
    """Open the page to come back by, ten times a second, each time as somebody new."""
    request = target.head("GET /nb/r")
    while True:
        began, status = time.monotonic(), 0
        with suppress(OSError):  # a timeout is one too
            async with asyncio.timeout(_PATIENCE):
                status = await target.ask(request)
        waits.append(time.monotonic() - began if status == 200 else float(_PATIENCE))
        await asyncio.sleep(0.1)


async def _attack(target: Target, name: str) -> None:
    """Attack from a process of its own, so that what the attacker is busy with is not measured."""
    here = [sys.executable, "-m", "tests.benchmarks.attacks", _ATTACK, name, f"{target.host}:{target.port}"]
    attacker = await asyncio.create_subprocess_exec(*here)
    try:
        async with asyncio.timeout(_PATIENCE):
            await attacker.wait()
    except TimeoutError:
        attacker.kill()
        await attacker.wait()


async def _beside(target: Target, name: str | None) -> tuple[float, float, float]:
    """The visitor's p50 and p95, and how long it lasted."""
    waits: list[float] = []
    visitor = asyncio.create_task(_visit(target, waits))
    began = time.monotonic()
    await (_attack(target, name) if name else asyncio.sleep(SECONDS))
    lasted = time.monotonic() - began
    while len(waits) < 20:  # noqa: ASYNC110 -- also whoever comes just after it
        await asyncio.sleep(0.1)
    visitor.cancel()
    return statistics.median(waits), statistics.quantiles(waits, n=20)[-1], lasted


async def run(name: str) -> bool:
    """Run one attack; whether the visitor was answered in time."""
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Path(folder), 1024 if name == "silent" else None) as (address, log):
            target = Target(address)
            await target.ask(target.head("GET /nb/r"))
            quiet, attacked = await _beside(target, None), await _beside(target, name)
        said = log.stat().st_size
    print(
        f"{name:8} {quiet[0] * 1000:7.0f} {quiet[1] * 1000:7.0f} {attacked[0] * 1000:9.0f} "
        f"{attacked[1] * 1000:7.0f} {attacked[1] / quiet[1]:7.1f} {attacked[2]:9.1f} {said:10}",
        flush=True,
    )
    return attacked[1] <= ALLOWED


def main() -> None:
    """Run the attacks that are named, or all."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if sys.argv[1:2] == [_ATTACK]:
        asyncio.run(ATTACKS[sys.argv[2]](Target(sys.argv[3])))
        return
    print("          quiet ms         attacked ms")
    print("             p50     p95       p50     p95   ratio   seconds  log bytes")
    in_time = [asyncio.run(run(name)) for name in [n for n in sys.argv[1:] if n in ATTACKS] or ATTACKS]
    sys.exit(0 if all(in_time) else 1)


if __name__ == "__main__":
    main()
