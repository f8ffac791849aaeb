"""The first start of a version compiles in another process, whose memory is gone when it serves."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.commands import run_here

from assistant.config import Settings
from assistant.web.first_start import compile_beforehand
from assistant.web.http import compiled_templates
from assistant.web.http.compiled_templates import CompiledTemplates


@pytest.fixture
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CompiledTemplates]:
    """The templates of a program that has never run, and one thread, as in a server that starts."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(compiled_templates, "_COMPILED", tmp_path / "templates")
    compiled_templates.compiled_templates.cache_clear()
    yield compiled_templates.compiled_templates()
    compiled_templates.compiled_templates.cache_clear()


def never() -> int:
    raise AssertionError("there is nothing for another process to do")


def test_all_templates_are_kept_and_none_was_compiled_here(
    nothing_kept: CompiledTemplates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path / "data")
    assert nothing_kept.not_kept()
    compile_beforehand(settings)
    assert not nothing_kept.not_kept()
    assert not nothing_kept._read
    modes = {file.stat().st_mode & 0o777 for file in Path(nothing_kept.directory).iterdir()}
    assert modes == {0o644}, "installed by one user, read by another"
    monkeypatch.setattr(os, "fork", never)
    compile_beforehand(settings)


def test_what_is_wrong_is_left_for_the_server_to_say(
    nothing_kept: CompiledTemplates, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    compile_beforehand(Settings(data=tmp_path / "data", service=tmp_path / "no-such-file.yaml"))
    assert nothing_kept.not_kept()
    assert capfd.readouterr() == ("", "")


def test_where_nothing_can_be_kept_no_other_process_begins(
    nothing_kept: CompiledTemplates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fork", never)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    compile_beforehand(Settings(data=tmp_path / "data"))
    assert nothing_kept.not_kept()


def test_the_check_of_what_is_installed_compiles_for_a_server_that_may_not(
    nothing_kept: CompiledTemplates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fork", never)
    assert run_here("check", folder=tmp_path).returncode == 0
    assert not nothing_kept.not_kept()
