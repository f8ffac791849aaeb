"""A PostgreSQL that the tests start themselves, and may stop."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from support.program import until


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL: trusting on its socket, asking for a password on its port."""

    folder: Path
    port: int

    def address(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}&port={self.port}"

    def run(self, *statements: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(
            host=str(self.folder), port=self.port, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement)

    def make(self, name: str) -> str:
        self.run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.address(name)

    def without_rows(self, name: str) -> str:
        """A database that was made with its tables, without what was written since: making them takes longer
        than a test.
        """
        with psycopg.connect(self.address(name)) as connection:
            connection.execute("SET session_replication_role = replica")  # in any order
            kept = "('schema_steps', 'heartbeat')"
            found = connection.execute(
                f"SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN {kept}"
            )
            for (table,) in found.fetchall():
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        return self.address(name)

    def empty(self) -> str:
        """The database that is there anyway, with nothing in it."""
        self.run(sql.SQL("DROP SCHEMA public CASCADE"), sql.SQL("CREATE SCHEMA public"))
        return self.address("postgres")


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


def find_programs() -> Path | None:
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), shutil.which("initdb")]
    return next((Path(program).parent for program in found if program), None)


@contextmanager
def running(programs: Path, where: Path | None = None) -> Iterator[Server]:
    """Make a cluster in a folder of its own, serve it, and remove it."""
    # not under pytest's own folder, which the user postgres cannot enter
    folder = Path(tempfile.mkdtemp(prefix="for-motet-", dir=where))
    try:
        with _serving(programs, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@contextmanager
def _serving(programs: Path, folder: Path) -> Iterator[Server]:
    # PostgreSQL refuses to run as root
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    server, data = Server(folder, _free_port()), str(folder / "data")
    trust = "--auth-local=trust --auth-host=scram-sha-256"
    making = f"{programs}/initdb -D {data} -U postgres -E UTF8 --locale=C --no-sync {trust}"
    subprocess.run(making.split(), check=True, capture_output=True, cwd=folder, user=user)
    running = f"{programs}/postgres -D {data} -k {folder} -h 127.0.0.1 -p {server.port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(running.split(), stdout=log, stderr=log, cwd=folder, user=user)
    try:
        _wait_until(lambda: server.run(), folder / "log")
        yield server
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nobody will want this data again
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until(answers: Callable[[], None], log: Path) -> None:
    for _ in range(100):
        try:
            return answers()
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())
