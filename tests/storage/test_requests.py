import asyncio

import pytest
from sqlalchemy import Connection
from support.rows import DAY, NOW, adding

from assistant.errors import NotFound, RequestReused
from assistant.storage.database import Database
from assistant.storage.requests import forget_requests_before, is_known_request, remember_request


def send(
    connection: Connection, request_id: str = "r1", fingerprint: bytes = b"a", owner: str = "mine"
) -> bool:
    return remember_request(connection, owner, request_id, fingerprint, NOW)


async def test_the_same_reply_twice_is_new_once(database: Database) -> None:
    await database.write(adding("mine"))
    assert await database.write(send)
    assert not await database.write(send)


async def test_of_fifty_at_once_one_is_new(database: Database, onlooker: Database) -> None:
    await database.write(adding("mine"))
    sent = [worker.write(send) for _ in range(25) for worker in (database, onlooker)]
    assert sum(await asyncio.gather(*sent)) == 1


async def test_another_reply_under_the_same_id_is_refused(database: Database) -> None:
    await database.write(adding("mine"))
    await database.write(send)
    with pytest.raises(RequestReused):
        await database.write(lambda c: send(c, fingerprint=b"b"))
    assert not await database.write(send)


async def test_a_reply_is_known_once_it_is_taken(database: Database) -> None:
    await database.write(adding("mine"))
    assert not await database.read(lambda c: is_known_request(c, "mine", "r1", b"a"))
    await database.write(send)
    assert await database.read(lambda c: is_known_request(c, "mine", "r1", b"a"))
    assert not await database.read(lambda c: is_known_request(c, "yours", "r1", b"a"))
    with pytest.raises(RequestReused):
        await database.read(lambda c: is_known_request(c, "mine", "r1", b"b"))


async def test_two_notebooks_may_use_the_same_id(database: Database) -> None:
    await database.write(adding("mine"))
    await database.write(adding("yours"))
    assert await database.write(send)
    assert await database.write(lambda c: send(c, fingerprint=b"b", owner="yours"))


async def test_a_notebook_that_is_gone_remembers_nothing(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.write(send)


async def test_old_requests_are_forgotten_and_newer_ones_are_not(database: Database) -> None:
    await database.write(adding("mine"))
    await database.write(send)
    assert await database.write(lambda c: forget_requests_before(c, NOW - DAY)) == 0
    assert await database.write(lambda c: forget_requests_before(c, NOW + DAY)) == 1
    assert await database.write(send)
