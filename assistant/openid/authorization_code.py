"""Sign-in by authorisation code: begun here, gone through at the provider, ended here (RFC 6749, RFC 7636).

The secrets of a sign-in are kept by the caller, sealed under a cookie of the same browser. So an answer is
only taken in the browser that asked, once.
"""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from pydantic import ValidationError

from assistant.config import SignInProvider
from assistant.errors import GrantEnded, ProviderRefused, ProviderUnreachable
from assistant.openid.client_key import FILE, ClientKey, load_client_key
from assistant.openid.http_client import Answer, HttpClient
from assistant.openid.kept_secrets import BegunSignIn, held_grant, read_grant
from assistant.openid.metadata import OFFLINE, Metadata, ProviderDocuments
from assistant.openid.proofs import DpopKey, challenge_of, client_assertion, new_secret
from assistant.openid.provider_settings import check_provider, profile_of
from assistant.openid.tokens import LoggedOut, Person, TokenReader

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Clock = Callable[[], datetime]


_OVER = frozenset(
    ("invalid_grant", "interaction_required", "login_required", "consent_required", "access_denied")
)
"""Errors that are about the person. Others are about this server, or about the provider itself."""
_OURS = frozenset(
    (
        *("invalid_client", "invalid_request", "invalid_scope", "unauthorized_client"),
        *("unsupported_grant_type", "unsupported_token_type", "invalid_dpop_proof", "use_dpop_nonce"),
    )
)
"""Errors that the operating log names: texts of the provider's own are not logged."""


def open_client(provider: SignInProvider, keys: Path, clock: Clock) -> "OpenIdClient":
    """Return the client with its key from the keys folder. Raises `CannotStart`."""
    check_provider(provider)
    return OpenIdClient(provider, load_client_key(keys / FILE), clock)


