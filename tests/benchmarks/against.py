"""How many whole turns a second, against another checkout of this project, round by round in one run.

    python -m tests.benchmarks.against CHECKOUT [at once] [folder]

The other checkout, with an environment of its own in `.venv`, is asked by its own client, because its pages
may have other forms. Both servers run all the time and are asked in turns, so that a busy machine slows both.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

from .load import cpu_seconds
from .rounds import SECONDS

ROUNDS = 7
_ROUNDS_OF = Path(__file__).with_name("rounds.py")


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
            [python, _ROUNDS_OF, address, str(at_once)],
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
        used, began = cpu_seconds(self.server.pid), time.perf_counter()
        print(file=self.client.stdin, flush=True)
        took = self._answer()
        self.a_second.append(len(took) / (time.perf_counter() - began))
        self.cpu.append((cpu_seconds(self.server.pid) - used) / len(took) * 1000)
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


if __name__ == "__main__":
    main(*sys.argv[1:])
