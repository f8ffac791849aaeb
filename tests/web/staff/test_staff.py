"""Staff: set up by a one-time link, signed in with password and code, out at once; and administrators."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import PASSWORD, Colleague, as_colleague
from support.database import content
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person

from assistant.config import Settings
from assistant.languages import LANGUAGES, Language
from assistant.web.http.context import CONTEXT
from web.test_every_page import foreign_to, texts_of

NB = CATALOGUES["nb"].say


@pytest.fixture
async def kari(anne: Colleague, new_person: NewPerson) -> Colleague:
    """A professional, added and set up through the pages."""
    page = await anne.open("/admin/staff")
    form = page.form("add").write("name", "Kari Nordmann").choose("role", "professional")
    page = await anne.send(form.press())
    kari = as_colleague(await new_person(), anne.clock)
    await kari.set_up(page.root.one("input", id="link").attributes["value"], "Kari Nordmann")
    return kari


def is_in(page: Page) -> bool:
    return page.status == 200 and page.has("sign-out")


async def path_of(anne: Colleague, name: str) -> str:
    """Where an account's page is."""
    page = await anne.open("/admin/staff")
    return next(link.attributes["href"] for link in page.root.all("a") if link.text == name)


async def press(anne: Colleague, name: str, form: str) -> Page:
    """Press a button on an account's page, and on the page that asks whether one means it."""
    page = await anne.open(await path_of(anne, name))
    if not page.has(form):
        page = await anne.open(f"{page.path}/{form}")
    return await anne.send(page.form(form).press())


async def test_the_first_administrator_says_their_own_name_and_is_in(
    app: web.Application, new_person: NewPerson, clock: Clock
) -> None:
    anne = as_colleague(await new_person(), clock)
    link = await app[CONTEXT].services.staff.accounts.first_link()
    assert link is not None
    page = await anne.set_up(f"http://x/nb/staff/welcome#{link}", "Anne  Berg")
    assert page.path == "/admin/staff"
    assert "Anne Berg" in page.main
    assert len(set(anne.codes)) == 8
    assert await app[CONTEXT].services.staff.accounts.first_link() is None


async def test_a_new_first_link_puts_the_old_one_out_of_use(
    app: web.Application, person: Person, clock: Clock
) -> None:
    accounts = app[CONTEXT].services.staff.accounts
    old, new = await accounts.first_link(), await accounts.first_link()
    assert old
    assert new
    door = (await person.open("/nn/staff/welcome")).form("open")
    page = await person.send(door.write("link", old).press())
    assert (page.status, page.heading) == (422, CATALOGUES["nn"].say("welcome.link_heading"))
    assert page.form("open").text("link") == old
    page = await person.send(door.write("link", new).press())
    assert page.has("choose")
    clock.pass_by(timedelta(hours=24))
    page = await person.send(door.write("link", new).press())
    assert page.status == 422


async def test_a_link_works_once(anne: Colleague, new_person: NewPerson) -> None:
    page = await anne.open("/admin/staff")
    page = await anne.send(page.form("add").write("name", "Ola").choose("role", "peer_worker").press())
    link = page.root.one("input", id="link").attributes["value"]
    ola, late = [as_colleague(await new_person(), anne.clock) for _ in range(2)]
    door = (await late.open("/nb/staff/welcome")).form("open").write("link", link)
    open_page = await late.send(door.press())
    late.read_app(open_page)
    await ola.set_up(link, "Ola")
    form = open_page.form("choose").write("password", PASSWORD).write("again", PASSWORD)
    page = await late.send(form.write("code", late.code()).press())
    assert (page.status, page.trouble) == (422, NB("welcome.unknown"))
    page = await late.send(door.press())
    assert page.status == 422
    assert is_in(await ola.open("/desk"))


@pytest.mark.parametrize(
    ("password", "again", "wrong_code", "said"),
    [
        ("for kort", "for kort", False, NB("refusal.PasswordTooShort", limit=12)),
        ("x" * 201, "x" * 201, False, NB("staff.TextTooLong", limit=200)),
        (PASSWORD, PASSWORD + "x", False, NB("refusal.PasswordNotSame")),
        (PASSWORD, PASSWORD, True, NB("refusal.CodeRefused")),
    ],
)  # fmt: skip
async def test_what_cannot_be_taken_is_said_and_the_app_stays_tied(
    app: web.Application, new_person: NewPerson, clock: Clock,
    password: str, again: str, wrong_code: bool, said: str,
) -> None:  # fmt: skip
    anne = as_colleague(await new_person(), clock)
    link = await app[CONTEXT].services.staff.accounts.first_link()
    page = await anne.open("/nb/staff/welcome")
    page = await anne.send(page.form("open").write("link", link or "").press())
    anne.read_app(page)
    form = page.form("choose").write("name", "Anne").write("password", password).write("again", again)
    page = await anne.send(form.write("code", "000000" if wrong_code else anne.code()).press())
    assert (page.status, page.trouble) == (422, said)
    assert page.form("choose").text("name") == "Anne"
    secret = anne.app_secret
    anne.read_app(page)
    assert anne.app_secret == secret, "what was scanned is still good"
    form = page.form("choose").write("password", PASSWORD).write("again", PASSWORD)
    page = await anne.send(form.write("code", anne.code()).press())
    assert page.path == "/staff/codes"


