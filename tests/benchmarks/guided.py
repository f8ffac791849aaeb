"""From a facilitator's act to the last screen of a group: one room of twenty, and ten rooms.

    python -m tests.benchmarks.guided

The server is the real one in a process of its own; only the limits on a browser are taken away. In each room
twenty people and one facilitator have a screen that listens. The facilitator points at another question;
measured is how long it takes until the last screen has heard, and until the last one has fetched its page,
which shows it. Then all twenty say that they are ready within a second: no participant's screen may be woken
by that. The page fetched with nothing going on is the measure.
"""

import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from aiohttp import web

from assistant.config import Settings
from assistant.engine.journey import walk
from assistant.service.guided.views import OpeningWish
from assistant.service.staff.passwords import Authenticated
from assistant.storage.staff import StoredStaff, add_staff
from assistant.vault.staff_keys import new_pair
from assistant.web.app import make_app
from assistant.web.http.connections import Runner
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import Limit, RateLimit, RateLimits

from .reviews import Browser

PEOPLE = 20
ROOMS = (1, 10)
ACTS = 60


async def gather(app: web.Application) -> dict[str, Any]:
    """One room with everybody in it, as the cookies and pages of their browsers."""
    site = app[CONTEXT]
    pair, staff_id = new_pair(), secrets.token_hex(16)
    member = StoredStaff(
        staff_id, "Peder", staff_id, frozenset({"peer_worker"}), pair.public, datetime.now(UTC)
    )
    await site.services.shares._database.write(lambda c: add_staff(c, member))
    peder = await site.services.staff.sign_ins.begin(Authenticated(staff_id, pair.private), "nb")
    guided = site.services.guided
    wish = OpeningWish("group", "before_meeting", "nb", 60, "", "erfaringskonsulent")
    session_id = await guided.sessions.open(peder, wish, secrets.token_hex(16))
    led = await guided.sessions.lead(peder, session_id)
    people = []
    for number in range(PEOPLE):
        who, meeting = await site.services.sessions.begin("nb")
        opened = await guided.joining.look(led.code or "")
        await guided.joining.join(who, meeting.id, opened, str(number))
        people.append((f"s={who.secret}", f"/meetings/{meeting.id}"))
    return {
        "lead": (f"w={peder.secret}", f"/desk/guided/{session_id}"),
        "people": people,
        "questions": walk(led.machine, {}).questions[:8],
    }


async def serve(folder: str, rooms: int) -> None:
    """Serve on a free port until the process is ended; say where, and who is in which room."""
    app = make_app(Settings(data=Path(folder)))
    everything = Limit(burst=1e9, per_second=1e9)
    app[CONTEXT] = replace(app[CONTEXT], limits=RateLimits(acts=RateLimit(everything)))
    runner = Runner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1000).start()
    gathered = [await gather(app) for _ in range(rooms)]
    print(json.dumps({"port": runner.addresses[0][1], "rooms": gathered}), flush=True)
    await asyncio.Event().wait()


def told(what: str, taken: list[float], page: float) -> None:
    """Print the quantiles, also as a multiple of the page alone."""
    took = quantiles(taken, n=100)
    print(f"  {what:28} p50 {took[49]:7.1f} ms, p99 {took[98]:7.1f} ms; {took[49] / page:5.1f} pages")


async def _heard(reader: asyncio.StreamReader) -> None:
    await reader.readuntil(b"data: ")
    await reader.readuntil(b"\n\n")


async def measure(address: str, rooms: list[dict[str, Any]]) -> None:
    """Point, and print how long it took until the last screen of the room had it."""
    leads = [await Browser(address, *room["lead"]).line() for room in rooms]
    people = [[Browser(address, *one) for one in room["people"]] for room in rooms]
    screens = [[await one.listen() for one in room] for room in people]
    lines = [[await one.line() for one in room] for room in people]
    alone: list[float] = []
    for _ in range(50):
        begun = perf_counter()
        await lines[0][0].get(people[0][0].page)
        alone.append((perf_counter() - begun) * 1000)
    page = quantiles(alone, n=100)[49]
    heard: list[float] = []
    shown: list[float] = []
    for number in range(ACTS):
        place = number % len(rooms)
        room, questions = rooms[place], rooms[place]["questions"]
        to = questions[(number // len(rooms)) % len(questions)]
        hearing = [asyncio.create_task(_heard(reader)) for reader in screens[place]]
        begun = perf_counter()
        assert (await leads[place].post(room["lead"][1], [("act", f"go:{to}")])).status == 303
        await asyncio.gather(*hearing)
        heard.append((perf_counter() - begun) * 1000)
        await asyncio.gather(
            *(line.get(one.page) for line, one in zip(lines[place], people[place], strict=True))
        )
        shown.append((perf_counter() - begun) * 1000)
    woken = [asyncio.create_task(_heard(reader)) for reader in screens[0]]
    begun = perf_counter()
    ready = [
        line.post(f"{one.page}/guided", [("act", "ready")])
        for line, one in zip(lines[0], people[0], strict=True)
    ]
    await asyncio.gather(*ready)
    pressed = perf_counter() - begun
    await asyncio.sleep(1)
    print(f"{len(rooms)} rooms of {PEOPLE} + 1; the page alone: p50 {page:.1f} ms")
    told("all have heard", heard, page)
    told("all have the page", shown, page)
    print(f"  20 ready in {pressed:.2f} s; screens of participants woken: {sum(t.done() for t in woken)}")
    for task in woken:
        task.cancel()


def main() -> None:
    """Measure one room, and ten rooms."""
    for rooms in ROOMS:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "tests.benchmarks.guided", "serve", folder, str(rooms)]
            server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
            try:
                assert server.stdout is not None, "it was asked for"
                where = json.loads(server.stdout.readline())
                asyncio.run(measure(f"127.0.0.1:{where['port']}", where["rooms"]))
            finally:
                server.terminate()
                server.wait()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(sys.argv[2], int(sys.argv[3])))
    else:
        main()
