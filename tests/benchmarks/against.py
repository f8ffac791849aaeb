"""How many whole turns a second, against another checkout of this project, round by round in one run.

    python -m tests.benchmarks.against CHECKOUT [at once] [folder]

The other checkout, with an environment of its own in `.venv`, is asked by its own client, because its pages
may have other forms. Both servers run all the time and are asked in turns, so that a busy machine slows both.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

ROUNDS = 7
SECONDS = 3.0
_LOAD = "import runpy, sys; sys.argv[0] = ''; runpy.run_path({file!r}, run_name='client')"


async def ask(address: str, at_once: int) -> None:
    """Take turns for a round each time a line comes, and print how long each took, in milliseconds."""
    # the one of the checkout in which this runs
    person = import_module("tests.benchmarks.load").Person
    people = [await person.at_first_words(address) for _ in range(at_once)]
    print("[]", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        began = time.perf_counter()
        took: list[float] = []

        async def turns(person: Any, began: float = began, took: list[float] = took) -> None:
            while (now := time.perf_counter()) < began + SECONDS:
                await person.take_turn()
                took.append((time.perf_counter() - now) * 1000)

        await asyncio.gather(*map(turns, people))
        print(json.dumps(took), flush=True)


class Side:
    """One checkout: its server, and the client that asks it."""

    def __init__(self, name: str, checkout: Path, python: Path, folder: Path, at_once: int) -> None:
        self.name = name
        self.a_second: list[float] = []
        self.cpu: list[float] = []
        self.took: list[float] = []
        environment = os.environ | {"PYTHONPATH": f"{checkout}:{checkout / 'tests'}"}
        serve = [str(python), "-m", "tests.benchmarks.streams", "serve", str(folder / name)]
        self.server = subprocess.Popen(
            serve, stdout=subprocess.PIPE, text=True, env=environment, cwd=checkout
        )
        assert self.server.stdout
        address = urlsplit(self.server.stdout.readline().split()[1]).netloc
        self.client = subprocess.Popen(
            [python, "-c", _LOAD.format(file=__file__), address, str(at_once)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=checkout,
        )
        self._answer()

    def round(self) -> None:
        """Have it asked for a round."""
        assert self.client.stdin
        used, began = self._used(), time.perf_counter()
        print(file=self.client.stdin, flush=True)
        took = self._answer()
        self.a_second.append(len(took) / (time.perf_counter() - began))
        self.cpu.append((self._used() - used) / len(took) * 1000)
        self.took += took

    def end(self) -> None:
        """End both processes."""
        for process in (self.client, self.server):
            process.kill()
            process.wait()

    def _answer(self) -> list[float]:
        assert self.client.stdout
        took: list[float] = json.loads(self.client.stdout.readline())
        return took

    def _used(self) -> float:
        tasks = Path(f"/proc/{self.server.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def main(other: str, at_once: str = "32", where: str | None = None) -> None:
    here = Path(__file__).parents[2]
    with tempfile.TemporaryDirectory(prefix="for-motet-against-", dir=where) as folder, ExitStack() as stack:
        sides = []
        for name, checkout, python in (
            ("this", here, Path(sys.executable)),
            ("the other", Path(other), Path(other) / ".venv/bin/python"),
        ):
            sides.append(Side(name, checkout, python, Path(folder), int(at_once)))
            stack.callback(sides[-1].end)
        for number in range(ROUNDS + 1):
            for side in sides:
                side.round()
                if number == 0:  # not measured: caches fill
                    side.a_second, side.cpu, side.took = [], [], []
        print(f"{at_once} at once, {ROUNDS} rounds of {SECONDS:.0f} s each; medians")
        for side in sides:
            p = quantiles(side.took, n=100)
            print(
                f"{side.name:<10}{median(side.a_second):>8.0f} a second,"
                f" p50 {p[49]:.1f} ms, p99 {p[98]:.1f} ms, CPU {median(side.cpu):.2f} ms"
            )
        ours, theirs = sides
        rates = [a / b for a, b in zip(ours.a_second, theirs.a_second, strict=True)]
        cpus = [a / b for a, b in zip(ours.cpu, theirs.cpu, strict=True)]
        print(f"turns a second {median(rates):.2f} times ({min(rates):.2f} to {max(rates):.2f}),")
        print(f"CPU of a turn {median(cpus):.2f} times ({min(cpus):.2f} to {max(cpus):.2f})")


if __name__ == "client":
    asyncio.run(ask(sys.argv[1], int(sys.argv[2])))
elif __name__ == "__main__":
    main(*sys.argv[1:])
