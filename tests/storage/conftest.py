"""A database of each kind, empty, for every test."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from support.postgres import Server

from assistant.storage.database import Database


@pytest.fixture(scope="session")
def file_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with tables, to be copied: making tables takes longer than most tests."""
    file = tmp_path_factory.mktemp("tables") / "notebooks.db"
    Database.open(f"sqlite:///{file}").let_go()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is, or will be. It has its tables already, if the test takes it open."""
    is_open = "database" in request.fixturenames
    if request.param == "sqlite":
        if is_open:
            shutil.copy(request.getfixturevalue("file_with_tables"), tmp_path)
        return f"sqlite:///{tmp_path}/notebooks.db"
    if is_open:
        emptied: str = request.getfixturevalue("emptied")
        return emptied
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
