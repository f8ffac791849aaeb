"""The provider's tokens, checked: who signed in, and whose session has ended there.

Every check of OpenID Connect Core 3.1.3.7 and Back-Channel Logout 2.6 is here. A token that fails one is
refused with the name of the check, and nothing of its content.
"""

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from assistant.config import SignInProvider
from assistant.errors import ProviderRefused
from assistant.openid.metadata import ProviderDocuments
from assistant.openid.provider_settings import ALGORITHMS, SKEW
from assistant.value_class import value_class

LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST_TOKEN = 16 * 1024
"""The most characters of a token that is read or kept."""
PROVED_WITHIN = 300
"""Seconds since the person authenticated, where that is to prove that they are there."""
_OLDEST_LOGOUT = 180
"""Seconds: a logout token is sent at once."""
_SKEW = int(SKEW.total_seconds())
Claims = Mapping[str, Any]


@value_class
class Person:
    """The person who signed in at the provider."""

    issuer: str
    identity: str = field(repr=False)
    """The value of the claim by which accounts are linked."""
    subject: str = field(repr=False)
    sid: str = field(repr=False)
    """The id of the session at the provider; empty if it has none."""


@value_class
class LoggedOut:
    """A session, or all sessions of a person, that ended at the provider."""

    issuer: str
    subject: str = field(repr=False)
    sid: str = field(repr=False)
    id: str = field(repr=False)
    """The token's own id."""


class TokenReader:
    """Reads the tokens of one provider for one client."""

    def __init__(self, provider: SignInProvider, documents: ProviderDocuments) -> None:
        self._provider = provider
        self._documents = documents

    async def person(self, token: object, nonce: str, now: datetime, *, is_proof: bool = False) -> Person:
        """Return the person in an ID token. As a proof, it must say that they authenticated just now.

        Raises `ProviderRefused`.
        """
        claims, at = await self._verified(token, now), int(now.timestamp())
        _see("nonce", _is_same(claims.get("nonce"), nonce))
        _see("azp", claims.get("azp", self._provider.client_id) == self._provider.client_id)
        if self._provider.acr:
            _see("acr", claims.get("acr") in self._provider.acr)
        within = 60 * self._provider.signed_in_within if self._provider.signed_in_within else None
        if is_proof:
            within = min(within or PROVED_WITHIN, PROVED_WITHIN)
        if within is not None:
            oldest = at - within - _SKEW
            _see("auth_time", oldest <= _number(claims, "auth_time") <= at + _SKEW)
        for name, wanted in self._provider.require.items():
            _see("claim", claims.get(name) == wanted)
        return Person(
            issuer=self._provider.issuer,
            identity=_text(claims, self._provider.person),
            subject=_text(claims, "sub"),
            sid=_text(claims, "sid") if "sid" in claims else "",
        )

    async def subject_again(self, token: object, now: datetime) -> str:
        """Return the subject of an ID token that came with a refresh (OpenID Connect Core 12.2). What the
        service demands of a person still holds, where the token says anything about it.

        Raises `ProviderRefused`.
        """
        claims = await self._verified(token, now)
        _see("azp", claims.get("azp", self._provider.client_id) == self._provider.client_id)
        if self._provider.acr and "acr" in claims:
            _see("acr", claims["acr"] in self._provider.acr)
        for name, wanted in self._provider.require.items():
            _see("claim", claims.get(name, wanted) == wanted)
        return _text(claims, "sub")

    async def logged_out(self, token: object, now: datetime) -> LoggedOut:
        """Return what a logout token ends. Raises `ProviderRefused`."""
        claims, at = await self._verified(token, now), int(now.timestamp())
        events = claims.get("events")
        _see("events", isinstance(events, dict) and isinstance(events.get(LOGOUT), dict))
        _see("nonce", "nonce" not in claims)
        _see("iat", _number(claims, "iat") >= at - _OLDEST_LOGOUT - _SKEW)
        _see("sub or sid", "sub" in claims or "sid" in claims)
        return LoggedOut(
            issuer=self._provider.issuer,
            subject=_text(claims, "sub") if "sub" in claims else "",
            sid=_text(claims, "sid") if "sid" in claims else "",
            id=_text(claims, "jti"),
        )

    async def _verified(self, token: object, now: datetime) -> Claims:
        """Return the claims of a token that this issuer signed for this client, and that is good now."""
        if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
            raise ProviderRefused("token")
        header = _header(token)
        _see("alg", header.get("alg") in ALGORITHMS)
        key = await self._documents.key(_text(header, "kid"))
        try:
            claims = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, TypeError):
            raise ProviderRefused("signature") from None
        at, audience = int(now.timestamp()), claims.get("aud")
        _see("iss", claims.get("iss") == self._provider.issuer)
        _see("aud", audience in (self._provider.client_id, [self._provider.client_id]))
        _see("exp", at - _SKEW < _number(claims, "exp"))
        _see("iat", _number(claims, "iat") <= at + _SKEW)
        if "nbf" in claims:
            _see("nbf", _number(claims, "nbf") <= at + _SKEW)
        return claims


def _header(token: str) -> Claims:
    first = token.partition(".")[0]
    try:
        found = json.loads(urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError):
        raise ProviderRefused("token") from None
    if not isinstance(found, dict):
        raise ProviderRefused("token")
    return found


def _see(check: str, is_met: bool) -> None:
    if not is_met:
        raise ProviderRefused(check)


def _is_same(found: object, wanted: str) -> bool:
    return isinstance(found, str) and hmac.compare_digest(found.encode(), wanted.encode())


def _text(claims: Claims, name: str) -> str:
    found = claims.get(name)
    _see("claim", isinstance(found, str) and 0 < len(found) <= 500)
    return str(found)


def _number(claims: Claims, name: str) -> float:
    found = claims.get(name)
    _see(name, isinstance(found, int | float) and not isinstance(found, bool))
    return float(found)  # type: ignore[arg-type]
