"""A browser that is somewhere already: forms on the way are sent without it. It is quicker, and the same."""

from typing import Any, cast

from aiohttp import ClientSession, CookieJar
from aiohttp.abc import AbstractCookieJar
from playwright.async_api import BrowserContext
from yarl import URL

from support.person import Client, Person


class AtAServer:
    """What a `Person` needs of a client, for a server that runs already."""

    def __init__(self, session: ClientSession, address: str) -> None:
        self.session = session
        self._address = URL(address)

    def make_url(self, path: str) -> URL:
        return self._address.join(URL(path)) if path else self._address

    def request(self, method: str, path: str, **options: Any) -> Any:
        return self.session.request(method, self.make_url(path), **options)

    def cookies(self) -> list[Any]:
        """The browser's, to be taken into a real one."""
        return cookies_in(self.session.cookie_jar, self._address)


def cookies_in(jar: AbstractCookieJar, address: URL) -> list[Any]:
    """What a browser without JavaScript would send to this address, to be taken into a real one."""
    found = jar.filter_cookies(address)
    return [{"name": name, "value": one.value, "url": str(address)} for name, one in found.items()]


async def reached(context: BrowserContext, address: str, state: str, language: str = "nb") -> str:
    """Skip from the first page to this question, or the form with this id; the path of its page."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        client = AtAServer(session, address)
        had = {one["name"]: one["value"] for one in await context.cookies(address)}
        session.cookie_jar.update_cookies(had, URL(address))
        person = Person(cast(Client, client))
        page = await person.reach(state, await person.begin(language))
        await context.add_cookies(client.cookies())
    return page.path
