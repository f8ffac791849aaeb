"""A trail is read by its owner alone, each row at its own place; an opening is found by its reader alone."""

import pytest

from assistant.errors import SealBroken
from assistant.vault.audit_keys import (
    keep_opening,
    kept_opening,
    open_row,
    opening_index,
    seal_row,
    trail_key,
    trail_pair,
)
from assistant.vault.encryption import new_key
from assistant.vault.pepper import Pepper

MINE, ANOTHERS = new_key(), new_key()
PEPPER, OTHER_PEPPER = Pepper(1, b"p" * 32), Pepper(1, b"q" * 32)


def test_a_row_opens_for_its_owner_at_its_place_and_for_nobody_else() -> None:
    row = seal_row(trail_key(MINE, "share"), "share", 1, b'{"act": "opened"}')
    assert open_row(trail_pair(MINE, "share"), "share", 1, row) == b'{"act": "opened"}'
    for key, share, number in ((ANOTHERS, "share", 1), (MINE, "another", 1), (MINE, "share", 2)):
        with pytest.raises(SealBroken):
            open_row(trail_pair(key, share), share, number, row)
    for share in ("share", "another"):
        with pytest.raises(SealBroken):
            open_row(trail_pair(MINE, "another"), share, 1, row)


def test_the_key_of_a_trail_is_the_same_each_time_and_another_for_each_share_and_notebook() -> None:
    assert trail_key(MINE, "share") == trail_key(MINE, "share")
    assert len({trail_key(MINE, "share"), trail_key(MINE, "another"), trail_key(ANOTHERS, "share")}) == 3


def test_the_length_of_a_row_tells_nothing() -> None:
    public = trail_key(MINE, "share")
    assert len({len(seal_row(public, "share", 1, b"x" * length)) for length in (0, 1, 100, 256)}) == 1


def test_an_opening_is_found_by_who_made_it_under_this_servers_pepper() -> None:
    found = opening_index(PEPPER, "kari", "opening")
    assert found == opening_index(PEPPER, "kari", "opening")
    assert "kari" not in found
    others = {
        opening_index(PEPPER, "ola", "opening"),
        opening_index(PEPPER, "kari", "another"),
        opening_index(OTHER_PEPPER, "kari", "opening"),
    }
    assert len(others | {found}) == 4


def test_a_kept_opening_is_its_readers_and_its_shares() -> None:
    box = keep_opening(MINE, "share", "kari", b"opening")
    assert kept_opening(MINE, "share", "kari", box) == b"opening"
    for key, share, reader in (
        (ANOTHERS, "share", "kari"),
        (MINE, "another", "kari"),
        (MINE, "share", "ola"),
    ):
        with pytest.raises(SealBroken):
            kept_opening(key, share, reader, box)
