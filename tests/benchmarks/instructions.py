"""What acts cost the server: instructions in user space by callgrind, and CPU milliseconds.

    python -m tests.benchmarks.instructions [act ...]

Acts: `turn` (POST, 303, GET), `script` (a turn as our script sends it), `review` (an act in a review: POST,
303 and GET), `review_script` (as our script sends it) and `share` (the mean of sharing and withdrawing, each
with the page after it). The server is the real one in a process of its own, first under callgrind and then
alone; only the limits on a browser are taken away. Instructions repeat within 2 % and do not depend on the
load of the machine, so they compare changes; milliseconds move by a quarter with it.
"""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from time import perf_counter
from typing import Any

from aiohttp import web

from assistant.config import Settings
from assistant.web.app import Texts, make_app
from assistant.web.http.connections import Runner
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import Limit, RateLimit, RateLimits
from assistant.web.serve import settle_interpreter

from .load import Line, Person, cpu_seconds
from .reviews import sit_down

ACTS = ("turn", "script", "review", "review_script", "share")
PEOPLE = 2
WARM, COUNTED, TIMED = 15, 24, 200
FEW = 4
"""Times of what takes long."""
_VERSION = re.compile(r'<[^<>]* id="([^"]*)"[^<>]* data-version="([^"]*)"')
_LOOKED_AT = re.compile(r'name="looked_at" value="([^"]*)"')
_SUMMARY = re.compile(r"^(?:summary|totals): (\d+)", re.MULTILINE)

Act = Callable[[], Awaitable[object]]


async def serve(folder: str, texts: Texts | None = None) -> None:
    """Serve on a free port until the process is ended; say where, and who has a review there."""
    app = make_app(Settings(data=Path(folder)), texts=texts)
    everything = RateLimit(Limit(burst=1e9, per_second=1e9))
    limits = RateLimits(starts=everything, acts=everything, new_codes=everything)
    app[CONTEXT] = replace(app[CONTEXT], limits=limits)
    runner = Runner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    seated = await sit_down(app) if texts is None else {}
    settle_interpreter()
    print(json.dumps({"port": runner.addresses[0][1], **seated}), flush=True)
    await asyncio.Event().wait()


class Scripted(Person):
    """A person whose turns our script sends: the POST may answer with the next question itself."""

    async def _send(self, form: Any) -> None:
        self._line.headers = {"X-Fragment": "1"} if form.id == "reply" else {}
        taken = await self._line.post(form.action, form.fields)
        if taken.status == 303:
            taken = await self._line.get(taken.location)
        assert taken.status == 200, f"{taken.status} to {form.id}"
        self._page = taken.body


class Reviewer:
    """A professional who marks an entry, and takes the mark away again."""

    def __init__(self, line: Line, page: str, entry: str) -> None:
        self._line, self._page, self._entry, self._marked = line, page, entry, False

    async def act(self) -> None:
        self._marked = not self._marked
        mark = "mark:talked" if self._marked else "mark:"
        taken = await self._line.post(self._page, [("act", mark), ("entry", self._entry)])
        assert taken.status == 303, f"{taken.status} to a mark"
        shown = await self._line.get(taken.location)
        assert ("is-talked" in shown.body) == self._marked


class ScriptedReviewer(Reviewer):
    """The same by our script: it names the parts that its screen shows, and is answered by the others."""

    _versions: Mapping[str, str] = {}

    async def act(self) -> None:
        self._marked = not self._marked
        self._line.headers = {"X-Fragment": ",".join(["1", *self._versions.values()])}
        mark = "mark:talked" if self._marked else "mark:"
        taken = await self._line.post(self._page, [("act", mark), ("entry", self._entry)])
        assert taken.status == 200, f"{taken.status} to a mark"
        assert not self._versions or ("is-talked" in taken.body) == self._marked
        self._versions = {**self._versions, **dict(_VERSION.findall(taken.body))}


