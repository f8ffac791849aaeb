"""The right secret is let in, twenty of twenty times, beside wrong tries from the same address.

No time passes between the tries, so nothing of any limit is given back meanwhile: harder than one a second.
"""

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from multidict import CIMultiDictProxy
from support.clock import Clock
from support.colleague import PASSWORD, Colleague, a_colleague, an_administrator, as_colleague, in_role
from support.inviting import code_on, invite, link_on, look_at
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import ordinary
from support.sharing import choose, code_of, open_by, share
from support.short_way import have, unlock

from assistant.web.http import rate_limits
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import CODENAMES, SIGN_IN_NAMES, SIGN_INS, Limit
from web.user.test_codename import WRONG, make, type_in

NB = CATALOGUES["nb"].say
WRONG_LINK = "0123-4567-89ab-cdef-ghjk-mnp-qrs"
TIMES = 20


async def beside(
    wrong: Callable[[], Awaitable[Page]], right: Callable[[], Awaitable[Page]], burst: int
) -> None:
    """After so many wrong ones, each wrong one is followed by a right one, which is let in."""
    for _ in range(burst):
        await wrong()
    seen = []
    for _ in range(TIMES):
        assert (await wrong()).status in (422, 429)
        seen.append((await right()).status)
    assert seen == [200] * TIMES


async def test_a_private_link(new_person: NewPerson) -> None:
    _, link = await have(await new_person(), "nb")
    stranger, person = await new_person(), await new_person()
    await beside(lambda: type_in(stranger, WRONG_LINK), lambda: unlock(person, link), 80)


async def test_a_codename(new_person: NewPerson) -> None:
    owner = await new_person()
    await have(owner, "nb")
    codename = " ".join(await make(owner))
    stranger, person = await new_person(), await new_person()
    burst = int(CODENAMES.burst) + 5
    await beside(lambda: type_in(stranger, WRONG), lambda: type_in(person, codename), burst)


@pytest.mark.parametrize("typed", [link_on, code_on])
async def test_an_invitation(
    app: web.Application, new_person: NewPerson, typed: Callable[[Page], str]
) -> None:
    colleague, stranger, person = await new_person(), await new_person(), await new_person()
    await in_role(app, colleague, "professional")
    given = typed(await invite(colleague))
    await beside(lambda: look_at(stranger, "0" * 15), lambda: look_at(person, given), 61)


async def test_a_code_to_a_share(app: web.Application, new_person: NewPerson) -> None:
    person, colleague, stranger = await new_person(), await new_person(), await new_person()
    await in_role(app, colleague, "professional")
    shared = await share(person, await choose(person, await ordinary(person)), "together")
    code = code_of(shared)
    await in_role(app, stranger, "professional")
    await beside(lambda: open_by(stranger, WRONG_LINK), lambda: open_by(colleague, code), 61)
    await beside(lambda: open_by(stranger, "0" * 14), lambda: open_by(colleague, code), 20)


async def test_a_one_time_link_to_an_account(
    app: web.Application, new_person: NewPerson, clock: Clock
) -> None:
    stranger, person = await new_person(), await new_person()
    link = await app[CONTEXT].services.staff.accounts.first_link()
    assert link is not None

    async def welcome(who: Person, typed: str) -> Page:
        page = await who.open("/nb/staff/welcome")
        return await who.send(page.form("open").write("link", typed).press())

    await beside(lambda: welcome(stranger, WRONG_LINK), lambda: welcome(person, link), 80)


