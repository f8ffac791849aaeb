"""Walk backup, rotation (killed half-way), restore and purge with the real program while people begin.

`python tests/durability/walk_operations.py sqlite` or `postgresql`; prints what it did and how long it took.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))


def run(folder: Path, *arguments: str, kill_after: float | None = None) -> None:
    """One command, with what it said and how long it took; killed so many seconds after its first word."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    if kill_after is not None:  # counted from its first word
        assert process.stdout is not None
        said = process.stdout.readline()
        time.sleep(kill_after)
        process.kill()
    said += process.communicate()[0]
    shown = [one for one in arguments if "postgresql" not in one]
    print(f"$ assistant {' '.join(shown)}  → {process.returncode} in {time.monotonic() - began:.1f} s")
    print("   " + said.strip().replace("\n", "\n   "), flush=True)


class Visitors(threading.Thread):
    """People who begin, one after another, and look at their page again and again."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.address, self.times, self.refused, self.ended = address, [0.0], 0, False

    def run(self) -> None:
        while not self.ended:
            began = time.monotonic()
            jar = urllib.request.HTTPCookieProcessor(CookieJar())
            opener = urllib.request.build_opener(jar)
            try:
                opener.open(urllib.request.Request(self.address + "nb/start", data=b"", method="POST"))
            except urllib.error.HTTPError as refused:
                if refused.code != 429:  # too many from one address in an hour
                    self.refused += 1
                time.sleep(0.2)
            self.times.append(time.monotonic() - began)


def serve(folder: Path, where: list[str]) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--port", "0", *where],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().removeprefix("Ready: ").strip()


def walk(folder: Path, where: list[str]) -> None:
    """The whole walk over one database."""
    server, address = serve(folder, where)
    visitors = Visitors(address)
    visitors.start()
    time.sleep(5)
    run(folder, "backup", "first", *where)
    for after in (0.0, 0.05, 0.2):
        run(folder, "keys", "rotate", *where, kill_after=after)
    run(folder, "keys", "rotate", *where)
    run(folder, "restore", "first", "--yes", *where)
    visitors.ended = True
    visitors.join()
    times = sorted(visitors.times)
    print(f"began: {len(times) - 1}, refused: {visitors.refused}, longest: {times[-1]:.2f} s")
    server.terminate()
    server.wait()
    run(folder, "restore", "first", *where)
    run(folder, "restore", "first", "--yes", *where)
    server, _ = serve(folder, where)
    run(folder, "purge", *where)
    server.terminate()
    server.wait()
    run(folder, "staff", "--data", "mistyped", *where, "list")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        if sys.argv[1] == "sqlite":
            walk(Path(made), [])
        else:
            from support.postgres import find_programs, running

            programs = find_programs()
            assert programs is not None, "PostgreSQL is not installed"
            os.environ["PATH"] += f":{programs}"
            with running(programs) as postgres:
                walk(Path(made), ["--database", postgres.make("walked")])
