import pytest_asyncio
from support.guiding import Guiding
from support.house import House

from assistant.config import Settings


@pytest_asyncio.fixture
async def guiding(house: House, settings: Settings) -> Guiding:
    return Guiding.of(house, settings)
