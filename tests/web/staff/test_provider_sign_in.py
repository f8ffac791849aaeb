"""Sign-in at an identity provider: a strict one on the loopback interface, which refuses each wrong step."""

import hmac
import json
import logging
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey
from support.at_provider import (
    BACK,
    answer_of,
    as_client_of,
    come_back,
    link_account,
    sign_in_there,
    to_provider,
)
from support.clock import Clock
from support.colleague import PASSWORD, Colleague, as_colleague
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.reviewing import prepared
from support.sharing import choose, code_of, open_by, share
from support.strict_provider import ANNE, KARI, STRANGER, StrictProvider, tell_of_the_end
from support.waiting import until

from assistant.config import Settings
from assistant.web.http.context import CONTEXT
from web.user.test_share import promise

NB = CATALOGUES["nb"].say


@pytest.fixture
def profile() -> str:
    return "helseid"


@pytest.fixture
async def provider(clock: Clock, profile: str) -> AsyncIterator[StrictProvider]:
    provider = StrictProvider(profile=profile, clock=lambda: clock().timestamp())
    await provider.start()
    yield provider
    await provider.close()


@pytest.fixture
def more() -> dict[str, object]:
    """More of the agreement with the provider."""
    return {}


@pytest.fixture
def settings(tmp_path: Path, provider: StrictProvider, first_data: Path, more: dict[str, object]) -> Settings:
    return as_client_of(provider, tmp_path / "data", first_data, **more)


@pytest.fixture
async def kari(app: web.Application, person: Person, provider: StrictProvider) -> Person:
    """A professional whose account was linked by a one-time link, signed out again."""
    await link_account(app, person, provider, "Kari Nordmann", KARI, "professional")
    page = await person.open("/desk")
    await person.send(page.form("sign-out").press())
    await until(lambda: not provider.live_tokens())  # revoked before a test turns the clock
    return person


def is_in(page: Page) -> bool:
    return page.status == 200 and page.has("sign-out")


async def test_a_one_time_link_and_the_provider_make_an_account_and_later_the_provider_alone_signs_in(
    kari: Person, provider: StrictProvider
) -> None:
    page = await sign_in_there(kari, provider)
    assert is_in(page)
    assert page.path == "/desk"
    assert "Kari Nordmann" in page.main
    assert provider.refusals == ["use_dpop_nonce"]  # once; the nonce is kept for the next sign-in


@pytest.mark.parametrize("profile", ["entra"])
async def test_entra_gets_no_pushed_request_and_no_proof(
    app: web.Application, person: Person, provider: StrictProvider, settings: Settings
) -> None:
    client = app[CONTEXT].openid
    assert client is not None
    # the certificate is registered there, and its thumbprint is in the header
    object.__setattr__(client._key, "certificate", "a-thumbprint")
    provider.certificate = "a-thumbprint"
    await link_account(app, person, provider, "Kari Nordmann", KARI, "professional")
    assert provider.refusals == []
    assert "/par" not in provider.asked


async def test_the_link_of_the_invitation_works_once_and_the_identity_belongs_to_one_account(
    app: web.Application, kari: Person, new_person: NewPerson, provider: StrictProvider
) -> None:
    _, link = await app[CONTEXT].services.staff.accounts.add("Ola", frozenset({"professional"}), "o" * 32)
    assert link is not None
    other = await new_person()
    page = await other.open("/nb/staff/welcome")
    page = await other.send(page.form("open").write("link", link).press())
    page = await sign_in_there(other, provider, path=page.path)
    assert (page.status, page.heading) == (409, NB("provider.linked_elsewhere_heading"))
    provider.person = STRANGER
    page = await sign_in_there(other, provider, path="/nb/staff/welcome/choose")
    assert page.path == "/staff/key?first"
    third = await new_person()
    page = await third.open("/nb/staff/welcome")
    page = await third.send(page.form("open").write("link", link).press())
    assert page.status == 422


