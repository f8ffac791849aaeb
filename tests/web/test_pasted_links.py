"""Every page with a field for a link or a code takes what people paste, and counts only possible guesses."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import as_colleague, in_role
from support.inviting import accept, code_on, invite, link_on, look_at
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.sharing import choose, code_of, open_by, share
from support.short_way import have

from assistant.retention import RELEASED
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import CODENAMES, SHARE_CODES

NB = CATALOGUES["nb"].say
Wrapping = Callable[[str], str]
NO_SECRET = "Hei, kan du sende meg lenken en gang til? Ring 22 33 44 55."


def safe_links(link: str) -> str:
    wrapped = f"https://eur02.safelinks.protection.outlook.com/?url={quote(link, safe='')}"
    return f"Se <{wrapped}&data=05%7C02%7C%7C638403423778665559&reserved=0>. Hilsen meg"


AROUND: dict[str, Wrapping] = {
    "a mail scanner": safe_links,
    "HTML": lambda link: f'<p>Hei<br><a href="{link}">åpne her</a> (ikke del)</p>',
    "a long quoted mail": lambda link: "> Hei igjen. " * 200 + f"\n> {link[:60]}\n> {link[60:]}\n> Hilsen",
    "the sign # escaped": lambda link: link.replace("#", "%23") + "?utm_source=mail",
}
pasted = pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)


@pasted
async def test_a_private_link_opens_the_notebook(
    person: Person, new_person: NewPerson, around: Wrapping
) -> None:
    summary, link = await have(person, "nb")
    way_on = summary.path.removesuffix("/summary")
    elsewhere = await new_person()
    page = await elsewhere.open("/nb/r")
    page = await elsewhere.send(page.form("open").write("link", around(link)).press())
    assert (page.status, page.path) == (200, way_on)


async def test_a_codename_opens_the_notebook_with_words_around_it(
    person: Person, new_person: NewPerson
) -> None:
    summary, _ = await have(person, "nb")
    page = await person.send((await person.open("/notebook")).form("new-codename").press())
    words = [item.text for item in page.root.one("ol", class_="codename").all("li")]
    elsewhere = await new_person()
    page = await elsewhere.open("/nb/r")
    page = await elsewhere.send(page.form("open").write("link", f"Kodenavn: {'-'.join(words)}.").press())
    assert page.path == summary.path.removesuffix("/summary")


@pasted
async def test_a_private_link_unlocks_what_was_typed(person: Person, clock: Clock, around: Wrapping) -> None:
    page = await person.reach("continue")
    link = page.root.one("input", id="link").attributes["value"]
    page = await person.reach("matters/now", page)
    clock.pass_by(RELEASED.borrowed_browser + timedelta(seconds=1))
    page = await person.send(page.form("reply").say("Barna mine.").press())
    page = await person.send(page.form("unlock").write("link", around(link)).press())
    assert (page.status, page.state) == (200, "wishes/wish")
    assert (await person.summary(page)).entries == [("matters", "Barna mine.")]


async def shared_and_a_colleague(
    app: web.Application, person: Person, new_person: NewPerson
) -> tuple[Page, Person]:
    """The page with a share's link and code, and somebody who may open it."""
    summary, _ = await have(person, "nb")
    colleague = await new_person()
    await in_role(app, colleague, "professional")
    return await share(person, await choose(person, summary)), colleague


@pasted
async def test_a_share_opens_by_its_link(
    app: web.Application, person: Person, new_person: NewPerson, around: Wrapping
) -> None:
    page, colleague = await shared_and_a_colleague(app, person, new_person)
    link = page.root.one("input", id="link").attributes["value"]
    assert (await open_by(colleague, around(link))).path.startswith("/desk/shared/")


@pytest.mark.parametrize("around", ["Koden er <{}> (til i dag)", "> {}\n> Hilsen meg", "https://x.no/d?c={}"])
async def test_a_share_opens_by_its_code(
    app: web.Application, person: Person, new_person: NewPerson, around: str
) -> None:
    page, colleague = await shared_and_a_colleague(app, person, new_person)
    typed = around.format(code_of(page).lower())
    assert (await open_by(colleague, typed)).path.startswith("/desk/shared/")


