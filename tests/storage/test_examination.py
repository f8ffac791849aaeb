"""What a database says about itself when the operator examines it, on SQLite and PostgreSQL."""

import pytest

from assistant.errors import CannotStart
from assistant.service.operations.examination import examine
from assistant.storage.database import Database
from assistant.storage.migrations import STEPS


async def test_an_examination_tells_kind_schema_and_settings(address: str, database: Database) -> None:
    found = await examine(address)
    assert (found.kind, found.schema) == (database.kind, len(STEPS))
    durable = {"sqlite": {"journal_mode": "wal", "synchronous": "2"}, "postgresql": {"fsync": "on"}}
    assert durable[found.kind].items() <= found.settings.items()
    assert dict(found.counts) == {"notebooks": 0, "shares": 0}
    assert not found.clock.has_jumped


async def test_an_empty_database_is_told_and_not_migrated(address: str) -> None:
    for _ in range(2):
        with pytest.raises(CannotStart, match=r"no database at|is empty"):
            await examine(address)
