import asyncio
from functools import partial

import pytest
from sqlalchemy import Connection
from support.rows import adding

from assistant.errors import NotFound, RevisionConflict
from assistant.storage.database import Database
from assistant.storage.documents import StoredDocument, read_document, write_document


def write(connection: Connection, expected: int, sealed: bytes, name: str = "notebook") -> int:
    return write_document(connection, "mine", name, expected=expected, format=3, sealed=sealed)


def read(connection: Connection) -> StoredDocument | None:
    return read_document(connection, "mine", "notebook")


async def test_a_document_comes_back_as_it_was_written(database: Database) -> None:
    await database.write(adding("mine"))
    everything = bytes(range(256)) * 2000
    assert await database.write(lambda c: write(c, 0, everything)) == 1
    assert await database.read(read) == StoredDocument(1, 3, everything)


async def test_every_writing_is_a_new_revision(database: Database) -> None:
    await database.write(adding("mine"))
    for expected in range(5):
        writing = partial(write, expected=expected, sealed=b"%d" % expected)
        assert await database.write(writing) == expected + 1
    assert await database.read(read) == StoredDocument(5, 3, b"4")


async def test_of_fifty_who_read_the_same_revision_one_writes(database: Database, onlooker: Database) -> None:
    await database.write(adding("mine"))
    for expected in (0, 1, 2):
        outcomes = await asyncio.gather(
            *(
                worker.write(partial(write, expected=expected, sealed=b"%d" % number))
                for number in range(25)
                for worker in (database, onlooker)
            ),
            return_exceptions=True,
        )
        assert outcomes.count(expected + 1) == 1
        assert sum(isinstance(outcome, RevisionConflict) for outcome in outcomes) == 49


async def test_a_conflict_takes_back_the_whole_write(database: Database) -> None:
    def write_two(connection: Connection) -> None:
        write(connection, 0, b"draft", name="draft")
        write(connection, 7, b"notebook")

    await database.write(adding("mine"))
    with pytest.raises(RevisionConflict):
        await database.write(write_two)
    assert await database.read(lambda c: read_document(c, "mine", "draft")) is None


async def test_a_document_of_a_notebook_that_is_gone_is_not_written(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda c: write(c, 0, b"too late"))
    with pytest.raises(RevisionConflict):
        await database.write(lambda c: write(c, 1, b"too late"))
