"""The pepper can be changed while the server runs: nothing that was made before is lost."""

from pathlib import Path

import pytest

from assistant.errors import CannotStart, SealBroken
from assistant.vault.key_slots import (
    CODENAME,
    LINK,
    index_of,
    indexes_of,
    make_slot,
    open_slot,
    rewrap_slot,
)
from assistant.vault.pepper import Pepper, add_version, digests, load_or_make_salt, rate_key, relay_key

SECRET, KEY = b"s" * 16, b"k" * 32


@pytest.fixture
def pepper(tmp_path: Path) -> Pepper:
    """The pepper of a running server."""
    return Pepper.load_or_make(tmp_path)


def test_a_running_server_takes_up_the_new_version_and_keeps_those_before(
    pepper: Pepper, tmp_path: Path
) -> None:
    first = pepper.secret
    for number in (2, 3):
        added = add_version(tmp_path)
        assert (added.version, pepper.now().version) == (number, number)
        assert pepper.now().secret == added.secret
    assert [one.version for one in pepper.now().versions] == [1, 2, 3]
    assert len({one.secret for one in pepper.now().versions}) == 3
    assert pepper.of(1).secret == first
    with pytest.raises(SealBroken):
        pepper.of(4)


def test_while_its_file_cannot_be_read_a_running_server_goes_on_with_what_it_knows(
    pepper: Pepper, tmp_path: Path
) -> None:
    add_version(tmp_path)
    known, file = pepper.now(), tmp_path / "pepper"
    content = file.read_bytes()
    file.unlink()
    assert pepper.now() == known
    file.write_bytes(content[:40])
    file.chmod(0o400)
    assert pepper.now() == known, "half a file is no pepper"
    file.unlink()
    file.write_bytes(content + b"\x03" + b"n" * 32)
    file.chmod(0o400)
    assert (pepper.now().version, pepper.now().secret) == (3, b"n" * 32)


@pytest.mark.parametrize(("kind", "salt"), [(LINK, b""), (CODENAME, b"salt")])
def test_a_slot_from_before_is_found_and_opens_and_can_be_wrapped_anew_without_its_secret(
    pepper: Pepper, tmp_path: Path, kind: str, salt: bytes
) -> None:
    slot = make_slot(pepper, kind, SECRET, "mine", KEY, salt=salt)
    add_version(tmp_path)
    add_version(tmp_path)
    assert slot.index in indexes_of(pepper, SECRET)
    assert open_slot(pepper, slot, SECRET, salt=salt) == KEY
    anew = rewrap_slot(pepper, slot, salt=salt)
    assert (anew.pepper_version, anew.index) == (3, index_of(pepper, SECRET))
    assert (anew.id, anew.holder_id, anew.kind) == (slot.id, slot.holder_id, slot.kind)
    assert open_slot(pepper, anew, SECRET, salt=salt) == KEY
    assert rewrap_slot(pepper, anew, salt=salt).index == anew.index, "twice is once"


def test_digests_are_told_newest_first_and_no_version_alone_gives_them(
    pepper: Pepper, tmp_path: Path
) -> None:
    before = digests(pepper, "purpose", b"content")
    for _ in range(2):
        add_version(tmp_path)
    now = digests(pepper.now(), "purpose", b"content")
    assert len(set(now)) == 3
    assert now[2:] == before
    alone = Pepper(3, pepper.now().secret)
    assert not set(digests(alone, "purpose", b"content")) & set(now)
    assert {len(digest) for digest in now} == {32}


def test_what_processes_share_stays_the_same(pepper: Pepper, tmp_path: Path) -> None:
    before, salt = (relay_key(pepper), rate_key(pepper, "2026-11-29")), load_or_make_salt(tmp_path)
    add_version(tmp_path)
    assert (relay_key(pepper), rate_key(pepper, "2026-11-29")) == before
    assert rate_key(pepper, "2026-11-30") != before[1]
    assert load_or_make_salt(tmp_path) == salt


def test_a_file_holds_250_versions_and_says_when_it_is_full(tmp_path: Path) -> None:
    file = tmp_path / "pepper"
    file.write_bytes(b"".join(bytes([n]) + bytes(32) for n in range(1, 250)))
    file.chmod(0o400)
    assert add_version(tmp_path).version == 250
    full = file.read_bytes()
    with pytest.raises(CannotStart, match="250 versions"):
        add_version(tmp_path)
    assert file.read_bytes() == full
    assert [path.name for path in tmp_path.iterdir()] == ["pepper"]


@pytest.mark.parametrize("versions", [(2, 1), (1, 1), (1, 3, 2)])
def test_versions_out_of_order_are_damage(tmp_path: Path, versions: tuple[int, ...]) -> None:
    file = tmp_path / "pepper"
    file.write_bytes(b"".join(bytes([n]) + bytes(32) for n in versions))
    file.chmod(0o400)
    with pytest.raises(CannotStart, match="damaged"):
        Pepper.load_or_make(tmp_path)


def test_without_leave_to_make_it_a_missing_file_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="There is no pepper"):
        add_version(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_stays_as_it_was(
    pepper: Pepper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (tmp_path / "pepper").read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assistant.vault.key_files.os.fsync", full)
    with pytest.raises(CannotStart, match="No space left"):
        add_version(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["pepper"], "no draft is left"
    assert (tmp_path / "pepper").read_bytes() == before
    assert pepper.now().version == 1
