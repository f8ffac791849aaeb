"""The load: so many people at once against one server and then the other, in rounds.

A client of its own on bare streams, for an ordinary one would need more of the machine than the server it
measures. It fills in the form it finds in the page, as a browser without JavaScript does.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from html import unescape
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from .bare import TURN

AT_ONCE = (1, 32, 200)
ROUNDS = 3
SECONDS = 2.0
THINKING, THINK_FOR = 5.0, 20.0
"""Seconds between the turns of somebody who thinks, and of the measure."""
WORDS = "Å bli hørt når jeg sier nei, og at vi snakker om det som faktisk er vanskelig nå."
_TYPED = {"date": (date.today() + timedelta(days=30)).isoformat(), "time": "09:30"}  # noqa: DTZ011
"""A day that is too far ahead is refused."""

_FORM = re.compile(r'<form id="(start|continue|reply)"[^>]* action="([^"]*)".*?</form>', re.DOTALL)
_INPUT = re.compile(
    r'<input(?: id="[^"]*")?(?: type="(\w+)")? name="([^"]*)"(?: type="(\w+)")?(?: value="([^"]*)")?'
)
_TEXTAREA = re.compile(r'<textarea[^>]* name="([^"]*)"')
_LAST = re.compile(r'<progress max="(\d+)" value="\1"')

Fields = list[tuple[str, str]]


class Form(NamedTuple):
    """A form as it stands in a page, filled in."""

    id: str
    action: str
    fields: Fields
    is_last: bool
    state: str
    """The question it asks; empty at the first page."""


def fill_in(page: str) -> Form:
    """The page's form with something given in every field."""
    found = _FORM.search(page)
    assert found, "a page without a form to go on with"
    fields: dict[str, str] = {}
    for kind, name, kind_after, value in _INPUT.findall(found[0]):
        match kind or kind_after:
            case "hidden":
                fields[name] = unescape(value)
            case "radio" | "checkbox":
                fields.setdefault(name, unescape(value))
            case other:
                fields[name] = _TYPED[other]
    fields |= dict.fromkeys(_TEXTAREA.findall(found[0]), WORDS)
    is_last = _LAST.search(found[0]) is not None
    return Form(found[1], found[2], list(fields.items()), is_last, fields.get("state", ""))


class Answer(NamedTuple):
    status: int
    location: str
    body: str


class Line:
    """One connection that is kept, with its cookie."""

    def __init__(self, address: str) -> None:
        self._host, self._port = address.split(":")
        self._cookie = ""
        self.headers: dict[str, str] = {}
        """Headers of every request, beside the usual ones."""

    async def connect(self) -> "Line":
        self._reader, self._writer = await asyncio.open_connection(self._host, int(self._port), limit=1 << 20)
        return self

    async def get(self, path: str) -> Answer:
        return await self._ask(f"GET {path}", b"")

    async def post(self, path: str, fields: Fields) -> Answer:
        return await self._ask(f"POST {path}", urlencode(fields).encode())

    async def _ask(self, what: str, body: bytes) -> Answer:
        head = [f"{what} HTTP/1.1", f"Host: {self._host}:{self._port}", f"Content-Length: {len(body)}"]
        head += ["Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: same-origin"]
        head += [f"Cookie: {self._cookie}"] if self._cookie else []
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        self._writer.write("\r\n".join([*head, "", ""]).encode() + body)
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        text = await self._reader.readexactly(int(headers.get("content-length", 0)))
        if "set-cookie" in headers:
            self._cookie = headers["set-cookie"].split(";")[0]
        return Answer(int(first.split(" ")[1]), headers.get("location", ""), text.decode())


def cpu_seconds(process: int) -> float:
    """Return the seconds that all threads of a process, and of those it started, have run."""
    used = 0.0
    for task in Path(f"/proc/{process}/task").iterdir():
        used += int((task / "schedstat").read_text().split()[0]) / 1e9
        used += sum(map(cpu_seconds, map(int, (task / "children").read_text().split())))
    return used


