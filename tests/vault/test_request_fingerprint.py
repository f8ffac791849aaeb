from hypothesis import given
from hypothesis.strategies import binary

from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.sealing import new_key


@given(binary(), binary())
def test_replies_have_the_same_fingerprint_only_when_they_are_the_same(one: bytes, other: bytes) -> None:
    key = bytes(32)
    assert (fingerprint(key, one) == fingerprint(key, other)) == (one == other)


def test_without_the_key_no_guess_can_be_tried() -> None:
    assert fingerprint(new_key(), b"yes") != fingerprint(new_key(), b"yes")
    assert len(fingerprint(new_key(), b"yes")) == 32
