import pytest
from hypothesis import given
from hypothesis.strategies import binary, characters, text

from assistant.errors import SealBroken
from assistant.vault.session_keys import new_session_secret, session_index, unwrap_session, wrap_session


@given(binary(max_size=500))
def test_a_session_opens_under_its_own_cookie_only(content: bytes) -> None:
    secret, other = new_session_secret(), new_session_secret()
    sealed = wrap_session(secret, content)
    assert unwrap_session(secret, sealed) == content
    with pytest.raises(SealBroken):
        unwrap_session(other, sealed)
    with pytest.raises(SealBroken):
        unwrap_session(secret, sealed[:-1])


def test_what_the_database_has_does_not_give_the_cookie() -> None:
    secret = new_session_secret()
    index = session_index(secret)
    assert len(index) == 32
    assert index == session_index(secret)
    with pytest.raises(SealBroken):
        unwrap_session(index.hex(), wrap_session(secret, b"the key"))


def test_a_cookie_holds_256_bits_that_fit_in_a_header() -> None:
    secrets = {new_session_secret() for _ in range(1000)}
    assert len(secrets) == 1000
    assert all(len(secret) == 43 and secret.isascii() for secret in secrets)


@given(text(characters(), max_size=50))
def test_any_cookie_a_stranger_sends_is_merely_unknown(cookie: str) -> None:
    assert len(session_index(cookie)) == 32
    with pytest.raises(SealBroken):
        unwrap_session(cookie, wrap_session("mine", b"the key"))


def test_a_cookie_that_is_not_text_is_merely_unknown() -> None:
    assert len(session_index("\udcff")) == 32