async def test_the_first_administrator_says_their_own_name_and_signs_in_there_too(
    app: web.Application, person: Person, provider: StrictProvider
) -> None:
    link = await app[CONTEXT].services.staff.accounts.first_link()
    assert link is not None
    page = await person.open("/nb/staff/welcome")
    page = await person.send(page.form("open").write("link", link).press())
    assert not page.has("choose")
    provider.redirect_uri, provider.person = f"{person.address}{BACK}", ANNE
    page = await person.send(page.form("provider").write("name", "Anne Berg").press())
    location = await answer_of(page.root.one("a", id="to-provider").attributes["href"])
    page = await come_back(person, location)
    assert (page.path, "Anne Berg" in page.main) == ("/admin/staff", True)
    assert await app[CONTEXT].services.staff.accounts.has_administrator()


async def test_a_reset_unlinks_the_account(
    app: web.Application, kari: Person, provider: StrictProvider
) -> None:
    accounts = app[CONTEXT].services.staff.accounts
    await sign_in_there(kari, provider)
    await accounts.reset((await accounts.named("Kari Nordmann")).member.id)
    assert (await kari.open("/desk")).status == 401
    assert (await sign_in_there(kari, provider)).status == 403


async def test_someone_without_an_account_reads_what_to_do(kari: Person, provider: StrictProvider) -> None:
    provider.person = STRANGER
    page = await sign_in_there(kari, provider)
    assert (page.status, page.heading) == (403, NB("provider.not_linked_heading"))


async def test_a_disabled_account_is_out_at_once_and_cannot_come_back(
    app: web.Application, kari: Person, provider: StrictProvider
) -> None:
    assert is_in(await sign_in_there(kari, provider))
    accounts = app[CONTEXT].services.staff.accounts
    await accounts.disable((await accounts.named("Kari Nordmann")).member.id)
    assert (await kari.open("/desk")).status == 401
    assert (await sign_in_there(kari, provider)).status == 403


