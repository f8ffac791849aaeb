"""Browsers that go where they are led and remember all they were told; one of them in the hands of staff."""

import base64
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from assistant.vault.second_factor import app_code
from support.markers import spellings
from support.network_browser import Browser
from support.page import Page, Submission

PASSWORD = "seks gode ord om natten"
STEP = timedelta(seconds=30)


class Visitor(Protocol):
    """Opens pages and sends their forms, over the network or without one."""

    async def open(self, path: str) -> Page:
        """One page, and where it leads."""
        ...

    async def send(self, what: Submission) -> Page:
        """What a form leads to."""
        ...


class Guest:
    """A browser that goes where it is led, and remembers all that it was answered."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.answers: list[bytes] = []

    async def open(self, path: str) -> Page:
        return await self._on(await self.browser.open(path))

    async def send(self, what: Submission) -> Page:
        return await self._on(await self.browser.send(what))

    async def _on(self, page: Page) -> Page:
        while True:
            self.answers += [page.html.encode(), repr(page.headers).encode()]
            if page.status not in (302, 303):
                return page
            page = await self.browser.open(page.headers["Location"])

    def was_told(self, planted: Iterable[str | bytes]) -> list[str]:
        """What of it was in any answer."""
        return [
            f"{word!r} ({how})"
            for word in planted
            for how, spelled in spellings(word).items()
            if any(spelled in answer for answer in self.answers)
        ]


class Colleague(Guest):
    """Somebody with an account, and an app for codes."""

    name = ""
    app_secret = b""

    async def set_up(self, link: str, name: str) -> Page:
        """From the one-time link to being signed in."""
        self.name = name
        page = await self.open("/nb/staff/welcome")
        page = await self.send(page.form("open").write("link", link).press())
        self.app_secret = base64.b32decode(page.root.one("p", class_="code").text.replace(" ", ""))
        form = page.form("choose")
        if form.named("name"):
            form.write("name", name)
        form.write("password", PASSWORD).write("again", PASSWORD).write("code", self.code(datetime.now(UTC)))
        page = await self.send(form.press())
        return await self.send(page.form("have-codes").press())

    async def sign_out_and_in(self) -> Page:
        page = await self.open("/staff/account")
        await self.send(page.form("sign-out").press())
        page = await self.open("/nb/staff")
        form = page.form("sign-in").write("name", self.name).write("password", PASSWORD)
        # a code is taken once, and a phone's clock may be a little fast
        return await self.send(form.write("code", self.code(datetime.now(UTC) + STEP)).press())

    async def look_round(self) -> set[str]:
        """Everything that a link of theirs leads to."""
        seen: set[str] = set()
        waiting = ["/desk", "/admin/staff", "/staff/account", "/d"]
        while waiting:
            seen.add(path := waiting.pop())
            page = await self.open(path)
            links = {e.attributes.get("href", "").partition("#")[0] for e in page.root.all("a")}
            waiting += [link for link in links - seen if link.startswith(("/desk", "/admin", "/staff", "/d"))]
        return seen

    def code(self, at: datetime) -> str:
        return app_code(self.app_secret, at)
