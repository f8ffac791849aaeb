"""How many whole turns a second, against the least that a durable answer can cost.

    python -m tests.benchmarks.turns [folder]

A whole turn: the reply form found in the page is sent, the answer is sealed and on the disk, and the next
question is rendered and read; 1 and 32 people at once, and 200 who think five seconds between turns. The
least: a bare aiohttp handler (`bare.py`) with one group-committed durable insert, and the floor, the two
requests of a turn with nothing in them. All on the same disk, in turns, so that a busy machine slows all; the
numbers are turns a second for each insert, and for each turn of the floor. The folder says which disk: not
one in memory. CPU milliseconds are those of the server for each turn or insert, and swing least. It takes a
minute and a half.
"""

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from .load import AT_ONCE, ROUNDS, SECONDS

_HERE = "tests.benchmarks"


@contextmanager
def _serving(*command: str | Path) -> Iterator[tuple[str, int]]:
    """The address and the process of a server that runs as long as it is needed."""
    process = subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        ready = process.stdout.readline().split()
        assert ready, "a server that does not start"
        yield ready[1], process.pid
    finally:
        process.kill()
        process.wait()


def _measure(folder: Path, at_once: int) -> dict[str, Any]:
    with (
        # without the limit on beginning: everybody comes from here
        _serving(f"{_HERE}.streams", "serve", folder / f"whole-{at_once}") as (whole, of_whole),
        _serving(f"{_HERE}.bare", folder / f"bare-{at_once}.db") as (bare, of_bare),
    ):
        load = [sys.executable, "-m", f"{_HERE}.load", whole, bare]
        done = subprocess.run(
            [*load, str(of_whole), str(of_bare), str(at_once)], check=True, stdout=subprocess.PIPE
        )
        measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _machine(folder: Path) -> str:
    cpu = next(
        (line.split(": ")[1] for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    mounts = sorted((line.split()[1:3] for line in _lines("/proc/mounts")), key=lambda m: len(m[0]))
    disk = [kind for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return (
        f"{os.cpu_count()} × {cpu}, {platform.system()} {platform.release()}, "
        f"{disk[-1] if disk else 'unknown disk'}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, load {os.getloadavg()[0]:.1f}"
    )


def _lines(file: str) -> list[str]:
    return Path(file).read_text().splitlines() if Path(file).exists() else []


def _row(name: str, measured: dict[str, list[float]]) -> str:
    took = quantiles(measured["took"], n=100)
    rate, cpu, client = (median(measured[one]) for one in ("a_second", "cpu", "client"))
    return f"{name:<16}{rate:>10.0f}{took[49]:>10.1f}{took[98]:>10.1f}{cpu:>10.2f}{client:>10.0%}"


def main() -> None:
    where = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(prefix="for-motet-turns-", dir=where) as folder:
        print(f"{ROUNDS} rounds of {SECONDS:.0f} s each, the median round; {_machine(Path(folder))}")
        for at_once in AT_ONCE:
            measured = _measure(Path(folder), at_once)
            if "thinking" in measured:
                took = quantiles(measured["thinking"], n=100)
                print(f"\n{at_once} who think: p50 {took[49]:.1f} ms, p99 {took[98]:.1f} ms")
                continue
            heads = "".join(f"{head:>10}" for head in ("a second", "p50 ms", "p99 ms", "CPU ms", "client"))
            print(f"\n{f'{at_once} at once':<16}{heads}")
            for name, called in (("turns", "whole turns"), ("inserts", "bare inserts"), ("floor", "floor")):
                print(_row(called, measured[name]))
            for name in ("inserts", "floor"):
                rates = zip(measured["turns"]["a_second"], measured[name]["a_second"], strict=True)
                ratios = [ours / theirs for ours, theirs in rates]
                print(f"to {name}: {median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")
            alone = median(measured["turns"]["took"]) / median(measured["inserts"]["took"])
            print(f"p50 of a turn: {alone:.1f} inserts")


if __name__ == "__main__":
    main()
