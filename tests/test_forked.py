"""The processes that tests fork: which of them have ended."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.forked import _Starter


@pytest.fixture
def other_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The process that forks, played by the test."""
    line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def without_a_process(self: _Starter) -> None:
        self._line, self._codes, self._turn = line, {}, threading.Lock()

    monkeypatch.setattr(_Starter, "__init__", without_a_process)
    with line, theirs:
        yield theirs


def test_a_process_with_the_id_of_an_ended_one_has_not_ended(other_end: socket.socket) -> None:
    starter = _Starter()
    for news in ({"started": 7}, {"ended": 7, "code": -9}, {"started": 7}):
        other_end.send(json.dumps(news).encode())
    assert starter.start([], Path(), {}) == 7
    assert starter.code_of(7, 0) == -9
    assert starter.start([], Path(), {}) == 7
    assert starter.code_of(7, 0) is None
