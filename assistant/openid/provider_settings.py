"""The agreement with the identity provider, completed with what its profile prescribes."""

import ipaddress
from datetime import timedelta
from urllib.parse import urlsplit

from assistant.config import SignInProvider
from assistant.errors import CannotStart
from assistant.value_class import value_class

ALGORITHMS = ("PS256", "ES256", "RS256")
"""The signatures accepted from a provider: asymmetric ones, which no one can make with what is public."""
LEAST_RSA_BITS = 2048
SKEW = timedelta(seconds=60)
"""How far the provider's clock may be from ours."""


@value_class
class Profile:
    """What a kind of provider prescribes."""

    pushes_requests: bool
    """RFC 9126: parameters go from server to server, and the browser carries only a reference."""
    binds_tokens: bool
    """RFC 9449 (DPoP): tokens are worth nothing without a key that is made for each sign-in."""
    names_issuer: bool
    """RFC 9207: the answer always names the issuer. Without it, it is checked if it is there."""
    assertion_type: str
    """The `typ` header of a client assertion."""
    assertion_is_for_issuer: bool
    """The audience of a client assertion: the issuer, or else the token endpoint."""


PROFILES = {
    "helseid": Profile(True, True, True, "client-authentication+jwt", True),
    "entra": Profile(False, False, False, "JWT", False),
}


def profile_of(provider: SignInProvider) -> Profile:
    """Return what this provider's profile prescribes."""
    return PROFILES[provider.profile]


def is_protected(address: str) -> bool:
    """Return whether an address is https, or this machine, which tests and trials use."""
    if not address.isascii() or not address.isprintable() or " " in address:
        return False  # it becomes part of a header
    try:
        url = urlsplit(address)
        if url.scheme == "https":
            return bool(url.hostname) and url.username is None
        return url.scheme == "http" and ipaddress.ip_address(url.hostname or "").is_loopback
    except ValueError:
        return False


def check_provider(provider: SignInProvider) -> None:
    """Raise `CannotStart` for an issuer that is reached without encryption."""
    if not is_protected(provider.issuer):
        raise CannotStart(
            "The issuer under sign_in: in the service file is not an https address. "
            "Copy it from the provider's discovery document, letter by letter."
        )
