"""Staff at their browsers: set up through the pages a one-time link leads to, and signed in."""

import base64
import secrets
from datetime import timedelta
from itertools import count

from aiohttp import web

from assistant.meetings.permissions import Role
from assistant.service.staff.account_setup import AccountSetupTyped
from assistant.service.staff.passwords import Authenticated
from assistant.vault.second_factor import app_code
from assistant.vault.staff_keys import new_pair
from assistant.web.http.context import CONTEXT
from support.clock import Clock
from support.page import Page
from support.person import NewPerson, Person

PASSWORD = "seks gode ord om natten"
_numbers = count(1)


class Colleague(Person):
    """Somebody with an account, an app for codes, and a browser.

    `set_up` goes through the pages, as tests/web/staff does; elsewhere an account is made at once.
    """

    name = ""
    app_secret = b""
    codes: tuple[str, ...] = ()
    clock: Clock
    app: web.Application
    staff_id: str

    def code(self) -> str:
        """What the app shows: another one each time, so time goes by."""
        self.clock.pass_by(timedelta(seconds=30))
        return app_code(self.app_secret, self.clock())

    async def set_up(self, link: str, name: str = "", language: str = "nb") -> Page:
        """Open the one-time link, choose a password, tie the app; the page they come to."""
        page = await self.open(f"/{language}/staff/welcome")
        page = await self.send(page.form("open").write("link", link).press())
        form = page.form("choose")
        self.read_app(page)
        if form.named("name"):
            form.write("name", name)
        self.name = name
        form.write("password", PASSWORD).write("again", PASSWORD).write("code", self.code())
        page = await self.send(form.press())
        self.codes = tuple(item.text for item in page.root.one("ul", class_="paper-codes").all("li"))
        return await self.send(page.form("have-codes").press())

    async def set_up_at_once(self, link: str, name: str) -> None:
        """What the pages of `set_up` do, without them: the account is ready, and this browser signed in."""
        staff = self.app[CONTEXT].services.staff
        setup = await staff.welcomes.welcome(link)
        self.name, self.app_secret = name, base64.b32decode(setup.secret.replace(" ", ""))
        typed = AccountSetupTyped(setup.name or name, PASSWORD, PASSWORD, self.code())
        proved, self.codes = await staff.welcomes.settle(setup.link, setup.handed, typed)
        who = await staff.sign_ins.begin(proved, "nb")
        self.staff_id = who.member.id
        cookies = {"w": who.secret, "d": await staff.devices.remember(who.member.id)}
        self.client.session.cookie_jar.update_cookies(cookies, self.client.make_url("/"))

    def read_app(self, page: Page) -> None:
        """Type the key beside the picture into the app."""
        self.app_secret = base64.b32decode(page.root.one("p", class_="code").text.replace(" ", ""))

    async def sign_in(
        self, password: str = PASSWORD, code: str | None = None, page: Page | None = None
    ) -> Page:
        """Sign in at the door, or on a page that asks to."""
        page = page or await self.open("/nb/staff")
        form = page.form("sign-in").write("name", self.name).write("password", password)
        return await self.send(form.write("code", self.code() if code is None else code).press())


def as_colleague(person: Person, clock: Clock) -> Colleague:
    """A person's browser in the hands of somebody with an account."""
    colleague = Colleague(person.client, person.near)
    colleague.clock = clock
    return colleague


async def an_administrator(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    """The first administrator, set up and signed in."""
    colleague = as_colleague(await new_person(), clock)
    colleague.app = app
    link = await app[CONTEXT].services.staff.accounts.first_link()
    assert link is not None
    await colleague.set_up_at_once(link, "Anne Administrator")
    return colleague


async def a_colleague(administrator: Colleague, new_person: NewPerson, name: str, *roles: Role) -> Colleague:
    """Somebody an administrator made an account for, set up and signed in."""
    accounts = administrator.app[CONTEXT].services.staff.accounts
    _, link = await accounts.add(name, frozenset(roles), secrets.token_hex(16), by=administrator.staff_id)
    assert link is not None
    colleague = as_colleague(await new_person(), administrator.clock)
    colleague.app = administrator.app
    await colleague.set_up_at_once(link, name)
    return colleague


def numbered(name: str) -> str:
    """A name that nobody else in this process has: an object's `id` may be given to the next one."""
    return f"{name} nr. {next(_numbers)}"


async def in_role(app: web.Application, person: Person, *roles: Role, name: str = "") -> str:
    """Sign a browser in as somebody new with these roles, and give their id. Quick: without a password."""
    staff = app[CONTEXT].services.staff
    request = secrets.token_hex(16)
    staff_id, _ = await staff.accounts.add(name or f"Ansatt {request}", frozenset(roles), request)
    who = await staff.sign_ins.begin(Authenticated(staff_id, new_pair().private), "nb")
    person.client.session.cookie_jar.update_cookies({"w": who.secret}, person.client.make_url("/"))
    return staff_id
