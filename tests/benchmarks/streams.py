"""What five hundred open conversations cost in memory, first without and then with a stream to each.

    python -m tests.benchmarks.streams [folder]

The server is the real one; only the limits on an address and a notebook are taken away, for everybody comes
from here. It says its own memory when asked. An open conversation without a stream holds nothing but its
place in the limits; with one it is a connection and a listener. Then a hundred of them write, one after
another, and the time until their stream has said so is measured.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

from aiohttp import web

from assistant.config import Settings
from assistant.web.app import make_app
from assistant.web.http.connections import Runner
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import Limit, RateLimit, RateLimits
from assistant.web.serve import settle_interpreter

from .load import Line, fill_in

PEOPLE = 500
_LIVE = re.compile(r'data-live="([^"]*)" data-revision="([^"]*)"')


def _memory() -> float:
    """This process's memory in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


async def serve(folder: str) -> None:
    """Serve on a free port until the process is ended."""
    # a proxy has no limit of connections
    app = make_app(Settings(data=Path(folder), proxies=frozenset({"127.0.0.1"})))
    everything = Limit(burst=1e9, per_second=1e9)
    app[CONTEXT] = replace(
        app[CONTEXT], limits=RateLimits(starts=RateLimit(everything), acts=RateLimit(everything))
    )

    async def memory(_: web.Request) -> web.Response:
        return web.Response(text=f"{_memory():.1f}")

    app.router.add_get("/memory", memory)
    runner = Runner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=PEOPLE).start()
    settle_interpreter()
    print(f"Ready: http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


class Person:
    """Somebody at their first question, with their connection closed again."""

    def __init__(self, address: str, cookie: str, page: str) -> None:
        self._address, self._cookie, self.page = address, cookie, page
        found = _LIVE.search(page)
        assert found, "a page that does not listen"
        self.events, self.revision = found.groups()

    @classmethod
    async def new(cls, address: str) -> "Person":
        line = await Line(address).connect()
        start = fill_in((await line.get("/nb/")).body)
        page = (await line.get((await line.post(start.action, start.fields)).location)).body
        line._writer.close()
        return cls(address, line._cookie, page)

    async def listen(self) -> asyncio.StreamReader:
        """Open the stream, and hear its first line."""
        host, port = self._address.split(":")
        reader, self._writer = await asyncio.open_connection(host, int(port))
        asked = f"GET {self.events} HTTP/1.1\r\nHost: {self._address}\r\nCookie: {self._cookie}\r\n\r\n"
        self._writer.write(asked.encode())
        await reader.readuntil(f"data: {self.revision}\n\n".encode())
        return reader

    async def write(self) -> None:
        """Answer the question."""
        line = await Line(self._address).connect()
        line._cookie = self._cookie
        form = fill_in(self.page)
        taken = await line.post(form.action, [*form.fields, ("move", "answer")])
        assert taken.status == 303, taken.status


async def measure(address: str) -> None:
    """Open them all, and print what it cost."""
    asking = await Line(address).connect()

    async def memory() -> float:
        return float((await asking.get("/memory")).body)

    for _ in range(50):
        await Person.new(address)
    before = await memory()
    people = [await Person.new(address) for _ in range(PEOPLE)]
    without = await memory()
    began = time.perf_counter()
    readers = [await person.listen() for person in people]
    opening = time.perf_counter() - began
    with_streams = await memory()
    heard: list[float] = []
    for person, reader in list(zip(people, readers, strict=True))[:: PEOPLE // 100]:
        began = time.perf_counter()
        hearing = asyncio.create_task(reader.readuntil(b"data: "))
        await person.write()
        await hearing
        heard.append((time.perf_counter() - began) * 1000)
    took = quantiles(heard, n=100)
    print(f"{PEOPLE} conversations; the server before them {before:.0f} MiB, load {os.getloadavg()[0]:.1f}\n")
    print(f"open, nobody listening    {without - before:+7.1f} MiB")
    print(f"and a stream to each      {with_streams - without:+7.1f} MiB, opened in {opening:.1f} s")
    print(f"for each conversation     {(with_streams - before) * 1024 / PEOPLE:7.1f} KiB")
    print(f"from writing to hearing   p50 {took[49]:.1f} ms, p99 {took[98]:.1f} ms, the turn included")


def main() -> None:
    if sys.argv[1:2] == ["serve"]:
        return asyncio.run(serve(sys.argv[2]))
    where = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(prefix="for-motet-streams-", dir=where) as folder:
        command = [sys.executable, "-m", "tests.benchmarks.streams", "serve", folder]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            asyncio.run(measure(urlsplit(process.stdout.readline().split()[1]).netloc))
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
