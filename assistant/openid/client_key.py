"""Our own key at the provider: in one file, readable by the server's user only.

The file is PEM: a private key (RSA, or EC on P-256), and for Entra ID also the certificate that is
registered there.
"""

import base64
import hashlib
import os
import re
import ssl
import stat
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from assistant.errors import CannotStart
from assistant.openid.provider_settings import LEAST_RSA_BITS
from assistant.value_class import value_class

FILE = "provider.pem"
"""The name of the file in the keys folder."""
_LONGEST = 64 * 1024
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_PRIVATE = re.compile(r"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.+?-----END \1PRIVATE KEY-----", re.DOTALL)


@value_class
class ClientKey:
    """The private key with which this server proves who it is."""

    key: RSAKey | ECKey = field(repr=False)
    certificate: str | None = None
    """The SHA-256 thumbprint of the certificate, if there is one."""

    @property
    def algorithm(self) -> str:
        """Return the name of the signature."""
        return "PS256" if isinstance(self.key, RSAKey) else "ES256"

    @property
    def key_id(self) -> str:
        """Return the key's id: its thumbprint (RFC 7638)."""
        return self.key.thumbprint()

    def public(self) -> dict[str, object]:
        """Return the public part, to be registered at the provider."""
        shown = {name: value for name, value in self.key.as_dict(private=False).items() if name != "kid"}
        return {**shown, "kid": self.key_id, "use": "sig", "alg": self.algorithm}


def load_client_key(path: Path) -> ClientKey:
    """Read the file. Raises `CannotStart`."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(_LONGEST).decode("ascii", "replace")
    except OSError as error:
        raise CannotStart(
            f"The key for the identity provider, {path}, cannot be read ({error.strerror}). "
            "To make one: assistant keys provider"
        ) from None
    if mode & 0o077:
        raise CannotStart(f"The key {path} can be read by other users; run: chmod 400 {path}")
    private, certificate = _PRIVATE.search(text), _CERTIFICATE.search(text)
    key = _private_key(private[0]) if private else None
    if key is None:
        raise CannotStart(
            f"The key {path} is not a private key in PEM: RSA of at least {LEAST_RSA_BITS} bits, "
            "or EC on P-256."
        )
    return ClientKey(key, _thumbprint(certificate[0]) if certificate else None)


def make_client_key(path: Path) -> ClientKey:
    """Write a new key, unless the file is there, and return the key in it. Raises `CannotStart`."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return load_client_key(path)
    except OSError as error:
        raise CannotStart(f"The key {path} cannot be written ({error.strerror}).") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(ECKey.generate_key("P-256").as_pem(private=True))
        file.flush()
        os.fsync(file.fileno())
    return load_client_key(path)


def _private_key(text: str) -> RSAKey | ECKey | None:
    """Return the key, or None if it is of another kind or too weak."""
    with suppress(JoseError, ValueError, TypeError, AttributeError):
        elliptic = ECKey.import_key(text)
        return elliptic if elliptic.curve_name == "P-256" else None
    with suppress(JoseError, ValueError, TypeError, AttributeError):
        rsa = RSAKey.import_key(text)
        return rsa if rsa.public_key.key_size >= LEAST_RSA_BITS else None
    return None


def _thumbprint(certificate: str) -> str:
    try:
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).digest()
    except ValueError:
        raise CannotStart("The certificate beside the key for the identity provider is damaged.") from None
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
