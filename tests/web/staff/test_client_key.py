"""Our key at the provider: a file that only its owner reads, and a command that prints the public part."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from support.clock import NOW

from assistant.cli import main
from assistant.config import SignInProvider
from assistant.errors import CannotStart
from assistant.openid.client_key import load_client_key, make_client_key
from assistant.openid.proofs import client_assertion
from assistant.openid.provider_settings import check_provider, is_protected


def written(path: Path, text: bytes, mode: int = 0o400) -> Path:
    path.write_bytes(text)
    path.chmod(mode)
    return path


def test_the_command_makes_the_key_once_and_prints_what_is_public(tmp_path: Path) -> None:
    command = ["keys", "provider", "--data", str(tmp_path / "data")]
    first, again = (CliRunner().invoke(main, command) for _ in range(2))
    public = json.loads(first.stdout)
    assert set(public) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert again.stdout == first.stdout
    path = tmp_path / "data/keys/provider.pem"
    assert path.stat().st_mode & 0o777 == 0o400
    assert load_client_key(path).key_id == public["kid"]


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "provider.pem"
    make_client_key(path)
    path.chmod(mode)
    with pytest.raises(CannotStart, match="chmod 400"):
        load_client_key(path)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"nonsense",
        ECKey.generate_key("P-256").as_pem(private=False),
        ECKey.generate_key("P-384").as_pem(private=True),
        rsa.generate_private_key(65537, 1024).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ),
    ],
    ids=["empty", "nonsense", "public", "other curve", "weak"],
)
@pytest.mark.filterwarnings("ignore")
def test_anything_but_a_strong_private_key_is_refused(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(CannotStart, match="not a private key"):
        load_client_key(written(tmp_path / "provider.pem", text))


def test_a_missing_file_says_which_command_makes_one(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="assistant keys provider"):
        load_client_key(tmp_path / "provider.pem")


def test_a_certificate_beside_an_rsa_key_is_named_in_the_assertion(tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048)
    private = key.private_key
    assert isinstance(private, rsa.RSAPrivateKey)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "for-motet")])
    certificate = x509.CertificateBuilder(
        name, name, private.public_key(), 1, NOW, NOW.replace(year=2027)
    ).sign(private, hashes.SHA256())
    pem = key.as_pem(private=True) + certificate.public_bytes(Encoding.PEM)
    ours = load_client_key(written(tmp_path / "provider.pem", pem))
    token = jwt.decode(client_assertion(ours, "x", "y", "JWT", NOW), key, algorithms=["PS256"])
    assert token.header["x5t#S256"] == ours.certificate
    assert "kid" not in token.header
    assert token.claims["exp"] - token.claims["iat"] <= 60


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://provider.example/token", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://provider.example", False),
        ("http://localhost:80", False),
        ("https://user@provider.example", False),
        ("https://", False),
        ("https://provider.example/a\nb", False),
        ("https://provider.example/a b", False),
        ("javascript:alert(1)", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_https_and_this_machine_are_asked(address: str, is_safe: bool) -> None:
    assert is_protected(address) == is_safe


def test_a_server_with_an_unprotected_issuer_does_not_start() -> None:
    agreed = SignInProvider(name="x", profile="entra", issuer="http://provider.example", client_id="x")
    with pytest.raises(CannotStart, match="issuer"):
        check_provider(agreed)
