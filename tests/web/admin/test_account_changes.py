"""Resets and changes of roles are seen by all staff, by whose account it is, and by those who share."""

from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, a_colleague, an_administrator, as_colleague, in_role
from support.person import CATALOGUES, NewPerson
from support.reviewing import prepared
from support.sharing import choose, code_of, open_by, share

from assistant.config import Settings
from assistant.languages import Language
from assistant.web.http.context import CONTEXT
from web.user.test_share import promise

NB = CATALOGUES["nb"].say
KARI = "Kari Fagperson"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", reading=promise(KARI))


async def account_of(anne: Colleague, name: str) -> str:
    rows = (await anne.open("/admin/staff")).root.one("main").all("a")
    return next(row.attributes["href"] for row in rows if name in row.text)


async def reset(anne: Colleague, account: str) -> str:
    """Reset an account as an administrator; the link that then stands on the page."""
    page = await anne.send((await anne.open(f"{account}/reset")).form("reset").press())
    return page.root.one("input", id="link").attributes["value"]


async def test_a_reset_is_told_to_its_owner_to_all_staff_and_before_something_is_sent_ahead(
    app: web.Application, new_person: NewPerson, clock: Clock
) -> None:
    anne = await an_administrator(app, new_person, clock)
    kari = await a_colleague(anne, new_person, KARI, "professional")
    per = await a_colleague(anne, new_person, "Per", "peer_worker")
    user = await new_person()
    summary, _ = await prepared(user)
    preview = await choose(user, summary)
    day = CATALOGUES["nb"].day(clock().date())
    told = NB("share.new_keys", name=KARI, day=day)
    assert told not in preview.main
    assert not (await kari.open("/desk")).has("own-changes")

    link = await reset(anne, await account_of(anne, KARI))
    thief = as_colleague(await new_person(), clock)
    await thief.set_up(link, KARI)

    preview = await user.open(preview.path)
    assert told in preview.main
    assert NB("share.new_keys_what") in preview.main
    # whoever has the new keys cannot make it unseen
    for who in (anne, per, thief):
        assert NB("changes.reset", name=KARI, day=day) in (await who.open("/staff/account")).main
    for path in ("/desk", "/staff/account"):
        assert NB("changes.own_reset", day=day) in (await thief.open(path)).root.one(id="own-changes").text
        assert not (await per.open(path)).has("own-changes")
    clock.pass_by(timedelta(days=91))
    assert await app[CONTEXT].services.staff.accounts.changes() == []


@pytest.mark.parametrize(
    ("language", "roles"),
    [
        ("nb", "administrator, erfaringskonsulent og fagperson."),
        ("nn", "administrator, erfaringskonsulent og fagperson."),
        ("en", "account administrator, peer worker and professional."),
    ],
)
async def test_roles_after_a_colon_are_words_of_one_sentence(
    app: web.Application, new_person: NewPerson, clock: Clock, language: Language, roles: str
) -> None:
    anne = await an_administrator(app, new_person, clock)
    await in_role(app, anne, "administrator", "peer_worker", "professional", name="Siv Alle")
    page = await anne.send((await anne.open("/staff/account")).form("staff-language").press(language))
    assert f": {roles}" in page.main


async def test_the_trail_says_who_got_new_keys(
    app: web.Application, new_person: NewPerson, clock: Clock
) -> None:
    anne = await an_administrator(app, new_person, clock)
    kari = await a_colleague(anne, new_person, KARI, "professional")
    account = await account_of(anne, KARI)
    user = await new_person()
    summary, _ = await prepared(user)
    shared = await share(user, await choose(user, summary), "together")
    await open_by(kari, code_of(shared))
    told = NB("share.new_keys", name=KARI, day=CATALOGUES["nb"].day(clock().date()))
    assert told not in (await user.open(shared.path)).main
    await reset(anne, account)
    assert told in (await user.open(shared.path)).main


async def test_an_administrator_who_is_made_a_professional_is_seen_by_everybody(
    app: web.Application, new_person: NewPerson, clock: Clock
) -> None:
    anne = await an_administrator(app, new_person, clock)
    per = await a_colleague(anne, new_person, "Per", "peer_worker")
    account = await account_of(anne, anne.name)
    form = (await anne.open(account)).form("roles").choose("role", "administrator", "professional")
    assert (await anne.send(form.press())).status == 200
    page = await per.open("/staff/account")
    lines = [line.text for line in page.root.one("main").all("li")]
    (line,) = [line for line in lines if "Anne Administrator" in line]
    assert NB("role.professional").lower() in line
    assert NB("role.administrator") in line
    mine = await anne.open("/admin/staff")
    assert NB("changes.own_roles", day=CATALOGUES["nb"].day(clock().date())) in mine.main


async def test_how_it_is_kept_says_what_administrators_and_a_stolen_database_can_tell(
    new_person: NewPerson,
) -> None:
    person = await new_person()
    for language, words in (
        ("nb", ("nullstille kontoen", "dagen og timen")),
        ("nn", ("nullstille kontoen", "i kva time nokon opna")),
        ("en", ("reset a professional’s account", "the hour when someone opened")),
    ):
        page = await person.open(f"/{language}/how-it-is-kept")
        assert all(said in page.main for said in words)
