"""A service manager hears when the server is ready and when it stops."""

import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.commands import serving

from assistant.web.service_manager import READY, SOCKET, STOPPING, tell_service_manager


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket on which a service manager listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(20)
        monkeypatch.setenv(SOCKET, str(tmp_path / "notify"))
        yield listening


def test_the_server_says_ready_when_it_answers_and_stopping_when_it_is_told_to_stop(
    manager: socket.socket, tmp_path: Path
) -> None:
    with serving(tmp_path) as (process, line):
        assert line.startswith("Ready: ")
        assert manager.recv(100).decode() == READY
        process.send_signal(signal.SIGTERM)
        assert manager.recv(100).decode() == STOPPING
        assert process.wait(20) == 0


def test_nothing_is_sent_without_a_service_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SOCKET, raising=False)
    assert not tell_service_manager(READY)


@pytest.mark.parametrize("address", ["", "relative", "/nowhere/notify"])
def test_a_service_manager_that_does_not_listen_stops_no_server(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SOCKET, address)
    assert not tell_service_manager(READY)


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's own")
def test_an_abstract_socket_is_reached_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = f"for-motet-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        monkeypatch.setenv(SOCKET, f"@{name}")
        assert tell_service_manager(READY)
        assert listening.recv(100).decode() == READY
