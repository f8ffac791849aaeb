"""Key files: what is on the disk once a key exists."""

import os
import stat
from pathlib import Path

import pytest

from assistant.vault.key_files import add_record, load_records


def test_a_new_key_and_the_folder_that_names_it_are_synced_before_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []

    def sync(descriptor: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))

    monkeypatch.setattr(os, "fsync", sync)
    path = tmp_path / "keys" / "pepper"
    for change in (lambda: load_records(path, make=True), lambda: add_record(path)):
        synced.clear()
        change()
        *_, draft, folder = synced
        assert draft.name.startswith(".pepper.")
        assert folder == draft.parent == path.parent
    assert [version for version, _ in load_records(path, make=False)] == [1, 2]


def test_no_draft_of_a_key_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "pepper"
    load_records(path, make=True)
    assert [file.name for file in path.parent.iterdir()] == ["pepper"]
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