class Sharer:
    """A user who shares what is shown, and withdraws it."""

    def __init__(self, line: Line, share: str) -> None:
        self._line, self._share, self._is_shared = line, share, True

    async def act(self) -> None:
        if self._is_shared:
            taken = await self._line.post(f"{self._share}/withdraw", [])
        else:
            looked_at = _LOOKED_AT.search((await self._line.get(f"{self._share}/preview")).body)
            assert looked_at, "a page that shows what will be shared"
            fields = [("way", "together"), ("looked_at", unescape(looked_at[1]))]
            taken = await self._line.post(self._share, fields)
        assert taken.status == 303, f"{taken.status} to a share"
        assert (await self._line.get(taken.location)).status == 200
        self._is_shared = not self._is_shared


async def people_of(act: str, told: dict[str, Any]) -> list[Act]:
    """Return what each of a few people does again and again."""
    address = f"127.0.0.1:{told['port']}"
    if act in ("turn", "script"):
        kind = Person if act == "turn" else Scripted
        return [(await kind.at_first_words(address)).take_turn for _ in range(PEOPLE)]
    (cookie, page), _, (desk_cookie, desk) = told["browsers"]
    line = await Line(address).connect()
    if act.startswith("review"):
        line._cookie = desk_cookie
        await line.post(desk, [("act", "meet")])
        reviewer = ScriptedReviewer if act == "review_script" else Reviewer
        return [reviewer(line, desk, told["entry"]).act]
    line._cookie = cookie
    return [Sharer(line, f"{page.split('/review/')[0]}/share").act]


async def run(acts: list[Act], times: int) -> None:
    """Act this many times in all."""
    for _ in range(times // len(acts)):
        await asyncio.gather(*(act() for act in acts))


@contextmanager
def serving(
    folder: Path, *before: str, module: str = __spec__.name, how: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Start the server; give its process id and what it says."""
    command = [*before, sys.executable, "-m", module, "serve", str(folder / "data"), *how]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout
        while not (line := process.stdout.readline()).startswith("{"):
            assert line, "the server did not start"
        yield process.pid, json.loads(line)
    finally:
        process.kill()
        process.wait()


def instructions(folder: Path, act: str) -> float:
    """Return the user-space instructions of one act, in millions."""
    out = folder / "callgrind"
    valgrind = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}"]
    with serving(folder, *valgrind) as (process, told):

        async def counted() -> None:
            acts = await people_of(act, told)
            times = FEW if act == "share" else COUNTED
            await run(acts, min(WARM, times))
            _control("-i", "on", process)
            await run(acts, 2 * PEOPLE)  # callgrind translates the code anew
            _control("-z", "", process)
            await run(acts, times)
            _control("-d", "", process)

        asyncio.run(counted())
    dumps = sorted(folder.glob("callgrind.*"), key=lambda file: file.stat().st_mtime)
    found = _SUMMARY.search(dumps[-1].read_text())
    assert found, "a dump without a sum"
    return int(found[1]) / (FEW if act == "share" else COUNTED) / 1e6


def _control(what: str, value: str, process: int) -> None:
    subprocess.run(
        ["callgrind_control", *filter(None, (what, value)), str(process)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def milliseconds(folder: Path, act: str) -> tuple[float, float]:
    """Return the CPU milliseconds of the server for one act, and how long the act took."""
    with serving(folder) as (process, told):
        measured: list[float] = []

        async def timed() -> None:
            acts, times = await people_of(act, told), 5 * FEW if act == "share" else TIMED
            await run(acts, times)
            began, used = perf_counter(), cpu_seconds(process)
            await run(acts, times)
            measured.extend([cpu_seconds(process) - used, (perf_counter() - began) * len(acts)])
            measured[:] = [one / times * 1000 for one in measured]

        asyncio.run(timed())
    return measured[0], measured[1]


def main() -> None:
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(sys.argv[2]))
        return
    print(f"{'':14}{'M instructions':>16}{'CPU ms':>10}{'ms':>10}")
    for act in sys.argv[1:] or ACTS:
        with tempfile.TemporaryDirectory() as counted, tempfile.TemporaryDirectory() as timed:
            many = instructions(Path(counted), act)
            used, took = milliseconds(Path(timed), act)
        print(f"{act:14}{many:>16.2f}{used:>10.2f}{took:>10.2f}", flush=True)


if __name__ == "__main__":
    main()
