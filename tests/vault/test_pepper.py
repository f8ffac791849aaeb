import os
import threading
from pathlib import Path

import pytest

from assistant.errors import CannotStart
from assistant.vault.pepper import Pepper


def test_the_first_start_makes_a_pepper_and_the_next_ones_find_it(tmp_path: Path) -> None:
    made = Pepper.load_or_make(tmp_path)
    assert len(made.secret) == 32
    assert Pepper.load_or_make(tmp_path) == made


def test_two_servers_have_two_peppers(tmp_path: Path) -> None:
    assert Pepper.load_or_make(tmp_path / "one") != Pepper.load_or_make(tmp_path / "other")


def test_the_pepper_is_for_our_eyes_only_and_nothing_else_is_left_lying(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    Pepper.load_or_make(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [(path.name, path.stat().st_mode & 0o777) for path in folder.iterdir()] == [("pepper", 0o400)]


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    found: list[Pepper] = []
    starts = [
        threading.Thread(target=lambda: found.append(Pepper.load_or_make(tmp_path / "data")))
        for _ in range(8)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["pepper"]


def test_a_folder_that_another_process_makes_in_the_same_moment_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, is_dir = tmp_path / "data", Path.is_dir

    def made_meanwhile(path: Path) -> bool:
        if path == folder and not path.exists():
            path.mkdir(mode=0o700)
            return False
        return is_dir(path)

    monkeypatch.setattr(Path, "is_dir", made_meanwhile)
    assert len(Pepper.load_or_make(folder).secret) == 32


@pytest.mark.parametrize("content", [b"", b"short", b"\x01" + b"x" * 31, b"\x01" + b"x" * 33])
def test_a_damaged_pepper_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pepper"
    file.write_bytes(content)
    file.chmod(0o400)
    with pytest.raises(CannotStart, match="damaged; put back the copy"):
        Pepper.load_or_make(tmp_path)
    assert file.read_bytes() == content


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644, 0o420, 0o402])
def test_a_pepper_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    Pepper.load_or_make(tmp_path)
    (tmp_path / "pepper").chmod(mode)
    with pytest.raises(CannotStart, match="chmod 400"):
        Pepper.load_or_make(tmp_path)


def test_a_pepper_that_points_nowhere_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "pepper").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotStart, match="put the file back"):
        Pepper.load_or_make(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(CannotStart):
        Pepper.load_or_make(tmp_path / "data")


@pytest.mark.parametrize("mode", [0o000, 0o500])
def test_a_folder_we_may_not_use_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=mode)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        with pytest.raises(CannotStart, match="cannot be read or created"):
            Pepper.load_or_make(folder)
    finally:
        if is_root:
            os.seteuid(0)
    folder.chmod(0o700)
    assert list(folder.iterdir()) == []


def test_the_secret_is_not_in_the_repr(tmp_path: Path) -> None:
    assert repr(Pepper.load_or_make(tmp_path)) == "Pepper(version=1)"
