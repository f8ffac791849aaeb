"""Staff keys: what is sealed to somebody opens for them and for nobody else."""

from dataclasses import replace

import pytest

from assistant.errors import SealBroken
from assistant.vault.encryption import about
from assistant.vault.key_slots import KeySlot
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import (
    PASSWORD,
    make_staff_slot,
    new_pair,
    new_salt,
    open_staff_slot,
    open_with,
    passkey_kind,
    public_of,
    rewrap_staff_slot,
    seal_to,
    staff_slot_belongs,
)

PEPPER, OTHER_PEPPER = Pepper(1, b"p" * 32), Pepper(1, b"q" * 32)
MEANING = about("share", "one")
SECRET = b"stretched" * 4


def slot_of(private_key: bytes) -> KeySlot:
    return make_staff_slot(PEPPER, PASSWORD, SECRET, "kari", private_key, salt=new_salt())


def test_what_is_sealed_to_a_key_opens_with_its_private_half_only() -> None:
    kari, ola = new_pair(), new_pair()
    sealed = seal_to(kari.public, b"a share's key", MEANING)
    assert open_with(kari.private, sealed, MEANING) == b"a share's key"
    with pytest.raises(SealBroken):
        open_with(ola.private, sealed, MEANING)
    with pytest.raises(SealBroken):
        open_with(kari.private, sealed, about("share", "another"))
    assert public_of(kari.private) == kari.public


def test_the_same_sealed_twice_looks_like_two_things() -> None:
    kari = new_pair()
    one, two = (seal_to(kari.public, b"the same", MEANING) for _ in range(2))
    assert not {one[i : i + 8] for i in range(len(one) - 7)} & {two[i : i + 8] for i in range(len(two) - 7)}


def test_any_byte_altered_is_found_out() -> None:
    kari = new_pair()
    sealed = seal_to(kari.public, b"a share's key", MEANING)
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        # the highest bit of the ephemeral key is not looked at by X25519, but bound in as salt
        altered[place] ^= 0x80
        with pytest.raises(SealBroken):
            open_with(kari.private, bytes(altered), MEANING)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            open_with(kari.private, sealed[:length], MEANING)


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31), b"short", b""])
def test_a_public_key_that_agrees_with_everybody_is_refused(point: bytes) -> None:
    with pytest.raises(SealBroken):
        seal_to(point, b"x", MEANING)


def test_a_slot_opens_with_its_secret_and_pepper_only() -> None:
    private = new_pair().private
    slot = slot_of(private)
    assert open_staff_slot(PEPPER, slot, SECRET) == private
    for pepper, secret in ((PEPPER, b"x" * 32), (OTHER_PEPPER, SECRET)):
        with pytest.raises(SealBroken):
            open_staff_slot(pepper, slot, secret)
    assert staff_slot_belongs(PEPPER, slot)
    assert not staff_slot_belongs(OTHER_PEPPER, slot)


def test_a_slot_moved_to_another_person_or_kind_stays_shut() -> None:
    slot = slot_of(new_pair().private)
    for moved in (("x", "kari", PASSWORD), (slot.id, "ola", PASSWORD), (slot.id, "kari", "passkey")):
        id_, staff_id, kind = moved
        other = replace(slot, id=id_, holder_id=staff_id, kind=kind)
        with pytest.raises(SealBroken):
            open_staff_slot(PEPPER, other, SECRET)


def test_each_passkey_is_a_slot_of_a_kind_of_its_own_and_stays_with_its_credential_under_a_new_pepper() -> (
    None
):
    private, newer = new_pair().private, Pepper(2, b"n" * 32, (PEPPER,))
    kind, other = passkey_kind(b"phone"), passkey_kind(b"laptop")
    assert len({kind, other, PASSWORD}) == 3
    slot = make_staff_slot(PEPPER, kind, SECRET, "kari", private, salt=b"salt" * 8)
    again = rewrap_staff_slot(newer, slot)
    assert again.pepper_version == newer.now().version != slot.pepper_version
    for pepper, one in ((PEPPER, slot), (newer, again)):
        assert open_staff_slot(pepper, one, SECRET) == private
        with pytest.raises(SealBroken):
            open_staff_slot(pepper, replace(one, kind=other), SECRET)


def test_each_slot_has_a_salt_of_sixteen_bytes_of_its_own() -> None:
    salts = [new_salt() for _ in range(50)]
    assert [len(salt) for salt in salts] == [16] * 50
    assert len(set(salts)) == 50
