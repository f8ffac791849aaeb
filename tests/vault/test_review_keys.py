"""A review's key opens for its owner and through its share, and as nothing else."""

import pytest

from assistant.errors import SealBroken
from assistant.vault.encryption import new_key
from assistant.vault.review_keys import (
    check_words,
    open_review_as_owner,
    open_review_through_share,
    words,
    wrap_review_for_owner,
    wrap_review_for_share,
)
from assistant.vault.share_keys import open_as_owner, wrap_for_owner
from vault.test_codenames import LETTERS, one_letter_from

MINE, SHARES, KEY = new_key(), new_key(), new_key()


def test_the_owners_wrap_opens_for_the_owner_and_for_its_review() -> None:
    box = wrap_review_for_owner(MINE, "review", KEY)
    assert open_review_as_owner(MINE, "review", box) == KEY
    for key, review in ((new_key(), "review"), (MINE, "another"), (SHARES, "review"), (KEY, "review")):
        with pytest.raises(SealBroken):
            open_review_as_owner(key, review, box)


def test_the_shares_wrap_opens_through_that_share_and_for_its_review() -> None:
    box = wrap_review_for_share(SHARES, "review", "share", KEY)
    assert open_review_through_share(SHARES, "review", "share", box) == KEY
    for key, review, share in (
        (new_key(), "review", "share"),
        (SHARES, "another", "share"),
        (SHARES, "review", "another"),
        (SHARES, "share", "review"),
        (MINE, "review", "share"),
    ):
        with pytest.raises(SealBroken):
            open_review_through_share(key, review, share, box)


def test_one_wrap_is_not_taken_for_another() -> None:
    """Even where one key were used for everything."""
    owners, shares = (
        wrap_review_for_owner(MINE, "id", KEY),
        wrap_review_for_share(MINE, "id", "id", KEY),
    )
    for box in (shares, wrap_for_owner(MINE, "id", KEY)):
        with pytest.raises(SealBroken):
            open_review_as_owner(MINE, "id", box)
    for box in (owners, wrap_for_owner(MINE, "id", KEY)):
        with pytest.raises(SealBroken):
            open_review_through_share(MINE, "id", "id", box)
    for box in (owners, shares):
        with pytest.raises(SealBroken):
            open_as_owner(MINE, "id", box)


def test_the_key_is_not_to_be_seen_in_its_wraps() -> None:
    boxes = (wrap_review_for_owner(MINE, "review", KEY), wrap_review_for_share(SHARES, "review", "s", KEY))
    assert not any(KEY in box for box in boxes)
    assert wrap_review_for_owner(MINE, "review", KEY) != boxes[0], "no two wraps are alike"


def test_both_screens_have_the_same_two_words_and_another_review_has_others() -> None:
    through_share = open_review_through_share(
        SHARES, "review", "share", wrap_review_for_share(SHARES, "review", "share", KEY)
    )
    as_owner = open_review_as_owner(MINE, "review", wrap_review_for_owner(MINE, "review", KEY))
    assert check_words(through_share) == check_words(as_owner)
    # keys that are the same in every run: of random ones, three pairs are alike in one run of 1,700
    pairs = [check_words(number.to_bytes(32, "big")) for number in range(200)]
    assert {word for pair in pairs for word in pair} <= set(words())
    assert len(set(pairs)) >= 198
    assert len({first for first, _ in pairs} & {second for _, second in pairs}) < 100


def test_there_are_as_many_pairs_as_it_says() -> None:
    assert f"{len(words()) ** 2:,} pairs" in (check_words.__doc__ or "")


def test_the_words_are_short_sorted_and_in_letters_every_keyboard_has() -> None:
    assert len(words()) >= 256
    assert list(words()) == sorted(set(words()))
    for word in words():
        assert 3 <= len(word) <= 10, word
        assert set(word) <= set(LETTERS), word


def test_any_two_of_the_words_are_at_least_two_letters_apart() -> None:
    known = set(words())
    assert [word for word in known if one_letter_from(word) & known] == []


def test_the_words_of_a_review_stay_as_people_have_written_them_down() -> None:
    assert check_words(bytes(range(32))) == ("tiger", "bonus")