@pytest.fixture
async def kari(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    """A professional, signed out, in a browser she signed in with before."""
    anne = await an_administrator(app, new_person, clock)
    kari = await a_colleague(anne, new_person, "Kari Nordmann", "professional")
    await sign_out(kari)
    return kari


async def sign_out(colleague: Colleague) -> None:
    page = await colleague.open("/desk")
    await colleague.send(page.form("sign-out").press())


async def in_and_out(colleague: Colleague) -> Page:
    page = await colleague.sign_in()
    if page.status == 200:
        await sign_out(colleague)
    return page


async def elsewhere(colleague: Colleague, new_person: NewPerson, name: str) -> Colleague:
    """Another browser, behind the same address."""
    other = as_colleague(await new_person(), colleague.clock)
    other.name, other.app_secret = name, colleague.app_secret
    return other


async def test_signing_in_beside_made_up_names(kari: Colleague, new_person: NewPerson) -> None:
    kari = await elsewhere(kari, new_person, kari.name)  # also where she never was before
    stranger = await elsewhere(kari, new_person, "")
    names = iter(range(1000))

    async def wrong() -> Page:
        stranger.name = f"Ingen {next(names)}"
        return await stranger.sign_in("galt passord her", "000000")

    await beside(wrong, lambda: in_and_out(kari), int(SIGN_INS.burst) + 5)


@pytest.fixture
def slowed(monkeypatch: pytest.MonkeyPatch) -> Limit:
    """The names are slowed for a quarter of a second, not six: 25 tries would take minutes."""
    quicker = Limit(SIGN_IN_NAMES.burst, SIGN_IN_NAMES.per_second * 25)
    monkeypatch.setattr(rate_limits, "SIGN_IN_NAMES", quicker)
    return quicker


async def test_signing_in_where_one_was_before_beside_tries_under_ones_own_name(
    slowed: Limit, kari: Colleague, new_person: NewPerson
) -> None:
    stranger = await elsewhere(kari, new_person, kari.name)
    wrong = lambda: stranger.sign_in("galt passord her", "000000")  # noqa: E731
    await beside(wrong, lambda: in_and_out(kari), int(slowed.burst) + 5)


async def test_signing_in_where_one_never_was_beside_tries_under_ones_own_name(
    slowed: Limit, kari: Colleague, new_person: NewPerson
) -> None:
    stranger, new = [await elsewhere(kari, new_person, kari.name) for _ in range(2)]
    for _ in range(int(slowed.burst) + 1):
        assert (await stranger.sign_in("galt passord her", "000000")).status == 422
    assert (await new.sign_in()).status == 200


async def test_a_known_browser_has_a_count_of_its_own(kari: Colleague) -> None:
    burst = int(SIGN_IN_NAMES.burst)
    seen = [(await kari.sign_in("galt passord her", "000000")).status for _ in range(burst + 1)]
    assert seen == [422] * burst + [429], "whoever has her browser cannot guess without end"
    kari.name = "Anne Administrator"
    assert (await kari.sign_in("galt passord her", "000000")).status == 422, "it is known for her name alone"


async def test_the_cookie_of_a_known_browser_opens_nothing_and_is_out_of_reach(kari: Colleague) -> None:
    page = await kari.open("/nb/staff")
    form = page.form("sign-in").write("name", kari.name).write("password", PASSWORD)
    page = await kari.send(form.write("code", kari.code()).press(), follow=False)
    assert isinstance(page.headers, CIMultiDictProxy)
    cookie = next(line for line in page.headers.getall("Set-Cookie") if line.startswith("d="))
    _, *flags = cookie.split("; ")
    assert sorted(flags) == ["HttpOnly", "Max-Age=15552000", "Path=/", "SameSite=Strict"]
    await sign_out(kari)
    assert (await kari.open("/desk")).status == 401


@pytest.mark.parametrize("how", ["everywhere", "reset"])
async def test_signing_out_everywhere_and_a_reset_forget_the_browsers(
    app: web.Application, kari: Colleague, how: str
) -> None:
    await kari.sign_in()
    kept = kari.client.session.cookie_jar.filter_cookies(kari.client.make_url("/"))["d"].value
    devices = app[CONTEXT].services.staff.devices
    assert await devices.known(kept, "kari nordmann")
    assert not await devices.known(kept, "anne administrator")
    if how == "everywhere":
        page = await kari.open("/staff/account")
        await kari.send(page.form("sign-out-everywhere").press())
    else:
        accounts = app[CONTEXT].services.staff.accounts
        who = next(a for a in await accounts.all() if a.member.name == kari.name)
        await accounts.reset(who.member.id)
    assert not await devices.known(kept, "kari nordmann")