class OpenIdClient:
    """This server as a client of its identity provider."""

    def __init__(
        self, provider: SignInProvider, key: ClientKey, clock: Clock, http: HttpClient | None = None
    ) -> None:
        self.provider = provider
        self._profile = profile_of(provider)
        self._key = key
        self._clock = clock
        self._http = http or HttpClient()
        self._documents = ProviderDocuments(provider.issuer, self._http)
        self._tokens = TokenReader(provider, self._documents)
        self._nonce: str | None = None

    async def close(self) -> None:
        """Close the connections to the provider."""
        await self._http.close()

    @staticmethod
    def kept(begun: Mapping[str, object]) -> BegunSignIn:
        """Return the secrets of a sign-in as they were kept. Raises `ProviderRefused` for those of another
        version of the program.
        """
        try:
            return BegunSignIn.model_validate(begun)
        except ValidationError:
            raise ProviderRefused("kept") from None

    async def look(self) -> bool:
        """Fetch the provider's documents, to see that they can be used. Return whether open sessions can be
        checked there: this server asks for refresh tokens, and the provider may give them.

        Raises `ProviderUnreachable` and `ProviderRefused`.
        """
        metadata = await self._documents.metadata()
        if self._profile.pushes_requests and metadata.pushed_authorization_request_endpoint is None:
            raise ProviderRefused("discovery")
        await self._documents.fetch_keys()
        return OFFLINE in self.provider.scopes and metadata.may_give_refresh_tokens()

    async def may_revoke(self) -> bool:
        """Return whether the provider names an address at which tokens are revoked.

        Raises `ProviderUnreachable` and `ProviderRefused`.
        """
        return (await self._documents.metadata()).revocation_endpoint is not None

    async def begin(self, redirect_uri: str, *, is_proof: bool = False) -> tuple[BegunSignIn, str]:
        """Begin a sign-in; return what to keep, and the address to send the browser to. For a proof, the
        person must authenticate even if the provider knows them already.

        Raises `ProviderUnreachable` and `ProviderRefused`.
        """
        metadata = await self._documents.metadata()
        dpop = DpopKey() if self._profile.binds_tokens else None
        begun = BegunSignIn(
            state=new_secret(),
            nonce=new_secret(),
            verifier=new_secret(),
            redirect_uri=redirect_uri,
            dpop=dpop.kept() if dpop else None,
            is_proof=is_proof,
        )
        asked = self._asked(begun, dpop)
        if self._profile.pushes_requests:
            asked = await self._push(metadata, asked)
        joint = "&" if "?" in metadata.authorization_endpoint else "?"
        return begun, f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}"

    def is_answer_to(self, begun: BegunSignIn, answered: Mapping[str, str]) -> bool:
        """Return whether this is the answer to this sign-in, and not to another or to none."""
        state = answered.get("state", "")
        return hmac.compare_digest(state.encode("utf-8", "replace"), begun.state.encode())

    async def finish(
        self, begun: BegunSignIn, answered: Mapping[str, str], unused: Callable[[str], None]
    ) -> tuple[Person, str]:
        """Return the person who signed in, and what later checks need, in the spelling of `HeldGrant`; empty
        if the provider gave no refresh token. One that comes with a refused ID token goes to `unused`.

        Raises `ProviderUnreachable` and `ProviderRefused`.
        """
        metadata = await self._documents.metadata()
        self._check_answer(metadata, begun, answered)
        form = {
            "grant_type": "authorization_code",
            "code": answered["code"],
            "redirect_uri": begun.redirect_uri,
            "code_verifier": begun.verifier,
        }
        answer = await self._exchange(metadata, form, DpopKey.read(begun.dpop) if begun.dpop else None)
        kind = str(answer.said.get("token_type", "")).lower()
        if answer.status != 200 or kind != ("dpop" if begun.dpop else "bearer"):
            raise ProviderRefused("token endpoint")
        held = held_grant(answer.said.get("refresh_token"), begun.dpop)
        grant = held.model_dump_json() if held else ""
        try:
            person = await self._tokens.person(
                answer.said.get("id_token"), begun.nonce, self._clock(), is_proof=begun.is_proof
            )
        except (ProviderRefused, ProviderUnreachable):
            unused(grant)
            raise
        return person, grant

    async def refresh(self, kept: str) -> tuple[str, object]:
        """Use a refresh token (RFC 6749, section 6). Return the grant to keep from now on, in the spelling of
        `HeldGrant`, and the new ID token or None. Keep the grant before you look at the token: the provider
        may take the old one no longer.

        Raises `GrantEnded` if the provider refuses this person, `ProviderRefused` if it refuses this server
        or its answer is wrong, and `ProviderUnreachable`.
        """
        held, metadata = read_grant(kept), await self._documents.metadata()
        form = {"grant_type": "refresh_token", "refresh_token": held.token}
        answer = await self._exchange(metadata, form, DpopKey.read(held.dpop) if held.dpop else None)
        if answer.status != 200:
            error = answer.said.get("error")
            if error in _OVER:
                raise GrantEnded
            raise ProviderRefused(f"refresh: {error}" if error in _OURS else "refresh")
        rotated = held_grant(answer.said.get("refresh_token"), held.dpop) or held
        return rotated.model_dump_json(), answer.said.get("id_token")

    async def revoke(self, kept: str) -> bool:
        """Revoke a refresh token (RFC 7009), so that it works no more, here or elsewhere. Return False if the
        provider names no address for that.

        Raises `GrantEnded` for one that cannot be read, `ProviderRefused` and `ProviderUnreachable`.
        """
        held, metadata = read_grant(kept), await self._documents.metadata()
        address = metadata.revocation_endpoint
        if address is None:
            return False
        form = {"token": held.token, "token_type_hint": "refresh_token"}
        dpop = DpopKey.read(held.dpop) if held.dpop else None
        answer = await self._exchange(metadata, form, dpop, address)
        if answer.status != 200:
            error = answer.said.get("error")
            raise ProviderRefused(f"revocation: {error}" if error in _OURS else "revocation")
        return True

    async def subject_again(self, token: object) -> str:
        """Return the subject of an ID token that came with a refresh. Raises `ProviderUnreachable` and
        `ProviderRefused`.
        """
        return await self._tokens.subject_again(token, self._clock())

    async def logged_out(self, token: str) -> LoggedOut:
        """Return what a logout token ends. Raises `ProviderUnreachable` and `ProviderRefused`."""
        return await self._tokens.logged_out(token, self._clock())

    def _asked(self, begun: BegunSignIn, dpop: DpopKey | None) -> dict[str, str]:
        provider = self.provider
        # a proof begins no session, and so has no use for a token
        scopes = [scope for scope in provider.scopes if scope != OFFLINE or not begun.is_proof]
        asked = {
            "client_id": provider.client_id,
            "response_type": "code",
            "response_mode": "query",
            "redirect_uri": begun.redirect_uri,
            "scope": " ".join(dict.fromkeys(("openid", *scopes))),
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge_of(begun.verifier),
            "code_challenge_method": "S256",
        }
        if provider.acr:
            asked["acr_values"] = " ".join(provider.acr)
        if begun.is_proof:
            asked |= {"prompt": "login", "max_age": "0"}
        elif provider.signed_in_within is not None:
            asked["max_age"] = str(60 * provider.signed_in_within)
        if dpop is not None:
            asked["dpop_jkt"] = dpop.thumbprint
        return asked

    async def _push(self, metadata: Metadata, asked: Mapping[str, str]) -> dict[str, str]:
        """Push the request (RFC 9126); return what the browser carries."""
        address = metadata.pushed_authorization_request_endpoint
        if address is None:
            raise ProviderRefused("discovery")
        answer = await self._http.post(address, {**asked, **self._authenticated(metadata)})
        reference = answer.said.get("request_uri")
        if answer.status not in (200, 201) or not isinstance(reference, str):
            raise ProviderRefused("pushed request")
        return {"client_id": self.provider.client_id, "request_uri": reference}

    def _check_answer(self, metadata: Metadata, begun: BegunSignIn, answered: Mapping[str, str]) -> None:
        if not self.is_answer_to(begun, answered):
            raise ProviderRefused("state")
        is_named = self._profile.names_issuer or metadata.authorization_response_iss_parameter_supported
        if answered.get("iss", "" if is_named else metadata.issuer) != metadata.issuer:
            raise ProviderRefused("iss")
        if "error" in answered or not answered.get("code"):
            raise ProviderRefused("answer")

    async def _exchange(
        self, metadata: Metadata, form: Mapping[str, str], dpop: DpopKey | None, address: str = ""
    ) -> Answer:
        """Ask the token endpoint, or the one at this address. A provider that asks for a nonce in the proof
        gets it, once.
        """
        address = address or metadata.token_endpoint
        answer = await self._post_once(metadata, form, dpop, address)
        wants_nonce = dpop is not None and answer.said.get("error") == "use_dpop_nonce"
        if answer.status in (400, 401) and wants_nonce and answer.nonce:
            self._nonce = answer.nonce
            answer = await self._post_once(metadata, form, dpop, address)
        if answer.nonce:
            self._nonce = answer.nonce
        return answer

    async def _post_once(
        self, metadata: Metadata, form: Mapping[str, str], dpop: DpopKey | None, address: str
    ) -> Answer:
        headers = {}
        if dpop is not None:
            headers["DPoP"] = dpop.proof("POST", address, self._clock(), self._nonce)
        return await self._http.post(address, {**form, **self._authenticated(metadata)}, headers)

    def _authenticated(self, metadata: Metadata) -> dict[str, str]:
        """Return the fields by which the provider knows this server; each assertion is used once."""
        audience = metadata.issuer if self._profile.assertion_is_for_issuer else metadata.token_endpoint
        client_id = self.provider.client_id
        assertion = client_assertion(
            self._key, client_id, audience, self._profile.assertion_type, self._clock()
        )
        return {
            "client_id": client_id,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": assertion,
        }
