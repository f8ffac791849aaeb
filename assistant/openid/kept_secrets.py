"""The secrets of a sign-in that the caller keeps, sealed, until they are needed again."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import GrantEnded
from assistant.openid.tokens import LONGEST_TOKEN


class BegunSignIn(BaseModel):
    """The secrets of one sign-in, until the browser comes back."""

    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")

    state: str = Field(repr=False)
    nonce: str = Field(repr=False)
    verifier: str = Field(repr=False)
    redirect_uri: str
    dpop: dict[str, str] | None = Field(default=None, repr=False)
    is_proof: bool = False
    """Whether the person must authenticate now: a session that the provider has is not enough."""


class HeldGrant(BaseModel):
    """What a later check of this sign-in needs: the refresh token, and the key of its proofs."""

    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")

    token: str = Field(repr=False, min_length=1, max_length=LONGEST_TOKEN)
    dpop: dict[str, str] | None = Field(default=None, repr=False)


def read_grant(kept: str) -> HeldGrant:
    """Return a grant as it was kept. Raises `GrantEnded` for one that another version of the program kept,
    without the cause: pydantic's messages quote the token.
    """
    try:
        return HeldGrant.model_validate_json(kept)
    except ValidationError:
        raise GrantEnded from None


def held_grant(token: object, dpop: dict[str, str] | None) -> HeldGrant | None:
    """Return the grant with this refresh token, unless the provider gave none that can be used."""
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN:
        return None
    return HeldGrant(token=token, dpop=dpop)
