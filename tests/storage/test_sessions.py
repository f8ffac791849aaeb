from dataclasses import replace

import pytest
from support.rows import DAY, NOW, adding, counting

from assistant.errors import NotFound
from assistant.storage.database import Database
from assistant.storage.sessions import (
    StoredSession,
    add_session,
    delete_session,
    delete_sessions_expired,
    find_session,
    prolong_session,
    rewrite_session,
)

SESSION = StoredSession(b"\0digest", "mine", b"\0sealed", NOW + DAY)


@pytest.fixture
async def begun(database: Database) -> Database:
    await database.write(adding("mine"))
    await database.write(lambda c: add_session(c, SESSION))
    return database


async def test_a_session_is_found_until_it_is_over(begun: Database) -> None:
    assert await begun.read(lambda c: find_session(c, SESSION.index, NOW)) == SESSION
    assert await begun.read(lambda c: find_session(c, SESSION.index, NOW + DAY)) is None
    assert await begun.read(lambda c: find_session(c, b"another", NOW)) is None


async def test_a_session_in_use_lasts_longer(begun: Database) -> None:
    await begun.write(lambda c: prolong_session(c, SESSION.index, NOW + 2 * DAY))
    assert await begun.read(lambda c: find_session(c, SESSION.index, NOW + DAY)) is not None


async def test_a_session_may_come_to_hold_something_else(begun: Database) -> None:
    changed = replace(SESSION, sealed=b"another language", expires_at=NOW + 3 * DAY)
    await begun.write(lambda c: rewrite_session(c, changed))
    assert await begun.read(lambda c: find_session(c, SESSION.index, NOW)) == changed


async def test_an_ended_session_is_not_prolonged_back_to_life(begun: Database) -> None:
    await begun.write(lambda c: delete_session(c, SESSION.index))
    await begun.write(lambda c: prolong_session(c, SESSION.index, NOW + 2 * DAY))
    await begun.write(lambda c: rewrite_session(c, SESSION))
    assert await begun.read(lambda c: find_session(c, SESSION.index, NOW)) is None


async def test_sessions_that_are_over_are_swept_away(begun: Database) -> None:
    await begun.write(lambda c: add_session(c, StoredSession(b"old", "mine", b"", NOW)))
    assert await begun.write(lambda c: delete_sessions_expired(c, NOW)) == 1
    assert await begun.read(counting("sessions")) == 1


async def test_no_session_begins_in_a_notebook_that_is_gone(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda c: add_session(c, SESSION))
