"""The second step: codes from an app as RFC 6238 gives them, and codes on paper."""

import base64
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from assistant.errors import SealBroken
from assistant.vault.pepper import Pepper
from assistant.vault.second_factor import (
    RECOVERY_CODES,
    app_code,
    enrolment_address,
    hand_over,
    matching_step,
    new_app_secret,
    new_recovery_codes,
    open_app_secret,
    recovery_digest,
    recovery_digests,
    seal_app_secret,
    secret_in_groups,
    take_back,
)

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
STEP = timedelta(seconds=30)
PEPPER, OTHER_PEPPER = Pepper(1, b"p" * 32), Pepper(1, b"q" * 32)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, the last six digits."""
    at = datetime.fromtimestamp(seconds, UTC)
    assert app_code(SECRET, at) == code
    assert matching_step(SECRET, code, at) == seconds // 30


def test_a_phone_may_be_half_a_minute_off_and_no_more() -> None:
    here = int(NOW.timestamp()) // 30
    offs = [matching_step(SECRET, app_code(SECRET, NOW + off * STEP), NOW) for off in (-2, -1, 0, 1, 2)]
    assert offs == [None, here - 1, here, here + 1, None]


def test_a_code_is_read_however_it_is_typed_and_nothing_else_is() -> None:
    code = app_code(SECRET, NOW)
    assert matching_step(SECRET, f" {code[:3]} {code[3:]}\n", NOW) is not None
    for typed in ("", code[:5], code + "0", f"x{code}", "٠" * 6, "0" * 5000, "\ud7ff\0", "²" * 6):
        assert matching_step(SECRET, typed, NOW) is None, typed


def test_the_app_is_told_the_key_the_name_and_where_it_is_for() -> None:
    address = urlsplit(enrolment_address(SECRET, "Kari Ås & co", "Før møtet"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/Før møtet:Kari Ås & co"
    told = parse_qs(address.query)
    assert told == {"secret": [base64.b32encode(SECRET).decode()], "issuer": ["Før møtet"]}
    assert "+" not in address.geturl()
    assert base64.b32decode(secret_in_groups(SECRET).replace(" ", "")) == SECRET


def test_the_apps_secret_lies_under_the_pepper_and_for_one_person() -> None:
    secret = new_app_secret()
    sealed = seal_app_secret(PEPPER, secret, "kari")
    assert secret not in sealed
    assert open_app_secret(PEPPER, 1, sealed, "kari") == secret
    for pepper, who in ((OTHER_PEPPER, "kari"), (PEPPER, "ola")):
        with pytest.raises(SealBroken):
            open_app_secret(pepper, 1, sealed, who)


def test_what_travels_in_the_form_comes_back_with_its_link_only() -> None:
    handed = hand_over(PEPPER, SECRET, b"link")
    assert take_back(PEPPER, handed, b"link") == SECRET
    for typed, link in ((handed, b"another"), ("", b"link"), ("Ø", b"link"), ("===", b"link")):
        with pytest.raises(SealBroken):
            take_back(PEPPER, typed, link)


def test_codes_on_paper_are_many_different_and_read_however_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES
    assert not set(codes) & set(new_recovery_codes())
    code = codes[0]
    digest = recovery_digest(PEPPER, code, "kari")
    for typed in (code.upper(), code.replace("-", ""), code.replace("-", " – ")):
        assert recovery_digest(PEPPER, typed, "kari") == digest
    others = {
        recovery_digest(OTHER_PEPPER, code, "kari"),
        recovery_digest(PEPPER, code, "ola"),
        recovery_digest(PEPPER, codes[1], "kari"),
        recovery_digest(PEPPER, "", "kari"),
    }
    assert digest not in others


def test_codes_on_paper_are_two_groups_of_five_signs_that_are_not_taken_for_one_another() -> None:
    for code in new_recovery_codes():
        assert re.fullmatch(r"[2-9a-hjkmnp-z]{5}-[2-9a-hjkmnp-z]{5}", code)
    assert len(new_recovery_codes()) == 8


def test_the_apps_secret_is_as_long_as_the_standard_asks_and_is_typed_in_groups_of_four() -> None:
    assert len(new_app_secret()) == 20
    assert secret_in_groups(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_a_code_of_any_characters_is_merely_wrong() -> None:
    right = recovery_digest(PEPPER, "abcde-fghjk", "kari")
    for typed in ("\ud800", "\0", "x" * 5000, "abcde-fghj"):
        assert recovery_digest(PEPPER, typed, "kari") != right
    assert recovery_digest(PEPPER, "abcde-fghjk" + " " * 5000, "kari") == right


def test_what_was_made_before_the_pepper_changed_still_counts() -> None:
    newer = Pepper(2, b"n" * 32, earlier=(PEPPER,))
    handed, sealed = hand_over(PEPPER, SECRET, b"link"), seal_app_secret(PEPPER, SECRET, "kari")
    assert take_back(newer, handed, b"link") == SECRET
    assert open_app_secret(newer, 1, sealed, "kari") == SECRET
    assert recovery_digest(PEPPER, "abcde-fghjk", "kari") in recovery_digests(newer, "abcde-fghjk", "kari")
    assert recovery_digests(newer, "abcde-fghjk", "kari")[0] == recovery_digest(newer, "abcde-fghjk", "kari")
