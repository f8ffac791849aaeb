"""Guided sessions on both kinds of database, except where a test looks into the files itself."""

import inspect
import secrets
from pathlib import Path

import pytest
import pytest_asyncio
from psycopg import sql
from support.guiding import Guiding
from support.house import House
from support.postgres import Server

from assistant.config import Settings
from assistant.service.stores import open_stores


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test on both, except those that take the settings to find the files of SQLite."""
    asked = inspect.signature(metafunc.function).parameters
    if "settings" not in asked and "guiding" in asked:
        metafunc.parametrize("settings", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A data folder of its own, and an empty database of the kind that is asked for."""
    kind = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        return Settings(data=tmp_path / "data")
    server: Server = request.getfixturevalue("with_tables")
    name = f"guided_{secrets.token_hex(4)}"
    server.run(sql.SQL("CREATE DATABASE {} TEMPLATE guided STRATEGY FILE_COPY").format(sql.Identifier(name)))
    return Settings(data=tmp_path / "data", database=server.address(name))


@pytest.fixture(scope="session")
def with_tables(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A database with tables and no rows, to be copied: making tables takes longer than a test."""
    database, _ = open_stores(postgres.make("guided"), tmp_path_factory.mktemp("keys"))
    database.let_go()
    return postgres


@pytest_asyncio.fixture
async def guiding(house: House, settings: Settings) -> Guiding:
    return Guiding.of(house, settings)
