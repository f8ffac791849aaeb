"""What we sign and draw for the provider: client assertions, DPoP proofs, and the secrets of one sign-in."""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

from joserfc import jwt
from joserfc.jwk import ECKey

from assistant.openid.client_key import ClientKey

ASSERTION_FOR = timedelta(seconds=30)
"""How long a client assertion is good for; HelseID takes 60 seconds at most."""
_DPOP_ALGORITHM = "ES256"


def new_secret() -> str:
    """Return a new random value of 256 bits: a state, a nonce, a verifier or a token's id."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636)."""
    return _in_base64(hashlib.sha256(verifier.encode()).digest())


def client_assertion(
    key: ClientKey, client_id: str, audience: str, assertion_type: str, now: datetime
) -> str:
    """Return the proof that this server is the client (RFC 7523), to be used once."""
    header = {"alg": key.algorithm, "typ": assertion_type, "kid": key.key_id}
    if key.certificate is not None:
        header = {"alg": key.algorithm, "typ": assertion_type, "x5t#S256": key.certificate}
    at = int(now.timestamp())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": new_secret(),
        "iat": at,
        "nbf": at,
        "exp": at + int(ASSERTION_FOR.total_seconds()),
    }
    return jwt.encode(header, claims, key.key, algorithms=[key.algorithm])


class DpopKey:
    """The key of one sign-in, by which tokens are bound to it (RFC 9449)."""

    def __init__(self, key: ECKey | None = None) -> None:
        self._key = key or ECKey.generate_key("P-256")

    @classmethod
    def read(cls, kept: dict[str, str]) -> "DpopKey":
        """Return the key that was kept."""
        return cls(ECKey.import_key(dict(kept)))

    def kept(self) -> dict[str, str]:
        """Return the private key, to be kept sealed until the browser comes back."""
        return {name: str(value) for name, value in self._key.as_dict(private=True).items()}

    @property
    def thumbprint(self) -> str:
        """Return the key's thumbprint, which the authorisation code is bound to."""
        return self._key.thumbprint()

    def proof(self, method: str, address: str, now: datetime, nonce: str | None) -> str:
        """Return the proof for one request."""
        public = {name: self._key.as_dict(private=False)[name] for name in ("kty", "crv", "x", "y")}
        claims: dict[str, object] = {
            "jti": new_secret(),
            "htm": method,
            "htu": address,
            "iat": int(now.timestamp()),
        }
        if nonce is not None:
            claims["nonce"] = nonce
        header = {"alg": _DPOP_ALGORITHM, "typ": "dpop+jwt", "jwk": public}
        return jwt.encode(header, claims, self._key, algorithms=[_DPOP_ALGORITHM])


def _in_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
