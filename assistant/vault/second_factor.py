"""The second factor: a code from an authenticator app (RFC 6238), or a recovery code kept on paper.

The app's secret is in the database, encrypted under the pepper, because the server computes the codes
itself. Recovery codes are some 49 random bits each and stored as digests under the pepper, so a stolen
database has none of them.
"""

import base64
import binascii
import hmac
import secrets
import unicodedata
from contextlib import suppress
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from assistant.errors import SealBroken
from assistant.vault.encryption import about, decrypt, derive, encrypt
from assistant.vault.pepper import Pepper, digests

RECOVERY_CODES = 8
"""Number of recovery codes in a set."""

RECOVERY_PURPOSE = "staff/recovery"
_SECRET = 20
CODE_DIGITS = 6
CODE_STEP = 30
_DRIFT = 1
"""Time steps a phone's clock may be off in either direction."""
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY = 10
_LONGEST = 100


def new_app_secret() -> bytes:
    """Return a new random secret for an authenticator app."""
    return secrets.token_bytes(_SECRET)


def secret_in_groups(app_secret: bytes) -> str:
    """Format the app's secret in groups of four for typing."""
    letters = base64.b32encode(app_secret).decode("ascii")
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def enrolment_address(app_secret: bytes, name: str, issuer: str) -> str:
    """Return the `otpauth:` URI for the QR code."""
    # not the library's own: it encodes a space as +, which apps show as a plus
    label, secret = f"{quote(issuer)}:{quote(name)}", base64.b32encode(app_secret).decode("ascii")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}"


def app_code(app_secret: bytes, at: datetime) -> str:
    """Return the code an app with this secret shows at a time."""
    return _code(app_secret, _step(at))


def matching_step(app_secret: bytes, typed: str, now: datetime) -> int | None:
    """Return the time step of this code if it is currently valid; each step may be used once."""
    digits = "".join(mark for mark in typed[:_LONGEST] if mark.isascii() and mark.isdigit())
    if len(digits) != CODE_DIGITS or any(mark.isalpha() for mark in typed):
        return None
    here = _step(now)
    found = None
    for step in range(here - _DRIFT, here + _DRIFT + 1):
        if hmac.compare_digest(_code(app_secret, step), digits):
            found = step
    return found


def _step(at: datetime) -> int:
    return int(at.timestamp()) // CODE_STEP


def _code(app_secret: bytes, step: int) -> str:
    return TOTP(app_secret, CODE_DIGITS, SHA1(), CODE_STEP).generate(step * CODE_STEP).decode("ascii")  # noqa: S303


def seal_app_secret(pepper: Pepper, app_secret: bytes, staff_id: str) -> bytes:
    """Encrypt the app's secret for the database."""
    pepper = pepper.now()
    meaning = about("staff/app", pepper.version, staff_id)
    return encrypt(derive(pepper.secret, "staff/app"), app_secret, meaning)


def open_app_secret(pepper: Pepper, pepper_version: int, sealed: bytes, staff_id: str) -> bytes:
    """Decrypt the app's secret. Raises `SealBroken` under another pepper or for another person."""
    meaning = about("staff/app", pepper_version, staff_id)
    return decrypt(derive(pepper.of(pepper_version).secret, "staff/app"), sealed, meaning)


def hand_over(pepper: Pepper, app_secret: bytes, link: bytes) -> str:
    """Encrypt the app's secret for a hidden form field; it can be decrypted with the same one-time link
    only.
    """
    meaning = about("staff/enrolment", link.hex())
    box = encrypt(derive(pepper.now().secret, "staff/enrolment"), app_secret, meaning)
    return base64.urlsafe_b64encode(box).decode("ascii")


def take_back(pepper: Pepper, handed: str, link: bytes) -> bytes:
    """Decrypt the app's secret from the form. Raises `SealBroken` for anything else."""
    try:
        box = base64.urlsafe_b64decode(handed.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        raise SealBroken("not what was handed over") from None
    meaning = about("staff/enrolment", link.hex())
    for one in reversed(pepper.now().versions):  # the form may have been made before the pepper was changed
        with suppress(SealBroken):
            return decrypt(derive(one.secret, "staff/enrolment"), box, meaning)
    raise SealBroken("not what was handed over")


def new_recovery_codes() -> tuple[str, ...]:
    """Return new recovery codes, each valid once."""
    codes = ("".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY)) for _ in range(RECOVERY_CODES))
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def recovery_digest(pepper: Pepper, typed: str, staff_id: str) -> bytes:
    """Return the digest of a recovery code in any spelling, under the newest pepper."""
    return recovery_digests(pepper, typed, staff_id)[0]


def recovery_digests(pepper: Pepper, typed: str, staff_id: str) -> tuple[bytes, ...]:
    """Return the possible digests of a recovery code, the likeliest first: one per version of the pepper."""
    marks = (mark for mark in typed[:_LONGEST].lower() if unicodedata.category(mark)[0] not in "ZPC")
    code = "".join(marks).encode("utf-8", "surrogatepass")
    return digests(pepper.now(), RECOVERY_PURPOSE, code, salt=staff_id.encode())
