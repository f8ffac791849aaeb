import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.errors import SealBroken
from assistant.vault.encryption import new_key
from assistant.vault.hash_chain import BEGINNING, next_hash
from assistant.vault.key_slots import open_slot
from assistant.vault.pasted import DIGITS
from assistant.vault.pepper import Pepper
from assistant.vault.share_keys import (
    code_index,
    make_code_slot,
    new_code,
    open_as_owner,
    read_codes,
    wrap_for_owner,
)

PEPPER, OTHER = Pepper(1, b"p" * 32), Pepper(1, b"q" * 32)


def test_a_code_has_twenty_bits_to_find_it_and_fifty_to_open_it() -> None:
    codes = [new_code() for _ in range(2000)]
    assert all(re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{5}-[0-9A-Z]{5}", str(code)) for code in codes)
    for place in range(14):
        assert {(code.locator + code.secret)[place] for code in codes} == set(DIGITS)


@given(some.sampled_from(["{}", " {} ", "{}\n"]), some.booleans())
def test_a_code_is_read_however_it_is_typed(around: str, lower: bool) -> None:
    code = new_code()
    typed = around.format(str(code).replace("-", " ").replace("0", "O").replace("1", "I"))
    assert read_codes(typed.lower() if lower else typed) == (code,)


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGHJ-KMNPU", "A" * 15, "A" * 101, "åbcd-efghj-kmnpq"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_codes(typed) == ()


def test_a_code_opens_its_own_share_only() -> None:
    key, stretched = new_key(), new_key()
    slot = make_code_slot(PEPPER, "abcd", stretched, "share", key)
    assert slot.index == code_index(PEPPER, "abcd") != code_index(OTHER, "abcd")
    assert open_slot(PEPPER, slot, stretched) == key
    for pepper, secret in ((PEPPER, new_key()), (OTHER, stretched)):
        with pytest.raises(SealBroken):
            open_slot(pepper, slot, secret)


def test_the_owners_wrap_opens_for_the_owner_and_for_its_share() -> None:
    key = new_key()
    box = wrap_for_owner(key, "share", b"content")
    assert open_as_owner(key, "share", box) == b"content"
    for other, share in ((new_key(), "share"), (key, "another")):
        with pytest.raises(SealBroken):
            open_as_owner(other, share, box)


def test_a_link_of_the_chain_is_of_its_row_its_place_and_its_server() -> None:
    first = next_hash(PEPPER, BEGINNING, "share", 1, "opened")
    assert first == next_hash(PEPPER, BEGINNING, "share", 1, "opened")
    others = [
        next_hash(OTHER, BEGINNING, "share", 1, "opened"),
        next_hash(PEPPER, first, "share", 1, "opened"),
        next_hash(PEPPER, BEGINNING, "share", 2, "opened"),
        next_hash(PEPPER, BEGINNING, "share", 1, "closed"),
        next_hash(PEPPER, BEGINNING, "shar", "e1", "opened"),
    ]
    assert len({first, *others}) == 6


def test_a_code_does_not_show_its_secret_by_accident() -> None:
    code = new_code()
    assert code.secret not in repr(code)
