from functools import partial

import pytest
from sqlalchemy import Connection, insert, select
from support.rows import DAY, NOW, adding, counting, shared

from assistant.errors import NotFound
from assistant.storage.database import Database
from assistant.storage.documents import read_document, write_document
from assistant.storage.form_drafts import DraftOwner, StoredFormDraft, put_form_draft
from assistant.storage.key_slots import StoredKeySlot, add_slot
from assistant.storage.notebooks import (
    delete_notebook,
    delete_notebooks_kept_until,
    keep_notebook,
)
from assistant.storage.requests import remember_request
from assistant.storage.schema import deleted_meetings, metadata, notebooks
from assistant.storage.sessions import StoredSession, add_session

OWNED = {
    name for name, table in metadata.tables.items() if {"notebook_id", "share_id"} & {*table.columns.keys()}
}


def fill(connection: Connection, notebook_id: str) -> None:
    """A notebook with something of everything."""
    mark = notebook_id.encode()
    adding(notebook_id)(connection)
    write_document(connection, notebook_id, "conversation.meeting", expected=0, format=1, sealed=mark)
    remember_request(connection, notebook_id, "r1", mark, NOW)
    add_slot(connection, StoredKeySlot(f"slot of {notebook_id}", notebook_id, "link", mark, 1, mark))
    add_session(connection, StoredSession(mark, notebook_id, mark, NOW + DAY))
    shared(f"share of {notebook_id}", notebook_id)(connection)
    owner = DraftOwner(notebook_id, None)
    share_id = f"share of {notebook_id}"
    put_form_draft(connection, StoredFormDraft(mark, mark, owner, mark, NOW, "meeting", share_id), at_most=9)
    connection.execute(insert(deleted_meetings).values(notebook_id=notebook_id, meeting_id="meeting"))


async def test_deleting_a_notebook_takes_everything_of_it_and_nothing_else(database: Database) -> None:
    for notebook_id in ("mine", "yours"):
        await database.write(partial(fill, notebook_id=notebook_id))
    for table in OWNED:
        assert await database.read(counting(table)) == 2, table
    for _ in range(2):
        await database.write(lambda c: delete_notebook(c, "mine"))
    for table in OWNED | {"notebooks"}:
        assert await database.read(counting(table)) == 1, table
    assert await database.read(lambda c: read_document(c, "yours", "conversation.meeting")) is not None


async def test_notebooks_go_when_their_time_is_over(database: Database) -> None:
    await database.write(adding("old", kept_until=NOW))
    await database.write(adding("older", kept_until=NOW - DAY))
    await database.write(adding("kept", kept_until=NOW + DAY))
    gone = await database.write(lambda c: delete_notebooks_kept_until(c, NOW))
    assert sorted(gone) == ["old", "older"]
    assert await database.write(lambda c: delete_notebooks_kept_until(c, NOW)) == []
    assert await database.read(lambda c: c.scalars(select(notebooks.c.id)).all()) == ["kept"]


async def test_a_notebook_in_use_is_kept_longer(database: Database) -> None:
    await database.write(adding("mine", kept_until=NOW))
    await database.write(lambda c: keep_notebook(c, "mine", NOW + DAY))
    assert await database.write(lambda c: delete_notebooks_kept_until(c, NOW)) == []


async def test_a_notebook_that_is_gone_cannot_be_kept(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda c: keep_notebook(c, "mine", NOW))
