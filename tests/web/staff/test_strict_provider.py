"""The strict provider refuses each wrong step, so a sign-in that it accepts was right in all of them."""

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jwt
from support.at_provider import answer_of
from support.clock import Clock
from support.strict_provider import KARI, StrictProvider

from assistant.config import SignInProvider
from assistant.errors import GrantEnded, ProviderRefused
from assistant.openid.authorization_code import OpenIdClient
from assistant.openid.client_key import ClientKey, make_client_key
from assistant.openid.http_client import Answer, HttpClient
from assistant.openid.kept_secrets import BegunSignIn, HeldGrant
from assistant.openid.proofs import DpopKey
from assistant.openid.tokens import Person

Meddle = Callable[[str, dict[str, str], dict[str, str]], None]
WAY_BACK = "http://127.0.0.1:1/staff/provider/callback"


class Meddler(HttpClient):
    """Sends something else than what our client asks it to."""

    meddle: Meddle = staticmethod(lambda *_: None)

    async def post(
        self, address: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        sent, heads = dict(form), dict(headers or {})
        self.meddle(urlsplit(address).path, sent, heads)
        return await super().post(address, sent, heads)


@pytest.fixture
async def provider(clock: Clock) -> AsyncIterator[StrictProvider]:
    provider = StrictProvider(redirect_uri=WAY_BACK, clock=lambda: clock().timestamp())
    await provider.start()
    yield provider
    await provider.close()


@pytest.fixture
def key(tmp_path: Path, provider: StrictProvider) -> ClientKey:
    key = make_client_key(tmp_path / "provider.pem")
    provider.client_key = key.public()
    return key


@pytest.fixture
async def client(provider: StrictProvider, key: ClientKey, clock: Clock) -> AsyncIterator[OpenIdClient]:
    agreed = SignInProvider(name="x", profile="helseid", issuer=provider.issuer, client_id="for-motet")
    client = OpenIdClient(agreed, key, clock, Meddler())
    yield client
    await client.close()


async def finish(client: OpenIdClient, begun: BegunSignIn, location: str) -> tuple[Person, str]:
    """Take the provider's answer, at the address that it sends the browser to."""
    return await client.finish(begun, dict(parse_qsl(urlsplit(location).query)), lambda _: None)


async def sign_in(client: OpenIdClient) -> str:
    begun, address = await client.begin(WAY_BACK)
    location = await answer_of(address)
    person, _ = await finish(client, begun, location)
    return person.identity


def at(path: str, **changes: str | None) -> Meddle:
    """Change fields of the requests to this path; None leaves one out."""

    def meddle(here: str, form: dict[str, str], _: dict[str, str]) -> None:
        if here == path:
            for name, value in changes.items():
                form.pop(name, None)
                if value is not None:
                    form[name] = value

    return meddle


def asserting(key: ClientKey, header: dict[str, Any], claims: dict[str, Any]) -> Meddle:
    """Send a client assertion with other content, signed with our own key."""

    def meddle(_: str, form: dict[str, str], __: dict[str, str]) -> None:
        token = jwt.decode(form["client_assertion"], key.key, algorithms=["ES256"])
        said = {n: v for n, v in (token.claims | claims).items() if v is not None}
        form["client_assertion"] = jwt.encode(token.header | header, said, key.key, algorithms=["ES256"])

    return meddle


async def test_a_right_sign_in_is_accepted(client: OpenIdClient, provider: StrictProvider) -> None:
    assert await sign_in(client) == KARI
    assert provider.refusals == ["use_dpop_nonce"]


@pytest.mark.parametrize(
    ("meddle", "why"),
    [
        (at("/par", redirect_uri="http://127.0.0.1:2/"), "redirect_uri"),
        (at("/par", code_challenge=None), "code_challenge"),
        (at("/par", code_challenge_method="plain"), "code_challenge_method"),
        (at("/par", state=None), "state"),
        (at("/par", nonce=None), "nonce"),
        (at("/par", response_type="token"), "response_type"),
        (at("/par", client_assertion=None), "client_assertion"),
        (at("/par", client_assertion_type=None), "client_assertion_type"),
        (at("/par", client_id="another"), "client_assertion_type"),
        (at("/par", request_uri="urn:x"), "request_uri pushed"),
        (at("/token", code_verifier="v" * 43), "code_verifier"),
        (at("/token", code_verifier=None), "code_verifier"),
        (at("/token", code="made-up"), "code"),
        (at("/token", redirect_uri="http://127.0.0.1:2/"), "redirect_uri"),
        (at("/token", grant_type="client_credentials"), "grant_type"),
        (at("/token", client_assertion=None), "client_assertion"),
    ],
)
async def test_a_wrong_field_is_refused(
    client: OpenIdClient, provider: StrictProvider, meddle: Meddle, why: str
) -> None:
    client._http.meddle = meddle  # type: ignore[attr-defined]
    with pytest.raises(ProviderRefused):
        await sign_in(client)
    assert provider.refusals[-1] == why


@pytest.mark.parametrize(
    ("header", "claims", "why"),
    [
        ({}, {"aud": "https://elsewhere.example"}, "assertion aud"),
        ({}, {"exp": 0}, "assertion exp"),
        ({}, {"exp": 4_000_000_000}, "assertion exp"),
        ({}, {"nbf": 4_000_000_000}, "assertion nbf"),
        ({}, {"iss": "another"}, "assertion iss"),
        ({}, {"sub": "another"}, "assertion iss"),
        ({}, {"jti": None}, "assertion jti"),
        ({}, {"jti": "the same"}, "assertion jti"),
        ({"typ": "JWT"}, {}, "assertion typ"),
        ({"kid": "another"}, {}, "assertion key"),
    ],
)
async def test_a_wrong_client_assertion_is_refused(
    client: OpenIdClient,
    provider: StrictProvider,
    key: ClientKey,
    header: dict[str, Any],
    claims: dict[str, Any],
    why: str,
) -> None:
    client._http.meddle = asserting(key, header, claims)  # type: ignore[attr-defined]
    with pytest.raises(ProviderRefused):
        await sign_in(client)
    assert provider.refusals[-1] == why


@pytest.mark.parametrize(
    ("proof", "why"),
    [
        (None, "invalid_dpop_proof"),
        ({"htu": "https://elsewhere.example/token"}, "proof htu"),
        ({"htm": "GET"}, "proof htm"),
        ({"iat": 0}, "proof iat"),
        ({"jti": ""}, "proof jti"),
        ({"jti": "the same"}, "proof jti"),
        ({"nonce": "made-up"}, "use_dpop_nonce"),
        ({"typ": "JWT"}, "proof typ"),
        ({"key": "another"}, "dpop_jkt"),
    ],
)
async def test_a_wrong_proof_of_possession_is_refused(
    client: OpenIdClient, provider: StrictProvider, proof: dict[str, Any] | None, why: str
) -> None:
    provider.used_ids.add("the same")

    def meddle(path: str, _: dict[str, str], headers: dict[str, str]) -> None:
        if path != "/token":
            return
        sent = headers.pop("DPoP")
        if proof is not None:
            headers["DPoP"] = changed(sent, proof)

    begun, address = await client.begin(WAY_BACK)
    assert begun.dpop is not None
    own = DpopKey.read(begun.dpop)._key

    def changed(sent: str, proof: dict[str, Any]) -> str:
        token, signer = jwt.decode(sent, own, algorithms=["ES256"]), own
        header, claims = dict(token.header), token.claims | proof
        if "typ" in proof:
            header["typ"] = claims.pop("typ")
        if claims.pop("key", None):
            signer = DpopKey()._key
            header["jwk"] = {n: signer.as_dict(private=False)[n] for n in ("kty", "crv", "x", "y")}
        return jwt.encode(header, claims, signer, algorithms=["ES256"])

    client._http.meddle = meddle  # type: ignore[attr-defined]
    answer = await answer_of(address)
    with pytest.raises(ProviderRefused):
        await finish(client, begun, answer)
    assert provider.refusals[-1] == why


async def test_a_request_that_was_not_pushed_or_was_used_is_refused(
    client: OpenIdClient, provider: StrictProvider
) -> None:
    _, address = await client.begin(WAY_BACK)
    await answer_of(address)
    for again in (address, f"{provider.issuer}/authorize?{urlencode({'client_id': 'for-motet'})}"):
        with pytest.raises(AssertionError):
            await answer_of(again)
    assert provider.refusals[-2:] == ["request_uri unknown", "not pushed"]


async def test_a_code_is_good_once(client: OpenIdClient, provider: StrictProvider) -> None:
    begun, address = await client.begin(WAY_BACK)
    answer = await answer_of(address)
    person, _ = await finish(client, begun, answer)
    assert person.subject == KARI
    with pytest.raises(ProviderRefused):
        await finish(client, begun, answer)
    assert provider.refusals[-1] == "code"


class TestARefresh:
    """What the provider refuses of the steps of a refresh."""

    @pytest.fixture
    async def client(
        self, provider: StrictProvider, key: ClientKey, clock: Clock
    ) -> AsyncIterator[OpenIdClient]:
        agreed = SignInProvider(
            name="x",
            profile="helseid",
            issuer=provider.issuer,
            client_id="for-motet",
            scopes=("offline_access",),
        )
        client = OpenIdClient(agreed, key, clock, Meddler())
        yield client
        await client.close()

    @pytest.fixture
    async def held(self, client: OpenIdClient) -> str:
        begun, address = await client.begin(WAY_BACK)
        _, held = await finish(client, begun, await answer_of(address))
        assert held
        return held

    async def test_is_accepted_if_every_step_is_right(
        self, client: OpenIdClient, provider: StrictProvider, held: str
    ) -> None:
        for _ in range(3):
            held, token = await client.refresh(held)
            assert await client.subject_again(token) == KARI
        assert provider.refusals == ["use_dpop_nonce"]

    async def test_is_refused_with_a_token_that_was_rotated_and_so_is_the_new_one(
        self, client: OpenIdClient, provider: StrictProvider, held: str
    ) -> None:
        new, _ = await client.refresh(held)
        for one in (held, new):
            with pytest.raises(GrantEnded):
                await client.refresh(one)
            assert provider.refusals[-1] == "refresh_token reused"

    @pytest.mark.parametrize(
        ("meddle", "why"),
        [
            (at("/token", scope="openid offline_access everything"), "refresh scope"),
            (at("/token", refresh_token="made-up"), "refresh_token unknown"),
            (at("/token", refresh_token=None), "refresh_token unknown"),
            (at("/token", code="x"), "refresh fields"),
            (at("/token", grant_type="client_credentials"), "grant_type"),
            (at("/token", client_assertion=None), "client_assertion"),
            (at("/token", client_assertion="a.b.c"), "client_assertion"),
            (at("/token", client_id="another"), "client_assertion_type"),
            (lambda _, __, headers: headers.pop("DPoP"), "invalid_dpop_proof"),
        ],
    )
    async def test_is_refused_with_a_wrong_field_and_without_a_proof(
        self, client: OpenIdClient, provider: StrictProvider, held: str, meddle: Meddle, why: str
    ) -> None:
        client._http.meddle = meddle  # type: ignore[attr-defined]
        with pytest.raises((ProviderRefused, GrantEnded)):
            await client.refresh(held)
        assert provider.refusals[-1] == why

    async def test_is_refused_with_the_proof_of_another_key(
        self, client: OpenIdClient, provider: StrictProvider, held: str
    ) -> None:
        other = HeldGrant.model_validate_json(held).model_copy(update={"dpop": DpopKey().kept()})
        with pytest.raises(ProviderRefused):
            await client.refresh(other.model_dump_json())
        assert provider.refusals[-1] == "refresh proof key"

    async def test_is_refused_with_a_client_assertion_that_was_used(
        self, client: OpenIdClient, provider: StrictProvider, key: ClientKey, held: str
    ) -> None:
        client._http.meddle = asserting(key, {}, {"jti": "the same"})  # type: ignore[attr-defined]
        held, _ = await client.refresh(held)
        with pytest.raises(ProviderRefused):
            await client.refresh(held)
        assert provider.refusals[-1] == "assertion jti"

    async def test_needs_the_scope_for_it(
        self, client: OpenIdClient, provider: StrictProvider, held: str
    ) -> None:
        client.provider = client.provider.model_copy(update={"scopes": ()})
        begun, address = await client.begin(WAY_BACK)
        _, none = await finish(client, begun, await answer_of(address))
        assert none == ""