async def test_signing_in_leads_to_the_desk_with_honest_sentences(kari: Colleague) -> None:
    page = await kari.send((await kari.open("/desk")).form("sign-out").press())
    assert page.path == "/nb/staff"
    page = await kari.sign_in()
    assert page.path == "/desk"
    for name in ("open", "arrived", "invitations"):
        assert NB(f"desk.{name}_empty") in page.main
    assert "Kari Nordmann" in page.main
    page = await kari.send(page.form("sign-out").press())
    assert (await kari.open("/desk")).status == 401


async def test_what_does_not_belong_together_is_refused_in_the_same_words(
    kari: Colleague, new_person: NewPerson
) -> None:
    other = as_colleague(await new_person(), kari.clock)
    pages = []
    for name, password, code in (
        ("Kari Nordmann", "et annet passord", kari.code()),
        ("Kari Nordmann", PASSWORD, "123456"),
        ("Kari Nordmann", PASSWORD, ""),
        ("Ingen Slik", PASSWORD, kari.code()),
    ):
        other.name = name
        page = await other.sign_in(password, code)
        assert (page.status, page.trouble) == (422, NB("sign_in.refused"))
        assert page.form("sign-in").text("name") == name
        pages.append(page.html.replace(name, ""))
    assert len(set(pages)) == 1
    assert "Set-Cookie" not in page.headers


async def test_the_name_is_found_however_it_is_typed(kari: Colleague, new_person: NewPerson) -> None:
    other = as_colleague(await new_person(), kari.clock)
    other.name, other.app_secret = "  KARI   nordmann ", kari.app_secret
    assert is_in(await other.sign_in())


async def test_a_code_is_good_for_one_time_only(kari: Colleague, new_person: NewPerson) -> None:
    other = as_colleague(await new_person(), kari.clock)
    other.name = kari.name
    code = kari.code()
    assert is_in(await other.sign_in(code=code))
    another = as_colleague(await new_person(), kari.clock)
    another.name = kari.name
    assert (await another.sign_in(code=code)).status == 422
    paper = kari.codes[0].upper().replace("-", " ")
    assert is_in(await another.sign_in(code=paper))
    assert (await (await named_like(kari, new_person)).sign_in(code=paper)).status == 422


async def named_like(kari: Colleague, new_person: NewPerson) -> Colleague:
    other = as_colleague(await new_person(), kari.clock)
    other.name = kari.name
    return other


async def test_each_sign_in_is_a_session_of_its_own_under_a_cookie_of_its_own(
    kari: Colleague, new_person: NewPerson
) -> None:
    await kari.begin()  # a user's session in the same browser
    page = await kari.open("/nb/staff", {"Cookie": ""})
    first = kari.client.session.cookie_jar.filter_cookies(kari.client.make_url("/"))
    assert {"s", "w"} <= set(first)
    other = await named_like(kari, new_person)
    other.app_secret = kari.app_secret
    page = await other.open("/nb/staff")
    form = page.form("sign-in").write("name", kari.name).write("password", PASSWORD)
    page = await other.send(form.write("code", other.code()).press(), follow=False)
    name, *flags = page.headers["Set-Cookie"].split("; ")
    assert name.startswith("w=")
    assert name.removeprefix("w=") != first["w"].value
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Strict"]
    assert (await kari.open("/notebook")).status == 200, "the user is still who they were"
    assert is_in(await kari.open("/desk"))


async def test_leaving_the_site_signs_out_too(kari: Colleague) -> None:
    await kari.send((await kari.open("/desk")).form("leave").press())
    assert (await kari.open("/desk")).status == 401


async def test_a_session_lasts_an_hour_beyond_its_use_and_a_working_day(
    kari: Colleague, clock: Clock
) -> None:
    for _ in range(8):
        clock.pass_by(timedelta(minutes=59))
        page = await kari.open("/desk")
        assert is_in(page)
    assert NB("staff.ending", ends="")[:20] in page.main, "warned before it ends"
    clock.pass_by(timedelta(minutes=9))
    assert (await kari.open("/desk")).status == 401
    assert is_in(await kari.sign_in())
    clock.pass_by(timedelta(minutes=60))
    page = await kari.open("/desk")
    assert (page.status, page.heading) == (401, NB("ended.heading"))
    assert (await kari.sign_in(page=page)).path == "/desk"


