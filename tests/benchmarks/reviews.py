"""From one screen's act to the other's change: fifty reviews going on at once, on five hundred open screens.

    python -m tests.benchmarks.reviews [folder]

The server is the real one in a process of its own; only the limits on a browser are taken away. Each review
has ten screens that listen: three of the user's in each of two browsers, and four of the professional's. In
turn one side marks an entry; measured is how long it takes until a screen of the other side has heard, and
until the page it then fetches shows the mark. The same page fetched with nothing going on is the measure.
"""

import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from aiohttp import web

from assistant.config import Settings
from assistant.service.staff.passwords import Authenticated
from assistant.storage.staff import StoredStaff, add_staff
from assistant.vault.staff_keys import new_pair
from assistant.web.app import make_app
from assistant.web.http.connections import Runner
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import Limit, RateLimit, RateLimits

from .load import Line
from .shares import prepare

REVIEWS = 50
SCREENS = (3, 3, 4)
"""Of each review: in the user's two browsers, and in the professional's."""
ACTS = 400


async def sit_down(app: web.Application) -> dict[str, Any]:
    """One review that both have begun, as the cookies and the address of each browser."""
    site = app[CONTEXT]
    who, meeting = await site.services.sessions.begin("nb")
    await prepare(site.services.preparations, who, meeting)
    await site.services.choices.choose(who, meeting.id, {})
    looked_at = (await site.services.shares.now(who, meeting.id)).snapshot.digest
    await site.services.shares.share(who, meeting.id, "together", looked_at)
    link = (await site.services.sessions.notebook(who)).link
    assert link is not None, "a new notebook has its link"
    again, _ = await site.services.sessions.come_back(link, "nb")
    share = (await site.services.shares.now(who, meeting.id)).open
    assert share is not None, "it was just shared"
    pair, staff_id, opening = new_pair(), secrets.token_hex(16), secrets.token_hex(16)
    member = StoredStaff(
        staff_id, "Kari", staff_id, frozenset({"professional"}), pair.public, datetime.now(UTC)
    )
    await site.services.shares._database.write(lambda c: add_staff(c, member))
    reader = await site.services.staff.sign_ins.begin(Authenticated(staff_id, pair.private), "nb")
    await site.services.openings.open(reader, share.link, opening)
    now = await site.services.reviews.of_reader(reader, opening)
    assert now is not None, "it has a review"
    hers, his = f"/desk/shared/{opening}", f"/meetings/{meeting.id}/review/{now.id}"
    entry = next(e.id for section in share.snapshot.sections for e in section.entries)
    browsers = [(f"s={who.secret}", his), (f"s={again.secret}", his), (f"w={reader.secret}", hers)]
    return {"browsers": browsers, "entry": entry}


async def serve(folder: str) -> None:
    """Serve on a free port until the process is ended; say where, and who sits where."""
    app = make_app(Settings(data=Path(folder)))
    everything = Limit(burst=1e9, per_second=1e9)
    app[CONTEXT] = replace(app[CONTEXT], limits=RateLimits(acts=RateLimit(everything)))
    runner = Runner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1000).start()
    reviews = [await sit_down(app) for _ in range(REVIEWS)]
    print(json.dumps({"port": runner.addresses[0][1], "reviews": reviews}), flush=True)
    await asyncio.Event().wait()


@dataclass
class Browser:
    """One browser with a page of the review."""

    address: str
    cookie: str
    page: str
    open: list[asyncio.StreamWriter] = field(default_factory=list)
    """What is let go of is closed."""

    async def line(self) -> Line:
        line = await Line(self.address).connect()
        line._cookie = self.cookie
        return line

    async def listen(self) -> asyncio.StreamReader:
        """A screen that listens, once it has heard where things stand."""
        host, port = self.address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        asked = f"GET {self.page}/events HTTP/1.1\r\nHost: {self.address}\r\nCookie: {self.cookie}\r\n\r\n"
        writer.write(asked.encode())
        self.open.append(writer)
        await reader.readuntil(b"data: ")
        await reader.readuntil(b"\n\n")
        return reader


def told(what: str, taken: list[float], bare: float) -> None:
    took = quantiles(taken, n=100)
    print(f"{what:34} p50 {took[49]:7.1f} ms, p99 {took[98]:7.1f} ms; {took[49] / bare:5.2f} pages")


async def measure(address: str, reviews: list[dict[str, Any]]) -> None:
    """Open every screen, act, and print how long the others waited."""
    sides = [[Browser(address, cookie, page) for cookie, page in r["browsers"]] for r in reviews]
    for _, _, professional in sides:
        line = await professional.line()
        assert (await line.post(professional.page, [("act", "meet")])).status == 303
    screens = [
        [[await b.listen() for _ in range(n)] for b, n in zip(bs, SCREENS, strict=True)] for bs in sides
    ]
    bare: list[float] = []
    reading = await sides[0][0].line()
    for _ in range(50):
        begun = perf_counter()
        await reading.get(sides[0][0].page)
        bare.append((perf_counter() - begun) * 1000)
    page = quantiles(bare, n=100)[49]
    heard: list[float] = []
    shown: list[float] = []
    for number in range(ACTS):
        place, by_user = number % REVIEWS, number // REVIEWS % 2 == 0
        acting, other = (sides[place][0], 2) if by_user else (sides[place][2], 0)
        acts = [("act", "mark:talked" if by_user else "mark:"), ("entry", reviews[place]["entry"])]
        act, look = await acting.line(), await sides[place][other].line()
        hearing = [
            asyncio.create_task(reader.readuntil(b"data: ")) for one in screens[place] for reader in one
        ]
        waited = hearing[0 if other == 0 else sum(SCREENS[:2])]
        begun = perf_counter()
        posting = asyncio.create_task(act.post(acting.page, acts))
        await waited
        heard.append((perf_counter() - begun) * 1000)
        body = (await look.get(sides[place][other].page)).body
        shown.append((perf_counter() - begun) * 1000)
        assert ("is-talked" in body) == by_user, "what was done is to be seen"
        assert (await posting).status == 303
        await asyncio.gather(*hearing)
        act._writer.close()
        look._writer.close()
    print(
        f"{REVIEWS} reviews, {REVIEWS * sum(SCREENS)} screens, {ACTS} acts; load {os.getloadavg()[0]:.1f}\n"
    )
    print(f"{'the page, nothing going on':34} p50 {page:7.1f} ms")
    told("from the act to the other's hearing", heard, page)
    told("to the other's page showing it", shown, page)


def main() -> None:
    if sys.argv[1:2] == ["serve"]:
        return asyncio.run(serve(sys.argv[2]))
    where = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(prefix="for-motet-reviews-", dir=where) as folder:
        command = [sys.executable, "-m", "tests.benchmarks.reviews", "serve", folder]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            while not (line := process.stdout.readline()).startswith("{"):
                assert line, "the server did not start"
            told_where = json.loads(line)
            asyncio.run(measure(f"127.0.0.1:{told_where['port']}", told_where["reviews"]))
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
