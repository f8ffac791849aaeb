"""Staff who may see a screen no longer have it emptied at once; and leaving is told truly."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import PASSWORD, Colleague, a_colleague, an_administrator
from support.person import CATALOGUES, NewPerson, Person
from support.reviewing import opened

from assistant.errors import NotSaved
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.staff.members import SignedInStaff
from assistant.storage.database import Database
from assistant.web.http.context import CONTEXT
from assistant.web.http.open_streams import STREAMS
from assistant.web.http.pages import AWAY

NB = CATALOGUES["nb"].say
Ending = Callable[[Colleague, Colleague, str], Awaitable[object]]


async def _signs_out(_: Colleague, kari: Colleague, __: str) -> None:
    await kari.send((await kari.open("/desk")).form("sign-out").press())


async def _signs_out_everywhere(_: Colleague, kari: Colleague, __: str) -> None:
    await kari.send((await kari.open("/staff/account")).form("sign-out-everywhere").press())


async def _changes_password(_: Colleague, kari: Colleague, __: str) -> None:
    form = (await kari.open("/staff/account")).form("change-password")
    form.write("password", PASSWORD).write("new", "sju gode ord om dagen").write(
        "again", "sju gode ord om dagen"
    )
    assert (await kari.send(form.press())).status == 200


async def _loses_role(anne: Colleague, _: Colleague, account: str) -> None:
    await anne.send((await anne.open(account)).form("roles").choose("role", "peer_worker").press())


async def _is_shut(anne: Colleague, _: Colleague, account: str) -> None:
    await anne.send((await anne.open(account)).form("disable").press())


async def _is_reset(anne: Colleague, _: Colleague, account: str) -> None:
    await anne.send((await anne.open(f"{account}/reset")).form("reset").press())


@pytest.mark.parametrize(
    "ending", [_signs_out, _signs_out_everywhere, _changes_password, _loses_role, _is_shut, _is_reset]
)
async def test_an_open_screen_of_staff_is_emptied_at_once(
    app: web.Application, new_person: NewPerson, clock: Clock, ending: Ending
) -> None:
    assert app[STREAMS].heartbeat == 20  # seconds; longer than this test waits
    anne = await an_administrator(app, new_person, clock)
    kari = await a_colleague(anne, new_person, "Kari Fagperson", "professional")
    rows = (await anne.open("/admin/staff")).root.one("main").all("a")
    account = next(a.attributes["href"] for a in rows if "Kari" in a.text)
    both = await opened(await new_person(), kari)
    async with kari.client.get(f"{both.desk}/events") as stream:
        await stream.content.readuntil(b"data: ")
        await ending(anne, kari, account)
        async with asyncio.timeout(15):
            rest = await stream.content.read()
    assert b"event: ended" in rest


@pytest.mark.one_application
async def test_while_streams_and_connections_only_wait_the_program_holds_no_key(
    app: web.Application, new_person: NewPerson, clock: Clock
) -> None:
    anne = await an_administrator(app, new_person, clock)
    kari = await a_colleague(anne, new_person, "Kari Fagperson", "professional")
    eva = await new_person()
    both = await opened(eva, kari)
    meeting = "/".join(both.here.split("/")[:3])
    screens = [(kari, both.desk), (eva, meeting), (eva, both.here)]
    async with AsyncExitStack() as open_screens:
        for who, screen in screens:
            stream = await open_screens.enter_async_context(who.client.get(f"{screen}/events"))
            assert stream.status == 200
            await stream.content.readuntil(b"data: ")
        await asyncio.sleep(0.05)
        assert app[STREAMS].open == 3
        gc.collect()
        assert [type(it) for it in gc.get_objects() if isinstance(it, SignedInStaff | SignedInUser)] == []


@pytest.fixture
def no_write(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Let the database take no write, and then take them again."""
    writing = {name: getattr(Database, name) for name in ("write", "write_briefly")}

    async def refuse(self: Database, act: object) -> None:
        raise NotSaved("SQLITE_FULL")

    def switch(is_full: bool) -> None:
        for name, write in writing.items():
            monkeypatch.setattr(Database, name, refuse if is_full else write)

    return switch


def _cookie(person: Person, name: str) -> str:
    return person.client.session.cookie_jar.filter_cookies(person.client.make_url("/"))[name].value


async def test_leaving_says_what_could_not_be_written_and_the_session_is_refused_all_the_same(
    new_person: NewPerson, no_write: Callable[[bool], None], app: web.Application, clock: Clock
) -> None:
    phone, thief = await new_person(), await new_person()
    page = await phone.reach("matters/now")
    cookie = _cookie(phone, "s")
    stolen = {"Cookie": f"s={cookie}"}
    assert (await thief.open(page.path, stolen)).status == 200
    no_write(True)
    left = await phone.send(page.form("leave").press())
    assert (left.status, left.headers["Refresh"]) == (200, f"6; url={AWAY}")
    assert left.root.one("p", id="not-told").text == NB("left.not_told")
    assert "s=" in left.headers["Set-Cookie"]
    assert "Max-Age=0" in left.headers["Set-Cookie"]
    assert (await phone.open(page.path)).status == 401
    assert (await thief.open(page.path, stolen)).status == 401
    no_write(False)
    await app[CONTEXT].services.sessions.sweep(clock())
    app[CONTEXT].services.sessions._ended._indexes.clear()  # as after a restart
    assert (await thief.open(page.path, stolen)).status == 401, "it was deleted as soon as it could be"


async def test_leaving_that_was_written_says_nothing_of_it(person: Person) -> None:
    page = await person.reach("matters/now")
    left = await person.send(page.form("leave").press())
    assert left.headers["Refresh"] == f"0; url={AWAY}"
    assert not left.has("not-told")


@pytest.mark.one_application
async def test_signing_out_says_what_could_not_be_written(
    app: web.Application, new_person: NewPerson, clock: Clock, no_write: Callable[[bool], None]
) -> None:
    anne = await an_administrator(app, new_person, clock)
    page = await anne.open("/admin/staff")
    stolen = {"Cookie": f"w={_cookie(anne, 'w')}"}
    no_write(True)
    out = await anne.send(page.form("sign-out").press())
    assert (out.status, out.heading) == (503, NB("trouble.not_signed_out_heading"))
    thief = await new_person()
    assert (await thief.open("/admin/staff", stolen)).status == 401
    no_write(False)
    await app[CONTEXT].services.staff.sweep(clock())
    app[CONTEXT].services.staff.sign_ins._ended._indexes.clear()
    assert (await thief.open("/admin/staff", stolen)).status == 401
