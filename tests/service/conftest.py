"""The services on an empty database, as the application lays them out, without any web."""

from collections.abc import AsyncIterator

import pytest_asyncio
from support.clock import Clock
from support.house import House
from support.quick import our_texts

from assistant.config import Settings
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.notebook.sessions import Sessions
from assistant.service.preparation.preparations import Preparations
from assistant.service.stores import open_stores


@pytest_asyncio.fixture
async def house(begun_settings: Settings, clock: Clock) -> AsyncIterator[House]:
    database, pepper = open_stores(begun_settings.database_url, begun_settings.keys)
    scripts = Dialogues(database, our_texts().dialogues)
    await scripts.publish(clock())
    broadcast = Broadcast()
    visits = Sessions(database, pepper, scripts, clock, broadcast)
    preparations = Preparations(database, scripts, clock, broadcast)
    yield House(database, clock, scripts, visits, preparations, broadcast)
    await database.close()
