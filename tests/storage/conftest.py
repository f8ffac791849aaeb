"""A database of each kind, empty, for every test; the PostgreSQL is one that the tests start themselves."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from assistant.storage.database import Database


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

    def empty(self) -> str:
        """The database that is there anyway, with nothing in it."""
        self.run(sql.SQL("DROP SCHEMA public CASCADE"), sql.SQL("CREATE SCHEMA public"))
        return self.address("postgres")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    programs = _find_programs()
    if programs is None:
        if os.environ.get("ASSISTANT_REQUIRE_POSTGRES") == "1":
            pytest.fail("PostgreSQL is required here and is not installed")
        pytest.skip("PostgreSQL is not installed")
    # not under pytest's own folder, which the user postgres cannot enter
    folder = Path(tempfile.mkdtemp(prefix="for-motet-"))
    try:
        with _running(programs, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is, or will be."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/notebooks.db"
    server: Server = request.getfixturevalue("postgres")
    return server.empty()


@pytest_asyncio.fixture
async def database(address: str) -> AsyncIterator[Database]:
    database = Database.open(address)
    yield database
    await database.close()


@pytest_asyncio.fixture
async def onlooker(address: str, database: Database) -> AsyncIterator[Database]:
    """The same database as another process sees it."""
    onlooker = Database.open(address)
    yield onlooker
    await onlooker.close()


def _find_programs() -> Path | None:
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), shutil.which("initdb")]
    return next((Path(program).parent for program in found if program), None)


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[Server]:
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
