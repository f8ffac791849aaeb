from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes, integers
from sqlalchemy import select
from sqlalchemy.dialects import sqlite
from support.rows import DAY

from assistant.storage.database import Database
from assistant.storage.notebooks import StoredNotebook, add_notebook
from assistant.storage.schema import notebooks
from assistant.storage.utc_time import UtcTime

zones = integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=zones)  # noqa: DTZ001


@given(times)
def test_a_time_comes_back_as_the_same_moment_in_utc(time: datetime) -> None:
    kept = UtcTime().process_bind_param(time, sqlite.dialect())
    found = UtcTime().process_result_value(kept, sqlite.dialect())
    assert found == time
    assert found is not None
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        UtcTime().process_bind_param(datetime(2026, 11, 22), sqlite.dialect())  # noqa: DTZ001


async def test_both_databases_keep_a_time_to_the_last_digit(database: Database) -> None:
    here = datetime(2026, 7, 1, 0, 30, 0, 1, tzinfo=timezone(timedelta(hours=2)))
    await database.write(lambda c: add_notebook(c, StoredNotebook("mine", here, here + 365 * DAY)))
    row = await database.read(lambda c: c.execute(select(notebooks)).one())
    assert (row.created_at, row.kept_until) == (here, here + 365 * DAY)
    assert row.created_at.isoformat() == "2026-06-30T22:30:00.000001+00:00"