async def test_the_page_says_how_long_one_is_signed_in(kari: Colleague, clock: Clock) -> None:
    page = await kari.open("/desk")
    until = clock() + timedelta(minutes=60)
    assert f"kl. {until.astimezone(ZoneInfo('Europe/Oslo')):%H:%M}" in page.root.text


async def test_what_was_typed_when_the_session_was_over_is_given_back(anne: Colleague, clock: Clock) -> None:
    page = await anne.open("/admin/staff")
    sent = page.form("add").write("name", "Per Ås").choose("role", "professional").press()
    clock.pass_by(timedelta(hours=2))
    page = await anne.send(sent)
    assert page.status == 401
    assert "Per Ås" in page.main
    page = await anne.sign_in(page=page)
    assert (page.status, page.heading) == (200, NB("ended.back_heading"))
    page = await anne.send(page.form("again").press())
    assert page.heading == "Per Ås"
    assert is_in(page)


@pytest.mark.one_application
async def test_too_many_tries_are_slowed_before_the_slow_part(kari: Colleague, new_person: NewPerson) -> None:
    other = await named_like(kari, new_person)
    for name in (kari.name, "Ingen Slik"):  # an unknown name is slowed as a known one is
        other.name = name
        seen = [(await other.sign_in("galt passord her", "000000")).status for _ in range(5)]
        more = [await named_like(other, new_person) for _ in range(2)]
        tries = [asyncio.create_task(one.sign_in("galt passord her", "000000")) for one in more]
        # one waits for its turn; a second one from the same address is refused at once
        refused, waiting = await asyncio.wait(tries, return_when=asyncio.FIRST_COMPLETED)
        page = refused.pop().result()
        assert [*seen, page.status] == [422] * 5 + [429]
        assert int(page.headers["Retry-After"]) >= 1
        waiting.pop().cancel()


async def test_signing_out_everywhere_ends_every_session(kari: Colleague, new_person: NewPerson) -> None:
    other = await named_like(kari, new_person)
    other.app_secret = kari.app_secret
    assert is_in(await other.sign_in())
    page = await kari.open("/staff/account")
    await kari.send(page.form("sign-out-everywhere").press())
    for who in (kari, other):
        assert (await who.open("/desk")).status == 401


async def test_another_password_ends_the_other_sessions(kari: Colleague, new_person: NewPerson) -> None:
    other = await named_like(kari, new_person)
    other.app_secret = kari.app_secret
    assert is_in(await other.sign_in())
    form = (await kari.open("/staff/account")).form("change-password")
    form.write("password", "galt passord her").write("new", PASSWORD * 2).write("again", PASSWORD * 2)
    page = await kari.send(form.press())
    assert (page.status, page.trouble) == (422, NB("account.refused"))
    page = await kari.send(form.write("password", PASSWORD).press())
    assert (page.path, page.status) == ("/staff/account?changed", 200)
    assert NB("account.changed") in page.main
    assert (await other.open("/desk")).status == 401
    assert (await other.sign_in(PASSWORD)).status == 422
    assert is_in(await other.sign_in(PASSWORD * 2))


async def test_new_codes_for_paper_put_the_old_ones_out_of_use(
    kari: Colleague, new_person: NewPerson
) -> None:
    page = await kari.open("/staff/account")
    page = await kari.send(page.form("new-codes").press())
    new = [item.text for item in page.root.one("ul", class_="paper-codes").all("li")]
    await kari.send(page.form("have-codes").press())
    assert (await kari.open("/staff/codes")).path == "/desk", "shown once"
    other = await named_like(kari, new_person)
    assert (await other.sign_in(code=kari.codes[0])).status == 422
    assert is_in(await other.sign_in(code=new[0]))


async def test_a_disabled_account_is_out_at_once_and_back_when_opened(
    anne: Colleague, kari: Colleague
) -> None:
    assert is_in(await kari.open("/desk"))
    page = await press(anne, "Kari Nordmann", "disable")
    assert NB("admin.disabled") in page.main
    assert (await kari.open("/desk")).status == 401
    assert (await kari.sign_in()).trouble == NB("sign_in.refused")
    await press(anne, "Kari Nordmann", "enable")
    assert (await kari.open("/desk")).status == 401, "an old cookie does not come back to life"
    assert is_in(await kari.sign_in())


async def test_a_reset_gives_a_new_link_and_a_new_key_pair(
    app: web.Application, anne: Colleague, kari: Colleague
) -> None:
    accounts = app[CONTEXT].services.staff.accounts
    before = (await accounts.named("Kari Nordmann")).member.public_key
    page = await press(anne, "Kari Nordmann", "reset")
    link = page.root.one("input", id="link").attributes["value"]
    assert (await kari.open("/desk")).status == 401
    assert (await kari.sign_in()).status == 422
    await kari.set_up(link, "Kari Nordmann")
    after = (await accounts.named("Kari Nordmann")).member.public_key
    assert before
    assert after
    assert before != after


