"""Somebody who signs in at the strict provider, and the application that is its client."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientSession, web

from assistant.config import Settings, SignInProvider
from assistant.meetings.permissions import Role
from assistant.openid.client_key import FILE, make_client_key
from assistant.web.http.context import CONTEXT
from support.page import Page
from support.person import Person
from support.strict_provider import StrictProvider

BACK = "/staff/provider/callback"


def as_client_of(provider: StrictProvider, data: Path, first_data: Path, **more: object) -> Settings:
    """The settings of a server that is a client of this provider, on a folder that nobody has used."""
    shutil.copytree(first_data, data)
    provider.client_key = make_client_key(data / "keys" / FILE).public()
    agreed = {"name": "HelseID", "profile": provider.profile, "issuer": provider.issuer}
    sign_in = SignInProvider.model_validate(agreed | {"client_id": provider.client_id} | more)
    return Settings(data=data, sign_in=sign_in)


async def answer_of(address: str) -> str:
    """Where the provider sends the browser."""
    async with ClientSession() as session, session.get(address, allow_redirects=False) as response:
        assert response.status == 302, await response.text()
        return response.headers["Location"]


async def to_provider(person: Person, form: str = "provider", path: str = "/nb/staff") -> str:
    """Press the button, and return the provider's address that the browser is sent to."""
    page = await person.open(path)
    page = await person.send(page.form(form).press())
    assert page.path == "/nb/staff/provider", page.main
    return page.root.one("a", id="to-provider").attributes["href"]


async def come_back(person: Person, location: str) -> Page:
    """Follow the provider's answer, as a browser does that comes from another site."""
    url = urlsplit(location)
    assert url.path == BACK
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    page = await person.open(f"{url.path}?{url.query}", headers)
    if page.heading == "Siden åpnes":
        return await person.open(page.root.one("a", class_="button").attributes["href"])
    return page


async def sign_in_there(person: Person, provider: StrictProvider, path: str = "/nb/staff") -> Page:
    """The whole way, to the page it ends on."""
    provider.redirect_uri = f"{person.address}{BACK}"
    return await come_back(person, await answer_of(await to_provider(person, path=path)))


async def link_account(
    app: web.Application, person: Person, provider: StrictProvider, name: str, who: str, *roles: Role
) -> str:
    """Make an account and link it through its one-time link; return its id."""
    accounts = app[CONTEXT].services.staff.accounts
    staff_id, link = await accounts.add(name, frozenset(roles), f"{name} {who}".ljust(32, "k"))
    assert link is not None
    provider.person = who
    page = await person.open("/nb/staff/welcome")
    page = await person.send(page.form("open").write("link", link).press())
    page = await sign_in_there(person, provider, path=page.path)
    assert page.path == "/staff/key?first", page.main
    return staff_id
