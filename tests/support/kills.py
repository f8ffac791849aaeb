"""People who write while their server is killed again and again, and who then look for every word."""

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

from aiohttp import ClientError

from support.network_browser import Browser, browsing
from support.page import Form, Page, Submission
from support.server_process import Server

PEOPLE = 10
NEXT_MONTH = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
"""A day that the server does not ask about again."""
ASKED_AGAIN = 50
"""How many are opened by their link once more at the end; the server takes 60 tries from one address."""

_numbers = count(1)


@dataclass
class Preparation:
    """What somebody wrote in one preparation, and what they were told of it."""

    path: str
    link: str = ""
    turns: int = 0
    kept: list[str] = field(default_factory=list)
    """Words that were acknowledged."""
    last: Submission | None = None
    """The reply that was acknowledged last."""
    unanswered: Submission | None = None
    """The reply after which nothing was heard."""
    unsure: list[str] = field(default_factory=list)
    """The words in it."""


class Person:
    """Somebody who prepares, and then begins anew, for as long as there is a server."""

    def __init__(self, browser: Browser, heard: Callable[[], None]) -> None:
        self.browser = browser
        self.preparations: list[Preparation] = []
        self._by_cookie: Preparation | None = None
        self._heard = heard

    async def prepare_until_cut(self) -> None:
        self.preparations.clear()
        try:
            while True:
                now = await self._begin()
                page = await self.browser.open(now.path)
                while page.has("reply") or page.has("link"):
                    page = await self._go_on(now, page)
        except ClientError:
            pass

    async def _begin(self) -> Preparation:
        self.browser.forget()
        self._by_cookie = None
        first_page = await self.browser.open(f"/{random.choice(('nb', 'nn', 'en'))}/")
        begun = await self.browser.send(first_page.form("start").press())
        self._by_cookie = Preparation(begun.headers["Location"])
        self.preparations.append(self._by_cookie)
        return self._by_cookie

    async def _go_on(self, now: Preparation, page: Page) -> Page:
        if page.has("link"):
            now.link = page.root.one("b", class_="code").text
            return await self.browser.go(page.form("continue").press("skip"))
        form = page.form("reply")
        now.unsure = fill_in(form)
        now.unanswered = form.press("answer")
        answer = await self.browser.send(now.unanswered)
        assert answer.status == 303, answer.main
        now.turns += 1
        now.kept += now.unsure
        now.last, now.unanswered = now.unanswered, None
        self._heard()
        return await self.browser.open(answer.headers["Location"])

    async def find_all_again(self) -> None:
        """Each preparation as it was left: the one that was open by the cookie, the others by their link."""
        for now in reversed(self.preparations):
            if now is not self._by_cookie:
                await unlock(self.browser, now)
            await find_again(self.browser, now)


def fill_in(form: Form) -> list[str]:
    """Something in every field for own words, never the same twice; else the first way to answer."""
    words = [f"merke {next(_numbers)}" for _ in form.words]
    match form.element.attributes["data-asks"]:
        case "choice":
            form.choose("option", "other")
        case "date":
            form.write("on", NEXT_MONTH)
        case _:
            form.say(*words)
    return words


async def unlock(browser: Browser, preparation: Preparation) -> None:
    browser.forget()
    door = (await browser.open("/nb/r")).form("open")
    answer = await browser.send(door.write("link", preparation.link).press())
    assert answer.status == 303, answer.heading


async def find_again(browser: Browser, now: Preparation) -> None:
    """All that was acknowledged is there; and sending again what was sent before is no new turn."""
    words, turns = await found(browser, now)
    assert set(now.kept) <= set(words) <= {*now.kept, *now.unsure}
    assert turns in (now.turns, now.turns + (now.unanswered is not None))
    if now.unanswered is not None:
        now.turns += 1
        now.kept += now.unsure
    # also one that was acknowledged may be sent again, by a browser that lost the answer
    for reply in [now.unanswered, now.unanswered, now.last]:
        assert reply is None or (await browser.send(reply)).status == 303, "not known again"
    now.last, now.unanswered, now.unsure = now.unanswered or now.last, None, []
    words, turns = await found(browser, now)
    assert (sorted(words), turns) == (sorted(now.kept), now.turns)


async def found(browser: Browser, now: Preparation) -> tuple[list[str], int]:
    """The words in the summary, and how many turns were taken."""
    summary = await browser.open(f"{now.path}/summary")
    assert summary.status == 200, f"what was begun is not found: {summary.heading}"
    words = [text for _, text in summary.entries if text.startswith("merke")]
    return words, int(summary.form("change").text("turn"))


def check_integrity(server: Server, folder: Path) -> None:
    """The files as the kill left them are a whole database. A copy is asked: to look would mend them."""
    folder.mkdir()
    for file in server.data.glob("words.db*"):
        shutil.copy(file, folder)
    with closing(sqlite3.connect(folder / server.database.name)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    shutil.rmtree(folder)


class Executioner:
    """Kills at a random moment, or the very moment somebody is told that they were saved."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._left = 0

    async def wait_and_kill(self) -> None:
        await asyncio.sleep(random.uniform(0.3, 1.0))
        self._server.kill()

    def kill_after(self, acknowledged: int) -> None:
        self._left = acknowledged

    def hear(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._server.kill()


@dataclass
class Outcome:
    """What was tried; that nothing was lost or doubled was asserted."""

    kills: int = 0
    preparations: int = 0
    acknowledged: int = 0
    """Replies that the server said it had saved."""
    unanswered: int = 0
    """Replies under way when the server was killed."""

    def add(self, written: list[Preparation]) -> None:
        self.kills += 1
        self.preparations += len(written)
        self.acknowledged += sum(now.turns for now in written)
        self.unanswered += sum(now.unanswered is not None for now in written)


async def kill_again_and_again(server: Server, folder: Path, kills: int, minutes: float = inf) -> Outcome:
    """Start the server, and kill it so many times while people write; they look for all of it each time."""
    until = monotonic() + 60 * minutes
    asyncio.get_running_loop().set_exception_handler(_report_but_for_cuts)
    executioner, outcome = Executioner(server), Outcome()
    linked: list[Preparation] = []
    async with AsyncExitStack() as stack:
        people = [
            Person(await stack.enter_async_context(browsing(server)), executioner.hear) for _ in range(PEOPLE)
        ]
        await server.start()
        for kill in range(kills):
            if monotonic() > until:
                break
            writing = [person.prepare_until_cut() for person in people]
            if kill % 3 == 0:
                await asyncio.gather(executioner.wait_and_kill(), *writing)
            else:
                executioner.kill_after(random.randint(10, 80))
                await asyncio.gather(*writing)
            if not server.postgresql:
                check_integrity(server, folder / f"after kill {kill}")
            await server.start()
            written = [now for person in people for now in person.preparations]
            outcome.add(written)
            await asyncio.gather(*(person.find_all_again() for person in people))
            linked += [now for now in written if now.link]
        await server.stop()
        await server.start()
        for now in random.sample(linked, min(ASKED_AGAIN, len(linked))):
            await unlock(people[0].browser, now)
            await find_again(people[0].browser, now)
    return outcome


def _report_but_for_cuts(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report what no one waited for. A connection that is cut fails where a form is still being sent, too."""
    if not isinstance(context.get("exception"), ClientError):
        loop.default_exception_handler(context)
