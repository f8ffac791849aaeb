"""Guided sessions on both kinds of database, except where a test looks into the files itself."""

import inspect
from pathlib import Path

import pytest
import pytest_asyncio
from support.guiding import Guiding
from support.house import House

from assistant.config import Settings


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
    return Settings(data=tmp_path / "data", database=request.getfixturevalue("emptied"))


@pytest_asyncio.fixture
async def guiding(house: House, settings: Settings) -> Guiding:
    return Guiding.of(house, settings)