@pasted
async def test_an_invitation_opens_and_is_begun_with(
    app: web.Application, person: Person, new_person: NewPerson, clock: Clock, around: Wrapping
) -> None:
    colleague = as_colleague(await new_person(), clock)
    await in_role(app, colleague, "professional")
    invitation = await invite(colleague)
    for typed in (around(link_on(invitation)), f"Kode: {code_on(invitation)} (på lappen)"):
        page = await look_at(person, typed)
        carried = page.form("begin").text("link")
        assert carried in (link_on(invitation).partition("#")[2], code_on(invitation)), (
            "and nothing around it"
        )
        assert (await accept(person, typed)).path.startswith("/meetings/")


@pasted
async def test_a_one_time_link_sets_an_account_up(
    app: web.Application, new_person: NewPerson, clock: Clock, around: Wrapping
) -> None:
    link = await app[CONTEXT].services.staff.accounts.first_link()
    assert link is not None
    colleague = as_colleague(await new_person(), clock)
    page = await colleague.set_up(
        around(f"{colleague.address}/nb/staff/welcome#{link}"), "Anne Administrator"
    )
    assert page.status == 200
    assert page.path.startswith("/admin")


@pytest.mark.parametrize("path", ["/nb/r", "/nb/i", "/nb/staff/welcome"])
async def test_what_has_not_the_shape_of_a_link_is_never_counted_as_a_try(person: Person, path: str) -> None:
    page = await person.open(path)
    for _ in range(int(CODENAMES.burst) + 5):
        page = await person.send(page.form("open").write("link", NO_SECRET).press())
        assert page.status == 422
    assert page.form("open").text("link") == NO_SECRET


async def test_what_has_not_the_shape_of_a_code_is_never_counted_as_a_wrong_one(
    app: web.Application, person: Person, new_person: NewPerson
) -> None:
    page, colleague = await shared_and_a_colleague(app, person, new_person)
    code = code_of(page)
    for _ in range(int(SHARE_CODES.burst) + 2):
        page = await open_by(colleague, NO_SECRET)
        assert page.trouble == NB("d.unknown")
    page = await open_by(colleague, f"{code} eller ABCD-EFGHJ-KMNP2")
    assert page.trouble == NB("d.several")
    assert (await open_by(colleague, code)).path.startswith("/desk/shared/")


async def test_of_several_links_the_one_that_opens_counts(person: Person, new_person: NewPerson) -> None:
    summary, link = await have(person, "nb")
    old = f"{link.partition('#')[0]}#0123-4567-89ab-cdef-ghjk-mnp-qrs"
    elsewhere = await new_person()
    page = await elsewhere.open("/nb/r")
    page = await elsewhere.send(page.form("open").write("link", f"Gammel: {old}. Ny: {link}").press())
    assert page.path == summary.path.removesuffix("/summary")


@pytest.mark.parametrize("path", ["/nb/r", "/i", "/nn/i", "/d", "/en/d", "/nb/staff/welcome"])
async def test_a_link_whose_sign_was_escaped_leads_to_its_page_and_opens_nothing(
    app: web.Application, new_person: NewPerson, path: str
) -> None:
    colleague = await new_person()
    await in_role(app, colleague, "professional")
    page = await colleague.open(f"{path}%230123-4567%3Futm=x")
    assert (page.status, page.form("open").text("link")) == (200, "0123-4567?utm=x")
    assert "0123" not in page.form("open").path


async def test_a_private_link_whose_sign_was_escaped_is_opened_with_one_press(
    person: Person, new_person: NewPerson
) -> None:
    summary, link = await have(person, "nb")
    elsewhere = await new_person()
    page = await elsewhere.open("/nb/r%23" + link.partition("#")[2])
    page = await elsewhere.send(page.form("open").press())
    assert (page.status, page.path) == (200, summary.path.removesuffix("/summary"))
