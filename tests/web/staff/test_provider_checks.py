"""Sessions are asked about again at the identity provider: leavers lose access, outages lock no one out."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import asyncio
import json
import logging
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from support.at_provider import as_client_of, sign_in_there
from support.clock import Clock
from support.colleague import PASSWORD
from support.person import CATALOGUES, NewPerson, Person
from support.postgres import Server as PostgreSQL
from support.strict_provider import ANNE, KARI, StrictProvider, tell_of_the_end

from assistant.config import Settings, service_file
from assistant.openid import metadata
from assistant.openid.client_key import FILE, load_client_key
from assistant.operations.sign_in_checks import check_sign_in
from assistant.service.operations.examination import examine_sessions
from assistant.service.staff import provider_checks
from assistant.web.http.context import CONTEXT
from web.staff.test_provider_sign_in import is_in, kari, profile, provider, with_claims  # noqa: F401

NB = CATALOGUES["nb"].say
EVERY = timedelta(minutes=5)
LITTLE = timedelta(seconds=1)


@pytest.fixture
def more() -> dict[str, object]:
    return {"scopes": ["offline_access"]}


@pytest.fixture
def settings(
    tmp_path: Path,
    provider: StrictProvider,
    first_data: Path,
    more: dict[str, object],
    number_of_servers: int,
    request: pytest.FixtureRequest,
) -> Settings:
    settings = as_client_of(provider, tmp_path / "data", first_data, **more)
    if provider.profile == "entra":  # it knows us by a certificate
        key = settings.keys / FILE
        key.chmod(0o600)
        content = b64encode(b"a certificate").decode()
        text = f"-----BEGIN CERTIFICATE-----\n{content}\n-----END CERTIFICATE-----\n"
        key.write_text(key.read_text() + text)
        provider.certificate = load_client_key(key).certificate or ""
    if number_of_servers == 1:
        return settings
    (settings.data / "words.db").unlink()
    server: PostgreSQL = request.getfixturevalue("with_tables")
    return settings.model_copy(update={"database": server.without_rows("with_tables")})


def refreshes(provider: StrictProvider) -> int:
    return provider.asked.count("refresh")


async def events(app: web.Application, clock: Clock) -> list[str]:
    log = app[CONTEXT].services.staff.security_log
    return [event.event for event in await log.since(clock() - timedelta(days=1))]


@pytest.mark.parametrize("profile", ["helseid", "entra"])
async def test_a_leaver_loses_access_at_the_next_request_after_five_minutes(
    app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    provider.closed.add(KARI)
    clock.pass_by(EVERY - LITTLE)
    assert is_in(await kari.open("/desk"))
    assert refreshes(provider) == 0
    clock.pass_by(LITTLE)
    page = await kari.open("/desk")
    assert (page.status, page.heading) == (401, NB("ended.heading"))
    assert NB("ended.by_provider", provider="HelseID") in page.main
    page = await kari.open("/desk")
    assert NB("ended.what") in page.main
    assert refreshes(provider) == 1, "what has ended is not asked about again"
    assert (await events(app, clock))[-1:] == ["ended_by_provider"]


async def test_the_logout_token_of_a_provider_still_ends_the_session_at_once(
    kari: Person, provider: StrictProvider, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    clock.pass_by(LITTLE)
    address = f"{kari.address}/staff/provider/logout"
    assert await tell_of_the_end(address, provider.logout_token(sub=KARI)) == 200
    page = await kari.open("/desk")
    assert (page.status, NB("ended.what") in page.main, refreshes(provider)) == (401, True, 0)


@pytest.mark.parametrize("rotates", [True, False], ids=["rotated", "kept"])
async def test_a_session_goes_on_through_the_day_with_one_question_every_five_minutes(
    kari: Person, provider: StrictProvider, clock: Clock, rotates: bool
) -> None:
    provider.rotates = rotates
    await sign_in_there(kari, provider)
    for number in range(1, 7):
        clock.pass_by(EVERY)
        assert is_in(await kari.open("/desk"))
        assert is_in(await kari.open("/desk"))
        assert refreshes(provider) == number
    assert set(provider.refusals) == {"use_dpop_nonce"}
    provider.closed.add(KARI)
    clock.pass_by(EVERY)
    assert (await kari.open("/desk")).status == 401


async def test_a_token_that_has_expired_at_the_provider_ends_the_session(
    kari: Person, provider: StrictProvider, clock: Clock
) -> None:
    provider.refresh_lasts, provider.rotates = 600, False
    await sign_in_there(kari, provider)
    clock.pass_by(EVERY)
    assert is_in(await kari.open("/desk"))
    clock.pass_by(EVERY)
    assert (await kari.open("/desk")).status == 401
    assert provider.refusals[-1] == "refresh_token expired"


@pytest.mark.parametrize("error", ["interaction_required", "login_required", "consent_required"])
async def test_a_person_who_must_act_at_the_provider_signs_in_again(
    kari: Person, provider: StrictProvider, clock: Clock, error: str
) -> None:
    await sign_in_there(kari, provider)
    provider.refresh_error = error
    clock.pass_by(EVERY)
    assert (await kari.open("/desk")).status == 401
    assert is_in(await sign_in_there(kari, provider))


@pytest.mark.parametrize("more", [{"scopes": ["offline_access"], "check_minutes": 30}], ids=["half-an-hour"])
async def test_the_service_decides_how_often(kari: Person, provider: StrictProvider, clock: Clock) -> None:
    await sign_in_there(kari, provider)
    provider.closed.add(KARI)
    clock.pass_by(timedelta(minutes=30) - LITTLE)
    assert is_in(await kari.open("/desk"))
    clock.pass_by(LITTLE)
    assert (await kari.open("/desk")).status == 401


class TestWithoutRefreshTokens:
    @pytest.fixture
    def lines(self, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
        caplog.set_level(logging.DEBUG)
        return caplog

    @pytest.mark.parametrize("more", [{}], ids=["not-asked-for"])
    async def test_everything_is_as_before(
        self, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        await sign_in_there(kari, provider)
        provider.closed.add(KARI)
        for _ in range(9):
            clock.pass_by(timedelta(minutes=50))
            assert is_in(await kari.open("/desk"))
        clock.pass_by(timedelta(minutes=31))
        assert (await kari.open("/desk")).status == 401
        assert refreshes(provider) == 0

    async def test_the_log_says_so_once(
        self,
        kari: Person,
        provider: StrictProvider,
        lines: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("assistant.events._once._last", {})
        provider.gives_refresh = False
        for _ in range(2):
            page = await sign_in_there(kari, provider)
            await kari.send(page.form("sign-out").press())
        said = [line.getMessage() for line in lines.records if line.name == "assistant"]
        assert said.count("provider_unchecked") == 1


class TestAnOutage:
    async def test_locks_no_one_out_until_it_has_lasted_for_two_hours(
        self, app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        await sign_in_there(kari, provider)
        provider.is_down = True
        for _ in range(23):
            clock.pass_by(EVERY)
            assert is_in(await kari.open("/desk"))
        clock.pass_by(EVERY)
        page = await kari.open("/desk")
        assert (page.status, NB("ended.not_confirmed", provider="HelseID") in page.main) == (401, True)
        assert (await events(app, clock))[-1:] == ["not_confirmed_by_provider"]

    async def test_is_over_when_the_provider_answers(
        self, kari: Person, provider: StrictProvider, clock: Clock
    ) -> None:
        await sign_in_there(kari, provider)
        provider.is_down = True
        clock.pass_by(EVERY)
        asked = provider.asked.count("/token")
        for _ in range(3):
            assert is_in(await kari.open("/desk"))
        assert provider.asked.count("/token") == asked + 1, "it is left alone for a minute"
        provider.is_down = False
        provider.closed.add(KARI)
        clock.pass_by(timedelta(minutes=1))
        assert (await kari.open("/desk")).status == 401

    @pytest.mark.parametrize(
        "error", ["invalid_client", "unauthorized_client", "invalid_scope", "temporarily_unavailable", ""]
    )
    async def test_is_what_a_refusal_of_this_server_counts_as(
        self, kari: Person, provider: StrictProvider, clock: Clock, error: str
    ) -> None:
        await sign_in_there(kari, provider)
        provider.refresh_error = error or "made-up words of its own"
        clock.pass_by(EVERY)
        assert is_in(await kari.open("/desk"))
        provider.refresh_error = ""
        clock.pass_by(timedelta(minutes=1))
        assert is_in(await kari.open("/desk"))
        assert provider.refreshes[list(provider.refreshes)[-1]].used is False

    async def test_a_slow_provider_holds_up_its_own_person_for_a_while_and_no_one_else(
        self,
        kari: Person,
        new_person: NewPerson,
        provider: StrictProvider,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(provider_checks, "PATIENCE", 0.3)
        await sign_in_there(kari, provider)
        provider.closed.add(KARI)
        provider.held_back = asyncio.Event()
        clock.pass_by(EVERY)
        slow = asyncio.create_task(kari.open("/desk"))
        other = await new_person()
        assert (await other.open("/nb/")).status == 200
        assert is_in(await slow), "it goes on without the answer"
        provider.held_back.set()
        for _ in range(50):
            if (await kari.open("/desk")).status == 401:
                break
            await asyncio.sleep(0.05)
        assert (await kari.open("/desk")).status == 401, "the answer came later"
        assert refreshes(provider) == 1


async def test_requests_at_the_same_time_use_a_token_once_and_wait_for_its_answer(
    kari: Person, provider: StrictProvider, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    for is_over in (False, True):
        if is_over:
            provider.closed.add(KARI)
        before, provider.held_back = refreshes(provider), asyncio.Event()
        clock.pass_by(EVERY)
        opening = [asyncio.create_task(kari.open("/desk")) for _ in range(6)]
        for _ in range(100):
            if refreshes(provider) > before:
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.2)
        assert not any(one.done() for one in opening), "no page before the answer"
        provider.held_back.set()
        assert {page.status for page in await asyncio.gather(*opening)} == {401 if is_over else 200}
        assert refreshes(provider) == before + 1
    assert "refresh_token reused" not in provider.refusals


@pytest.mark.parametrize(
    "wrong",
    [
        with_claims(sub=ANNE),
        with_claims(iss="https://elsewhere.example"),
        with_claims(aud="another"),
        with_claims(azp="another"),
        with_claims(exp=0),
        lambda header, _: header.update(kid="two"),
    ],
    ids=["sub", "iss", "aud", "azp", "exp", "key"],
)
async def test_an_id_token_that_is_not_the_persons_ends_the_session(
    kari: Person, provider: StrictProvider, clock: Clock, wrong: Callable[..., None]
) -> None:
    await sign_in_there(kari, provider)
    provider.refresh_wrong = wrong
    clock.pass_by(EVERY)
    assert (await kari.open("/desk")).status == 401


async def test_a_new_refresh_token_is_kept_before_its_id_token_is_looked_at(
    kari: Person, provider: StrictProvider, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_checks, "ASKED_FOR", timedelta(seconds=0.5))
    monkeypatch.setattr(metadata, "NEW_KEYS_EVERY", 0)
    await sign_in_there(kari, provider)
    provider.refresh_wrong = lambda header, _: header.update(kid="two")
    provider.keys_held_back = asyncio.Event()  # asked for anew, and too late
    clock.pass_by(EVERY)
    assert is_in(await kari.open("/desk"))
    provider.keys_held_back.set()
    provider.refresh_wrong = None
    clock.pass_by(timedelta(minutes=1))
    assert is_in(await kari.open("/desk"))
    assert refreshes(provider) == 2
    assert "refresh_token reused" not in provider.refusals


async def test_no_id_token_need_come(kari: Person, provider: StrictProvider, clock: Clock) -> None:
    await sign_in_there(kari, provider)
    provider.id_token_again = False
    clock.pass_by(EVERY)
    assert is_in(await kari.open("/desk"))


@pytest.mark.one_application
async def test_no_token_is_readable_in_the_database_or_in_the_log(
    kari: Person,
    provider: StrictProvider,
    clock: Clock,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await sign_in_there(kari, provider)
    clock.pass_by(EVERY)
    assert is_in(await kari.open("/desk"))
    provider.refresh_error = "invalid_client"
    clock.pass_by(EVERY)
    assert is_in(await kari.open("/desk"))
    stored = b"".join(path.read_bytes() for path in settings.data.rglob("*") if path.is_file())
    written = "".join(str(vars(line)) for line in caplog.records if line.name != "aiohttp.client")
    assert len(provider.refreshes) >= 2
    for token in provider.refreshes:
        assert token.encode() not in stored
        assert token not in written
    assert "refresh: invalid_client" in written


async def test_text_that_is_sent_when_the_provider_refuses_goes_on_after_the_next_sign_in(
    kari: Person, provider: StrictProvider, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    page = await kari.open("/desk/invitations")
    form = page.form("invite").write("greeting", "Velkommen til oss")
    provider.closed.add(KARI)
    clock.pass_by(EVERY)
    page = await kari.send(form.press())
    assert (page.status, "Velkommen til oss" in page.main) == (401, True)
    assert NB("ended.by_provider", provider="HelseID") in page.main
    provider.closed.clear()
    here = page.form("signed-in")
    await sign_in_there(kari, provider)
    page = await kari.send(here.press())
    assert "Velkommen til oss" in page.main


async def test_a_session_that_goes_on_under_a_new_cookie_is_asked_about_as_before(
    kari: Person, provider: StrictProvider, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    page = await kari.open("/staff/key")
    await kari.send(page.form("choose-key").write("password", PASSWORD).write("again", PASSWORD).press())
    clock.pass_by(timedelta(minutes=3))
    page = await kari.open("/staff/account")
    form = page.form("change-password").write("password", PASSWORD)
    page = await kari.send(form.write("new", PASSWORD * 2).write("again", PASSWORD * 2).press())
    assert NB("account.changed") in page.main
    clock.pass_by(timedelta(minutes=2))
    assert is_in(await kari.open("/desk"))
    assert refreshes(provider) == 1
    provider.closed.add(KARI)
    clock.pass_by(EVERY)
    assert (await kari.open("/desk")).status == 401
    assert "refresh_token reused" not in provider.refusals


async def told_by_doctor(
    provider: StrictProvider, settings: Settings, folder: Path, more: dict[str, object]
) -> str:
    """What `assistant doctor` says about this provider, with the levels."""
    agreed: dict[str, object] = {
        "owner": "IT",
        "last_checked": "2026-11-29",
        "name": "HelseID",
        "profile": "helseid",
    }
    agreed |= {"issuer": provider.issuer, "client_id": "for-motet", **more}
    file = folder / "service.yaml"
    file.write_text(f"{service_file().read_text('utf-8')}\nsign_in: {json.dumps(agreed)}\n", "utf-8")
    examined = settings.model_copy(update={"service": file})
    found = await asyncio.to_thread(lambda: list(check_sign_in(examined)))
    return " ".join(f"{one.level} {one.what}" for one in found)


@pytest.mark.parametrize("more", [{"scopes": ["offline_access"]}, {}], ids=["asked-for", "not-asked-for"])
@pytest.mark.parametrize("grants", [None, ["authorization_code"]], ids=["given", "not-given"])
@pytest.mark.one_application
async def test_doctor_tells_whether_open_sessions_are_checked(
    kari: Person,
    provider: StrictProvider,
    settings: Settings,
    more: dict[str, object],
    grants: list[str] | None,
    tmp_path: Path,
) -> None:
    await sign_in_there(kari, provider)
    if grants is not None:
        provider.documents = {"grant_types_supported": grants}
    told = await told_by_doctor(provider, settings, tmp_path, more)
    if more and grants is None:
        assert "every 5 minutes" in told
        assert "without a refresh token" not in told
    else:
        assert "not checked at HelseID" in told
        assert "480 minutes" in told
    assert "Kari" not in told


async def test_doctor_counts_sessions_that_came_without_a_token(
    kari: Person, new_person: NewPerson, provider: StrictProvider, settings: Settings, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    provider.gives_refresh = False
    await sign_in_there(await new_person(), provider)
    assert await examine_sessions(settings.database_url, clock()) == (2, 1)


@pytest.mark.one_application
async def test_outcomes_are_counted_for_the_metrics(
    app: web.Application, kari: Person, provider: StrictProvider, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    for change in ({"is_down": True}, {"is_down": False}, {"closed": {KARI}}):
        for name, value in change.items():
            setattr(provider, name, value)
        clock.pass_by(EVERY)
        await kari.open("/desk")
    counted = app[CONTEXT].services.staff.provider_checks.outcomes
    assert counted == {"unanswered": 1, "confirmed": 1, "ended": 1}
