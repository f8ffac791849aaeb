"""The code of a guided session: read aloud, typed, and read back."""

import re

from assistant.vault.guided_keys import new_guided_code, read_guided_codes, spell_guided_code


def test_a_code_is_two_groups_of_five_and_is_read_however_it_is_typed() -> None:
    code = new_guided_code()
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", code)
    (secret,) = read_guided_codes(f"Koden er {code.lower()}.")
    assert read_guided_codes(code.replace("-", " ")) == (secret,)
    assert spell_guided_code(secret) == code


def test_no_two_codes_are_alike() -> None:
    assert len({new_guided_code() for _ in range(100)}) == 100
