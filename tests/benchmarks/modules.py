"""What one request goes through: the modules and templates of `assistant/`, calls, reads, writes and unseals.

    python -m tests.benchmarks.modules

The real application on an empty data folder, asked over HTTP on one connection, each request once when
everything is warm. A profiler (`sys.setprofile`) runs in the event loop and in every worker thread.

* modules: distinct Python files of `assistant/` in which a function is called; templates likewise;
* calls: of functions of `assistant/`, with every time a coroutine goes on; templates included;
* reads, writes: of the database; an unlocked session that is prolonged counts as a write too;
* notebook, documents: how often the notebook, and any sealed document, is unsealed.
"""

import asyncio
import secrets
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from aiohttp import web

import assistant
from assistant.config import Settings
from assistant.web.app import make_app
from assistant.web.http.connections import Runner
from assistant.web.http.context import CONTEXT

from .load import WORDS, Answer, Fields, Line, Person, fill_in
from .reviews import sit_down
from .shares import prepare

_PACKAGE = str(Path(assistant.__file__).parent)
_TEMPLATES = f"{_PACKAGE}/web/templates/"


@dataclass
class Trace:
    """What was called while one request was answered."""

    calls: Counter[str] = field(default_factory=Counter)
    """By file."""
    reads: int = 0
    writes: int = 0
    unsealed: Counter[str] = field(default_factory=Counter)
    """By the name of the document."""

    def add(self, frame: FrameType) -> None:
        """Count one call."""
        code = frame.f_code
        if not code.co_filename.startswith(_PACKAGE):
            return
        self.calls[code.co_filename] += 1
        match code.co_filename.removeprefix(f"{_PACKAGE}/"), code.co_name:
            case "storage/database.py", "_read":
                self.reads += 1
            case "storage/writer.py", "submit":
                self.writes += 1
            case "vault/sealing.py", "unseal":
                self.unsealed[frame.f_locals["name"]] += 1

    def files(self, *, templates: bool) -> list[str]:
        """The modules, or the templates, that were called."""
        return sorted(name for name in self.calls if name.startswith(_TEMPLATES) == templates)

    def row(self, what: str) -> str:
        """One line of the table."""
        modules, templates = (len(self.files(templates=kind)) for kind in (False, True))
        figures = (modules, templates, self.calls.total(), self.reads, self.writes)
        unsealed = (self.unsealed["notebook"], self.unsealed.total())
        return f"| {what} | " + " | ".join(map(str, (*figures, *unsealed))) + " |"


class Tracer:
    """Traces in all threads, while it is asked to; it starts before the first of them."""

    def __init__(self) -> None:
        self._now: Trace | None = None
        threading.setprofile(self._profile)
        sys.setprofile(self._profile)

    @contextmanager
    def trace(self) -> Iterator[Trace]:
        """Trace what is done inside."""
        self._now = trace = Trace()
        try:
            yield trace
        finally:
            self._now = None

    def _profile(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and self._now is not None:
            self._now.add(frame)


@contextmanager
def _as_somebody(line: Line, cookie: str) -> Iterator[None]:
    line._cookie = cookie
    try:
        yield
    finally:
        line._cookie = ""


async def ready_to_share(app: web.Application) -> tuple[str, str, Fields]:
    """A preparation whose entries are all to be shared: a cookie, an address, and the form of its preview."""
    services = app[CONTEXT].services
    who, meeting = await services.sessions.begin("nb")
    await prepare(services.preparations, who, meeting)
    await services.choices.choose(who, meeting.id, {})
    looked_at = (await services.shares.now(who, meeting.id)).snapshot.digest
    fields = [("request", secrets.token_hex(16)), ("looked_at", looked_at), ("way", "together")]
    return f"s={who.secret}", f"/meetings/{meeting.id}/share", fields


async def measure(tracer: Tracer, app: web.Application, address: str) -> dict[str, Trace]:
    """Each kind of request once, after one like it that is not counted."""
    traces: dict[str, Trace] = {}

    async def post(what: str, line: Line, path: str, fields: Fields) -> Answer:
        with tracer.trace() as traces[what]:
            answer = await line.post(path, fields)
        assert answer.status == 303, f"{answer.status} to {what}"
        return answer

    async def get(what: str, line: Line, path: str) -> None:
        with tracer.trace() as traces[what]:
            answer = await line.get(path)
        assert answer.status == 200, f"{answer.status} to {what}"

    person = await Person.at_first_words(address)
    await person.take_turn()
    form = fill_in(person._page)
    assert WORDS in dict(form.fields).values(), "a question that takes own words"
    answer = await post("POST an answer", person._line, form.action, [*form.fields, ("move", "answer")])
    await get("GET the next question", person._line, answer.location)

    line = await Line(address).connect()
    for _ in range(2):
        cookie, path, fields = await ready_to_share(app)
        with _as_somebody(line, cookie):
            await post("POST share", line, path, fields)

    review = await sit_down(app)
    (_, _, (cookie, page)), entry = review["browsers"], review["entry"]
    with _as_somebody(line, cookie):
        await line.post(page, [("act", "meet")])
        for mark in ("mark:talked", "mark:"):
            await post("POST a review act (professional)", line, page, [("act", mark), ("entry", entry)])
        for _ in range(2):
            await get("GET the review (professional)", line, page)
    cookie, page = review["browsers"][0]
    with _as_somebody(line, cookie):
        for mark in ("mark:talked", "mark:"):
            await post("POST a review act (user)", line, page, [("act", mark), ("entry", entry)])
        for _ in range(2):
            await get("GET the review (user)", line, page)
    return traces


async def run(tracer: Tracer, folder: Path) -> dict[str, Trace]:
    """Start the application on this folder, and trace it."""
    app = make_app(Settings(data=folder))
    runner = Runner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        return await measure(tracer, app, f"127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


def traced() -> dict[str, Trace]:
    """Trace each kind of request on a folder of its own."""
    tracer = Tracer()
    try:
        with tempfile.TemporaryDirectory(prefix="for-motet-modules-") as folder:
            return asyncio.run(run(tracer, Path(folder)))
    finally:
        threading.setprofile(None)
        sys.setprofile(None)


def main() -> None:
    print(
        "| request | modules | templates | calls | reads | writes | notebook unsealed | documents unsealed |"
    )
    print("| --- |" + " --- |" * 7)
    for what, trace in traced().items():
        print(trace.row(what))


if __name__ == "__main__":
    main()
