"""After signing out, the refresh token of the session works no more at the provider."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import update
from support.at_provider import answer_of, come_back, sign_in_there
from support.clock import Clock
from support.colleague import PASSWORD
from support.person import NewPerson, Person
from support.strict_provider import KARI, STRANGER, Refresh, StrictProvider
from support.waiting import until

from assistant.config import Settings
from assistant.errors import GrantEnded, ProviderRefused
from assistant.openid.authorization_code import OpenIdClient
from assistant.openid.client_key import FILE, load_client_key
from assistant.openid.kept_secrets import HeldGrant
from assistant.openid.proofs import DpopKey
from assistant.service.staff import grant_revocations
from assistant.service.staff.held_grants import sealed_grant
from assistant.storage.schema import provider_sessions
from assistant.vault.session_keys import session_index
from assistant.web.http.context import CONTEXT
from web.staff.test_provider_checks import EVERY, more, refreshes, settings, told_by_doctor  # noqa: F401
from web.staff.test_provider_sign_in import is_in, kari, profile, provider, with_claims  # noqa: F401
from web.staff.test_strict_provider import WAY_BACK, Meddle, Meddler, at

AT_ONCE = 8.0
"""Seconds: a provider that does not answer takes longer here."""


@pytest.fixture(autouse=True)
def no_earlier_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.events._one_a_minute._last", {})


@pytest.fixture
async def inside(kari: Person, provider: StrictProvider) -> Person:
    """Kari, signed in at the provider."""
    await sign_in_there(kari, provider)
    assert len(provider.live_tokens()) == 1
    return kari


def outcomes(app: web.Application) -> Mapping[str, int]:
    return app[CONTEXT].services.staff.revocations.outcomes


async def sign_out(person: Person) -> None:
    page = await person.open("/desk")
    page = await person.send(page.form("sign-out").press())
    assert (page.path, page.has("provider")) == ("/nb/staff", True)


@pytest.mark.parametrize("profile", ["helseid", "entra"])
async def test_the_token_works_no_more_after_signing_out(
    app: web.Application, inside: Person, provider: StrictProvider
) -> None:
    (token,) = provider.live_tokens()
    await sign_out(inside)
    await until(lambda: provider.refreshes[token].revoked)
    assert set(provider.refusals) <= {"use_dpop_nonce"}
    if provider.profile == "entra":  # a thief of our key and of the token
        client = app[CONTEXT].openid
        assert client is not None
        with pytest.raises(GrantEnded):
            await client.refresh(HeldGrant(token=token).model_dump_json())
        assert provider.refusals == ["refresh_token revoked"]


async def test_a_token_that_was_rotated_since_is_the_one_that_is_revoked(
    inside: Person, provider: StrictProvider, clock: Clock
) -> None:
    clock.pass_by(EVERY)
    assert is_in(await inside.open("/desk"))
    (token,) = provider.live_tokens()
    assert len(provider.refreshes) >= 2
    await sign_out(inside)
    await until(lambda: provider.refreshes[token].revoked)
    assert set(provider.refusals) <= {"use_dpop_nonce"}


async def test_signing_out_everywhere_revokes_the_token_of_this_browser_alone(
    inside: Person, new_person: NewPerson, provider: StrictProvider
) -> None:
    (mine,) = provider.live_tokens()
    other = await new_person()
    await sign_in_there(other, provider)
    page = await inside.open("/staff/account")
    await inside.send(page.form("sign-out-everywhere").press())
    await until(lambda: provider.refreshes[mine].revoked)
    assert (await other.open("/desk")).status == 401
    assert len(provider.live_tokens()) == 1, "only the other cookie opens it, as SECURITY.md says"


async def test_signing_in_anew_revokes_the_token_of_the_session_before(
    kari: Person, provider: StrictProvider
) -> None:
    old_tab = await kari.open("/nb/staff")
    await sign_in_there(kari, provider)
    (before,) = provider.live_tokens()
    page = await kari.send(old_tab.form("provider").press())
    await until(lambda: provider.refreshes[before].revoked)
    assert (await kari.open("/desk")).status == 401
    address = page.root.one("a", id="to-provider").attributes["href"]
    assert is_in(await come_back(kari, await answer_of(address)))
    assert len(provider.live_tokens()) == 1


async def test_a_session_that_goes_on_under_a_new_cookie_keeps_its_token(
    app: web.Application, inside: Person, provider: StrictProvider, clock: Clock
) -> None:
    page = await inside.open("/staff/key")
    await inside.send(page.form("choose-key").write("password", PASSWORD).write("again", PASSWORD).press())
    page = await inside.open("/staff/account")
    form = page.form("change-password").write("password", PASSWORD)
    await inside.send(form.write("new", PASSWORD * 2).write("again", PASSWORD * 2).press())
    clock.pass_by(EVERY)
    assert is_in(await inside.open("/desk"))
    await sign_out(inside)
    await until(lambda: not provider.live_tokens())


async def test_a_session_that_expired_is_revoked_if_its_browser_asks_before_the_sweep(
    inside: Person, provider: StrictProvider, clock: Clock
) -> None:
    clock.pass_by(timedelta(hours=1))
    asked = provider.asked.count("/revoke")
    assert provider.live_tokens()
    for _ in range(3):
        assert (await inside.open("/desk")).status == 401
    await until(lambda: not provider.live_tokens())
    assert provider.asked.count("/revoke") == asked + 1


async def test_a_disabled_account_leaves_a_token_that_no_one_here_can_open(
    app: web.Application, inside: Person, provider: StrictProvider
) -> None:
    accounts = app[CONTEXT].services.staff.accounts
    await accounts.disable((await accounts.named("Kari Nordmann")).member.id)
    assert (await inside.open("/desk")).status == 401
    await asyncio.sleep(4 * grant_revocations.AFTER_ANSWER)
    assert len(provider.live_tokens()) == 1, "as SECURITY.md says"


class TestAProviderThatDoesNotAnswer:
    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(grant_revocations, "AGAIN_AFTER", 0.1)

    async def test_does_not_slow_the_sign_out(self, inside: Person, provider: StrictProvider) -> None:
        provider.revocations_held_back = asyncio.Event()
        began = time.monotonic()
        await sign_out(inside)
        assert time.monotonic() - began < AT_ONCE
        await until(lambda: provider.asked[-1] == "/revoke")
        assert len(provider.live_tokens()) == 1, "it has not answered yet"
        provider.revocations_held_back.set()
        await until(lambda: not provider.live_tokens())

    @pytest.mark.one_application
    async def test_is_asked_twice_and_the_operator_is_told_without_a_token_or_a_name(
        self,
        app: web.Application,
        inside: Person,
        provider: StrictProvider,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        asked = provider.asked.count("/revoke")
        provider.is_down = True
        await sign_out(inside)
        await until(lambda: outcomes(app).get("failed") == 1)
        assert provider.asked.count("/revoke") == asked + 2
        lines = [line for line in caplog.records if line.getMessage() == "grant_not_revoked"]
        assert [vars(line)["event_fields"] for line in lines] == [{"error": "ProviderUnreachable"}]
        written = "".join(str(vars(line)) for line in caplog.records if line.name != "aiohttp.client")
        for secret in (*provider.refreshes, *provider.codes, "Kari", KARI):
            assert secret not in written

    async def test_is_asked_again_and_revokes_it_then(self, inside: Person, provider: StrictProvider) -> None:
        provider.revocation_errors = 1
        await sign_out(inside)
        await until(lambda: not provider.live_tokens())

    @pytest.mark.one_application
    async def test_does_not_keep_the_program_from_stopping(
        self,
        app: web.Application,
        inside: Person,
        provider: StrictProvider,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        monkeypatch.setattr(grant_revocations, "AT_STOP", 0.3)
        provider.revocations_held_back = asyncio.Event()
        await sign_out(inside)
        await until(lambda: provider.asked[-1] == "/revoke")
        began = time.monotonic()
        await app[CONTEXT].services.staff.revocations.finish()
        assert time.monotonic() - began < AT_ONCE
        assert outcomes(app)["failed"] == 1
        assert "grant_not_revoked" in [line.getMessage() for line in caplog.records]

    @pytest.mark.one_application
    async def test_is_asked_the_second_time_before_the_program_stops(
        self,
        app: web.Application,
        inside: Person,
        provider: StrictProvider,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(grant_revocations, "AGAIN_AFTER", 600)
        provider.revocation_errors = 1
        await sign_out(inside)
        await until(lambda: provider.revocation_errors == 0)
        await app[CONTEXT].services.staff.revocations.finish()
        assert not provider.live_tokens()


@pytest.mark.parametrize("error", ["invalid_client", "words of its own"])
@pytest.mark.one_application
async def test_a_refusal_is_told_and_not_tried_again(
    app: web.Application,
    inside: Person,
    provider: StrictProvider,
    caplog: pytest.LogCaptureFixture,
    error: str,
) -> None:
    provider.revocation_error = error
    asked = provider.asked.count("/revoke")
    await sign_out(inside)
    await until(lambda: outcomes(app).get("failed") == 1)
    assert provider.asked.count("/revoke") == asked + 1
    (line,) = [line for line in caplog.records if line.getMessage() == "grant_not_revoked"]
    told = "revocation: invalid_client" if error == "invalid_client" else "revocation"
    assert vars(line)["event_fields"] == {"check": told}


@pytest.mark.one_application
async def test_a_provider_without_a_way_to_revoke_is_not_asked(
    app: web.Application, kari: Person, provider: StrictProvider, caplog: pytest.LogCaptureFixture
) -> None:
    client, asked = app[CONTEXT].openid, provider.asked.count("/revoke")
    assert client is not None
    client._documents._metadata = None
    provider.revokes = False
    await sign_in_there(kari, provider)
    await sign_out(kari)
    await until(lambda: outcomes(app).get("not_offered") == 1)
    assert provider.asked.count("/revoke") == asked
    assert "grant_not_revoked" not in [line.getMessage() for line in caplog.records]


@pytest.mark.parametrize("revokes", [True, False], ids=["offered", "not-offered"])
@pytest.mark.one_application
async def test_doctor_says_once_if_the_provider_offers_no_way(
    provider: StrictProvider, settings: Settings, more: dict[str, object], tmp_path: Path, revokes: bool
) -> None:
    provider.revokes = revokes
    told = await told_by_doctor(provider, settings, tmp_path, more)
    assert told.count("no address for revoking") == (0 if revokes else 1)
    assert "every 5 minutes" in told


class TestATokenThatNoSessionTook:
    """The provider gave it, and no one is signed in: it must not be left behind."""

    async def test_of_a_person_without_an_account(self, kari: Person, provider: StrictProvider) -> None:
        provider.person = STRANGER
        assert (await sign_in_there(kari, provider)).status == 403
        await until(lambda: not provider.live_tokens())
        assert provider.refreshes[list(provider.refreshes)[-1]].code.person == STRANGER

    async def test_with_a_refused_id_token(self, kari: Person, provider: StrictProvider) -> None:
        given = len(provider.refreshes)
        provider.wrong = with_claims(nonce="another")
        assert (await sign_in_there(kari, provider)).status == 422
        assert len(provider.refreshes) == given + 1
        await until(lambda: not provider.live_tokens())

    async def test_of_a_check_whose_id_token_is_someone_elses(
        self, inside: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        provider.refresh_wrong = with_claims(sub=STRANGER)
        clock.pass_by(EVERY)
        assert (await inside.open("/desk")).status == 401
        await until(lambda: not provider.live_tokens())

    async def test_of_a_check_that_was_under_way_at_the_sign_out(
        self, inside: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        page = await inside.open("/desk")
        before, provider.held_back = refreshes(provider), asyncio.Event()
        clock.pass_by(EVERY)
        opening = asyncio.create_task(inside.open("/desk"))
        await until(lambda: refreshes(provider) > before)
        (old,) = provider.live_tokens()
        provider.refreshes[old].used = True  # the provider rotated it; its answer is on the way
        leaving = asyncio.create_task(inside.send(page.form("sign-out").press()))
        await until(lambda: "/revoke" in provider.asked[-3:])
        provider.refreshes[old].used = False
        provider.held_back.set()
        await asyncio.gather(opening, leaving)
        assert len(provider.refreshes) >= 2
        await until(lambda: not provider.live_tokens())
        assert (await inside.open("/desk")).status == 401

    async def test_of_a_session_that_the_provider_did_not_confirm_in_time(
        self, inside: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        provider.refresh_error = "temporarily_unavailable"
        for _ in range(2):
            clock.pass_by(timedelta(minutes=50))
            assert is_in(await inside.open("/desk"))
        clock.pass_by(timedelta(minutes=50))
        assert (await inside.open("/desk")).status == 401
        await until(lambda: not provider.live_tokens())


class TestARevocation:
    """What the provider refuses of the steps of a revocation."""

    @pytest.fixture
    async def client(
        self, provider: StrictProvider, settings: Settings, clock: Clock
    ) -> AsyncIterator[OpenIdClient]:
        assert settings.sign_in is not None
        provider.redirect_uri = WAY_BACK
        client = OpenIdClient(settings.sign_in, load_client_key(settings.keys / FILE), clock, Meddler())
        yield client
        await client.close()

    @pytest.fixture
    async def held(self, client: OpenIdClient, provider: StrictProvider) -> str:
        begun, address = await client.begin(provider.redirect_uri)
        answer = dict(parse_qsl(urlsplit(await answer_of(address)).query))
        _, held = await client.finish(begun, answer, lambda _: None)
        return held

    async def test_is_accepted_if_every_step_is_right_and_ends_the_token(
        self, client: OpenIdClient, provider: StrictProvider, held: str
    ) -> None:
        assert await client.revoke(held)
        assert provider.refusals == ["use_dpop_nonce"]
        with pytest.raises(GrantEnded):
            await client.refresh(held)
        assert provider.refusals[-1] == "refresh_token revoked"

    @pytest.mark.parametrize(
        ("meddle", "why"),
        [
            (at("/revoke", token="made-up"), "revoked token unknown"),
            (at("/revoke", token=None), "revocation fields"),
            (at("/revoke", token_type_hint="access_token"), "token_type_hint"),
            (at("/revoke", grant_type="refresh_token"), "revocation fields"),
            (at("/revoke", client_assertion=None), "client_assertion"),
            (at("/revoke", client_assertion="a.b.c"), "client_assertion"),
            (at("/revoke", client_assertion_type=None), "client_assertion_type"),
            (at("/revoke", client_id="another"), "client_assertion_type"),
            (lambda _, __, headers: headers.pop("DPoP"), "invalid_dpop_proof"),
        ],
    )
    async def test_is_refused_with_a_wrong_field_and_without_a_proof(
        self, client: OpenIdClient, provider: StrictProvider, held: str, meddle: Meddle, why: str
    ) -> None:
        client._http.meddle = meddle  # type: ignore[attr-defined]
        with pytest.raises(ProviderRefused):
            await client.revoke(held)
        assert provider.refusals[-1] == why
        assert provider.live_tokens()

    async def test_is_refused_with_the_proof_of_another_key_or_for_another_address(
        self, client: OpenIdClient, provider: StrictProvider, held: str, clock: Clock
    ) -> None:
        other = HeldGrant.model_validate_json(held).model_copy(update={"dpop": DpopKey().kept()})
        with pytest.raises(ProviderRefused):
            await client.revoke(other.model_dump_json())
        assert provider.refusals[-1] == "revocation proof key"

        def for_the_token_endpoint(_: str, __: dict[str, str], headers: dict[str, str]) -> None:
            key = DpopKey.read(HeldGrant.model_validate_json(held).dpop or {})
            headers["DPoP"] = key.proof("POST", f"{provider.issuer}/token", clock(), provider.nonce)

        client._http.meddle = for_the_token_endpoint  # type: ignore[attr-defined]
        with pytest.raises(ProviderRefused):
            await client.revoke(held)
        assert provider.refusals[-1] == "proof htu"

    async def test_of_another_clients_token_is_refused(
        self, client: OpenIdClient, provider: StrictProvider, held: str
    ) -> None:
        (one,) = provider.refreshes.values()
        assert isinstance(one, Refresh)
        one.client = "another"
        with pytest.raises(ProviderRefused):
            await client.revoke(held)
        assert provider.refusals[-1] == "revoked token of another client"

    async def test_that_is_no_form_is_refused(self, provider: StrictProvider, held: str) -> None:
        async with ClientSession() as session:
            answer = await session.post(f"{provider.issuer}/revoke", json={"token": held})
        assert (answer.status, provider.refusals[-1]) == (400, "content type")


@pytest.mark.one_application
async def test_a_token_that_another_version_of_the_program_kept_ends_the_session_and_is_not_told(
    app: web.Application, inside: Person, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (secret,) = [c.value for c in inside.client.session.cookie_jar if c.key == "w"]
    sealed = sealed_grant(secret, '{"token": "one-that-nobody-reads", "later": 1}')
    ours = provider_sessions.c.session == session_index(secret)
    change = update(provider_sessions).where(ours).values(grant_sealed=sealed)
    await app[CONTEXT].services.staff.lasting_keys.database.write(lambda c: c.execute(change))
    clock.pass_by(EVERY)
    assert (await inside.open("/desk")).status == 401
    app[CONTEXT].services.staff.revocations.begin('{"token": "one-that-nobody-reads", "later": 1}')
    await until(lambda: outcomes(app).get("failed") == 1)
    assert "one-that-nobody-reads" not in "".join(str(vars(line)) for line in caplog.records)
