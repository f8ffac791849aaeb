"""The words, the codenames made of them, and how forgivingly they are read."""

from collections import Counter
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.vault.codenames import (
    LONGEST,
    WORDS,
    codename_within,
    differences,
    distance,
    entropy,
    misread,
    new_codename,
    read_codename,
    words,
)

CODENAME = "acorn tulip kaffe notebook fjell guitar lanterne".replace("guitar", "gitar")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def test_the_words_are_short_and_in_letters_every_keyboard_has() -> None:
    for word in words():
        assert 3 <= len(word) <= 8, word
        assert set(word) <= set(LETTERS), word
    assert list(words()) == sorted(set(words()))


def test_a_codename_has_at_least_77_bits() -> None:
    assert len(words()) >= 2048
    assert entropy() == WORDS * log2(len(words())) >= 77


def one_letter_from(word: str) -> set[str]:
    """Everything that is one letter less, one letter more or one other letter away."""
    near = {word[:i] + word[i + 1 :] for i in range(len(word))}
    near |= {word[:i] + letter + word[i + 1 :] for i in range(len(word)) for letter in LETTERS}
    near |= {word[:i] + letter + word[i:] for i in range(len(word) + 1) for letter in LETTERS}
    return near - {word}


def test_any_two_words_are_at_least_two_letters_apart() -> None:
    known = set(words())
    assert [word for word in known if one_letter_from(word) & known] == []


def test_ten_thousand_codenames_are_evenly_drawn_and_all_different() -> None:
    drawn = [new_codename() for _ in range(10_000)]
    assert len(set(drawn)) == 10_000
    everywhere = Counter(word for codename in drawn for word in codename.split())
    assert set(everywhere) == set(words()), "each of them comes up"
    expected = 10_000 * WORDS / len(words())
    assert max(everywhere.values()) < 2.5 * expected
    # chi-squared over all words, within six standard deviations of what even drawing gives
    chi = sum((everywhere[word] - expected) ** 2 / expected for word in words())
    freedom = len(words()) - 1
    assert abs(chi - freedom) < 6 * (2 * freedom) ** 0.5
    for place in range(WORDS):
        here = Counter(codename.split()[place] for codename in drawn)
        assert max(here.values()) < 30, "no word is at home in one place"


@pytest.mark.parametrize(
    "typed",
    [
        CODENAME,
        CODENAME.upper(),
        CODENAME.title(),
        CODENAME.replace(" ", "-"),
        CODENAME.replace(" ", " – "),
        CODENAME.replace(" ", ", "),
        CODENAME.replace(" ", "\n"),
        CODENAME.replace(" ", ""),
        CODENAME.replace("notebook", "note book"),
        f"  «{CODENAME}». ",
        "\n".join(f"{n}. {word}" for n, word in enumerate(CODENAME.split(), start=1)),
        CODENAME.replace(" ", "\u00a0").replace("k", "\uff4b"),
    ],
)
def test_a_codename_is_read_however_it_is_typed(typed: str) -> None:
    assert read_codename(typed) == CODENAME


@given(some.lists(some.sampled_from(words()), min_size=WORDS, max_size=WORDS))
def test_every_codename_is_read_back(drawn: list[str]) -> None:
    codename = " ".join(drawn)
    assert read_codename(codename) == read_codename(codename.upper()) == codename
    assert read_codename("".join(drawn)) in (codename, None)  # None where the letters can be cut in two ways
    assert not differences(codename, codename)


@given(some.text(max_size=300))
def test_anything_can_be_read_for_a_codename(typed: str) -> None:
    found = read_codename(typed)
    assert found is None or len(found.split()) == WORDS
    misread(typed)


def test_a_codename_is_not_looked_for_in_a_long_text() -> None:
    assert read_codename(CODENAME + " " * LONGEST) is None
    assert misread("acorn " * 100_000) is None


@pytest.mark.parametrize(
    ("right", "typed"),
    [
        ("notebook", "notbook"),
        ("tulip", "tulipp"),
        ("fjell", "fjeil"),
        ("kaffe", "kafef"),
        ("acorn", "aocrn"),
    ],
)
def test_a_near_miss_in_a_word_suggests_the_codename(right: str, typed: str) -> None:
    found = misread(CODENAME.replace(right, typed))
    assert found is not None
    assert found.unknown == (CODENAME.split().index(right) + 1,)
    assert CODENAME in found.instead


def test_two_near_misses_suggest_one_codename() -> None:
    found = misread(CODENAME.replace("notebook", "notbook").replace("tulip", "tullip"))
    assert found is not None
    assert (found.unknown, found.instead) == ((2, 4), (CODENAME,))


def test_a_word_that_is_near_nothing_is_pointed_at_and_not_replaced() -> None:
    found = misread(CODENAME.replace("notebook", "qqqqqqqq"))
    assert found is not None
    assert (found.unknown, found.instead) == ((4,), ())


def test_seven_words_of_the_list_are_not_suggested_back() -> None:
    found = misread(CODENAME)
    assert found is not None
    assert (found.unknown, found.instead) == ((), ())