async def test_a_session_ends_with_the_agreed_time_whatever_is_done_in_it(
    kari: Person, provider: StrictProvider, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    for _ in range(9):
        assert is_in(await kari.open("/desk"))
        clock.pass_by(timedelta(minutes=50))
    clock.pass_by(timedelta(minutes=31))
    assert (await kari.open("/desk")).status == 401


class TestWhatThePersonCannotDo:
    """The ways back to us that are not the answer to what this browser asked."""

    async def test_an_answer_is_taken_once(self, kari: Person, provider: StrictProvider) -> None:
        provider.redirect_uri = f"{kari.address}{BACK}"
        location = await answer_of(await to_provider(kari))
        assert is_in(await come_back(kari, location))
        page = await come_back(kari, location)
        assert (page.status, page.heading) == (422, NB("provider.too_late_heading"))

    async def test_an_answer_is_taken_only_in_the_browser_that_asked(
        self, kari: Person, new_person: NewPerson, provider: StrictProvider
    ) -> None:
        provider.redirect_uri = f"{kari.address}{BACK}"
        location = await answer_of(await to_provider(kari))
        other = await new_person()
        assert (await come_back(other, location)).status == 422
        own = await to_provider(other)
        assert own
        page = await come_back(other, location)
        assert (page.status, page.heading) == (422, NB("provider.refused_heading"))

    async def test_an_answer_that_comes_late_is_refused(
        self, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        provider.redirect_uri = f"{kari.address}{BACK}"
        location = await answer_of(await to_provider(kari))
        clock.pass_by(timedelta(minutes=10))
        assert (await come_back(kari, location)).status == 422

    @pytest.mark.parametrize(
        "answers",
        [
            {"state": "another"},
            {"state": ""},
            {"iss": "https://elsewhere.example"},
            {"iss": ""},
            {"code": ""},
            {"code": "made-up"},
            {"error": "access_denied"},
            {"state": "\udcff"},
        ],
        ids=["other-state", "no-state", "other-iss", "no-iss", "no-code", "other-code", "error", "not-text"],
    )
    async def test_a_wrong_answer_signs_no_one_in(
        self, kari: Person, provider: StrictProvider, answers: dict[str, str]
    ) -> None:
        provider.answers = {
            name: value.encode("utf-8", "replace").decode() for name, value in answers.items()
        }
        page = await sign_in_there(kari, provider)
        assert (page.status, page.heading) == (422, NB("provider.refused_heading"))
        assert (await kari.open("/desk")).status == 401


def with_header(**header: Any) -> Any:
    return lambda head, _: head.update(header)


def with_claims(**claims: Any) -> Any:
    return lambda _, said: said.update(claims)


def without(name: str) -> Any:
    return lambda _, said: said.pop(name)


@cache
def another_key() -> RSAKey:
    """Another key than the provider's."""
    return RSAKey.generate_key(2048, {"kid": "two"})


def encoded(*parts: dict[str, Any]) -> str:
    return ".".join(urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts)


def unsigned(claims: dict[str, Any]) -> str:
    return encoded({"alg": "none", "kid": "one"}, claims) + "."


def signed_with_what_is_public(provider: StrictProvider) -> Any:
    """The old trick: our verifier is to take the public key for the secret of an HMAC."""

    def forge(claims: dict[str, Any]) -> str:
        signed = encoded({"alg": "HS256", "kid": "one"}, claims)
        digest = hmac.digest(provider.key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{urlsafe_b64encode(digest).decode().rstrip('=')}"

    return forge


def signed_by_another(claims: dict[str, Any]) -> str:
    key = another_key()
    return jwt.encode({"alg": "PS256", "kid": "one"}, claims, key, algorithms=["PS256"])


NOW = 1_795_357_800
WRONG = {
    "other kid": with_header(kid="two"),
    "no kid": lambda head, _: head.pop("kid"),
    "other iss": with_claims(iss="https://elsewhere.example"),
    "other aud": with_claims(aud="another"),
    "aud among others": with_claims(aud=["for-motet", "another"]),
    "no aud": without("aud"),
    "other azp": with_claims(azp="another"),
    "other nonce": with_claims(nonce="another"),
    "no nonce": without("nonce"),
    "expired": with_claims(exp=NOW - 61),
    "no exp": without("exp"),
    "exp is text": with_claims(exp="tomorrow"),
    "from the future": with_claims(iat=NOW + 61),
    "no iat": without("iat"),
    "not yet good": with_claims(nbf=NOW + 61),
    "no sub": without("sub"),
    "sub is no text": with_claims(sub=["kari"]),
    "sub is empty": with_claims(sub=""),
    "endless sub": with_claims(sub="k" * 501),
    "claims deep within": with_claims(sub={"a": {"b": ["c"] * 100}}),
}


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def hidden_in(text: str, provider: StrictProvider) -> list[str]:
    """The secrets and names of a sign-in that a text gives away."""
    secrets = [KARI, *provider.codes, *provider.sids, "Kari Nordmann", provider.issuer]
    return [one for one in secrets if one in text]


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_token_signs_no_one_in_and_the_log_names_only_the_check(
    kari: Person, provider: StrictProvider, clock: Clock, wrong: str, lines: pytest.LogCaptureFixture
) -> None:
    assert int(clock().timestamp()) == NOW
    provider.wrong = WRONG[wrong]
    page = await sign_in_there(kari, provider)
    assert (page.status, page.heading) == (422, NB("provider.refused_heading"))
    assert (await kari.open("/desk")).status == 401
    events = [r for r in lines.records if r.name == "assistant"]
    assert [r.getMessage() for r in events][-1:] == ["provider_refused"]
    assert (
        hidden_in("".join(str(vars(r)) for r in lines.records if r.name != "aiohttp.client"), provider) == []
    )
    provider.wrong = None
    assert is_in(await sign_in_there(kari, provider))


@pytest.mark.parametrize("forged", ["unsigned", "hmac", "another key", "no token", "nonsense", "too long"])
async def test_a_forged_token_signs_no_one_in(kari: Person, provider: StrictProvider, forged: str) -> None:
    ways: dict[str, Any] = {
        "unsigned": unsigned,
        "hmac": signed_with_what_is_public(provider),
        "another key": signed_by_another,
        "no token": lambda _: "",
        "nonsense": lambda _: "a.b.c",
        "too long": lambda _: "a" * 20_000,
    }
    provider.forged = ways[forged]
    page = await sign_in_there(kari, provider)
    assert (page.status, page.heading) == (422, NB("provider.refused_heading"))


async def test_a_minute_between_the_clocks_is_not_refused(kari: Person, provider: StrictProvider) -> None:
    provider.wrong = with_claims(exp=NOW - 59, iat=NOW + 60, nbf=NOW + 60)
    assert is_in(await sign_in_there(kari, provider))


@pytest.mark.parametrize(
    "more", [{"acr": ["Level4"], "signed_in_within": 30, "require": {"level": "4"}}], ids=["demands"]
)
async def test_the_agreed_level_and_time_are_demanded(
    app: web.Application, person: Person, provider: StrictProvider
) -> None:
    provider.extra_claims = {"acr": "Level4", "level": "4"}
    await link_account(app, person, provider, "Kari Nordmann", KARI, "professional")
    asked = provider.codes[next(iter(provider.codes))].request
    assert (asked["acr_values"], asked["max_age"]) == ("Level4", "1800")
    await person.send((await person.open("/desk")).form("sign-out").press())
    for wrong in ({"acr": "Level3"}, {"level": "3"}, {"auth_time": NOW - 1861}, {"auth_time": None}):
        provider.wrong = with_claims(**wrong)
        assert (await sign_in_there(person, provider)).status == 422, wrong
    provider.wrong = with_claims(auth_time=NOW - 1800)
    assert is_in(await sign_in_there(person, provider))


class TestTheProvidersDocuments:
    @pytest.mark.one_application
    async def test_are_fetched_once(self, kari: Person, provider: StrictProvider) -> None:
        for _ in range(2):
            page = await sign_in_there(kari, provider)
            await kari.send(page.form("sign-out").press())
        assert provider.asked.count("/.well-known/openid-configuration") == 1
        assert provider.asked.count("/keys") == 1

    @pytest.mark.one_application
    async def test_a_new_key_is_fetched_but_made_up_ones_at_most_once_a_minute(
        self, app: web.Application, kari: Person, provider: StrictProvider
    ) -> None:
        client = app[CONTEXT].openid
        assert client is not None
        elapsed = [client._documents._elapsed()]
        client._documents._elapsed = lambda: elapsed[0]
        elapsed[0] += 61
        provider.key = another_key()
        page = await sign_in_there(kari, provider)
        assert is_in(page)
        await kari.send(page.form("sign-out").press())
        assert provider.asked.count("/keys") == 2
        provider.wrong = with_header(kid="made-up")
        for _ in range(3):
            assert (await sign_in_there(kari, provider)).status == 422
        assert provider.asked.count("/keys") == 2
        elapsed[0] += 60
        assert (await sign_in_there(kari, provider)).status == 422
        assert provider.asked.count("/keys") == 3

    @pytest.mark.parametrize(
        "documents",
        [
            {"issuer": "https://elsewhere.example"},
            {"token_endpoint": "http://elsewhere.example/token"},
            {"authorization_endpoint": "javascript:alert(1)"},
            {"jwks_uri": 7},
            {"pushed_authorization_request_endpoint": None},
        ],
        ids=["issuer", "unprotected", "script", "number", "no-par"],
    )
    async def test_wrong_ones_are_refused(
        self, person: Person, provider: StrictProvider, documents: dict[str, Any]
    ) -> None:
        provider.documents = documents
        page = await person.open("/nb/staff")
        page = await person.send(page.form("provider").press())
        assert (page.status, page.root.one(id="trouble").one("h2").text) == (
            503,
            NB("provider.unreachable_heading", provider="HelseID"),
        )


async def test_an_outage_is_said_and_logged_once_and_so_is_its_end(
    kari: Person, provider: StrictProvider, lines: pytest.LogCaptureFixture
) -> None:
    provider.is_down = True
    for _ in range(3):
        page = await kari.open("/nb/staff")
        page = await kari.send(page.form("provider").press())
        assert page.status == 503
        assert NB("provider.unreachable", provider="HelseID") in page.main
    provider.is_down = False
    events = [r.getMessage() for r in lines.records if r.name == "assistant"]
    assert events.count("provider_lost") == 1
    assert is_in(await sign_in_there(kari, provider))


class TestTheEndAtTheProvider:
    """Back-channel logout: the provider's word that a session ended ends ours at once."""

    async def test_ends_the_session_with_its_id_and_no_other(
        self, kari: Person, new_person: NewPerson, provider: StrictProvider
    ) -> None:
        await sign_in_there(kari, provider)
        first = provider.sids[-1]
        other = await new_person()
        await sign_in_there(other, provider)
        address = f"{kari.address}/staff/provider/logout"
        assert await tell_of_the_end(address, provider.logout_token(sub=None, sid=first)) == 200
        assert (await kari.open("/desk")).status == 401
        assert is_in(await other.open("/desk"))

    async def test_ends_every_session_of_the_person(
        self, kari: Person, new_person: NewPerson, provider: StrictProvider
    ) -> None:
        other = await new_person()
        for one in (kari, other):
            await sign_in_there(one, provider)
        address = f"{kari.address}/staff/provider/logout"
        assert await tell_of_the_end(address, provider.logout_token(sub=KARI)) == 200
        for one in (kari, other):
            assert (await one.open("/desk")).status == 401

    async def test_a_wrong_or_used_token_ends_nothing(
        self, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        await sign_in_there(kari, provider)
        address = f"{kari.address}/staff/provider/logout"
        wrongs: list[dict[str, Any]] = [
            {"aud": "another"},
            {"iss": "https://elsewhere.example"},
            {"events": {}},
            {"events": None},
            {"nonce": "n"},
            {"sub": None},
            {"jti": None},
            {"exp": NOW - 61},
            {"exp": None},
            {"iat": NOW - 241},
            {"iat": NOW + 61},
        ]
        for wrong in wrongs:
            assert await tell_of_the_end(address, provider.logout_token(**wrong)) == 400, wrong
        assert await tell_of_the_end(address, "") == 400
        assert is_in(await kari.open("/desk"))
        token = provider.logout_token(sub=ANNE)
        assert await tell_of_the_end(address, token) == 200
        assert await tell_of_the_end(address, token) == 400
        assert is_in(await kari.open("/desk"))


class TestTheKeyQuestion:
    async def test_nothing_can_be_sent_ahead_to_someone_without_a_key_password(
        self, app: web.Application, kari: Person, provider: StrictProvider
    ) -> None:
        accounts = app[CONTEXT].services.staff.accounts
        assert not (await accounts.named("Kari Nordmann")).can_be_sent_to
        await sign_in_there(kari, provider)
        page = await kari.open("/staff/key")
        assert NB("key.not_sent_to") in page.main
        page = await kari.send(
            page.form("choose-key").write("password", "kort").write("again", "kort").press()
        )
        assert page.status == 422
        page = await kari.open("/staff/key")
        form = page.form("choose-key").write("password", PASSWORD).write("again", PASSWORD)
        page = await kari.send(form.press())
        assert NB("key.is_open") in page.main
        assert (await accounts.named("Kari Nordmann")).can_be_sent_to

    async def test_the_lasting_key_is_asked_for_after_sign_in_and_one_may_go_on_without(
        self, app: web.Application, kari: Person, provider: StrictProvider
    ) -> None:
        await sign_in_there(kari, provider)
        page = await kari.open("/staff/key")
        page = await kari.send(
            page.form("choose-key").write("password", PASSWORD).write("again", PASSWORD).press()
        )
        await kari.send(page.form("sign-out").press())
        page = await sign_in_there(kari, provider)
        assert page.has("open-key")
        assert is_in(await kari.open("/desk"))
        wrong = await kari.send(page.form("open-key").write("password", "et helt annet ord").press())
        assert (wrong.status, NB("key.refused") in wrong.main) == (422, True)
        page = await kari.send(page.form("open-key").write("password", PASSWORD).press())
        assert page.path == "/desk"
        page = await kari.open("/staff/key")
        page = await kari.send(page.form("forget-key").press())
        assert page.has("choose-key")
        assert not (await app[CONTEXT].services.staff.accounts.named("Kari Nordmann")).can_be_sent_to

    async def test_no_private_key_of_a_session_is_in_the_database(
        self, app: web.Application, kari: Person, provider: StrictProvider, settings: Settings
    ) -> None:
        await sign_in_there(kari, provider)
        cookies = {c.key: c.value for c in kari.client.session.cookie_jar}
        who = await app[CONTEXT].services.staff.sign_ins.recognise(cookies["w"])
        stored = b"".join(path.read_bytes() for path in settings.data.glob("words.db*"))
        for secret in (
            who.private_key,
            who.private_key.hex().encode(),
            KARI.encode(),
            provider.sids[-1].encode(),
        ):
            assert secret not in stored


class TestSharingWithStaffOfAProvider:
    """What is opened together takes the key of the session; what is sent ahead takes the lasting one."""

    @pytest.fixture
    def settings(self, tmp_path: Path, provider: StrictProvider, first_data: Path) -> Settings:
        agreed = as_client_of(provider, tmp_path / "data", first_data)
        return agreed.model_copy(update={"reading": promise("Kari Nordmann")})

    @pytest.fixture
    async def user(self, new_person: NewPerson) -> Person:
        return await new_person()

    async def test_it_is_not_offered_to_send_to_a_reader_without_a_lasting_key(
        self, kari: Person, user: Person, provider: StrictProvider
    ) -> None:
        preview = await choose(user, (await prepared(user))[0])
        assert NB("share.no_reader") in preview.main
        assert not preview.root.has("input", name="way", value="ahead")
        await sign_in_there(kari, provider)
        await choose_key(kari)
        preview = await user.open(preview.path)
        assert preview.root.has("input", name="way", value="ahead")

    async def test_what_is_sent_ahead_waits_until_the_lasting_key_is_opened(
        self, kari: Person, user: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        page = await sign_in_there(kari, provider)
        await choose_key(kari)
        await kari.send(page.form("sign-out").press())
        await share(user, await choose(user, (await prepared(user))[0]), "ahead")
        clock.pass_by(timedelta(days=1))
        await sign_in_there(kari, provider)
        assert arrived_on(await kari.open("/desk")) == []
        page = await kari.open("/staff/key")
        page = await kari.send(page.form("open-key").write("password", PASSWORD).press())
        (arrived,) = arrived_on(page)
        page = await kari.open(arrived)
        page = await kari.send(page.form("open").press())
        assert page.path.startswith("/desk/shared/")

    async def test_what_is_opened_together_is_gone_with_the_session_and_a_new_code_opens_it(
        self, kari: Person, user: Person, provider: StrictProvider
    ) -> None:
        signed_in = await sign_in_there(kari, provider)
        shared = await share(user, await choose(user, (await prepared(user))[0]), "together")
        opened = await open_by(kari, code_of(shared))
        assert opened.path.startswith("/desk/shared/")
        assert (await kari.open(opened.path)).status == 200
        await kari.send(signed_in.form("sign-out").press())
        await sign_in_there(kari, provider)
        assert (await kari.open(opened.path)).status == 404
        again = await open_by(kari, code_of(await user.open(shared.path)))
        assert again.path.startswith("/desk/shared/")

    async def test_choosing_a_key_password_later_that_day_closes_nothing_that_is_open(
        self, kari: Person, user: Person, provider: StrictProvider
    ) -> None:
        await sign_in_there(kari, provider)
        shared = await share(user, await choose(user, (await prepared(user))[0]), "together")
        opened = await open_by(kari, code_of(shared))
        await choose_key(kari)
        assert (await kari.open(opened.path)).status == 200


def arrived_on(page: Page) -> list[str]:
    """The envelopes on the desk."""
    links = [a.attributes["href"] for a in page.root.all("a")]
    return [link for link in links if link.startswith("/desk/arrived/")]


async def choose_key(kari: Person) -> None:
    """Choose the key password."""
    page = await kari.open("/staff/key")
    form = page.form("choose-key").write("password", PASSWORD).write("again", PASSWORD)
    assert NB("key.is_open") in (await kari.send(form.press())).main


@pytest.mark.parametrize("more", [{"password": True}], ids=["passwords-too"])
class TestMovingToTheProvider:
    """A service whose staff have passwords, and whose accounts are linked one by one."""

    @pytest.fixture
    async def ola(self, app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
        _, link = await app[CONTEXT].services.staff.accounts.add("Ola", frozenset({"professional"}), "o" * 32)
        assert link is not None
        ola = as_colleague(await new_person(), clock)
        ola.app = app
        await ola.set_up_at_once(link, "Ola")
        return ola

    async def test_the_own_account_is_linked_with_the_password_and_the_password_signs_in_no_more(
        self, app: web.Application, ola: Colleague, provider: StrictProvider, clock: Clock
    ) -> None:
        provider.redirect_uri = f"{ola.address}{BACK}"
        clock.pass_by(timedelta(minutes=5))
        page = await ola.open("/staff/account")
        page = await ola.send(page.form("link-account").press())
        assert page.path == "/staff/proof"
        proof = page.form("prove").write("password", "noe ganske annet").write("code", ola.code())
        assert (await ola.send(proof.press())).status == 422
        proof = page.form("prove").write("password", PASSWORD).write("code", ola.code())
        page = await ola.send(proof.press())
        assert NB("proof.done") in page.main
        page = await ola.send(page.form("link-account").press())
        location = await answer_of(page.root.one("a", id="to-provider").attributes["href"])
        page = await come_back(ola, location)
        assert NB("provider.linked_now", provider="HelseID") in page.main
        address = f"{ola.address}/staff/provider/logout"
        assert await tell_of_the_end(address, provider.logout_token(sub=KARI)) == 200
        assert (await ola.open("/desk")).status == 401, "the session began at the provider, and ends there"
        page = await sign_in_there(ola, provider)
        await ola.send(page.form("sign-out").press())
        assert (await ola.sign_in()).status == 422
        page = await sign_in_there(ola, provider)
        assert page.path == "/staff/key?first"
        page = await ola.send(page.form("open-key").write("password", PASSWORD).press())
        assert page.path == "/desk"

    async def test_an_account_that_is_not_linked_signs_in_as_before(self, ola: Colleague) -> None:
        await ola.send((await ola.open("/desk")).form("sign-out").press())
        assert is_in(await ola.sign_in())


async def test_passwords_are_not_taken_unless_the_service_says_so(
    app: web.Application, person: Person, provider: StrictProvider
) -> None:
    page = await person.open("/nb/staff")
    assert not page.has("sign-in")
    answer = await person.client.post("/nb/staff", data={"name": "x", "password": "y", "code": "z"})
    assert answer.status == 422


async def test_text_typed_when_the_session_ended_stays_on_the_page_and_goes_on_after_sign_in(
    kari: Person, provider: StrictProvider, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    page = await kari.open("/desk/invitations")
    form = page.form("invite").write("greeting", "Velkommen til oss")
    clock.pass_by(timedelta(hours=2))
    page = await kari.send(form.press())
    assert (page.status, "Velkommen til oss" in page.main) == (401, True)
    assert page.root.one("form", id="provider").attributes["target"] == "_blank"
    here = page.form("signed-in")
    assert (await kari.send(here.press())).status == 401
    await sign_in_there(kari, provider)
    page = await kari.send(here.press())
    assert "Velkommen til oss" in page.main
    assert not page.has("provider")
