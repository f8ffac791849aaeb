"""Of several processes on one database, one at a time sweeps."""

import pytest

from assistant.storage.database import Database


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
async def test_one_process_at_a_time_does_it(database: Database, onlooker: Database) -> None:
    async with database.sole_holder("sweep") as is_ours:
        async with onlooker.sole_holder("sweep") as is_theirs:
            assert (is_ours, is_theirs) == (True, False)
        async with onlooker.sole_holder("something else") as is_theirs:
            assert is_theirs
    async with onlooker.sole_holder("sweep") as is_theirs:
        assert is_theirs


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
async def test_what_fails_while_it_is_held_is_raised_and_lets_go(database: Database) -> None:
    with pytest.raises(LookupError):
        async with database.sole_holder("sweep"):
            raise LookupError
    async with database.sole_holder("sweep") as is_ours:
        assert is_ours