def test_too_few_or_too_many_words_are_counted() -> None:
    fewer, more = misread(CODENAME.rpartition(" ")[0]), misread(f"{CODENAME} tulip")
    assert fewer is not None
    assert more is not None
    assert (fewer.count, more.count) == (6, 8)
    assert fewer.instead == more.instead == ()


@pytest.mark.parametrize(
    "typed", ["", "x", "0123-4567-89ab-cdef-ghjk-mnp-qrs", "jeg har glemt hva det var", "https://x.no/nb/r#0"]
)
def test_what_was_never_meant_as_a_codename_is_no_misread_one(typed: str) -> None:
    assert misread(typed) is None
    assert read_codename(typed) is None


def test_typed_back_it_is_the_same_or_the_places_that_differ_are_told() -> None:
    assert differences(CODENAME, CODENAME.upper().replace(" ", "-")) == ()
    assert differences(CODENAME, CODENAME.replace("kaffe", "kafe")) == (3,)
    assert differences(CODENAME, CODENAME.rpartition(" ")[0]) == (7,)
    assert differences(CODENAME, f"{CODENAME} tulip") == (8,)
    assert differences(CODENAME, "") == (1, 2, 3, 4, 5, 6, 7)


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [("", "", 0), ("tulip", "tulip", 0), ("tulip", "tulp", 1), ("tulip", "tuilp", 1), ("kart", "karkt", 1),
     ("fjell", "fell", 1), ("acorn", "corna", 2), ("abc", "", 3)],
)  # fmt: skip
def test_the_distance_counts_letters_and_swaps(one: str, other: str, letters: int) -> None:
    assert distance(one, other) == distance(other, one) == letters


@pytest.mark.parametrize(
    "around", ["Kodenavnet: {}.", "> Mitt er <{}> (ikke del)", "{}\n\nHilsen Åse, 12. mai"]
)
def test_a_codename_is_found_with_other_words_around_it(around: str) -> None:
    for _ in range(50):
        codename = new_codename()
        assert codename_within(around.format(codename.replace(" ", " - "))) == codename


def test_words_around_that_leave_it_open_where_the_codename_begins_are_no_codename() -> None:
    one, other = new_codename(), new_codename()
    assert codename_within(f"{one} {other.split()[0]}") is None
    assert codename_within(f"{one}; 1. {other}".replace(";", " ÆÆ")) is None, "two of them"
    assert codename_within("Hei, kan du sende meg lenken?") is None
    assert codename_within("x " * 20_000 + one) is None


@pytest.mark.parametrize("size", [3, 8])
def test_the_shortest_and_the_longest_words_are_read_without_spaces(size: int) -> None:
    codename = " ".join([word for word in words() if len(word) == size][:WORDS])
    assert read_codename(codename.replace(" ", "")) == codename


def test_letters_that_can_be_cut_in_two_ways_are_no_codename() -> None:
    """Nobody knows which were meant."""
    rest = " acorn tulip kaffe fjell gitar"
    one, other = f"gran barlind{rest}", f"granbar lind{rest}"
    assert read_codename(one) == one
    assert read_codename(other) == other
    assert one.replace(" ", "") == other.replace(" ", "")
    assert read_codename(one.replace(" ", "")) is None


def test_a_word_between_two_suggests_a_codename_with_each_of_them() -> None:
    rest = " tulip kaffe notebook fjell gitar lanterne"
    found = misread(f"ecorn{rest}")
    assert found is not None
    assert found.unknown == (1,)
    assert sorted(found.instead) == [f"acorn{rest}", f"ekorn{rest}"]


def test_two_words_between_two_are_too_much_doubt_for_more_than_one_suggestion() -> None:
    found = misread("ecorn ambor kaffe notebook fjell gitar lanterne")
    assert found is not None
    assert len(found.instead) == 1


def test_four_words_of_the_list_were_meant_as_a_codename_and_three_were_not() -> None:
    assert misread("acorn tulip kaffe notebook xx yy zz") is not None
    assert misread("acorn tulip kaffe xx yy zz") is None


def test_at_most_three_words_are_suggested_for_one() -> None:
    near = {"ball", "bolle", "bowl", "voll"}
    assert near <= set(words())
    found = misread("boll tulip kaffe notebook fjell gitar lanterne")
    assert found is not None
    suggested = {codename.split()[0] for codename in found.instead}
    assert len(suggested) == 3
    assert suggested < near


def test_what_is_longer_than_any_codename_is_not_searched() -> None:
    """A codename in the longest words, with a number before each and a line for each, is shorter."""
    longest = [word for word in words() if len(word) == 8][:WORDS]
    listed = "\n".join(f"{place}.    {word}" for place, word in enumerate(longest, start=1))
    assert read_codename(listed) == " ".join(longest)
    assert len(listed) <= LONGEST
    assert read_codename(listed.ljust(LONGEST)) == " ".join(longest)
    assert read_codename(listed.ljust(LONGEST + 1)) is None
