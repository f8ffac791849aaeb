"""A database of each kind, empty, for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from support.postgres import Server

from assistant.storage.database import Database


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
