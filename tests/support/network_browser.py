"""A browser without JavaScript, over the network: its server may be gone at any moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Protocol
from urllib.parse import urlencode

from aiohttp import ClientSession, CookieJar

from support.page import Page, Submission

FORM = "application/x-www-form-urlencoded"


class Server(Protocol):
    """Where a server is now."""

    @property
    def address(self) -> str: ...


class Browser:
    """One browser with its cookies. It goes where the server is, also after a restart on another port."""

    def __init__(self, server: Server, session: ClientSession) -> None:
        self._server = server
        self._session = session

    @property
    def cookie(self) -> str:
        """The secret it is known by."""
        return next(cookie.value for cookie in self._session.cookie_jar if cookie.key in ("s", "w"))

    def forget(self) -> None:
        """Lose the cookie, as when it has run out."""
        self._session.cookie_jar.clear()

    async def open(self, path: str) -> Page:
        """One page, without going on to where it leads."""
        return await self._ask("GET", path, b"")

    async def send(self, what: Submission) -> Page:
        """What is answered to a form, without going on to where it leads."""
        pairs = [(name, text.replace("\n", "\r\n")) for name, text in what.fields]
        return await self._ask("POST", what.path, urlencode(pairs).encode())

    async def go(self, what: Submission) -> Page:
        """Send a form and see where it leads."""
        answer = await self.send(what)
        return await self.open(answer.headers["Location"]) if answer.status == 303 else answer

    async def begin(self, language: str) -> Page:
        """From the first page to the first question."""
        page = await self.open(f"/{language}/")
        return await self.go(page.form("start").press())

    async def _ask(self, method: str, path: str, body: bytes) -> Page:
        sent = {"Content-Type": FORM, "Origin": self._server.address} if method == "POST" else {}
        async with self._session.request(
            method, self._server.address + path, data=BytesIO(body), headers=sent, allow_redirects=False
        ) as answer:
            return Page(path, answer.status, answer.headers, await answer.text())


@asynccontextmanager
async def browsing(server: Server) -> AsyncIterator[Browser]:
    """A new browser, without any cookie."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(server, session)
