"""A disk that can be filled, and a PostgreSQL that can be stopped."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from storage.conftest import Server, _find_programs, _running, postgres  # noqa: F401
from storage.test_outages import small_disk  # noqa: F401

from .program import until


@dataclass
class Stoppable:
    """A PostgreSQL of its own for one test."""

    server: Server
    _again: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _command: list[str] = field(default_factory=list)

    @property
    def _pid_file(self) -> Path:
        return self.server.folder / "data" / "postmaster.pid"

    def stop(self) -> None:
        """Stop it at once, and wait until it is gone."""
        pid = int(self._pid_file.read_text().split()[0])
        self._command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().strip("\0").split("\0")
        os.kill(pid, signal.SIGINT)
        until(lambda: not self._pid_file.exists())

    def start(self) -> None:
        """Start it again, and wait until it answers."""
        user = "postgres" if os.geteuid() == 0 else None
        with (self.server.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                self._command, stdout=log, stderr=log, cwd=self.server.folder, user=user
            )
        self._again.append(process)
        until(self._answers)

    def end(self) -> None:
        """Stop what was started again."""
        for process in self._again:
            process.send_signal(signal.SIGQUIT)
            process.wait(10)

    def _answers(self) -> bool:
        try:
            self.server.run()
        except psycopg.OperationalError:
            return False
        return True


@pytest.fixture
def stoppable(postgres: Server) -> Iterator[Stoppable]:  # noqa: F811
    """Skipped or failed where PostgreSQL is not installed, as the other one is."""
    programs = _find_programs()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="for-motet-"))
    try:
        with _running(programs, folder) as server:
            stoppable = Stoppable(server)
            yield stoppable
            stoppable.end()
    finally:
        shutil.rmtree(folder)