@dataclass
class Measure:
    """What one server did: answers a second in each round, and how long each took, in milliseconds."""

    server: int
    """The server's process."""

    a_second: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)
    """How much of one core this client itself used, round by round."""
    cpu: list[float] = field(default_factory=list)
    """Milliseconds of a processor that the server used for each answer, round by round."""

    async def round(self, acts: Sequence[Callable[[], Awaitable[None]]]) -> None:
        """Everybody acts again and again until the time is up."""
        began, used, served = time.perf_counter(), time.process_time(), cpu_seconds(self.server)
        took: list[float] = []

        async def act_on(act: Callable[[], Awaitable[None]]) -> None:
            while (now := time.perf_counter()) < began + SECONDS:
                await act()
                took.append((time.perf_counter() - now) * 1000)

        await asyncio.gather(*map(act_on, acts))
        lasted = time.perf_counter() - began
        self.a_second.append(len(took) / lasted)
        self.cpu.append((cpu_seconds(self.server) - served) / len(took) * 1000)
        self.client.append((time.process_time() - used) / lasted)
        self.took += took


class Person:
    """Somebody who prepares, and then goes over the answers again, one after another."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._page = ""
        self._changes = count()
        self._asked: dict[str, None] = {}
        """The questions so far, in the order in which they were asked."""

    @classmethod
    async def at_first_words(cls, address: str) -> "Person":
        """Somebody new, led to the first question that asks for own words."""
        person = cls(await Line(address).connect())
        person._page = (await person._line.get("/nb/")).body
        while 'name="statement.' not in person._page:
            form = fill_in(person._page)
            person._asked[form.state] = None
            await person._send(form)
        return person

    async def take_turn(self) -> None:
        """Answer, and read the next question; at the last one go back to an earlier and change that."""
        form = fill_in(self._page)
        assert form.id == "reply", form.id
        earlier = [f"go:{state}" for state in self._asked if state not in ("", form.state)]
        self._asked[form.state] = None
        move = earlier[next(self._changes) % len(earlier)] if form.is_last else "answer"
        form.fields.append(("move", move))
        await self._send(form)

    async def _send(self, form: Form) -> None:
        taken = await self._line.post(form.action, form.fields)
        assert taken.status == 303, f"{taken.status} to {form.id}"
        shown = await self._line.get(taken.location)
        assert shown.status == 200, f"{shown.status} at {taken.location}"
        self._page = shown.body


async def thinking(people: Sequence[Person]) -> list[float]:
    """Return how long the turns take, in milliseconds, of people who think between them."""
    took: list[float] = []
    began = time.perf_counter()

    async def think(person: Person, first: float) -> None:
        await asyncio.sleep(first)
        while time.perf_counter() < began + THINK_FOR:
            now = time.perf_counter()
            await person.take_turn()
            took.append((time.perf_counter() - now) * 1000)
            await asyncio.sleep(THINKING)

    await asyncio.gather(*(think(p, THINKING * n / len(people)) for n, p in enumerate(people)))
    return took


async def main(whole: str, bare: str, processes: tuple[int, int], at_once: int) -> None:
    """Print the measures as JSON; the servers' addresses, and their processes in the same order."""
    people = [await Person.at_first_words(whole) for _ in range(at_once)]
    if at_once == AT_ONCE[-1]:
        print(json.dumps({"thinking": await thinking(people)}))
        return
    lines = [await Line(bare).connect() for _ in range(at_once)]
    words: Fields = [("words", WORDS)]

    def insert_on(line: Line) -> Callable[[], Awaitable[None]]:
        async def insert() -> None:
            answer = await line.post("/", words)
            assert answer.status == 200, f"{answer.status} to an insert"

        return insert

    def floor_on(line: Line) -> Callable[[], Awaitable[None]]:
        async def turn() -> None:
            taken = await line.post(TURN, words)
            assert (await line.get(taken.location)).status == 200

        return turn

    acts: dict[str, list[Callable[[], Awaitable[None]]]] = {
        "inserts": [insert_on(line) for line in lines],
        "floor": [floor_on(line) for line in lines],
        "turns": [person.take_turn for person in people],
    }
    server = dict(zip(acts, (processes[1], processes[1], processes[0]), strict=True))
    await Measure(server["turns"]).round(acts["turns"])
    measured = {name: Measure(server[name]) for name in acts}
    for _ in range(ROUNDS):
        for name, all_act in acts.items():
            await measured[name].round(all_act)
    print(json.dumps({name: asdict(one) for name, one in measured.items()}))


if __name__ == "__main__":
    whole, bare = (urlsplit(address).netloc for address in sys.argv[1:3])
    of_whole, of_bare, at_once = map(int, sys.argv[3:6])
    asyncio.run(main(whole, bare, (of_whole, of_bare), at_once))
