"""Two processes on one PostgreSQL against one, and how soon one shows what another one wrote.

    PYTHONPATH=tests python -m tests.benchmarks.workers [folder]

Starts a PostgreSQL of its own in the folder, which says which disk. Three things are measured.

* Whole turns of 32 people with one process and with two, in alternating rounds of one run. Beside the ratio
  stands what a turn costs the processes and PostgreSQL, in milliseconds of a processor. The client and
  PostgreSQL use the same processors.
* Reviews whose user is in one process and whose professional is in another: the time from the act of one to
  the other's stream, and from a withdrawal to the end of the stream.
* Two hundred people in such reviews who act twice a second: how long an act takes, and how many of them were
  answered with «not saved». There must be none.

The limits on a browser are taken away.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from support.postgres import Server as PostgreSQL
from support.postgres import find_programs, running

from assistant.config import Settings
from assistant.operations import serving
from assistant.service.shared_limits import SharedLimits
from assistant.web.app import make_app
from assistant.web.http.connections import Runner
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import Limit, RateLimit, RateLimits

from .load import Line, Measure, Person, cpu_seconds
from .reviews import Browser, sit_down

AT_ONCE = 32
ROUNDS = 5
REVIEWS = 100
ACTS = 60
ACTING_FOR = 8.0
EVERY = 0.5
WITHDRAWN = 10


def serve(workers: str, database: str, data: str) -> None:
    """Be the program, without the limits on a browser."""
    everything = RateLimit(Limit(burst=1e9, per_second=1e9))

    def unlimited(shared: SharedLimits, processes: int) -> RateLimits:
        return RateLimits(starts=everything, acts=everything, new_codes=everything)

    RateLimits.over = unlimited  # type: ignore[method-assign]
    serving.run(Settings(data=Path(data), database=database, workers=int(workers), port=0), None)


@contextmanager
def served(workers: int, database: str, data: Path) -> Iterator[tuple[str, int]]:
    """The address and the process id of a server that runs as long as it is needed."""
    command = [sys.executable, "-m", "tests.benchmarks.workers", "serve", str(workers), database, str(data)]
    with (data.parent / f"{data.name}.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout
        ready = process.stdout.readline().split()
        assert ready, "a server that does not start"
        yield ready[1].removeprefix("http://").rstrip("/"), process.pid
    finally:
        process.terminate()
        process.wait()


async def compare(addresses: list[tuple[str, int]], database: int) -> None:
    """Turns a second with one process and with two, in turns, and what a turn costs."""
    everybody = [[await Person.at_first_words(a) for _ in range(AT_ONCE)] for a, _ in addresses]
    measures = [Measure(pid) for _, pid in addresses]
    of_database: list[list[float]] = [[] for _ in addresses]
    for number in range(ROUNDS + 1):
        for place, (people, (_, pid)) in enumerate(zip(everybody, addresses, strict=True)):
            measure = measures[place] if number else Measure(pid)  # the first round is not measured
            before, done = cpu_seconds(database), len(measure.took)
            await measure.round([person.take_turn for person in people])
            if number:
                turns = len(measure.took) - done
                of_database[place].append(1000 * (cpu_seconds(database) - before) / turns)
    print(
        f"{f'{AT_ONCE} people':<16}{'a second':>10}{'p50 ms':>10}{'p99 ms':>10}{'ms CPU':>10}{'database':>10}"
    )
    for name, measure, theirs_in in zip(("one process", "two processes"), measures, of_database, strict=True):
        took = quantiles(measure.took, n=100)
        ours, theirs = median(measure.cpu), median(theirs_in)
        rate = median(measure.a_second)
        print(f"{name:<16}{rate:>10.0f}{took[49]:>10.1f}{took[98]:>10.1f}{ours:>10.2f}{theirs:>10.2f}")
    one, two = (measure.a_second for measure in measures)
    ratios = [b / a for a, b in zip(one, two, strict=True)]
    print(f"two ÷ one {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})\n")


async def sit(database: str, data: Path) -> list[dict[str, Any]]:
    """Reviews that both have begun."""
    app = make_app(Settings(data=data, database=database))
    app[CONTEXT] = replace(app[CONTEXT], limits=RateLimits())
    runner = Runner(app, access_log=None)
    await runner.setup()
    reviews = [await sit_down(app) for _ in range(REVIEWS)]
    await runner.cleanup()
    return reviews


def told(what: str, took: list[float]) -> None:
    found = quantiles(took, n=100)
    print(f"{what:<44}{found[49]:>10.1f}{found[98]:>10.1f}")


async def across(reviews: list[dict[str, Any]], here: str, there: str) -> int:
    """Print how soon acts are heard in the other process; return how many were not saved."""
    users = [Browser(here, *review["browsers"][0]) for review in reviews]
    readers = [Browser(there, *review["browsers"][2]) for review in reviews]
    lines: list[tuple[Line, Line]] = []
    for user, reader in zip(users, readers, strict=True):
        lines.append((await user.line(), await reader.line()))
        # a connection on which nothing is asked for a while is closed
        assert (await lines[-1][0].get(user.page)).status == 200
        assert (await lines[-1][1].post(reader.page, [("act", "meet")])).status == 303
    streams = [await reader.listen() for reader in readers[:WITHDRAWN]]
    heard: list[float] = []
    for number in range(ACTS):
        place = number % WITHDRAWN
        mark = "talked" if number // WITHDRAWN % 2 == 0 else ""
        acts = [("act", f"mark:{mark}"), ("entry", reviews[place]["entry"])]
        hears = asyncio.ensure_future(streams[place].readuntil(b"data: "))
        begun = perf_counter()
        posted = asyncio.ensure_future(lines[place][0].post(users[place].page, acts))
        await hears
        heard.append((perf_counter() - begun) * 1000)
        assert (await posted).status == 303
    print(f"{'across processes':<44}{'p50 ms':>10}{'p99 ms':>10}")
    told("from the act to the other's hearing", heard)
    not_saved = await twice_a_second(reviews, users, readers, lines)
    emptied: list[float] = []
    for place in range(WITHDRAWN):
        meeting = users[place].page.split("/review/")[0]
        ends = asyncio.ensure_future(streams[place].readuntil(b"event: "))
        begun = perf_counter()
        assert (await lines[place][0].post(f"{meeting}/share/withdraw", [])).status == 303
        await ends
        emptied.append((perf_counter() - begun) * 1000)
    told("from a withdrawal to the screen's emptying", emptied)
    return not_saved


async def twice_a_second(
    reviews: list[dict[str, Any]],
    users: list[Browser],
    readers: list[Browser],
    lines: list[tuple[Line, Line]],
) -> int:
    """Everybody acts twice a second; print how long it took, and return how many were not saved."""
    took: list[float] = []
    statuses: list[int] = []

    def acting(line: Line, page: str, entry: str) -> Callable[[int], Awaitable[None]]:
        async def act(number: int) -> None:
            begun = perf_counter()
            mark = "mark:talked" if number % 2 else "mark:"
            answer = await line.post(page, [("act", mark), ("entry", entry)])
            took.append((perf_counter() - begun) * 1000)
            statuses.append(answer.status)

        return act

    async def again(act: Callable[[int], Awaitable[None]], first: float) -> None:
        await asyncio.sleep(first)
        end, number = perf_counter() + ACTING_FOR, 0
        while (now := perf_counter()) < end:
            await act(number)
            number += 1
            await asyncio.sleep(max(0.0, EVERY - (perf_counter() - now)))

    acts = [
        acting(line, browser.page, review["entry"])
        for review, *sides in zip(
            reviews,
            zip(users, (a for a, _ in lines), strict=True),
            zip(readers, (b for _, b in lines), strict=True),
            strict=True,
        )
        for browser, line in sides
    ]
    await asyncio.gather(*(again(act, EVERY * place / len(acts)) for place, act in enumerate(acts)))
    not_saved = sum(status >= 500 for status in statuses)
    found = quantiles(took, n=100)
    print(f"{f'{len(acts)} people, an act each {EVERY} s':<44}{found[49]:>10.1f}{found[98]:>10.1f}")
    print(f"{len(statuses)} acts, {not_saved} not saved, {sum(s == 303 for s in statuses)} done")
    return not_saved


def measure(server: PostgreSQL, folder: Path) -> int:
    database = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    with ExitStack() as stack:
        addresses = [
            stack.enter_context(served(workers, server.make(f"turns_{workers}"), folder / f"data{workers}"))
            for workers in (1, 2)
        ]
        asyncio.run(compare(addresses, database))
    reviewed, data = server.make("reviews"), folder / "reviews"
    reviews = asyncio.run(sit(reviewed, data))
    with ExitStack() as stack:
        here, there = (stack.enter_context(served(1, reviewed, data))[0] for _ in range(2))
        return asyncio.run(across(reviews, here, there))


def main() -> None:
    if sys.argv[1:2] == ["serve"]:
        return serve(*sys.argv[2:])
    programs = find_programs()
    assert programs is not None, "PostgreSQL is not installed"
    where = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(prefix="for-motet-workers-", dir=where) as folder:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n")
        with running(programs) as server:
            not_saved = measure(server, Path(folder))
    print(f"load {os.getloadavg()[0]:.1f}")
    sys.exit(1 if not_saved else 0)


if __name__ == "__main__":
    main()
