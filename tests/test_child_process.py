"""A child process works for its parent, and leaves nothing of what it needed."""

import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest

from assistant.child_process import run_in_child
from assistant.config import service_file
from assistant.errors import CannotStart
from assistant.web.http.service_file import read_service, read_service_in_child


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a server that starts; the process of the tests has more."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def test_the_parent_has_the_result_and_nothing_else() -> None:
    done: list[int] = []

    def work() -> Mapping[str, Any]:
        done.append(1)
        return {"text": "å" * 100_000, "numbers": [1, None, True], "done": done}

    assert run_in_child(work) == {"text": "å" * 100_000, "numbers": [1, None, True], "done": [1]}
    assert done == []


def fail() -> NoReturn:
    os.write(1, b"words")
    raise CannotStart("words")


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@pytest.mark.parametrize("work", [fail, die, lambda: {"not": b"JSON"}])
def test_a_child_that_fails_gives_nothing_and_says_nothing(
    work: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_in_child(work) is None
    assert capfd.readouterr() == ("", "")


def test_a_process_with_several_threads_does_not_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    monkeypatch.setattr(os, "fork", fail)
    assert run_in_child(lambda: {"a": 1}) is None


@pytest.mark.parametrize("threads", [1, 2])
def test_the_service_file_is_read_the_same_or_told_of_in_full(
    threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: threads)
    assert read_service_in_child(service_file()) == read_service(service_file())
    file = tmp_path / "service.yaml"
    with pytest.raises(CannotStart, match=r"service\.yaml:1"):
        read_service_in_child(file)
    file.write_text("contacts: 5\nzone: ''\n", "utf-8")
    with pytest.raises(CannotStart, match=r"(?s)service\.yaml:1.*service\.yaml:2"):
        read_service_in_child(file)
    assert capfd.readouterr() == ("", "")
