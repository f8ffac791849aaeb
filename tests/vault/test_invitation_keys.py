"""The code of an invitation: how much it is to guess, and how it may be typed."""

import math

import pytest

from assistant.vault.invitation_keys import new_invitation_code, read_invitation_codes
from assistant.vault.key_slots import read_link
from assistant.vault.pasted import DIGITS
from assistant.vault.share_keys import read_codes


def test_it_is_too_much_to_guess_without_being_made_slow() -> None:
    codes = {new_invitation_code() for _ in range(500)}
    assert len(codes) == 500
    marks = "".join(codes).replace("-", "")
    assert set(marks.lower()) == set(DIGITS), "every mark is drawn"
    bits = len(next(iter(codes)).replace("-", "")) * math.log2(len(DIGITS))
    assert bits == 75


def test_it_may_be_typed_in_many_ways() -> None:
    code = "ABCDE-FGH01-23456"
    ways = (code, code.lower(), code.replace("-", " "), "abcdefghoi23456", "a.b.c.d.e f–g–h–o–l 23456\n")
    assert {read_invitation_codes(typed) for typed in ways} == {(b"abcdefgh0123456",)}


@pytest.mark.parametrize(
    "typed", ["", "ABCDE-FGH01-2345", "ABCDE-FGH01-234567", "ABCDE-FGH01-2345U", "x" * 101]
)
def test_what_can_be_none_is_none(typed: str) -> None:
    assert read_invitation_codes(typed) == ()


def test_it_is_taken_for_no_other_code() -> None:
    code = new_invitation_code()
    assert read_codes(code) == ()
    assert read_link(code) is None