async def test_nobody_shuts_themselves_out(anne: Colleague) -> None:
    page = await anne.open(await path_of(anne, "Anne Administrator"))
    assert not page.has("disable")
    page = await anne.send(page.form("roles").choose("role", "professional").press())
    assert (page.status, page.trouble) == (409, NB("trouble.not_on_oneself"))
    page = await anne.send(page.form("roles").choose("role").press())
    assert (page.status, page.trouble) == (422, NB("refusal.NoRole"))
    page = await anne.send(page.form("roles").choose("role", "administrator", "professional").press())
    assert page.status == 200
    assert (await anne.open("/desk")).root.has(id="invitations")


async def test_roles_decide_at_the_next_request(anne: Colleague, kari: Colleague) -> None:
    assert (await kari.open("/admin/staff")).status == 404
    page = await anne.open(await path_of(anne, "Kari Nordmann"))
    await anne.send(page.form("roles").choose("role", "administrator").press())
    assert (await kari.open("/admin/staff")).status == 200
    page = await anne.open(await path_of(anne, "Kari Nordmann"))
    await anne.send(page.form("roles").choose("role", "peer_worker").press())
    assert (await kari.open("/admin/staff")).status == 404
    assert NB("desk.guided_open") in (await kari.open("/desk")).main


async def test_the_same_form_twice_is_one_account_and_a_name_is_taken_once(anne: Colleague) -> None:
    form = (await anne.open("/admin/staff")).form("add").write("name", "Per").choose("role", "professional")
    first, again = [await anne.send(form.press()) for _ in "12"]
    assert first.path == again.path
    assert again.root.one("input", id="link").attributes == first.root.one("input", id="link").attributes
    form = (await anne.open("/admin/staff")).form("add").write("name", " per").choose("role", "professional")
    page = await anne.send(form.press())
    assert (page.status, page.trouble) == (422, NB("refusal.NameTaken"))
    assert page.form("add").text("name") == " per"
    assert page.form("add").picked("role") == ["professional"]


async def test_the_language_of_a_session_can_be_changed(kari: Colleague) -> None:
    page = await kari.open("/staff/account")
    page = await kari.send(page.form("staff-language").press("en"))
    assert (page.path, page.language) == ("/staff/account", "en")
    page = await kari.send(page.form("sign-out").press())
    assert page.path == "/en/staff"


async def test_the_database_holds_no_secret_of_theirs(kari: Colleague, settings: Settings) -> None:
    lying = "\n".join(content(settings)).lower()
    secrets = [PASSWORD, kari.app_secret.hex(), *kari.codes, *(c.replace("-", "") for c in kari.codes)]
    assert "kari nordmann" in lying
    assert not [s for s in secrets if s.lower() in lying or s.encode().hex() in lying]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_for_staff_speaks_one_language(
    app: web.Application, new_person: NewPerson, clock: Clock, language: Language
) -> None:
    anne = as_colleague(await new_person(), clock)
    link = await app[CONTEXT].services.staff.accounts.first_link()
    asks = {"Accept-Language": language}
    page = await anne.open(f"/{language}/staff/welcome")
    pages = [page, await anne.open(f"/{language}/staff")]
    pages.append(await anne.send(page.form("open").write("link", "x").press()))
    pages.append(await anne.send(page.form("open").write("link", link or "").press()))
    pages.append(await anne.send(pages[-1].form("choose").write("password", "x").press()))
    pages.append(await anne.set_up(link or "", "Anne", language))
    form = pages[-1].form("add")
    pages.append(await anne.send(form.press()))
    everything = form.write("name", "Kari").choose("role", "professional", "peer_worker", "administrator")
    pages.append(await anne.send(everything.press()))
    pages.append(await anne.open(f"{pages[-1].path}/reset"))
    pages.append(await anne.send(pages[-2].form("disable").press()))
    pages.append(await anne.open("/staff/account"))
    pages.append(await anne.send(pages[-1].form("change-password").write("new", "x").press()))
    pages.append(await anne.send(pages[-2].form("new-codes").press()))
    own = (await anne.open(await path_of(anne, "Anne"))).form("roles")
    await anne.send(own.choose("role", "administrator", "professional").press())
    pages.append(await anne.open("/desk"))
    clock.pass_by(timedelta(hours=2))
    pages.append(await anne.send(everything.press(), asks))
    pages.append(await anne.sign_in(page=pages[-1], code="0"))
    pages.append(await anne.sign_in(page=pages[-1]))
    assert {200, 401, 422} == {page.status for page in pages}
    foreign = foreign_to(language)
    for page in pages:
        assert page.language == language, page.heading
        assert texts_of(page.root) & foreign == set(), page.heading
