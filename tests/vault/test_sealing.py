import pytest
from hypothesis import given
from hypothesis.strategies import binary, integers, text

from assistant.errors import DocumentFull, SealBroken
from assistant.vault.encryption import about, derive, encrypt
from assistant.vault.sealing import LIMIT, new_key, seal, unseal

KEY = bytes(range(32))
WORDS = "Eg vil heller snakke om søvnen enn om medisinen.".encode()

names = text(max_size=20)
revisions = integers(0, 2**63)


def sealed(plain: bytes = WORDS) -> bytes:
    return seal(KEY, plain, owner="mine", name="conversation", revision=7)


@given(binary(max_size=3000), names, names, revisions)
def test_what_was_sealed_comes_back_exactly(plain: bytes, owner: str, name: str, revision: int) -> None:
    box = seal(KEY, plain, owner=owner, name=name, revision=revision)
    assert unseal(KEY, box, owner=owner, name=name, revision=revision) == plain


def test_any_altered_byte_breaks_the_seal() -> None:
    box = sealed()
    for place in range(len(box)):
        for flip in (1, 128):
            altered = bytearray(box)
            altered[place] ^= flip
            with pytest.raises(SealBroken):
                unseal(KEY, bytes(altered), owner="mine", name="conversation", revision=7)


def test_any_lost_or_added_byte_breaks_the_seal() -> None:
    box = sealed()
    for altered in [*(box[:length] for length in range(len(box))), box + b"\0", box[1:]]:
        with pytest.raises(SealBroken):
            unseal(KEY, altered, owner="mine", name="conversation", revision=7)


@pytest.mark.parametrize(
    ("owner", "name", "revision"),
    [
        ("yours", "conversation", 7),
        ("mine", "draft", 7),
        ("mine", "conversation", 6),
        ("mine", "conversation", 8),
        ("minec", "onversation", 7),
        ("", "mineconversation", 7),
        ("conversation", "mine", 7),
    ],
)
def test_a_document_does_not_open_in_another_place_or_as_another_revision(
    owner: str, name: str, revision: int
) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, sealed(), owner=owner, name=name, revision=revision)


def test_a_document_does_not_open_under_another_key() -> None:
    with pytest.raises(SealBroken):
        unseal(new_key(), sealed(), owner="mine", name="conversation", revision=7)


def test_a_broken_seal_tells_nothing() -> None:
    with pytest.raises(SealBroken) as broken:
        unseal(new_key(), sealed(), owner="mine", name="conversation", revision=7)
    assert "mine" not in str(broken.value)
    assert broken.value.__cause__ is None


def test_the_size_tells_little() -> None:
    def size(length: int) -> int:
        return len(sealed(b"a" * length))

    assert len({size(length) for length in range(253)}) == 1
    assert len({size(length) for length in range(LIMIT // 2, LIMIT - 4, 5000)}) == 1
    assert (
        len({size(length) for length in range(0, LIMIT + 1, 4096)}) == 9
    )  # from 256 bytes, then 8 KiB, to 1 MiB
    assert b"medisin" not in sealed()


def test_the_same_words_never_look_the_same() -> None:
    assert sealed() != sealed()
    assert new_key() != new_key()
    assert len(new_key()) == 32


def test_a_document_at_its_limit_is_sealed_and_one_beyond_is_refused() -> None:
    assert LIMIT == 524_288, "half a mebibyte"
    plain = b"a" * LIMIT
    assert unseal(KEY, sealed(plain), owner="mine", name="conversation", revision=7) == plain
    with pytest.raises(DocumentFull):
        sealed(plain + b"a")


def test_a_document_sealed_by_the_first_release_still_opens() -> None:
    box = bytes.fromhex(FIRST)
    assert unseal(KEY, box, owner="mine", name="conversation", revision=7) == WORDS


FIRST = (
    "010883fc5c7a778edff045f784c0732429af4440faebbe87e7e03900d1360e77814406c2b8a2a8a1ff2fbdb2eeb764af1af0"
    "6b8e322b236e61dab5aff5f419d6dc5e28167501bc0ae0fa5756929e54e02b8cd9db4aee868b53031d8606ed4797aa81d2be"
    "8ee0278cbf9ea327704999c33cfe0a6bc97bb192de71d4f462df665be8e5d04789cdc0ca7771d774dc8331d1cd26eefe3e37"
    "ca0a3b5bf1d68e16ebdac97b631c4d538d7870af0dc727979c15c3ce47ed7643033cd202b2de2dcbf00b83909c5c3b3c3e74"
    "2cac9046f4d067c6ede3892e04fe84b511ce0fff7cb92ebbb3c34e84a37f818dbca86a61282d2892f14bdb3be72a6253d17e"
    "44f6db39210463104e7edf690b604f7bdf2dc44ac17121f575e2641273d340bf43d184"
)


def test_a_length_that_is_not_true_breaks_the_seal() -> None:
    """Only somebody with the key could write it; still nothing is read beyond the end."""
    key = new_key()
    inside = derive(key, "document", salt=about("me", "a"))
    for padded in (b"", b"\0\0\0\1", b"\0\0\0\5abcd", b"\xff" * 256):
        with pytest.raises(SealBroken):
            unseal(key, encrypt(inside, padded, about("me", "a", 1)), owner="me", name="a", revision=1)
    exact = encrypt(inside, b"\0\0\0\4abcd", about("me", "a", 1))
    assert unseal(key, exact, owner="me", name="a", revision=1) == b"abcd"
