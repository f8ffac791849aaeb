"""An unlocked screen of an administrator is not enough to let someone in, or to change who is in."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web
from support.at_provider import (
    BACK,
    answer_of,
    come_back,
    link_account,
    sign_in_there,
    to_provider,
)
from support.clock import Clock
from support.colleague import PASSWORD, Colleague, a_colleague, an_administrator
from support.page import Page, Submission
from support.person import CATALOGUES, NewPerson, Person
from support.strict_provider import KARI, STRANGER, StrictProvider

from assistant.config import Settings
from assistant.web.http.context import CONTEXT
from web.admin.test_account_changes import account_of
from web.staff.test_provider_sign_in import choose_key, more, profile, provider, settings  # noqa: F401
from web.test_refused_pages import BROWSER

NB = CATALOGUES["nb"].say
LATER = timedelta(minutes=5)
PER = "Per Fagperson"


async def roles_of(app: web.Application, name: str) -> frozenset[str]:
    return (await app[CONTEXT].services.staff.accounts.named(name)).member.roles


async def everything(app: web.Application) -> object:
    """What the acts could change."""
    site, clock = app[CONTEXT].services.staff, app[CONTEXT].clock
    log = await site.security_log.since(clock() - timedelta(days=2))
    return await site.accounts.all(), [event.event for event in log]


def acts_on(account: str) -> dict[str, tuple[str, Callable[[Page], Submission]]]:
    """Each act that takes a proof: its page, and what is sent there."""
    return {
        "add": (
            "/admin/staff",
            lambda p: p.form("add").write("name", "Ny").choose("role", "peer_worker").press(),
        ),
        "roles": (account, lambda p: p.form("roles").choose("role", "administrator").press()),
        "rename": (account, lambda p: p.form("rename").write("name", "En Annen").press()),
        "reset": (f"{account}/reset", lambda p: p.form("reset").press()),
    }


class TestWithAPassword:
    @pytest.fixture
    def settings(self, tmp_path: object) -> Settings:
        return Settings(data=tmp_path / "data")  # type: ignore[operator]

    @pytest.fixture
    async def anne(self, app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
        anne = await an_administrator(app, new_person, clock)
        await a_colleague(anne, new_person, PER, "professional")
        return anne

    async def prove(self, anne: Colleague, page: Page) -> Page:
        form = page.form("prove").write("password", PASSWORD).write("code", anne.code())
        return await anne.send(form.press())

    @pytest.mark.parametrize("name", ["add", "roles", "rename", "reset"])
    async def test_nothing_happens_without_a_proof_and_the_way_leads_back(
        self, app: web.Application, anne: Colleague, clock: Clock, name: str
    ) -> None:
        path, sent = acts_on(await account_of(anne, PER))[name]
        clock.pass_by(LATER)
        before = await everything(app)
        page = await anne.send(sent(await anne.open(path)))
        assert (page.path, page.has("prove"), page.has("start-over")) == (f"/staff/proof{path}", True, False)
        assert NB("proof.why_others") in page.main
        assert await everything(app) == before
        page = await self.prove(anne, page)
        assert (page.path, NB("proof.done") in page.main) == (f"{path}?proved", True)
        assert await everything(app) == before, "what was asked for is done when it is pressed again"
        await anne.send(page.form(name).press())
        assert await everything(app) != before

    async def test_a_leaver_is_disabled_at_once_and_let_in_or_removed_only_with_a_proof(
        self, app: web.Application, anne: Colleague, clock: Clock
    ) -> None:
        account = await account_of(anne, PER)
        clock.pass_by(LATER)
        page = await anne.send((await anne.open(account)).form("disable").press())
        assert page.path == account
        assert (await app[CONTEXT].services.staff.accounts.named(PER)).disabled_at is not None
        before = await everything(app)
        for name, path in (("enable", account), ("remove", f"{account}/remove")):
            page = await anne.send((await anne.open(path)).form(name).press())
            assert page.path == f"/staff/proof{path}"
        assert await everything(app) == before
        page = await self.prove(anne, page)
        assert (page.path, NB("proof.done") in page.main) == (f"{account}/remove?proved", True)
        page = await anne.send(page.form("remove").press())
        assert page.path == "/admin/staff/removed"

    async def test_nothing_typed_is_lost(self, app: web.Application, anne: Colleague, clock: Clock) -> None:
        account = await account_of(anne, PER)
        clock.pass_by(LATER)
        page = await anne.open("/admin/staff")
        form = page.form("add").write("name", "Siv Ny").choose("role", "peer_worker")
        page = await anne.send(form.press(), BROWSER)
        wrong = page.form("prove").write("password", "et helt annet ord").write("code", "000000")
        page = await anne.send(wrong.press(), BROWSER)
        assert NB("proof.refused") in page.main
        page = await self.prove(anne, page)
        kept = page.form("add")
        assert (kept.text("name"), kept.picked("role")) == ("Siv Ny", ["peer_worker"])
        page = await anne.send(kept.press())
        assert await roles_of(app, "Siv Ny") == {"peer_worker"}
        assert not (await anne.open("/admin/staff")).form("add").text("name"), "its draft is gone"
        clock.pass_by(LATER)
        page = await anne.open(account)
        sent = page.form("rename").write("name", "Per Nyttnavn").press()
        page = await self.prove(anne, await anne.send(sent))
        assert page.form("rename").text("name") == "Per Nyttnavn"

    async def test_the_page_speaks_another_language_and_still_leads_back(
        self, anne: Colleague, clock: Clock
    ) -> None:
        account = await account_of(anne, PER)
        clock.pass_by(LATER)
        page = await anne.open(f"/staff/proof{account}/reset")
        page = await anne.send(page.form("staff-language").press("en"))
        assert page.heading == CATALOGUES["en"].say("proof.heading")
        page = await self.prove(anne, page)
        assert page.path == f"{account}/reset?proved"

    async def test_a_link_that_was_made_is_shown_only_with_a_proof(
        self, anne: Colleague, clock: Clock
    ) -> None:
        account = await account_of(anne, PER)
        page = await anne.send((await anne.open(f"{account}/reset")).form("reset").press())
        link = page.root.one("input", id="link").attributes["value"]
        clock.pass_by(LATER)
        page = await anne.open(account)
        assert not page.root.has("input", id="link")
        assert link.partition("#")[2] not in page.html
        page = await anne.open(
            page.root.one("a", class_="button", href=f"/staff/proof{account}").attributes["href"]
        )
        page = await self.prove(anne, page)
        assert page.root.one("input", id="link").attributes["value"] == link

    @pytest.mark.parametrize(
        "back",
        ["https://evil.example/", "//evil.example", "/desk", "/admin/staff\n", "/admin/staff/../../x", ""],
    )
    async def test_it_leads_back_to_pages_about_accounts_alone(
        self, anne: Colleague, clock: Clock, back: str
    ) -> None:
        clock.pass_by(LATER)
        page = await anne.open("/staff/proof")
        form = page.form("prove").write("password", PASSWORD).write("code", anne.code())
        sent = form.press()
        page = await anne.send(Submission(sent.path, [*sent.fields, ("back", back)]))
        assert page.path == "/staff/account?proved"

    async def test_no_one_but_an_administrator_is_asked(self, anne: Colleague, new_person: NewPerson) -> None:
        other = await a_colleague(anne, new_person, "Siv", "professional")
        assert (await other.open("/staff/proof/admin/staff")).status == 404


class TestAtAProvider:
    @pytest.fixture
    async def kari(self, app: web.Application, person: Person, provider: StrictProvider) -> Person:
        """An administrator who signed in at the provider, and has no lasting key."""
        await link_account(app, person, provider, "Kari Nordmann", KARI, "administrator", "professional")
        accounts = app[CONTEXT].services.staff.accounts
        await accounts.add(PER, frozenset({"professional"}), "p" * 32)
        return person

    async def account(self, app: web.Application) -> str:
        return f"/admin/staff/{(await app[CONTEXT].services.staff.accounts.named(PER)).member.id}"

    async def at_provider(self, person: Person, path: str) -> str:
        """Where the provider sends the browser, once the person has signed in there for a proof."""
        return await answer_of(await to_provider(person, "prove-provider", f"/staff/proof{path}"))

    @pytest.mark.parametrize("more", [{"scopes": ["offline_access"]}], ids=["with-tokens"])
    async def test_the_sign_in_is_no_proof_and_a_fresh_one_is(
        self, app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        account, before = await self.account(app), len(provider.refreshes)
        page = await kari.open(account)
        page = await kari.send(page.form("rename").write("name", "Per Nyttnavn").press())
        assert (page.path, page.has("prove")) == (f"/staff/proof{account}", False)
        provider.known_since = clock().timestamp() - 3600
        page = await come_back(kari, await self.at_provider(kari, account))
        asked = provider.codes[list(provider.codes)[-1]].request
        assert (asked["prompt"], asked["max_age"], "offline_access" in asked["scope"]) == (
            "login",
            "0",
            False,
        )
        assert len(provider.refreshes) == before, "a proof leaves no token behind"
        assert (page.path, page.form("rename").text("name")) == (f"{account}?proved", "Per Nyttnavn")
        page = await kari.send(page.form("rename").press())
        assert page.path == f"{account}/renamed"
        clock.pass_by(LATER)
        page = await kari.send((await kari.open(account)).form("rename").write("name", "Per").press())
        assert page.path == f"/staff/proof{account}"

    async def test_a_session_that_the_provider_already_has_is_no_proof(
        self, app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        def knows_since_long(_: dict[str, object], claims: dict[str, object]) -> None:
            claims["auth_time"] = int(clock().timestamp()) - 361

        provider.wrong = knows_since_long
        page = await come_back(kari, await self.at_provider(kari, "/admin/staff"))
        assert (page.status, page.heading) == (422, NB("provider.refused_heading"))
        assert not await self.is_proved(kari)

    async def test_someone_else_at_the_provider_is_no_proof(
        self, kari: Person, provider: StrictProvider
    ) -> None:
        provider.person = STRANGER
        page = await come_back(kari, await self.at_provider(kari, "/admin/staff"))
        assert page.status == 403
        assert not await self.is_proved(kari)

    async def test_it_counts_once_and_in_the_session_that_asked_alone(
        self, kari: Person, new_person: NewPerson, provider: StrictProvider
    ) -> None:
        other = await new_person()
        await sign_in_there(other, provider)
        provider.redirect_uri = f"{kari.address}{BACK}"
        location = await self.at_provider(kari, "/admin/staff")
        page = await come_back(kari, location)
        assert page.path == "/admin/staff?proved"
        assert await self.is_proved(kari)
        assert not await self.is_proved(other)
        assert (await come_back(kari, location)).status == 422, "the answer is taken once"

    async def test_it_is_given_again_when_it_is_too_old(
        self, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        for _ in range(2):
            page = await come_back(kari, await self.at_provider(kari, "/admin/staff"))
            assert page.path == "/admin/staff?proved"
            clock.pass_by(LATER - timedelta(seconds=1))
            assert await self.is_proved(kari)
            clock.pass_by(timedelta(seconds=1))
            assert not await self.is_proved(kari)

    async def test_it_is_none_for_a_session_that_ended_meanwhile_nor_for_the_next(
        self, kari: Person, provider: StrictProvider
    ) -> None:
        location = await self.at_provider(kari, "/admin/staff")
        await kari.send((await kari.open("/admin/staff")).form("sign-out").press())
        page = await come_back(kari, location)
        assert (page.status, page.heading) == (422, NB("provider.too_late_heading"))
        await sign_in_there(kari, provider)
        assert not await self.is_proved(kari)

    async def test_it_is_none_for_ones_own_key_which_is_a_proof_for_others(
        self, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        await choose_key(kari)
        assert await self.is_proved(kari), "choosing the key password opened the key"
        clock.pass_by(LATER)
        page = await come_back(kari, await self.at_provider(kari, "/admin/staff"))
        assert page.path == "/admin/staff?proved"
        assert not (await kari.open("/staff/key")).has("forget-key")
        assert (await kari.open("/staff/proof")).has("prove")
        clock.pass_by(LATER)
        page = await kari.open("/staff/proof/admin/staff")
        page = await kari.send(page.form("prove").write("password", PASSWORD).press())
        assert page.path == "/admin/staff?proved"
        assert (await kari.open("/staff/key")).has("forget-key")

    async def test_an_outage_says_so_and_keeps_what_was_typed(
        self, kari: Person, provider: StrictProvider
    ) -> None:
        page = await kari.open("/admin/staff")
        form = page.form("add").write("name", "Siv Ny").choose("role", "peer_worker")
        page = await kari.send(form.press())
        provider.is_down = True
        page = await kari.send(page.form("prove-provider").press())
        assert NB("provider.unreachable_heading", provider="HelseID") in page.main
        assert page.has("prove-provider")
        assert (await kari.open("/admin/staff")).form("add").text("name") == "Siv Ny"

    async def test_the_provider_is_offered_for_the_accounts_of_others_alone(self, kari: Person) -> None:
        assert not (await kari.open("/staff/proof")).has("prove-provider")
        answer = await kari.send(Submission("/staff/proof/provider", [("back", "/desk")]))
        assert answer.status == 404

    async def is_proved(self, person: Person) -> bool:
        page = await person.open("/staff/proof/admin/staff")
        assert page.path in ("/admin/staff", "/staff/proof/admin/staff")
        return page.path == "/admin/staff"
