"""An unlocked screen is not enough to change how an account, or its key, opens."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web
from support.at_provider import answer_of, come_back, sign_in_there, to_provider
from support.clock import Clock
from support.colleague import PASSWORD, Colleague, an_administrator
from support.page import Page, Submission
from support.person import CATALOGUES, NewPerson, Person
from support.strict_provider import STRANGER, StrictProvider

from assistant.config import Settings
from assistant.web.http.context import CONTEXT
from web.staff.test_passkeys import Passkey, add, told
from web.staff.test_provider_sign_in import choose_key, kari, more, profile, provider, settings  # noqa: F401
from web.test_refused_pages import BROWSER

NB = CATALOGUES["nb"].say
LATER, LITTLE = timedelta(minutes=5), timedelta(seconds=1)
CHANGES = ("add-passkey", "choose-key", "forget-key")


async def logged(app: web.Application, clock: Clock) -> list[str]:
    log = app[CONTEXT].services.staff.security_log
    return [event.event for event in await log.since(clock() - timedelta(days=1))]


def changes_on(page: Page) -> set[str]:
    """The forms of a page that change how the key opens."""
    forms = {name for name in CHANGES if page.has(name)}
    removes = any(f.attributes["action"].endswith("/remove") for f in page.root.all("form"))
    return forms | ({"remove"} if removes else set())


async def proof(person: Person) -> Page:
    page = await person.open("/staff/proof")
    assert page.path == "/staff/proof", page.main
    return page


async def by_password(person: Person) -> Page:
    page = await proof(person)
    return await person.send(page.form("prove").write("password", PASSWORD).press())


class TestAKeyOfSomeoneWhoSignsInAtAProvider:
    async def test_the_first_way_needs_no_proof_and_makes_a_new_key(
        self, app: web.Application, kari: Person, provider: StrictProvider
    ) -> None:
        await sign_in_there(kari, provider)
        assert (await kari.open("/staff/proof")).path == "/staff/key"
        await make_a_new_key(app, kari)

    async def test_with_a_way_nothing_is_changed_without_a_proof(
        self, app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        await sign_in_there(kari, provider)
        await choose_key(kari)
        await add(kari, Passkey())
        open_page = await kari.open("/staff/key")
        assert changes_on(open_page) == {"add-passkey", "forget-key", "remove"}
        accounts = app[CONTEXT].services.staff.accounts
        before = (await accounts.named("Kari Nordmann")).member.public_key
        events = await logged(app, clock)
        clock.pass_by(LATER - LITTLE)
        assert changes_on(await kari.open("/staff/key")) == {"add-passkey", "forget-key", "remove"}
        clock.pass_by(LITTLE)
        page = await kari.open("/staff/key")
        assert changes_on(page) == set()
        assert NB("key.is_open") in page.main, "what is open stays open"
        (row,) = (row for row in open_page.root.all("li") if "Mobilen" in row.text)
        fields = [(field.attributes["name"], field.attributes["value"]) for field in row.all("input")]
        for sent in (
            Passkey().add(open_page),
            open_page.form("forget-key").press(),
            Submission("/staff/key/passkey/remove", fields),
            Submission("/staff/key/choose", [("password", PASSWORD), ("again", PASSWORD)]),
        ):
            page = await kari.send(sent)
            assert page.has("prove"), sent.path
        assert len(await app[CONTEXT].services.staff.passkeys.all(await staff_id(app))) == 1
        assert (await accounts.named("Kari Nordmann")).member.public_key == before
        assert await logged(app, clock) == events

    async def test_the_key_password_or_a_passkey_is_a_proof(
        self, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        passkey = Passkey()
        await sign_in_there(kari, provider)
        await choose_key(kari)
        await add(kari, passkey)
        for prove in (by_password, lambda who: by_passkey(who, passkey)):
            clock.pass_by(LATER)
            page = await prove(kari)
            assert NB("proof.done") in page.main
            assert changes_on(page) == {"add-passkey", "forget-key", "remove"}

    async def test_opening_the_key_after_sign_in_is_a_proof_and_the_sign_in_is_none(
        self, kari: Person, provider: StrictProvider
    ) -> None:
        page = await sign_in_there(kari, provider)
        await choose_key(kari)
        await kari.send(page.form("sign-out").press())
        page = await sign_in_there(kari, provider)
        assert changes_on(page) == set()
        assert (await kari.open("/staff/proof")).path == "/staff/proof"
        await kari.send(page.form("open-key").write("password", PASSWORD).press())
        assert "add-passkey" in changes_on(await kari.open("/staff/key"))

    async def test_a_proof_opens_a_key_that_was_not_open(
        self, kari: Person, provider: StrictProvider
    ) -> None:
        page = await sign_in_there(kari, provider)
        await choose_key(kari)
        await kari.send(page.form("sign-out").press())
        await sign_in_there(kari, provider)
        page = await by_password(kari)
        assert NB("key.is_open") in page.main
        await add(kari, Passkey())

    async def test_a_proof_counts_in_its_own_session_alone(
        self, kari: Person, new_person: NewPerson, provider: StrictProvider, clock: Clock
    ) -> None:
        await sign_in_there(kari, provider)
        await choose_key(kari)
        other = await new_person()
        await sign_in_there(other, provider)
        assert changes_on(await other.open("/staff/key")) == set()

    async def test_the_name_of_a_passkey_is_not_lost_and_its_secret_is_in_no_page(
        self, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        await sign_in_there(kari, provider)
        await choose_key(kari)
        page, passkey = await kari.open("/staff/key"), Passkey()
        clock.pass_by(LATER)
        page = await kari.send(passkey.add(page, "Telefonen på jobb"), BROWSER)
        assert page.path.startswith("/staff/refused/")
        assert passkey.secret not in page.html
        wrong = page.form("prove").write("password", "et helt annet ord")
        page = await kari.send(wrong.press(), BROWSER)
        page = await kari.send(page.form("prove").write("password", PASSWORD).press(), BROWSER)
        assert page.root.one("input", id="called").attributes["value"] == "Telefonen på jobb"
        assert PASSWORD not in page.html
        page = await kari.send(passkey.add(page, "Telefonen på jobb"))
        assert "Telefonen på jobb" in page.main

    @pytest.mark.one_application
    async def test_wrong_answers_count_as_wrong_key_passwords_do(
        self, app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        await sign_in_there(kari, provider)
        await choose_key(kari)
        clock.pass_by(LATER)
        page = await proof(kari)
        statuses = []
        for _ in range(7):
            wrong = page.form("prove").write("password", "et helt annet ord")
            statuses.append((await kari.send(wrong.press())).status)
        assert statuses[0] == 422
        assert statuses[-1] == 429
        page = await kari.send(page.form("prove").write("password", PASSWORD).press())
        assert (page.status, changes_on(await kari.open("/staff/key"))) == (429, set())
        assert "key_password_failed" in await logged(app, clock)

    async def test_a_wrong_passkey_is_no_proof(
        self, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        mine, other = Passkey(), Passkey()
        await sign_in_there(kari, provider)
        await add(kari, mine)
        clock.pass_by(LATER)
        mine.secret = other.secret
        page = await by_passkey(kari, mine)
        assert (page.status, NB("key.passkey_refused") in told(page)) == (422, True)
        page = await by_passkey(kari, other)
        assert (page.status, NB("refusal.PasskeyUnknown") in told(page)) == (422, True)
        page = await kari.send((await proof(kari)).form("prove-passkey").press())
        assert (page.status, NB("refusal.PasskeyUnread") in told(page)) == (422, True)
        assert changes_on(await kari.open("/staff/key")) == set()


class TestSomeoneWhoCanNoLongerOpenTheirKey:
    async def test_signs_in_anew_at_the_provider_and_makes_another(
        self, app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        page = await sign_in_there(kari, provider)
        await choose_key(kari)
        await kari.send(page.form("sign-out").press())
        await sign_in_there(kari, provider)
        provider.known_since = clock().timestamp() - 3600
        page = await self.start_over(kari)
        asked = provider.codes[list(provider.codes)[-1]].request
        assert (asked["prompt"], asked["max_age"]) == ("login", "0")
        assert (page.path, NB("proof.over") in page.main) == ("/staff/key?over", True)
        assert "lasting_key_deleted" in await logged(app, clock)
        await make_a_new_key(app, kari)

    async def test_does_not_with_a_session_that_the_provider_already_has(
        self, app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        await sign_in_there(kari, provider)
        await choose_key(kari)
        clock.pass_by(LATER)

        def knows_since_long(_: dict[str, object], claims: dict[str, object]) -> None:
            claims["auth_time"] = int(clock().timestamp()) - 361

        provider.wrong = knows_since_long
        page = await self.start_over(kari)
        assert (page.status, page.heading) == (422, NB("provider.refused_heading"))
        assert await app[CONTEXT].services.staff.lasting_keys.is_made(await staff_id(app))

    async def test_does_not_as_someone_else(
        self, app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        await sign_in_there(kari, provider)
        await choose_key(kari)
        clock.pass_by(LATER)
        provider.person = STRANGER
        page = await self.start_over(kari)
        assert page.status == 403
        assert await app[CONTEXT].services.staff.lasting_keys.is_made(await staff_id(app))

    async def start_over(self, person: Person) -> Page:
        return await come_back(
            person, await answer_of(await to_provider(person, "start-over", "/staff/proof"))
        )


class TestAnAccountWithAPassword:
    @pytest.fixture
    def settings(self, tmp_path: object) -> Settings:
        return Settings(data=tmp_path / "data")  # type: ignore[operator]

    @pytest.fixture
    async def anne(self, app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
        return await an_administrator(app, new_person, clock)

    async def test_makes_new_codes_right_after_sign_in(self, anne: Colleague) -> None:
        page = await anne.open("/staff/account")
        assert (await anne.send(page.form("new-codes").press())).path == "/staff/codes"

    @pytest.mark.parametrize(
        ("password", "code"),
        [("et helt annet ord", lambda anne: anne.code()), (PASSWORD, lambda _: "000000"), ("", lambda _: "")],
        ids=["wrong-password", "wrong-code", "nothing"],
    )
    async def test_makes_new_codes_later_only_with_the_password_and_a_code(
        self,
        app: web.Application,
        anne: Colleague,
        clock: Clock,
        password: str,
        code: Callable[[Colleague], str],
    ) -> None:
        clock.pass_by(LATER)
        page = await anne.open("/staff/account")
        page = await anne.send(page.form("new-codes").press())
        assert page.path == "/staff/proof"
        wrong = page.form("prove").write("password", password).write("code", code(anne))
        page = await anne.send(wrong.press())
        assert (page.status, NB("proof.refused_heading") in told(page)) == (422, True)
        assert password == "" or password not in page.html
        assert (await logged(app, clock))[-1] == "proof_failed"
        again = await anne.send((await anne.open("/staff/account")).form("new-codes").press())
        assert again.path == "/staff/proof"
        right = page.form("prove").write("password", PASSWORD).write("code", anne.code())
        page = await anne.send(right.press())
        assert (page.path, NB("proof.done") in page.main) == ("/staff/account?proved", True)
        assert (await anne.send(page.form("new-codes").press())).path == "/staff/codes"

    @pytest.mark.one_application
    async def test_shares_its_tries_with_sign_in_in_the_same_browser(
        self, anne: Colleague, clock: Clock
    ) -> None:
        clock.pass_by(LATER)
        page = await proof(anne)
        for _ in range(6):
            wrong = page.form("prove").write("password", "et helt annet ord").write("code", "000000")
            page = await anne.send(wrong.press())
        assert page.status == 429
        await anne.send((await anne.open("/staff/account")).form("sign-out").press())
        assert (await anne.sign_in()).status == 429

    async def test_has_no_use_for_the_ways_of_a_provider(self, anne: Colleague, clock: Clock) -> None:
        clock.pass_by(LATER)
        page = await proof(anne)
        assert not page.has("start-over")
        assert not page.has("prove-passkey")


async def make_a_new_key(app: web.Application, kari: Person) -> None:
    """Choose a key password where there is no key, and see that there is one then."""
    accounts = app[CONTEXT].services.staff.accounts
    assert (await accounts.named("Kari Nordmann")).member.public_key is None
    await choose_key(kari)
    assert (await accounts.named("Kari Nordmann")).member.public_key is not None


async def staff_id(app: web.Application) -> str:
    return (await app[CONTEXT].services.staff.accounts.named("Kari Nordmann")).member.id


async def by_passkey(person: Person, passkey: Passkey) -> Page:
    return await person.send(passkey.prove(await proof(person)))
