"""The provider's discovery document and signing keys: fetched when first needed, and kept for a day."""

import asyncio
import time
from collections.abc import Callable
from typing import Annotated, Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from assistant.errors import ProviderRefused
from assistant.openid.http_client import HttpClient
from assistant.openid.provider_settings import LEAST_RSA_BITS, is_protected

OFFLINE = "offline_access"
"""The scope for refresh tokens (OpenID Connect Core 11)."""
KEPT_FOR = 24 * 3600.0
"""Seconds that both documents are kept."""
NEW_KEYS_EVERY = 60.0
"""Seconds between two fetches because of an unknown key id: anyone can send a token that names one."""
_MOST_KEYS = 50


def _protected(address: str) -> str:
    if not is_protected(address):
        raise ValueError("not https")
    return address


Endpoint = Annotated[str, AfterValidator(_protected)]


class Metadata(BaseModel):
    """The parts of the discovery document that are used (OpenID Connect Discovery 1.0)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: Endpoint
    token_endpoint: Endpoint
    jwks_uri: Endpoint
    pushed_authorization_request_endpoint: Endpoint | None = None
    revocation_endpoint: Endpoint | None = None
    authorization_response_iss_parameter_supported: bool = False
    grant_types_supported: tuple[str, ...] | None = None
    scopes_supported: tuple[str, ...] | None = None

    def may_give_refresh_tokens(self) -> bool:
        """Return whether the provider says that it gives refresh tokens, or does not say that it does not."""
        grants, scopes = self.grant_types_supported, self.scopes_supported
        return (grants is None or "refresh_token" in grants) and (scopes is None or OFFLINE in scopes)


class ProviderDocuments:
    """Both documents of one issuer."""

    def __init__(self, issuer: str, http: HttpClient, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._http = http
        self._elapsed = elapsed
        self._lock = asyncio.Lock()
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, dict[str, RSAKey | ECKey]] | None = None

    async def metadata(self) -> Metadata:
        """Return the discovery document. Raises `ProviderRefused` if it is not this issuer's."""
        async with self._lock:
            if self._metadata is None or self._elapsed() - self._metadata[0] >= KEPT_FOR:
                address = f"{self._issuer.removesuffix('/')}/.well-known/openid-configuration"
                found = (await self._http.get(address)).said
                try:
                    metadata = Metadata.model_validate(found)
                except ValidationError:
                    raise ProviderRefused("discovery") from None
                if metadata.issuer != self._issuer:
                    raise ProviderRefused("issuer")
                self._metadata = self._elapsed(), metadata
            return self._metadata[1]

    async def fetch_keys(self) -> None:
        """Fetch the signing keys now. Raises `ProviderRefused` if there are none."""
        keys = _signing_keys((await self._http.get((await self.metadata()).jwks_uri)).said)
        if not keys:
            raise ProviderRefused("keys")
        self._keys = self._elapsed(), keys

    async def key(self, key_id: str) -> RSAKey | ECKey:
        """Return a signing key. Raises `ProviderRefused` for one that the provider does not publish."""
        metadata = await self.metadata()
        async with self._lock:
            age = None if self._keys is None else self._elapsed() - self._keys[0]
            is_unknown = self._keys is None or key_id not in self._keys[1]
            if age is None or age >= KEPT_FOR or (is_unknown and age >= NEW_KEYS_EVERY):
                keys = _signing_keys((await self._http.get(metadata.jwks_uri)).said)
                self._keys = self._elapsed(), keys
            assert self._keys is not None, "fetched above"
            if key_id not in self._keys[1]:
                raise ProviderRefused("key")
            return self._keys[1][key_id]


def _signing_keys(document: Any) -> dict[str, RSAKey | ECKey]:
    """Return the public keys for signatures, by their ids, without other kinds and unreadable ones."""
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise ProviderRefused("keys")
    found: dict[str, RSAKey | ECKey] = {}
    for one in listed[:_MOST_KEYS]:
        if not isinstance(one, dict) or one.get("kty") not in ("RSA", "EC") or one.get("use", "sig") != "sig":
            continue
        try:
            key = import_key(one)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        is_weak = isinstance(key, RSAKey) and key.public_key.key_size < LEAST_RSA_BITS
        if isinstance(key, RSAKey | ECKey) and not is_weak and isinstance(one.get("kid"), str):
            found[one["kid"]] = key
    return found
