import secrets
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis.strategies import DrawFn, binary, composite, lists, sampled_from, text

from assistant.errors import SealBroken
from assistant.vault.encryption import about, decrypt, derive, encrypt
from assistant.vault.key_slots import KeySlot, belongs, index_of, make_slot, new_link, open_slot, read_link
from assistant.vault.pepper import Pepper

PEPPER = Pepper(version=1, secret=b"p" * 32)
OTHER_PEPPER = Pepper(version=1, secret=b"q" * 32)
KEY = bytes(range(32))
SECRET = bytes(range(16))


def made(notebook_id: str = "mine", secret: bytes = SECRET) -> KeySlot:
    return make_slot(PEPPER, "link", secret, notebook_id, KEY)


@composite
def typings(draw: DrawFn) -> tuple[str, str]:
    """A link, and how somebody may type it."""
    first, rest = sampled_from("01234567"), sampled_from("0123456789abcdefghjkmnpqrstvwxyz")
    link = draw(first) + "".join(draw(lists(rest, min_size=25, max_size=25)))
    twins = {"0": "0oO", "1": "1iIlL"}
    marks = [draw(sampled_from(twins.get(mark, mark + mark.upper()))) for mark in link]
    gaps = draw(lists(sampled_from(["", "-", " ", "–", " - ", "\t", "."]), min_size=26, max_size=26))
    typed = "".join(mark + gap for mark, gap in zip(marks, gaps, strict=True))
    return link, draw(sampled_from(["", " ", "https://for-motet.example/open#", "#"])) + typed


class TestLink:
    def test_holds_128_random_bits(self) -> None:
        links = [read_link(new_link()) for _ in range(2000)]
        assert len(set(links)) == 2000
        assert {len(link) for link in links if link is not None} == {16}
        for bit in range(128):
            ones = sum(int.from_bytes(link, "big") >> bit & 1 for link in links if link)
            assert 800 < ones < 1200  # nine standard deviations

    def test_is_short_groups_of_letters_and_digits_that_are_not_mistaken_for_each_other(self) -> None:
        for _ in range(200):
            link = new_link()
            assert [len(group) for group in link.split("-")] == [4, 4, 4, 4, 4, 3, 3]
            assert not set(link) & set("ilou")
            assert link == link.lower()

    def test_is_read_in_an_address_and_by_itself(self) -> None:
        link = new_link()
        secret = read_link(link)
        assert secret is not None
        assert read_link(f"https://for-motet.example/nb/open#{link}") == secret
        assert read_link(f"  «https://for-motet.example/#{link}».\n") == secret
        assert read_link(link.replace("-", "")) == secret

    def test_is_read_however_it_is_typed(self) -> None:
        tidy, messy = "0123-4567-89ab-cdef-ghjk-mnp-qrs", "O i 2 3 4567—89AB CDEF\u00a0GHJK\u200bMNPQRS"
        assert read_link(messy) == read_link(tidy) is not None
        assert read_link("0L23-4567-89ab-cdef-ghjk-mnp-qrs") == read_link(tidy)

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "#",
            "https://for-motet.example/nb/open",
            "0123-4567-89ab-cdef-ghjk-mnp-qr",
            "0123-4567-89ab-cdef-ghjk-mnp-qrst",
            "u123-4567-89ab-cdef-ghjk-mnp-qrs",
            "ø123-4567-89ab-cdef-ghjk-mnp-qrs",
            "٣123-4567-89ab-cdef-ghjk-mnp-qrs",
            "8000-0000-0000-0000-0000-000-000",
            "zzzz-zzzz-zzzz-zzzz-zzzz-zzz-zzz",
            " " * 1_000_000 + "0123-4567-89ab-cdef-ghjk-mnp-qrs",
        ],
    )
    def test_is_not_seen_where_there_is_none(self, typed: str) -> None:
        assert read_link(typed) is None

    @given(text())
    @example("\ud800\x00")
    def test_can_be_looked_for_in_anything(self, typed: str) -> None:
        found = read_link(typed)
        assert found is None or len(found) == 16

    @given(typings())
    def test_survives_every_way_of_typing_it(self, typing: tuple[str, str]) -> None:
        link, typed = typing
        assert read_link(typed) == read_link(link) is not None


class TestSlot:
    def test_opens_for_the_secret_it_was_made_with(self) -> None:
        slot = made()
        assert open_slot(PEPPER, slot, SECRET) == KEY
        assert slot.index == index_of(PEPPER, SECRET)
        assert len(slot.index) == 16

    @given(binary(min_size=16, max_size=16))
    def test_opens_for_no_other_secret(self, secret: bytes) -> None:
        if secret != SECRET:
            with pytest.raises(SealBroken):
                open_slot(PEPPER, made(), secret)
            assert index_of(PEPPER, secret) != index_of(PEPPER, SECRET)

    def test_does_not_open_when_any_byte_is_altered(self) -> None:
        slot = made()
        for place in range(len(slot.outer)):
            altered = bytearray(slot.outer)
            altered[place] ^= 1
            with pytest.raises(SealBroken):
                open_slot(PEPPER, replace(slot, outer=bytes(altered)), SECRET)

    def test_does_not_open_in_another_place(self) -> None:
        slot, other = made(), make_slot(PEPPER, "link", SECRET, "yours", bytes(32))
        for moved in (
            replace(slot, holder_id="yours"),
            replace(slot, id=other.id),
            replace(slot, kind="codename"),
            replace(slot, pepper_version=2),
            replace(slot, outer=other.outer),
        ):
            with pytest.raises(SealBroken):
                open_slot(PEPPER, moved, SECRET)

    def test_does_not_open_when_it_is_not_held_to_one_secret(self) -> None:
        slot = made()
        key, meaning = derive(PEPPER.secret, "slot"), about(1, slot.id)
        content = decrypt(key, slot.outer, meaning)
        forged = encrypt(key, bytes(32) + content[32:], meaning)
        with pytest.raises(SealBroken):
            open_slot(PEPPER, replace(slot, outer=forged), SECRET)

    def test_tells_a_thief_without_the_pepper_not_even_whether_a_right_link_is_right(self) -> None:
        slot = made()
        with pytest.raises(SealBroken):
            open_slot(OTHER_PEPPER, slot, SECRET)
        assert index_of(OTHER_PEPPER, SECRET) != slot.index
        # what a thief can work out from the link alone is nowhere in what they stole
        assert SECRET not in slot.outer
        again = made()
        assert again.index == slot.index
        assert not shared_pieces(again.outer, slot.outer)

    def test_tells_a_thief_with_the_pepper_nothing_without_the_link(self) -> None:
        with pytest.raises(SealBroken):
            open_slot(PEPPER, made(), secrets.token_bytes(16))

    def test_shows_nothing_in_its_repr(self) -> None:
        slot = made()
        assert repr(slot) == f"KeySlot(id='{slot.id}', holder_id='mine', kind='link', pepper_version=1)"


def shared_pieces(one: bytes, other: bytes) -> set[bytes]:
    """Runs of eight bytes that stand in both."""
    return {one[i : i + 8] for i in range(len(one) - 7)} & {other[i : i + 8] for i in range(len(other) - 7)}


def test_a_slot_knows_the_pepper_it_was_made_with_without_the_secret() -> None:
    assert belongs(PEPPER, made())
    assert not belongs(OTHER_PEPPER, made())
